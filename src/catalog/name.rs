//! How names of makes and models are compared.

use crate::text::fold;

/// `name` folded, with nothing but its letters and digits: `Mazda 3` and `mazda3`, `CX-5` and
/// `cx 5` are the same name.
pub(super) fn key(name: &str) -> String {
    let mut key = fold(name);
    key.retain(char::is_alphanumeric);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_share_a_key() {
        assert_eq!(key("Mazda 3"), key("MAZDA3"));
        assert_eq!(key("CX-5"), key("cx 5"));
        assert_eq!(key("Mercedes-Benz"), key("mercedes benz"));
        assert_ne!(key("Serie 3"), key("Serie 2"));
    }
}
