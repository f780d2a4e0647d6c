//! What each word of a message is part of: told without a search, for it is asked of every word.

use super::cue::Cue;
use super::lexicon::{Meaning, Said};
use crate::spanish;
use crate::text::Text;

/// A set of cues, a bit for each.
#[derive(Debug, Clone, Copy, Default)]
struct CueSet(u128);

/// What each token of a message is part of.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    /// The cues that stand anywhere.
    anywhere: CueSet,
    /// By token, the cues it belongs to.
    within: Vec<CueSet>,
    /// By token, the cues that end right before it; the last of them end with the message.
    before: Vec<CueSet>,
    /// The tokens that carry something once marks and fillers are gone.
    content: Vec<usize>,
}

impl Marks {
    /// The marks of `text`, of which the word lists know `said`.
    pub(super) fn of(text: &Text, said: &[Said]) -> Self {
        let tokens = text.tokens().len();
        let mut marks = Self {
            anywhere: CueSet::default(),
            within: vec![CueSet::default(); tokens],
            before: vec![CueSet::default(); tokens + 1],
            content: spanish::content(text),
        };
        for said in said {
            let Meaning::Cue(cue) = said.meaning else { continue };
            marks.anywhere.insert(cue);
            marks.before[said.tokens.end].insert(cue);
            for within in &mut marks.within[said.tokens.clone()] {
                within.insert(cue);
            }
        }
        marks
    }

    /// Whether `cue` stands anywhere.
    pub(super) fn has(&self, cue: Cue) -> bool {
        self.anywhere.contains(cue)
    }

    /// Whether the token at `index` belongs to `cue`.
    pub(super) fn lies_in(&self, cue: Cue, index: usize) -> bool {
        self.within.get(index).is_some_and(|cues| cues.contains(cue))
    }

    /// Whether `cue` ends right before the token at `start`.
    pub(super) fn ends_at(&self, cue: Cue, start: usize) -> bool {
        self.before.get(start).is_some_and(|cues| cues.contains(cue))
    }

    /// The tokens that carry something once marks and fillers are gone, in order.
    pub(super) fn content(&self) -> &[usize] {
        &self.content
    }
}

impl CueSet {
    fn insert(&mut self, cue: Cue) {
        self.0 |= Self::bit(cue);
    }

    const fn contains(self, cue: Cue) -> bool {
        self.0 & Self::bit(cue) != 0
    }

    /// A cue without a bit of its own would be a second 1: more than 128 overflow, in every build.
    const fn bit(cue: Cue) -> u128 {
        let bit = cue as u32;
        assert!(bit < u128::BITS, "a set has room for every cue");
        1 << bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dealer::lexicon;
    use crate::dealer::words::Words;

    #[test]
    fn marks_say_what_a_search_would() {
        let text = Text::new("no quiero el más barato, doy 60 mil de enganche a 48 meses, no 36");
        let said = lexicon::read(&text);
        let marks = Marks::of(&text, &said);
        for (cue, _) in Words::built_in().cues.lists() {
            let of = || said.iter().filter(|said| said.meaning == Meaning::Cue(cue));
            assert_eq!(marks.has(cue), of().next().is_some(), "{cue:?}");
            for index in 0..=text.tokens().len() {
                let within = of().any(|said| said.tokens.contains(&index));
                assert_eq!(marks.lies_in(cue, index), within, "{cue:?} {index}");
                let ends = of().any(|said| said.tokens.end == index);
                assert_eq!(marks.ends_at(cue, index), ends, "{cue:?} {index}");
            }
        }
    }
}
