//! What may have happened since the last message: a long silence, a change of the flow, a car that
//! was sold.

use super::{Part, Turn, Words};
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Slot, StepId};
use crate::engine::session::Place;
use crate::engine::signpost::Signpost;
use crate::engine::threshold::Measure;
use crate::engine::trace::Manner;
use crate::engine::vocabulary::{Freshness, Vocabulary};

/// How the talk is found when a message comes.
enum Arrival {
    /// There was none.
    First,
    /// As it was left.
    Here,
    /// As it was left, but long ago.
    Late,
    /// Changed: it goes on at this step, and the numbers on the old screen no longer count.
    Moved { step: StepId, revisit: bool },
}

impl<V: Vocabulary> Turn<'_, V> {
    /// Takes the words of one message.
    pub(super) fn take(&mut self, words: &Words<V::Message>) {
        match self.arrive() {
            Arrival::First => self.hear_first(words),
            Arrival::Here => {
                if !self.hear(words) {
                    self.hear_beside(words);
                }
            }
            Arrival::Late => self.hear_late(words),
            Arrival::Moved { step, revisit } => {
                if !self.hear_command(words) && !self.hear_values(words) {
                    self.walk(step, revisit);
                }
            }
        }
    }

    /// The first message: the start's choices are known before they were ever shown, and who says
    /// nothing else is greeted.
    fn hear_first(&mut self, words: &Words<V::Message>) {
        let start = self.start();
        let noted = self.notes.length();
        self.walk(start, true);
        self.parts.clear();
        self.notes.cut(noted);
        if self.hear_command(words) {
            return;
        }
        if let Some(apart) = self.apart(words) {
            return self.answer_apart(&apart, Self::hear_unseen);
        }
        if self.hear_unseen(words) {
            return;
        }
        match self.small_talk(words) {
            Some(answer) if answer.say.is_some() && !answer.quiet => {
                self.reply(answer, Manner::Within);
            }
            None if self.hear_question(words) => {}
            // The greeting answers every other small talk, and nonsense.
            _ => self.walk(start, true),
        }
    }

    /// Reads words before any question was seen: an ordinal picks nothing yet.
    fn hear_unseen(&mut self, words: &Words<V::Message>) -> bool {
        self.hear_command(words)
            || self.hear_exactly(&words.plain, Manner::Exact)
            || self.hear_values(words)
            || self.hear_loosely(words)
    }

    /// After a long silence: what was said counts, and only where it said nothing by itself the
    /// customer is asked whether to go on.
    fn hear_late(&mut self, words: &Words<V::Message>) {
        let (spoken, noted) = (self.parts.len(), self.notes.length());
        let welcome = &self.engine.flows.bot.texts.welcome_back;
        self.say(welcome);
        if self.hear(words) {
            // Whoever cancels, or takes another car, is not told that the old one was kept.
            let before = &self.before.talk.slots;
            let is_kept =
                before.iter().all(|(name, value)| self.talk.slots.get(name) == Some(value));
            let noted = self.notes.length();
            let kept = Part::Text(self.write(welcome, &[]));
            // It was only looked at.
            self.notes.cut(noted);
            if !is_kept && self.parts.get(spoken) != Some(&kept) {
                self.parts.remove(spoken);
            }
            return;
        }
        if let Some(question) = self.engine.vocabulary.question(&words.message, self.scene()) {
            return self.digress(question);
        }
        self.parts.truncate(spoken);
        self.notes.cut(noted);
        self.talk.misses = 0;
        let resume = self.offer_to_resume();
        if self.waiting().is_none_or(|(id, _)| id != resume) {
            self.talk.paused = self.talk.at.clone();
        }
        self.go(None, Edge { to: resume, why: Why::Silence }, true);
    }

    fn arrive(&mut self) -> Arrival {
        if self.talk.at.is_none() {
            return Arrival::First;
        }
        // Values first: a flow that changed goes on with what is true now.
        let refreshed = self.refresh();
        if let Some(moved) = self.follow_flow() {
            return moved;
        }
        if let Some(step) = refreshed {
            self.talk.screen.clear();
            return Arrival::Moved { step, revisit: false };
        }
        if self.is_late() { Arrival::Late } else { Arrival::Here }
    }

    fn is_late(&self) -> bool {
        let silent = self.before.last_seen.map(|seen| self.now.duration_since(seen));
        let begun = !self.talk.slots.is_empty() || !self.talk.pending.is_empty();
        begun && silent.is_some_and(|silence| self.is_too_much(Measure::Silence(silence)))
    }

    /// Follows a talk whose flow changed: the same step goes on, a step that moved is found again,
    /// else the flow begins anew with the slots that still exist, and says so.
    fn follow_flow(&mut self) -> Option<Arrival> {
        let place = self.talk.at.clone()?;
        let flows = &self.engine.flows;
        let same = flows.find(&place.step).filter(|id| self.look(*id).print == place.print);
        if let Some(id) = same {
            self.talk.at = Some(self.place(id));
            return None;
        }
        self.talk.screen.clear();
        self.talk.listings.clear();
        let moved = self.migrate(&place);
        let known = |name: &String| flows.slots.contains_key(name);
        self.talk.slots.retain(|name, _| known(name));
        self.talk.pending.retain(|name, _| known(name));
        self.talk.previous.retain(|name, _| known(name));
        if let Some(step) = moved {
            self.talk.at = Some(self.place(step));
            return Some(Arrival::Moved { step, revisit: true });
        }
        self.talk.at = None;
        self.say(&flows.bot.texts.moved);
        let flow = place.step.split('.').next().unwrap_or_default();
        let step = self.pointed(Signpost::Flow(flow)).unwrap_or_else(|| self.start());
        Some(Arrival::Moved { step, revisit: false })
    }

    /// Renames slots as the flow's `migrate` says; the step that took the place of the old one.
    fn migrate(&mut self, place: &Place) -> Option<StepId> {
        let (flow, step) = place.step.split_once('.')?;
        let migration = self.engine.flows.flows.get(flow)?.migrate.get(&place.version)?;
        for (old, new) in &migration.slots {
            for values in [&mut self.talk.slots, &mut self.talk.pending, &mut self.talk.previous] {
                if let Some(value) = values.remove(old) {
                    values.insert(new.clone(), value);
                }
            }
        }
        migration.steps.get(step).copied()
    }

    /// Checks the values that can go stale. Says what happened to each; the step where the talk
    /// goes on, where something did.
    fn refresh(&mut self) -> Option<StepId> {
        let mut step = None;
        for slot in self.engine.flows.slots.values() {
            let (Some(gone), Some(changed)) = (&slot.gone, &slot.changed) else { continue };
            let Some(value) = self.talk.slots.get(&slot.name).cloned() else { continue };
            self.notes.used(slot);
            match self.engine.vocabulary.refresh(slot, &value) {
                Freshness::Fresh => continue,
                Freshness::Gone => {
                    self.say(gone);
                    self.empty(&slot.name);
                    self.talk.previous.remove(&slot.name);
                    // Its question may need what is gone: nothing counts as its answer.
                    self.talk.at = None;
                    self.talk.trail.clear();
                }
                Freshness::Changed(new) => {
                    self.put(&slot.name, new);
                    self.talk.previous.insert(slot.name.clone(), value);
                    self.say(changed);
                    self.talk.previous.remove(&slot.name);
                    self.keep_dependents(slot);
                }
            }
            step = step.or_else(|| self.beginning(slot));
        }
        step
    }

    /// Takes up again what was collected and depended on `slot`.
    fn keep_dependents(&mut self, slot: &Slot) {
        let dependents = self.engine.flows.depends.get(&slot.name);
        for dependent in dependents.into_iter().flatten() {
            if self.beginning(&self.engine.flows.slots[dependent.as_str()]).is_some() {
                self.keep(dependent);
            }
        }
    }

    /// The first step of the flow whose question fills `slot`.
    fn beginning(&self, slot: &Slot) -> Option<StepId> {
        let step = self.pointed(Signpost::Question(&slot.name))?;
        self.pointed(Signpost::Flow(&self.engine.flows[step].flow))
    }
}
