//! Whether the best passage answers a question, and does not only come near.
//!
//! Trust is a sum that anyone can follow with the figures of `Knowledge::rank`: what the passage
//! covers of the question and how high it scores speak for it; a rival that scores nearly as high
//! speaks against it, more so where the rival is silent (`sin_respuesta:`). The weights are a
//! logistic regression on the example questions, each asked while it is left out, and on the tuned
//! half of `tests/data/questions.toml`: the sum is the logarithm of the odds of a right answer.

use super::index::Hit;

const BIAS: f64 = -0.45;
const PER_COVERAGE: f64 = 2.35;
/// Per unit of the score's natural logarithm.
const PER_LOG_SCORE: f64 = 1.3;
/// Per share of the best score that the second reaches.
const PER_RIVAL: f64 = -2.9;
/// The same for the best of the silent passages.
const PER_SILENT: f64 = -0.95;
/// The least trust of an answer.
const LEAST: f64 = -0.1;

/// Whether `hit` answers. `rival` and `silent` are the scores of the best other passage and of the
/// best silent one; 0 where there is none. The words of an example itself may stand everywhere.
pub(super) fn is_trusted(hit: &Hit, rival: f64, silent: f64) -> bool {
    if hit.is_example() {
        return true;
    }
    let against = (PER_RIVAL * rival + PER_SILENT * silent) / hit.score;
    BIAS + PER_COVERAGE * hit.coverage + PER_LOG_SCORE * hit.score.ln() + against >= LEAST
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(score: f64, coverage: f64, likeness: f64) -> Hit {
        Hit { passage: 0, score, coverage, likeness }
    }

    #[test]
    fn coverage_and_score_speak_for_a_passage_and_rivals_against() {
        assert!(is_trusted(&hit(6.0, 0.7, 0.4), 3.0, 0.0));
        assert!(!is_trusted(&hit(6.0, 0.2, 0.4), 5.9, 0.0));
        assert!(!is_trusted(&hit(0.6, 0.3, 0.4), 0.0, 0.0));
        assert!(!is_trusted(&hit(6.0, 0.4, 0.4), 5.0, 5.0));
    }

    #[test]
    fn the_example_itself_is_always_trusted() {
        assert!(is_trusted(&hit(0.5, 0.1, 1.0), 0.5, 0.5));
    }
}
