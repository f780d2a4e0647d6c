//! Telephone numbers, addresses of mail and web, handles: each is repeated as it stands, or not.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::breach::Breach;

/// Digits from which on a run is a number to call.
const SHORTEST_PHONE: usize = 7;

/// Mail, web with and without its scheme, handles, and runs of digits in any grouping.
static CONTACT: LazyLock<Regex> = LazyLock::new(|| {
    let label = r"[a-z0-9][a-z0-9-]*";
    let mail = format!(r"[a-z0-9.+-]+@{label}(?:\.{label})+");
    let web =
        format!(r"(?:[a-z]+://)?{label}(?:\.{label})*\.[a-z]{{2,}}(?::\d+)?(?:/[^\s,;!?»”)]*)?");
    let phone = r"\+?\(?\d(?:[ .()/–-]{0,2}\d){6,}";
    Regex::new(&format!("(?i){mail}|{web}|@[a-z0-9.-]+|{phone}")).expect("a regular expression")
});

/// Where the contacts of `text` stand, in bytes.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let found = CONTACT.find_iter(text).map(|found| found.range());
    found
        .filter(|range| !is_digits(&text[range.clone()]) || is_phone(&text[range.clone()]))
        .collect()
}

/// The form in which two contacts are compared.
pub(super) fn key(contact: &str) -> String {
    if is_digits(contact) {
        return contact.chars().filter(char::is_ascii_digit).collect();
    }
    let contact = contact.to_lowercase();
    contact.trim_end_matches(['.', '-', '/']).to_owned()
}

/// What an answer may call a contact that a passage has.
pub(super) fn noun(contact: &str) -> &'static str {
    if is_digits(contact) {
        "teléfono"
    } else if contact.contains('@') {
        "correo"
    } else {
        "sitio"
    }
}

fn is_digits(contact: &str) -> bool {
    !contact.contains(|character: char| character.is_alphabetic() || character == '@')
}

fn is_phone(digits: &str) -> bool {
    digits.chars().filter(char::is_ascii_digit).count() >= SHORTEST_PHONE
}

/// Refuses contacts of the answer that are none of `known`.
pub(super) fn check(said: &[String], known: &[String]) -> Result<(), Breach> {
    match said.iter().find(|contact| !known.contains(contact)) {
        Some(contact) => Err(Breach::Contact { span: contact.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        find(text).into_iter().map(|range| key(&text[range])).collect()
    }

    #[test]
    fn contacts_are_found_in_any_spelling() {
        assert_eq!(keys("a Kavak.com, wa.me/52155."), ["kavak.com", "wa.me/52155"]);
        assert_eq!(keys("https://kavak.com.evil.io/x?y"), ["https://kavak.com.evil.io/x"]);
        assert_eq!(keys("55 5449 4954 y 800-640-7920"), ["5554494954", "8006407920"]);
        assert_eq!(keys("(55) 5449.4954"), ["5554494954"]);
        assert_eq!(keys("a@b.mx o @kavak"), ["a@b.mx", "@kavak"]);
    }

    #[test]
    fn amounts_and_initials_are_none() {
        assert_eq!(keys("$1,500,000 en 2019, S.A.P.I. de C.V."), Vec::<String>::new());
        assert_eq!(keys("Sí. Av. Fortuna 334"), Vec::<String>::new());
    }
}
