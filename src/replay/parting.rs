//! How two answers to the same message differ.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::message::Answer;

/// A number with the commas and points inside of it.
static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\d(?:[\d,.]*\d)?").expect("a regular expression"));

/// How far two answers to the same message are apart, from the least to the furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Parting {
    /// Other words, and nothing else: the customer may well go on as before.
    Wording,
    /// Other figures in the words, or something else in what is known of the customer's wishes.
    Figures,
    /// The talk stands elsewhere, or was understood by somebody else.
    State,
}

impl Parting {
    /// Every way to part, the furthest first.
    pub const ALL: [Self; 3] = [Self::State, Self::Figures, Self::Wording];

    /// How `old` and `new` differ; not at all where they are the same.
    pub(super) fn between(old: &Answer, new: &Answer) -> Option<Self> {
        if old == new {
            None
        } else if (&old.state, old.source) != (&new.state, new.source) {
            Some(Self::State)
        } else if old.session != new.session || !has_same_figures(old, new) {
            Some(Self::Figures)
        } else {
            Some(Self::Wording)
        }
    }

    /// What it is called in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wording => "wording only",
            Self::Figures => "other figures",
            Self::State => "other state",
        }
    }
}

/// Whether a customer reads the same figures: in the same places, or, where the words around them
/// are others, in whatever order.
fn has_same_figures(old: &Answer, new: &Answer) -> bool {
    let (mut before, mut now) = (figures(old), figures(new));
    if !lines(old).map(shape).eq(lines(new).map(shape)) {
        before.sort_unstable();
        now.sort_unstable();
    }
    before == now
}

/// The figures that a customer reads, in their order.
fn figures(answer: &Answer) -> Vec<&str> {
    lines(answer).flat_map(|line| FIGURE.find_iter(line)).map(|figure| figure.as_str()).collect()
}

/// The first line in which the replies differ, as it was and as it is; empty where one has no more.
pub(super) fn first_change(old: &Answer, new: &Answer) -> (String, String) {
    let mut old = lines(old);
    let mut new = lines(new);
    loop {
        match (old.next(), new.next()) {
            (Some(was), Some(is)) if was == is => {}
            (None, None) => return (String::new(), String::new()),
            (was, is) => {
                return (was.unwrap_or_default().to_owned(), is.unwrap_or_default().to_owned());
            }
        }
    }
}

fn lines(answer: &Answer) -> impl Iterator<Item = &str> {
    answer.replies.iter().flat_map(|reply| {
        reply.text.lines().chain(reply.choices.iter().map(|choice| choice.title.as_str()))
    })
}

/// The line with its figures left out, so that the same change is found again with others.
pub(super) fn shape(line: &str) -> String {
    FIGURE.replace_all(line, "#").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Reply, Source, View};

    fn answer(text: &str) -> Answer {
        let reply = Reply { text: text.to_owned(), media: Vec::new(), choices: Vec::new() };
        let session = View::of(&serde_json::json!({"months": 48}));
        let state = "purchase.plan".to_owned();
        Answer { replies: vec![reply], state, source: Source::Flow, session }
    }

    fn between(old: &str, new: &str) -> Option<Parting> {
        Parting::between(&answer(old), &answer(new))
    }

    #[test]
    fn words_and_figures_are_told_apart() {
        assert_eq!(between("48 pagos de $5,640.62.", "48 pagos de $5,640.62."), None);
        let other_words = between("48 pagos de $5,640.62.", "Pagarías $5,640.62 en 48 pagos");
        assert_eq!(other_words, Some(Parting::Wording));
        let other_cents = between("48 pagos de $5,640.62.", "48 pagos de $5,640.63.");
        assert_eq!(other_cents, Some(Parting::Figures));
        let swapped = between("1. Jetta · $1\n2. Jetta · $2", "1. Jetta · $2\n2. Jetta · $1");
        assert_eq!(swapped, Some(Parting::Figures));
    }

    #[test]
    fn where_the_talk_stands_counts_most() {
        let elsewhere = Answer { state: "purchase.term".to_owned(), ..answer("48") };
        assert_eq!(Parting::between(&answer("48"), &elsewhere), Some(Parting::State));
        let unheard = Answer { source: Source::Fallback, ..answer("48") };
        assert_eq!(Parting::between(&answer("48"), &unheard), Some(Parting::State));
        let forgetful = Answer { session: View::of(&serde_json::json!({})), ..answer("48") };
        assert_eq!(Parting::between(&answer("48"), &forgetful), Some(Parting::Figures));
    }

    #[test]
    fn a_change_is_known_by_its_line_without_figures() {
        let (old, new) = (answer("Va:\n48 pagos de $5,640.62."), answer("Va:\n36 meses"));
        let (was, is) = first_change(&old, &new);
        assert_eq!((shape(&was).as_str(), is.as_str()), ("# pagos de $#.", "36 meses"));
        assert_eq!(first_change(&new, &answer("Va:")).1, "");
    }
}
