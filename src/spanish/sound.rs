//! How a written name sounds in Mexico, so that `hiunday`, `sivic` and `kics` are heard as names.

/// The sound of a folded word, as letters: `b` and `v`, `c`, `s` and `z`, `ll` and `y` are one, `h`
/// is silent, doubled letters are single, `st` begins as `est`. Two spellings that are read aloud alike have one sound.
#[must_use]
pub fn sound(word: &str) -> String {
    let letters = word.as_bytes();
    let mut sound = String::with_capacity(word.len() + 2);
    if matches!(letters, [b's', second, ..] if !b"aeiouhy".contains(second)) {
        sound.push('e');
    }
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1).copied().unwrap_or_default();
        let soft = matches!(next, b'e' | b'i' | b'y');
        let (heard, length) = match (letter, next) {
            (b'c' | b's', b'h') => ("C", 2),
            (b'l', b'l') => ("i", 2),
            (b'c', b'k' | b'c') if letters.get(at + 2) != Some(&b'i') => ("k", 2),
            (b'q', b'u') => ("k", 2),
            (b'p', b'h') => ("f", 2),
            (b'g', b'u') if matches!(letters.get(at + 2), Some(b'e' | b'i')) => ("g", 2),
            (b'c', _) if soft => ("s", 1),
            (b'c' | b'q' | b'k', _) => ("k", 1),
            (b'z', _) => ("s", 1),
            (b'g', _) if soft => ("j", 1),
            (b'v', _) => ("b", 1),
            (b'w', _) => ("u", 1),
            (b'y', _) => ("i", 1),
            (b'x', _) => ("ks", 1),
            (b'h', _) => ("", 1),
            _ => (word.get(at..=at).unwrap_or_default(), 1),
        };
        if !sound.ends_with(heard) || heard.is_empty() {
            sound.push_str(heard);
        }
        at += length;
    }
    sound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_are_read_aloud_alike_have_one_sound() {
        let alike = [
            ("hyundai", "hiunday"),
            ("civic", "sivik"),
            ("kicks", "quics"),
            ("onix", "onics"),
            ("chevrolet", "chebrolett"),
            ("accord", "akord"),
            ("toyota", "tollota"),
            ("hilux", "ilux"),
            ("versa", "berza"),
            ("estandar", "standar"),
        ];
        for (name, written) in alike {
            assert_eq!(sound(name), sound(written), "{name}");
        }
        assert_ne!(sound("gol"), sound("golf"));
        assert_ne!(sound("cr-v"), sound("hr-v"));
    }
}
