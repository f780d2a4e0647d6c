//! A step's reply with sample data, for authors.

use jiff::Timestamp;

use super::{Engine, Part, Turn};
use crate::engine::flow::{StepId, StepKind};
use crate::engine::session::Session;
use crate::engine::vocabulary::{Sample, Vocabulary};

impl<V: Vocabulary> Engine<V> {
    /// The exact reply on arriving at `step`, every slot filled with a sample value.
    #[must_use]
    pub fn preview(&self, step: StepId, now: Timestamp) -> String {
        let mut session = Session::default();
        for slot in self.flows.slots.values() {
            let value = self.vocabulary.sample(slot, Sample::Typical);
            session.talk.previous.insert(slot.name.clone(), value.clone());
            session.talk.slots.insert(slot.name.clone(), value);
        }
        let mut turn = Turn::new(self, session, now);
        turn.talk.refusal = self.refusal_shown_at(step);
        turn.walk(step, true);
        let texts = turn.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Open { .. } => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Sample facts of the refusal that leads to `step`; null where none does.
    fn refusal_shown_at(&self, step: StepId) -> serde_json::Value {
        let asks = self.flows.steps().filter_map(|(_, step)| match &step.kind {
            StepKind::Ask(ask) => Some(ask),
            _ => None,
        });
        let reasons = asks.flat_map(|ask| {
            let slot = ask.slot().and_then(|slot| self.flows.slots.get(slot));
            ask.refused.iter().filter_map(move |(reason, to)| Some((slot?, reason, *to)))
        });
        let mut leading = reasons.filter(|(_, _, to)| *to == step);
        let refusal = leading
            .next()
            .map(|(slot, reason, _)| self.vocabulary.sample_refusal(slot, reason, Sample::Typical));
        refusal.unwrap_or_default()
    }
}
