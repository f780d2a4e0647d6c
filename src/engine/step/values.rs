//! Values in a message: the slot that was asked for, and every slot that names itself.

use serde_json::Value;

use super::slots::{Reading, Refusal};
use super::{Engine, Part, Turn, Words};
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Ask, Flows, Slot, StepId};
use crate::engine::lookup::Lookup;
use crate::engine::session::{Pick, Talk};
use crate::engine::signpost::Signpost;
use crate::engine::trace::{Event, Manner, Phrase};
use crate::engine::vocabulary::{Attention, Scene, Unclear, Vocabulary};

/// What came of the rest of a message that picked something.
#[derive(Default)]
pub(super) struct Rest<'e> {
    pub(super) refused: Option<Refusal<'e>>,
    pub(super) open: Option<(&'e Slot, Vec<Value>)>,
}

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// What else a message says that picked `picked`. The slots before it are left alone: what was
    /// said about them only named the pick. The first refusal and the first slot that is open
    /// between two values, where there were any.
    pub(super) fn hear_rest(&mut self, words: &Words<V::Message>, picked: &str) -> Rest<'e> {
        let slots = &self.engine.flows.slots;
        let later = slots.values().skip_while(|slot| slot.name != picked).skip(1);
        let mut rest = Rest::default();
        for slot in later.filter(|slot| self.engine.flows.listen.contains_key(&slot.name)) {
            let values = self.read(slot, Attention::Overheard, words);
            match self.offer(slot, values, Manner::Overheard) {
                Reading::Refused(refusal) => rest.refused = rest.refused.or(refusal),
                Reading::Open(values) => rest.open = rest.open.or(Some((slot, values))),
                Reading::Silent | Reading::Filled | Reading::Kept => {}
            }
        }
        self.open_beside(words);
        rest
    }

    /// The slot that was asked for, and every slot that names itself.
    pub(super) fn hear_values(&mut self, words: &Words<V::Message>) -> bool {
        let waiting = self.waiting();
        let asked = waiting.and_then(|(_, ask)| ask.slot());
        let (mut refused, mut target) = (None, None);
        let mut understood = false;
        let mut heard = Vec::new();
        let mut open = None;
        self.unclear = self.readings();
        let answering = self.answering(asked, words);
        for slot in self.engine.flows.slots.values() {
            let is_asked = asked == Some(slot.name.as_str());
            let answers = answering.is_some_and(|answering| answering.name == slot.name);
            let is_taken = answering.is_some_and(|answering| answering.kind == slot.kind);
            let overheard = self.engine.flows.listen.contains_key(&slot.name) && !is_taken;
            if !is_asked && !answers && !overheard {
                continue;
            }
            let attention = if is_asked { Attention::Asked } else { Attention::Overheard };
            let values = self.read(slot, attention, words);
            let known = self.talk.slots.get(&slot.name).cloned();
            let manner = if is_asked { Manner::Asked } else { Manner::Overheard };
            match self.offer(slot, values, manner) {
                Reading::Silent | Reading::Refused(None) => continue,
                Reading::Open(values) => open = open.or(Some((slot, values))),
                Reading::Refused(refusal) => refused = refused.or(refusal),
                reading @ (Reading::Filled | Reading::Kept) => {
                    let changed = known.as_ref() != self.talk.slots.get(&slot.name);
                    if matches!(reading, Reading::Kept) || changed && !is_asked {
                        heard.push((slot, known.is_some()));
                    }
                    // The figure that was asked for leads on, whatever was overheard beside it.
                    let filled = is_asked && matches!(reading, Reading::Filled);
                    let leads = filled && self.is_figure(slot);
                    let next = self.next_after(slot, waiting.filter(|_| is_asked));
                    target = if leads { next } else { target.or(next) };
                }
            }
            understood = true;
        }
        // A figure beside it leaves what was asked to be cleared up as it is.
        let beside = !heard.is_empty() && heard.iter().all(|(slot, _)| self.is_figure(slot));
        let still = self.unclear.take().filter(|(unclear, _)| {
            beside && refused.is_none() && heard.iter().all(|(slot, _)| slot.name != unclear.name)
        });
        if let Some((slot, values)) = open.or(still) {
            // Whatever else was said is kept; this is asked first.
            let spoken = self.parts.len();
            self.clarify(&slot.name, values);
            self.note(&heard, spoken);
        } else if understood {
            let spoken = self.parts.len();
            self.open_beside(words);
            self.go_on(refused, target);
            self.note(&heard, spoken);
        }
        understood
    }

    /// The slot of which the screen asks which reading was meant, and the readings: they stand in no
    /// list of the question.
    fn readings(&self) -> Option<(&'e Slot, Vec<Value>)> {
        let (_, ask) = self.waiting()?;
        let listed = ask.menu.as_ref().and_then(|menu| self.talk.listings.get(&menu.from));
        let lists = |value| listed.is_some_and(|listing| listing.values.contains(value));
        let readings = self.talk.screen.iter().map(|shown| match &shown.pick {
            Pick::Value { slot, value } => Some((slot, value)),
            Pick::Option(_) | Pick::Rescue(_) => None,
        });
        let readings: Vec<(&String, &Value)> = readings.collect::<Option<_>>()?;
        let (slot, _) = readings.first()?;
        let slot = self.engine.flows.slots.get(*slot).filter(|slot| slot.clarify.is_some())?;
        let values = readings.iter().map(|(_, value)| *value);
        (!values.clone().all(lists)).then(|| (slot, values.cloned().collect()))
    }

    /// Whether the values of a slot lie between a least and a most.
    fn is_figure(&self, slot: &Slot) -> bool {
        let mut types = self.engine.vocabulary.offers().types.iter();
        types.any(|offer| offer.name == slot.kind && offer.bounded)
    }

    /// The slot that the message answers: the one that was asked for, else one that depends on it
    /// and is heard nowhere else. No other slot of its kind overhears the same words.
    fn answering(&self, asked: Option<&str>, words: &Words<V::Message>) -> Option<&'e Slot> {
        let Flows { slots, depends, listen, .. } = &*self.engine.flows;
        let asked = slots.get(asked?)?;
        if !self.read(asked, Attention::Asked, words).is_empty() {
            return Some(asked);
        }
        let dependents = depends.get(&asked.name).into_iter().flatten();
        let own = dependents.filter(|name| !listen.contains_key(*name));
        let mut own = own.filter_map(|name| slots.get(name));
        own.find(|slot| !self.read(slot, Attention::Overheard, words).is_empty())
    }

    fn read(&self, slot: &Slot, attention: Attention, words: &Words<V::Message>) -> Vec<Value> {
        let Engine { vocabulary, .. } = self.engine;
        self.notes.used(slot);
        if !slot.phrases.is_empty() {
            let forms = || vocabulary.phrased(&words.message);
            self.notes.looked_up(|| Lookup::Phrases { slot: slot.name.clone(), forms: forms() });
        }
        vocabulary.read(slot, attention, &words.message, self.scene())
    }

    /// What stands on the screen and in the session.
    pub(super) fn scene(&self) -> Scene<'_> {
        let Talk { slots, pending, listings, question, .. } = &self.talk;
        let asked = self.waiting().and_then(|(_, ask)| ask.slot());
        let unclear = self.unclear.as_ref();
        let unclear = unclear.map(|(slot, readings)| Unclear { slot: &slot.name, readings });
        let numbers = self.talk.screen.len();
        Scene { asked, slots, pending, listings, question, numbers, unclear }
    }

    /// Where the talk goes on once `slot` is filled, and by which step's line: after the question that
    /// asked for it, else where the flow listens.
    pub(super) fn next_after(
        &self,
        slot: &'e Slot,
        asked: Option<(StepId, &Ask)>,
    ) -> Option<(Option<StepId>, Edge<'e>)> {
        let own = asked.filter(|(_, ask)| ask.slot() == Some(slot.name.as_str()));
        let own = own.and_then(|(id, ask)| {
            Some((Some(id), Edge { to: ask.next?, why: Why::Filled(&slot.name) }))
        });
        let listens = || {
            let to = self.pointed(Signpost::Overheard(&slot.name))?;
            Some((None, Edge { to, why: Why::Heard(&slot.name) }))
        };
        own.or_else(listens)
    }

    /// Says what was overheard, before what was said from part `at` on: each value that took the
    /// place of another, and each that waits for its question. What is new and already used shows
    /// by itself.
    fn note(&mut self, heard: &[(&Slot, bool)], at: usize) {
        let slots = &self.engine.flows.slots;
        let asked = self.waiting().and_then(|(_, ask)| ask.slot());
        let asked = asked.and_then(|slot| slots.get_index_of(slot));
        let said = self.parts.split_off(at);
        for (slot, replaced) in heard {
            let waits = asked < slots.get_index_of(&slot.name) && asked.is_some();
            if let Some(text) = slot.noted.as_ref().filter(|_| *replaced || waits) {
                let noted = self.parts.len();
                self.say(text);
                // Two of them may be told in the same words.
                self.drop_repeated(at, noted);
            }
        }
        self.parts.extend(said);
    }

    /// A fixed question within the words that the step took: it is answered first.
    fn open_beside(&mut self, words: &Words<V::Message>) {
        let fixed = self.fixed(&words.plain).filter(|answer| !answer.alone && !answer.quiet);
        if let Some(answer) = fixed
            && let Some(text) = &answer.say
        {
            self.notes.matched(|| Phrase::answer(answer), Manner::Within);
            let spoken = self.parts.len();
            self.say(text);
            self.drop_repeated(0, spoken);
        }
    }

    pub(super) fn open(&mut self, question: String) {
        self.notes.note(|| Event::Digressed);
        let key = &self.engine.flows.bot.texts.unanswered;
        let unanswered = self.write(key, &[]);
        let before = std::mem::replace(&mut self.talk.question, super::quote(&question));
        self.parts.push(Part::Open { question, before, unanswered, offer: String::new() });
    }
}
