//! Fuzzy matching of folded words: the only file that knows `strsim`.

/// A folded word, or a longer text, that is compared with many others.
///
/// Counting edits is dear. Most pairs differ so much in length or letters that they need none
/// counted, and both are told here once: a word meets a vocabulary many times faster.
#[derive(Debug, Clone)]
pub struct Spelling<S> {
    text: S,
    length: usize,
    /// How often each letter stands in it; those beyond `z` share a place with others.
    letters: [u8; PLACES],
}

/// Places in which letters are counted.
const PLACES: usize = 32;

impl<S: AsRef<str>> Spelling<S> {
    /// The spelling of `text`.
    #[must_use]
    pub fn new(text: S) -> Self {
        let (mut length, mut letters) = (0, [0_u8; PLACES]);
        for letter in text.as_ref().chars() {
            let count = &mut letters[letter as usize % PLACES];
            *count = count.saturating_add(1);
            length += 1;
        }
        Self { text, length, letters }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.as_ref()
    }

    /// How alike the two are, from 0 (nothing) to 1 (the same), where that is at least `floor`:
    /// Damerau–Levenshtein edits over the longer length, so that a swapped pair of letters counts
    /// once.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no text has 2^52 letters")]
    pub fn resemblance<T: AsRef<str>>(&self, other: &Spelling<T>, floor: f64) -> Option<f64> {
        let edits = self.least_edits(other);
        let longer = self.length.max(other.length);
        // As strsim computes it, so that no rounding tells them apart.
        if longer > 0 && 1.0 - (edits as f64 / longer as f64) < floor {
            return None;
        }
        let score = strsim::normalized_damerau_levenshtein(self.as_str(), other.as_str());
        (score >= floor).then_some(score)
    }

    /// Whether one is the other with a slip in it: a letter left out, put in or mistaken, or two
    /// neighbours swapped.
    #[must_use]
    pub fn is_slip_of<T: AsRef<str>>(&self, other: &Spelling<T>) -> bool {
        let edits = || strsim::damerau_levenshtein(self.as_str(), other.as_str());
        self.least_edits(other) <= 1 && edits() == 1
    }

    /// Each letter that one of them has more often needs an edit.
    fn least_edits<T>(&self, other: &Spelling<T>) -> usize {
        let more = surplus(&self.letters, &other.letters);
        let less = surplus(&other.letters, &self.letters);
        self.length.abs_diff(other.length).max(more).max(less)
    }
}

/// How many letters of one text another has not, or not as often.
fn surplus(letters: &[u8; PLACES], others: &[u8; PLACES]) -> usize {
    let pairs = letters.iter().zip(others);
    pairs.map(|(own, other)| u16::from(own.saturating_sub(*other))).sum::<u16>().into()
}

/// How alike two folded words are, where that is at least `floor`: see [`Spelling::resemblance`].
#[must_use]
pub fn resemblance(left: &str, right: &str, floor: f64) -> Option<f64> {
    Spelling::new(left).resemblance(&Spelling::new(right), floor)
}

/// The candidate nearest to `word`, where one is at least `floor` alike; the first of equals.
#[must_use]
pub fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    floor: f64,
) -> Option<&'a str> {
    let word = Spelling::new(word);
    let mut best = None;
    let mut best_score = floor;
    for candidate in candidates {
        let score = word.resemblance(&Spelling::new(candidate), best_score);
        let Some(score) = score else { continue };
        if score > best_score || best.is_none() {
            best = Some(candidate);
            best_score = score;
        }
    }
    best
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
            let is_slip = strsim::damerau_levenshtein(&left, &right) == 1;
            prop_assert_eq!(Spelling::new(&left).is_slip_of(&Spelling::new(&right)), is_slip);
        }
    }
}
