//! Carrying out a choice: a command, an option, an answer.

use super::Turn;
use crate::engine::earlier;
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Act, Ask, Choice, StepId, StepKind};
use crate::engine::session::{Asked, Talk};
use crate::engine::source::{Control, EffectKind};
use crate::engine::vocabulary::Vocabulary;

impl<V: Vocabulary> Turn<'_, V> {
    /// Says, changes and moves as `choice` tells, which is a line of the step `of`, or one that is
    /// heard everywhere.
    pub(super) fn carry_out(&mut self, choice: &Choice, of: Option<StepId>) {
        if let Some(text) = &choice.say {
            self.say(text);
        }
        let act = &choice.act;
        self.change(act);
        self.effects.extend(act.effect);
        if let Some(control) = act.control {
            self.control(control);
        } else if let Some(step) = act.goto {
            self.go(of, Edge { to: step, why: Why::Choice(choice) }, act.revisit);
        } else if choice.quiet {
            // Whoever wants no messages is offered nothing; the numbers still pick.
            if act.effect != Some(EffectKind::OptOut) {
                self.restore_choices();
            }
        } else if choice.say.is_some() {
            self.reask();
        } else if let Some(next) = self.waiting().and_then(|(_, ask)| ask.next) {
            self.go(of, Edge { to: next, why: Why::Choice(choice) }, false);
        } else {
            self.reask();
        }
    }

    /// What a choice does to the slots.
    pub(super) fn change(&mut self, act: &Act) {
        let known = |slot: &String| {
            self.talk.slots.contains_key(slot) || self.talk.pending.contains_key(slot)
        };
        if act.clear.iter().any(known) {
            // The questions before may have needed what is gone now.
            self.talk.trail.clear();
        }
        for slot in &act.clear {
            self.empty(slot);
            self.talk.previous.remove(slot);
        }
        for (name, value) in &act.set {
            self.give(name, value.clone());
        }
        for slot in &act.keep {
            self.keep(slot);
        }
    }

    fn control(&mut self, control: Control) {
        match control {
            Control::Back => self.back(),
            Control::Undo => self.undo(),
            Control::More => self.more(),
            Control::Repeat => self.repeat(),
            Control::Resume => self.resume(),
            Control::Restart => {
                self.talk = Talk::default();
                self.earlier = Some(Vec::new());
                self.walk(self.start(), true);
            }
        }
    }

    /// To the question before this one, as it was then and without its answer. One that cannot be
    /// asked any more is passed over: what it builds on, or speaks of, is gone, or its list is empty.
    fn back(&mut self) {
        let (spoken, faults) = (self.parts.len(), self.faults.len());
        let noted = self.notes.length();
        let stood = self.talk.clone();
        while let Some(asked) = self.talk.trail.pop() {
            let Some(id) = self.engine.flows.find(&asked.step) else { continue };
            let StepKind::Ask(ask) = &self.look(id).kind else { continue };
            if !self.still_holds(ask, &asked) {
                continue;
            }
            self.take_back(asked);
            if self.lists_nothing(ask) {
                continue;
            }
            let here = self.talk.clone();
            if let Some(slot) = ask.slot() {
                self.empty(slot);
                self.talk.previous.remove(slot);
            }
            self.talk.at = None;
            self.walk(id, true);
            if self.faults.len() == faults {
                return;
            }
            self.talk = here;
            self.parts.truncate(spoken);
            self.notes.cut(noted);
            self.faults.truncate(faults);
        }
        // Nothing to go back to: all stays as it stood.
        self.talk = Talk { trail: Vec::new(), ..stood };
        self.repeat();
    }

    /// Puts back what the message changed that led on from a question.
    fn take_back(&mut self, asked: Asked) {
        for name in asked.was.keys() {
            self.empty(name);
            self.talk.previous.remove(name);
        }
        self.talk.slots.extend(asked.was);
    }

    /// Whether a question would offer a list to choose from without a row in it.
    fn lists_nothing(&self, ask: &Ask) -> bool {
        ask.menu.as_ref().filter(|menu| menu.fills.is_some()).is_some_and(|menu| {
            let inputs = self.inputs(&menu.with);
            self.engine.vocabulary.list(&menu.from, &inputs, &[], 1).items.is_empty()
        })
    }

    /// Whether all that was known at a question is known now, or can be put back, but for its own
    /// answer and what depends on that.
    fn still_holds(&self, ask: &Ask, asked: &Asked) -> bool {
        let own = ask.slot();
        let dependents = own.and_then(|own| self.engine.flows.depends.get(own));
        asked.slots.iter().all(|slot| {
            self.talk.slots.contains_key(slot)
                || asked.was.contains_key(slot)
                || own == Some(slot)
                || dependents.is_some_and(|dependents| dependents.contains(slot))
        })
    }

    /// As if the last turn that changed something had not been taken.
    fn undo(&mut self) {
        let texts = &self.engine.flows.bot.texts;
        let mut earlier = std::mem::take(&mut self.before.earlier);
        let Some(restored) = earlier::take_back(&mut earlier, self.before.talk.clone()) else {
            self.earlier = Some(earlier);
            self.say(&texts.nothing_to_undo);
            return self.reask();
        };
        self.talk = restored.clone();
        self.say(&texts.undone);
        self.repeat();
        // The next one was told by the talk that came back, which asking again may change.
        earlier::retell(&mut earlier, restored, &self.talk);
        self.earlier = Some(earlier);
    }

    /// Back to where the talk stood before the long silence.
    fn resume(&mut self) {
        let paused = self.talk.paused.take();
        match paused.and_then(|place| self.engine.flows.find(&place.step)) {
            Some(step) => self.walk(step, true),
            None => self.walk(self.start(), true),
        }
    }
}
