//! One spelling for what people write in many: the only file that knows `unic-normal`.

use unic_normal::StrNormalForm;

/// `text` in lower case, without accents, in compatibility form (full-width digits, ligatures),
/// without the marks that only shape an emoji.
///
/// `ñ` becomes `n`, as people who type without accents write it.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        fold_into(character, &mut folded);
    }
    folded
}

/// `text` with its accents on their letters, `e` and `\u{301}` as `é`: the same words, comparable by
/// their characters. Nothing else changes.
#[must_use]
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Appends the folded form of one character: none, one or several characters.
pub(super) fn fold_into(character: char, folded: &mut String) {
    if character.is_ascii() {
        folded.push(character.to_ascii_lowercase());
        return;
    }
    // What Spanish writes most; the long way leads to the same.
    if let Some(letter) = spanish_letter(character) {
        folded.push(letter);
        return;
    }
    // Its compatibility form is a blank with an accent, but people write it for an apostrophe.
    if character == '´' {
        folded.push('\'');
        return;
    }
    let mut bytes = [0; 4];
    for part in (*character.encode_utf8(&mut bytes)).nfkd() {
        if !is_mark(part) {
            folded.extend(part.to_lowercase().filter(|lower| !is_mark(*lower)));
        }
    }
}

/// A letter of Spanish without its mark.
const fn spanish_letter(character: char) -> Option<char> {
    Some(match character {
        'á' | 'Á' => 'a',
        'é' | 'É' => 'e',
        'í' | 'Í' => 'i',
        'ó' | 'Ó' => 'o',
        'ú' | 'Ú' | 'ü' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        _ => return None,
    })
}

/// Accents, emoji variation selectors, keycaps, joiners, skin tones and direction marks.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_width_and_keycaps_fold_away() {
        assert_eq!(fold("ÓRALE, Añejo"), "orale, anejo");
        assert_eq!(fold("３００ｍｉｌ"), "300mil");
        assert_eq!(fold("2️⃣"), "2");
        assert_eq!(fold("👍🏽"), "👍");
        assert_eq!(fold("1´500,000 pa´ arriba"), "1'500,000 pa' arriba");
        assert_eq!(fold("e\u{301}xito"), "exito");
    }

    #[test]
    fn letters_of_spanish_fold_as_all_others_do() {
        for letter in "áéíóúüñÁÉÍÓÚÜÑ".chars() {
            let decomposed: String = letter.to_string().nfkd().collect();
            assert_eq!(fold(&letter.to_string()), fold(&decomposed));
        }
    }

    #[test]
    fn composing_moves_accents_and_nothing_else() {
        assert_eq!(composed("E\u{301}xito, ５ ½"), "Éxito, ５ ½");
    }
}
