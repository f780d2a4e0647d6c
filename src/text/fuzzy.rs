//! Fuzzy matching of folded words: the only file that knows `strsim`.

/// How alike two folded words are, from 0 (nothing) to 1 (the same): Damerau–Levenshtein edits
/// over the longer length, so that a swapped pair of letters counts once.
#[must_use]
pub fn similarity(left: &str, right: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(left, right)
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
        let score = similarity(word, candidate);
        if score > best_score || (best.is_none() && score >= floor) {
            best = Some(candidate);
            best_score = score;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_wins_or_nobody() {
        let makes = ["nissan", "mazda", "toyota"];
        assert_eq!(closest("nisan", makes, 0.7), Some("nissan"));
        assert_eq!(closest("mercedes", makes, 0.7), None);
    }
}
