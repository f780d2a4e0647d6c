//! Where a turn notes what it does.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{Consulted, Event, Manner, Phrase, Trace};
use crate::engine::flow::{Flows, Slot, StepId, TextKey};
use crate::engine::lookup::Lookup;
use crate::engine::signpost::Signpost;
use crate::engine::threshold::Measure;

/// What was noted so far; nothing, where nobody follows.
#[derive(Debug, Default)]
pub(in crate::engine) struct Notes(Option<Noted>);

#[derive(Debug, Default)]
struct Noted {
    events: Vec<Event>,
    /// Whoever only looks changes nothing else.
    steps: RefCell<BTreeSet<StepId>>,
    texts: BTreeSet<String>,
    slots: RefCell<BTreeSet<String>>,
    lookups: RefCell<BTreeSet<Lookup>>,
    signposts: RefCell<BTreeSet<Signpost>>,
    measures: RefCell<BTreeSet<Measure>>,
}

impl Notes {
    pub(in crate::engine) fn taken() -> Self {
        Self(Some(Noted::default()))
    }

    /// Notes an event, which is only made where somebody follows.
    pub(in crate::engine) fn note(&mut self, event: impl FnOnce() -> Event) {
        if let Some(noted) = &mut self.0 {
            noted.events.push(event());
        }
    }

    /// Notes that a step was looked at.
    pub(in crate::engine) fn looked_at(&self, step: StepId) {
        if let Some(noted) = &self.0 {
            noted.steps.borrow_mut().insert(step);
        }
    }

    /// Notes that the wording of a text was looked for.
    pub(in crate::engine) fn worded(&mut self, text: &TextKey) {
        if let Some(noted) = &mut self.0
            && !noted.texts.contains(text.as_str())
        {
            noted.texts.insert(text.as_str().to_owned());
        }
    }

    /// Notes that the settings of a slot were looked at.
    pub(in crate::engine) fn used(&self, slot: &Slot) {
        if let Some(noted) = &self.0 {
            let mut slots = noted.slots.borrow_mut();
            if !slots.contains(&slot.name) {
                slots.insert(slot.name.clone());
            }
        }
    }

    /// Notes what was asked of the words of commands, fixed answers and slots.
    pub(in crate::engine) fn looked_up(&self, lookup: impl FnOnce() -> Lookup) {
        if let Some(noted) = &self.0 {
            noted.lookups.borrow_mut().insert(lookup());
        }
    }

    /// Notes that a signpost was followed, or looked for.
    pub(in crate::engine) fn followed(&self, signpost: Signpost<&str>) {
        if let Some(noted) = &self.0 {
            noted.signposts.borrow_mut().insert(signpost.into_owned());
        }
    }

    /// Notes what was measured by the thresholds.
    pub(in crate::engine) fn measured(&self, measure: Measure) {
        if let Some(noted) = &self.0 {
            noted.measures.borrow_mut().insert(measure);
        }
    }

    /// How many events were noted so far.
    pub(in crate::engine) fn length(&self) -> usize {
        self.0.as_ref().map_or(0, |noted| noted.events.len())
    }

    /// Forgets the events after the first `length`: they came to nothing. What was looked at for
    /// that stays noted.
    pub(in crate::engine) fn cut(&mut self, length: usize) {
        if let Some(noted) = &mut self.0 {
            noted.events.truncate(length);
        }
    }

    pub(in crate::engine) fn matched(&mut self, what: impl FnOnce() -> Phrase, manner: Manner) {
        self.note(|| Event::Matched { what: what(), manner });
    }

    pub(in crate::engine) fn wrote(&mut self, key: &TextKey, words: &str) {
        self.note(|| Event::Said { key: key.as_str().to_owned(), words: words.to_owned() });
    }

    pub(in crate::engine) fn take(self, flows: &Flows) -> Trace {
        let Noted { events, steps, texts, slots, lookups, signposts, measures } =
            self.0.unwrap_or_default();
        let steps = steps.into_inner().into_iter().map(|id| flows[id].name.clone()).collect();
        let (lookups, signposts) = (lookups.into_inner(), signposts.into_inner());
        let (slots, measures) = (slots.into_inner(), measures.into_inner());
        let consulted = Consulted { steps, texts, slots, lookups, signposts, measures };
        Trace { events, consulted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_not_followed_notes_nothing() {
        let mut notes = Notes::default();
        notes.note(|| unreachable!("nobody asked"));
        notes.looked_at(StepId(0));
        notes.worded(&TextKey("t".to_owned()));
        assert!(notes.0.is_none());
    }

    #[test]
    fn what_came_to_nothing_was_looked_at_all_the_same() {
        let mut notes = Notes::taken();
        notes.worded(&TextKey("t".to_owned()));
        notes.note(|| Event::Digressed);
        notes.cut(0);
        let Noted { events, texts, .. } = notes.0.expect("somebody follows");
        assert!(events.is_empty() && texts.contains("t"));
    }
}
