//! Fuzzy matching of folded words: the only file that knows `strsim`.

/// How alike two folded words are, from 0 (nothing) to 1 (the same), where that is at least `floor`:
/// Damerau–Levenshtein edits over the longer length, so that a swapped pair of letters counts once.
///
/// Counting edits is dear. Most pairs differ so much in length or letters that they need none
/// counted: over a vocabulary, or against a long message, this is many times faster.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "no text has 2^52 letters")]
pub fn resemblance(left: &str, right: &str, floor: f64) -> Option<f64> {
    let (left_letters, right_letters) = (left.chars().count(), right.chars().count());
    let letters = left_letters.max(right_letters);
    // As strsim computes it, so that no rounding tells them apart.
    let could_be = |edits: usize| letters == 0 || 1.0 - edits as f64 / letters as f64 >= floor;
    if !could_be(left_letters.abs_diff(right_letters)) || !could_be(least_edits(left, right)) {
        return None;
    }
    let score = strsim::normalized_damerau_levenshtein(left, right);
    (score >= floor).then_some(score)
}

/// The candidate nearest to `word`, where one is at least `floor` alike; the first of equals.
#[must_use]
pub fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    floor: f64,
) -> Option<&'a str> {
    let mut best = None;
    let mut best_score = floor;
    for candidate in candidates {
        let Some(score) = resemblance(word, candidate, best_score) else { continue };
        if score > best_score || best.is_none() {
            best = Some(candidate);
            best_score = score;
        }
    }
    best
}

/// At least so many edits part two words: each letter that only one of them has needs one.
fn least_edits(left: &str, right: &str) -> usize {
    let (left, right) = (letters(left), letters(right));
    (left & !right).count_ones().max((right & !left).count_ones()) as usize
}

/// The letters of a word, as bits; those beyond `z` share some.
fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, letter| bits | 1 << (u32::from(letter) % u32::BITS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_nearest_wins_or_nobody() {
        let makes = ["nissan", "mazda", "toyota"];
        assert_eq!(closest("nisan", makes, 0.7), Some("nissan"));
        assert_eq!(closest("mercedes", makes, 0.7), None);
        assert_eq!(closest("", [""], 0.7), Some(""));
    }

    proptest! {
        #[test]
        fn no_pair_that_is_alike_is_passed_over(
            left in "[a-eñé1]{0,8}",
            right in "[a-eñé1]{0,8}",
            floor in 0.0..1.0,
        ) {
            let score = strsim::normalized_damerau_levenshtein(&left, &right);
            prop_assert_eq!(resemblance(&left, &right, floor), (score >= floor).then_some(score));
        }
    }
}
