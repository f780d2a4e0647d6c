//! Negation: what a passage denies is not affirmed, and what it affirms is not denied.

use std::collections::HashSet;
use std::ops::Range;

use super::breach::Breach;
use super::concept::{Concepts, is_content, is_filler};
use super::lists::LISTS;
use super::reading::Reading;
use crate::text::TokenKind;

/// Words behind `sin` that it denies.
const NEAR: usize = 4;

/// Words behind a negator that turns no more than a subordinate clause.
const WITHIN: usize = 2;

/// How much nearer the contrary must be than what the passages say.
const MARGIN: f64 = 1.1;

/// Whether a clause affirms or denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Polarity {
    Affirmed,
    Denied,
    /// It affirms what has a denial in it: `el día que no te toca se multa`.
    Both,
}

/// A clause by its concepts.
struct Clause {
    tokens: Range<usize>,
    polarity: Polarity,
    affirmed: HashSet<usize>,
    denied: HashSet<usize>,
    /// Those behind a denial within: whether it reaches them, only the sense tells.
    open: HashSet<usize>,
    /// Those that fillers stand for: they may be denied, and make no clause like another.
    fillers: HashSet<usize>,
    /// Those of its concepts that are written as names.
    names: HashSet<usize>,
}

impl Clause {
    /// How many concepts both have in what they say, a little less the more the other has besides.
    #[expect(clippy::cast_precision_loss, reason = "no clause has 2^52 words")]
    fn likeness(&self, other: &Self) -> f64 {
        let (said, other) = (self.said(), other.said());
        let shared = said.intersection(&other).count();
        let besides = (other.len() - shared) as f64;
        if shared == 0 { 0.0 } else { shared as f64 - 0.3 * besides / (besides + 1.0) }
    }

    /// What it denies where it denies, else all of it: its subject is neither affirmed nor denied,
    /// unless it is a name.
    fn said(&self) -> HashSet<usize> {
        let sides = match self.polarity {
            Polarity::Denied => vec![&self.denied, &self.names],
            Polarity::Affirmed | Polarity::Both => vec![&self.affirmed, &self.denied, &self.open],
        };
        let all = sides.into_iter().flatten().copied();
        all.filter(|concept| !self.fillers.contains(concept)).collect()
    }
}

/// Refuses clauses of the answer that affirm what the passages only deny, and those whose nearest
/// clause of the passages says the contrary.
pub(super) fn check(said: &Reading, source: &Reading, concepts: &Concepts) -> Result<(), Breach> {
    let known = clauses(source, concepts);
    for clause in clauses(said, concepts) {
        if is_contrary(&clause, &known) {
            let span = said.text.written(&clause.tokens).to_owned();
            return Err(Breach::Contrary { span });
        }
    }
    Ok(())
}

fn is_contrary(clause: &Clause, known: &[Clause]) -> bool {
    let nearest = |polarities: &[Polarity]| {
        let alike = known.iter().filter(|other| polarities.contains(&other.polarity));
        alike.map(|other| clause.likeness(other)).max_by(f64::total_cmp).unwrap_or(0.0)
    };
    let only_denied = |concept: &usize| {
        known.iter().any(|other| other.denied.contains(concept))
            && !known.iter().any(|other| other.affirmed.contains(concept))
    };
    let only_affirmed = |concept: &usize| {
        known.iter().any(|other| other.affirmed.contains(concept))
            && !known
                .iter()
                .any(|other| other.denied.contains(concept) || other.open.contains(concept))
    };
    // "Mérida y otras ciudades no aparecen": what it names is denied too.
    let named_in_denials = |concept: &usize| {
        let mut naming = known.iter().filter(|other| other.names.contains(concept)).peekable();
        naming.peek().is_some() && naming.all(|other| other.polarity == Polarity::Denied)
    };
    let (same, contrary) = match clause.polarity {
        Polarity::Affirmed => {
            let without = |it: &usize| only_affirmed(it) && !clause.fillers.contains(it);
            let is_turned =
                clause.affirmed.iter().any(|it| only_denied(it) || named_in_denials(it))
                    || clause.denied.iter().any(without);
            if is_turned {
                return true;
            }
            (nearest(&[Polarity::Affirmed, Polarity::Both]), nearest(&[Polarity::Denied]))
        }
        Polarity::Denied => {
            let same = nearest(&[Polarity::Denied, Polarity::Both]);
            if same == 0.0 && clause.denied.iter().any(only_affirmed) {
                return true;
            }
            (same, nearest(&[Polarity::Affirmed]))
        }
        Polarity::Both => return clause.affirmed.iter().any(only_denied),
    };
    contrary > same * MARGIN
}

fn clauses(reading: &Reading, concepts: &Concepts) -> Vec<Clause> {
    reading.clauses().into_iter().map(|tokens| clause(reading, concepts, tokens)).collect()
}

fn clause(reading: &Reading, concepts: &Concepts, range: Range<usize>) -> Clause {
    let tokens = reading.tokens();
    let words: Vec<usize> =
        range.clone().filter(|at| tokens[*at].kind != TokenKind::Symbol).collect();
    let word = |place: usize| words.get(place).map(|at| tokens[*at].text.as_str());
    let mut clause = Clause {
        tokens: range,
        polarity: Polarity::Affirmed,
        affirmed: HashSet::new(),
        denied: HashSet::new(),
        open: HashSet::new(),
        fillers: HashSet::new(),
        names: HashSet::new(),
    };
    let mut denied_until = 0;
    for (place, at) in words.iter().enumerate() {
        let text = tokens[*at].text.as_str();
        let before = place.checked_sub(1).and_then(word);
        let turns = !word(place + 1).is_some_and(|next| LISTS.not_negating.contains(next));
        let is_within = before.is_some_and(|before| LISTS.subordinating.contains(before));
        if LISTS.negators.contains(text) && turns && !reading.is_polite(*at) {
            let (polarity, until) = if is_within {
                (Polarity::Both, place + 1 + WITHIN)
            } else {
                (Polarity::Denied, usize::MAX)
            };
            if clause.polarity != Polarity::Denied {
                clause.polarity = polarity;
            }
            denied_until = denied_until.max(until);
        } else if LISTS.near_negators.contains(text) {
            denied_until = denied_until.max(place + 1 + NEAR);
        }
        if !reading.is_free(*at) || !is_content(text) {
            continue;
        }
        let Some(concept) = concepts.of(text) else { continue };
        if reading.text.spelled(&tokens[*at]).starts_with(char::is_uppercase) {
            clause.names.insert(concept);
        }
        if is_filler(text) {
            clause.fillers.insert(concept);
        }
        let side = if place < denied_until {
            &mut clause.denied
        } else if clause.polarity == Polarity::Both {
            &mut clause.open
        } else {
            &mut clause.affirmed
        };
        side.insert(concept);
    }
    clause
}
