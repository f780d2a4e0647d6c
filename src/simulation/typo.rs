//! Slips of the thumb.

use super::chance::Chance;

/// The rows of a Mexican telephone's keyboard: a thumb hits the key beside.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjklñ", "zxcvbnm"];

/// `words` with one or two slips in them.
pub(super) fn mistyped(words: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = words.chars().collect();
    for _ in 0..chance.between(1, 2) {
        slip(&mut letters, chance);
    }
    letters.into_iter().collect()
}

fn slip(letters: &mut Vec<char>, chance: &mut Chance) {
    let place = chance.below(letters.len());
    let Some(letter) = letters.get(place).copied() else { return };
    match chance.below(7) {
        0 if place + 1 < letters.len() => letters.swap(place, place + 1),
        1 if letters.len() > 1 => drop(letters.remove(place)),
        2 => letters.insert(place, letter),
        3 => letters[place] = neighbour(letter, chance).unwrap_or(letter),
        4 => letters.retain(|letter| !matches!(letter, '¿' | '¡' | '?' | ',')),
        5 => letters.iter_mut().for_each(|letter| *letter = plain(*letter)),
        _ => letters.iter_mut().for_each(|letter| *letter = letter.to_ascii_uppercase()),
    }
}

/// The key beside; none where the letter is on none of the rows.
fn neighbour(letter: char, chance: &mut Chance) -> Option<char> {
    let row = ROWS.iter().find(|row| row.contains(letter))?;
    let keys: Vec<char> = row.chars().collect();
    let place = keys.iter().position(|key| *key == letter)?;
    let beside = if chance.below(2) == 0 { place.checked_sub(1)? } else { place + 1 };
    keys.get(beside).copied()
}

/// Few write accents.
fn plain(letter: char) -> char {
    match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_small_and_any_words_can_have_one() {
        let mut chance = Chance::new(3, 0);
        for words in ["", "a", "sí", "busco un Jetta 2019", "ñ🤔"] {
            for _ in 0..200 {
                let slipped = mistyped(words, &mut chance);
                let difference = slipped.chars().count().abs_diff(words.chars().count());
                assert!(difference <= 2, "{words} became {slipped}");
            }
        }
    }
}
