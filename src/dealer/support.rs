//! Which names of a message are meant as cars: `un Gol`, not the goal of a match.

use std::ops::Range;

use super::cue::Cue;
use super::lexicon::Meaning;
use super::message::{Message, starting};
use super::names::{Name, Named, Support};
use crate::spanish::{self, Value};
use crate::text::TokenKind;

impl Message {
    /// Keeps a name that is also a common word only where the rest of the message is about a car.
    pub(super) fn support_names(&mut self) {
        // `mini van` is a kind of car.
        let mut kind_end = vec![0; self.text.tokens().len()];
        for said in self.said.iter().filter(|said| !matches!(said.meaning, Meaning::Cue(_))) {
            for end in &mut kind_end[said.tokens.clone()] {
                *end = said.tokens.end.max(*end);
            }
        }
        let in_kind = |tokens: &Range<usize>| tokens.end <= kind_end[tokens.start];
        self.all_names.retain(|named| !in_kind(&named.tokens));
        let supported = |named: &&Named| match named.support {
            Support::None => true,
            Support::Any | Support::Sought => {
                self.is_made(named) || self.is_dated(named) || self.is_about_a_car(named)
            }
            Support::Dated => self.is_made(named) || self.is_dated(named),
            Support::Make => self.is_made(named),
        };
        let wanted = self.all_names.iter().filter(|named| !self.owned(&named.tokens));
        self.names = wanted.filter(supported).cloned().collect();
    }

    /// Whether its year stands right after a name: `208 2019`.
    fn is_dated(&self, named: &Named) -> bool {
        let end = named.tokens.end;
        self.found_from(end, end + 2).iter().any(|found| {
            matches!(found.value, Value::Year(_)) && self.follows(&named.tokens, found.tokens.start)
        })
    }

    /// Whether its make stands beside a name, or, beside a make, its model: `vw Gol`, `el Polo de vw`.
    fn is_made(&self, named: &Named) -> bool {
        let Range { start, end } = named.tokens;
        let is_make = |other: &Named| matches!(other.name, Name::Make(_));
        let mut after = starting(&self.all_names, end..end + 2, |other| other.tokens.start).iter();
        match named.name {
            Name::Make(_) => after.any(|other| !is_make(other) && end == other.tokens.start),
            Name::Model(_) => {
                let joined = start.checked_sub(1);
                let joined = joined.filter(|at| self.lies_in(Cue::Connecting, *at));
                let mut ends = [Some(start), joined].into_iter().flatten();
                ends.any(|end| self.name_before(end).is_some_and(is_make))
                    || after.any(|o| is_make(o) && self.follows(&named.tokens, o.tokens.start))
            }
        }
    }

    /// Whether what stands beside a name is about a car: `un Gol`, `busco Gol`, `Gol con 30%`.
    fn is_about_a_car(&self, named: &Named) -> bool {
        let Range { start, end } = named.tokens;
        let announced = [Cue::Article, Cue::Search, Cue::Fresh];
        let listed = start.checked_sub(1).is_some_and(|before| {
            let joins =
                self.lies_in(Cue::Joining, before) || self.text.tokens()[before].text == ",";
            joins && self.name_before(before).is_some()
        });
        let told = self.said_from(end, end + 2).iter();
        let told = told.filter(|said| !matches!(said.meaning, Meaning::Cue(_)));
        let valued = self.found_from(end, end + 2).iter().filter(|found| {
            !matches!(found.value, Value::Number(_) | Value::YesNo(_) | Value::Ordinal(_))
        });
        let mut told =
            told.map(|said| said.tokens.start).chain(valued.map(|found| found.tokens.start));
        announced.iter().any(|cue| self.ends_at(*cue, start))
            || self.is_pointed_at(named)
            || listed
            || self.is_all(&(start - usize::from(self.ends_at(Cue::Also, start))..end))
            || told.any(|next| self.follows(&named.tokens, next))
    }

    /// Whether an article stands before a name, and nothing after it that would be said of something
    /// else: `el Swift`, `me interesa el Gol`, unlike `el vento sopla` and `vi el gol`.
    fn is_pointed_at(&self, Named { tokens, support, .. }: &Named) -> bool {
        let article = tokens.start.checked_sub(1);
        let is_sought = || article.is_some_and(|article| self.ends_at(Cue::Search, article));
        let lightly = [Cue::Joining, Cue::Connecting, Cue::Not, Cue::NotThrough];
        let says_nothing = |next: usize| {
            self.text.tokens().get(next).is_none_or(|token| token.kind != TokenKind::Word)
                || spanish::is_filler(&self.text.tokens()[next].text)
                || lightly.iter().any(|cue| self.lies_in(*cue, next))
        };
        self.ends_at(Cue::Pointing, tokens.start)
            && article.is_none_or(|article| self.may_name_a_car(article))
            && says_nothing(tokens.end)
            && (*support != Support::Sought || is_sought())
    }

    /// Whether an article may stand for a car where it does: not in `por el río`, nor in `para el campo y
    /// el río`.
    fn may_name_a_car(&self, article: usize) -> bool {
        let Some(before) = article.checked_sub(1) else { return true };
        let starts = |at: usize| {
            let earlier = at.checked_sub(1).map(|earlier| self.text.tokens()[earlier].kind);
            earlier.is_none_or(|kind| kind == TokenKind::Symbol)
        };
        match () {
            () if self.lies_in(Cue::Joining, before) => {
                starts(before) || self.name_before(before).is_some()
            }
            () => !self.ends_at(Cue::NoCarAfter, article),
        }
    }

    /// The name that ends right before token `start`.
    pub(super) fn name_before(&self, start: usize) -> Option<&Named> {
        let before = self.all_names.partition_point(|named| named.tokens.end <= start);
        self.all_names[..before].last().filter(|named| named.tokens.end == start)
    }

    /// Whether at most a connecting word stands between `tokens` and what starts at `next`.
    fn follows(&self, tokens: &Range<usize>, next: usize) -> bool {
        next == tokens.end || next == tokens.end + 1 && self.lies_in(Cue::Connecting, tokens.end)
    }

    /// The makes and models that are wanted, or, with `negated`, ruled out.
    pub(super) fn makes_and_models(&self, negated: bool) -> (Vec<String>, Vec<String>) {
        let mut makes = Vec::new();
        let mut models = Vec::new();
        for named in self.names.iter().filter(|named| self.negated(&named.tokens) == negated) {
            let (list, name) = match &named.name {
                Name::Make(make) => (&mut makes, make),
                Name::Model(model) => (&mut models, model),
            };
            if !list.contains(name) {
                list.push(name.clone());
            }
        }
        (makes, models)
    }
}
