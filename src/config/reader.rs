//! One value at a time, with every complaint kept.

use std::path::PathBuf;

use secrecy::SecretString;

use super::SettingError;

/// What a secret looks like in a complaint.
const MASK: &str = "***";

/// Asks for values by name and collects what is wrong with them.
pub(super) struct Reader<V> {
    vars: V,
    problems: Vec<SettingError>,
}

impl<V: Fn(&str) -> Option<String>> Reader<V> {
    pub(super) fn new(vars: V) -> Self {
        Self { vars, problems: Vec::new() }
    }

    /// A value without the blanks around it; none where it is missing or blank, since container
    /// files pass unset variables on as empty ones.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        (self.vars)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn path(&self, name: &str, default: &str) -> PathBuf {
        self.text(name).map_or_else(|| PathBuf::from(default), PathBuf::from)
    }

    /// A value that `parse` understands, or a complaint with what is `expected`.
    pub(super) fn parsed<T>(
        &mut self,
        name: &str,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.complain(name, value, expected.to_owned());
        }
        parsed
    }

    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        self.secrets(name, 1).pop()
    }

    /// Up to `most` secrets with commas between them; one alone may hold commas itself.
    ///
    /// Blanks around a secret are told, not cut off: cut or not, the other side may disagree.
    pub(super) fn secrets(&mut self, name: &str, most: usize) -> Vec<SecretString> {
        let Some(value) = (self.vars)(name).filter(|value| !value.trim().is_empty()) else {
            return Vec::new();
        };
        let parts: Vec<&str> =
            if most == 1 { vec![value.as_str()] } else { value.split(',').collect() };
        if parts.len() > most {
            self.complain(name, MASK.to_owned(), format!("at most {most}, a comma between them"));
            return Vec::new();
        }
        if parts.iter().any(|part| part.is_empty() || part.contains(char::is_whitespace)) {
            self.complain(name, MASK.to_owned(), "a value without blanks".to_owned());
            return Vec::new();
        }
        parts.into_iter().map(SecretString::from).collect()
    }

    /// The settings, or all that is wrong with them.
    pub(super) fn finish<T>(self, settings: T) -> Result<T, Vec<SettingError>> {
        if self.problems.is_empty() { Ok(settings) } else { Err(self.problems) }
    }

    fn complain(&mut self, name: &str, value: String, expected: String) {
        self.problems.push(SettingError { name: name.to_owned(), value, expected });
    }
}
