//! Whole messages, ready to be looked up with what each stands for.

use std::hash::{DefaultHasher, Hasher};

/// Whole messages in plain form, each with what it stands for. They are in the order of their prints, so
/// that a message is compared with hardly any but itself. It is made once and then only looked up.
#[derive(Debug, Clone)]
pub struct Wholes<T>(Box<[Whole<T>]>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Whole<T> {
    print: u64,
    message: Box<str>,
    value: T,
}

impl<T> Default for Wholes<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T: Copy> Wholes<T> {
    /// What `plain` stands for, in order; nothing where it is none of them.
    pub fn get(&self, plain: &str) -> impl Iterator<Item = T> {
        let own = print(plain);
        let first = self.0.partition_point(|whole| whole.print < own);
        let same = self.0[first..].iter().take_while(move |whole| whole.print == own);
        same.filter(move |whole| *whole.message == *plain).map(|whole| whole.value)
    }
}

impl<'m, T: Ord> FromIterator<(&'m str, T)> for Wholes<T> {
    fn from_iter<I: IntoIterator<Item = (&'m str, T)>>(messages: I) -> Self {
        let whole = |(message, value): (&'m str, T)| Whole {
            print: print(message),
            message: message.into(),
            value,
        };
        let mut wholes: Box<[_]> = messages.into_iter().map(whole).collect();
        wholes.sort_unstable();
        Self(wholes)
    }
}

/// What tells nearly all messages apart, while the program runs: another build may have others.
fn print(message: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(message.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_message_stands_for_all_that_it_was_given_for_in_order(
            given in proptest::collection::vec(("[ab]{0,2}", 0_u8..4), 0..12),
            asked in "[ab]{0,2}",
        ) {
            let wholes: Wholes<u8> = given.iter().map(|(said, value)| (said.as_str(), *value)).collect();
            let mut all: Vec<u8> =
                given.iter().filter(|(said, _)| *said == asked).map(|(_, value)| *value).collect();
            all.sort_unstable();
            prop_assert_eq!(wholes.get(&asked).collect::<Vec<_>>(), all);
        }
    }
}
