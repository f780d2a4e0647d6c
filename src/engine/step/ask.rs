//! Questions: the text, the numbers on the screen, the pages of a list.

use serde_json::{Value, json};

use super::{Part, Turn};
use crate::engine::flow::{Ask, Choice, Menu, Slot, StepId, TextKey};
use crate::engine::seen::{Seen, seen};
use crate::engine::session::{Asked, Listing, MAX_LISTED, MAX_TRAIL, Pick, Place, Shown, Talk};
use crate::engine::trace::Event;
use crate::engine::vocabulary::{Item, Slots, Vocabulary};
use crate::message;

/// Which text a question is asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wording {
    /// The full one.
    Full,
    /// The short one, after a digression.
    Short,
}

/// The rows of one page, as a question shows them.
#[derive(Debug, Default)]
struct Rows {
    items: Vec<Item>,
    /// How many rows of the list came before this page.
    before: usize,
    total: usize,
}

/// Whether a list goes on after `listed` of its rows.
fn has_more(listed: usize, total: usize) -> bool {
    listed < total.min(MAX_LISTED)
}

impl<V: Vocabulary> Turn<'_, V> {
    /// Says a text.
    pub(super) fn say(&mut self, key: &TextKey) {
        let text = self.write(key, &[]);
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
    }

    /// Arrives at a question and asks it.
    pub(super) fn enter(&mut self, id: StepId, ask: &Ask) {
        let place = self.place(id);
        let left = self.talk.at.take();
        let wording =
            if self.stands(left.as_ref(), &place) { Wording::Short } else { Wording::Full };
        if let Some(left) = left {
            self.lay_trail(left.step, &place.step);
        }
        self.notes.note(|| Event::Entered(place.step.clone()));
        self.talk.at = Some(place);
        self.talk.misses = 0;
        self.pose(ask, wording);
    }

    /// Whether the question at `place` stands there already and this turn only kept something for
    /// later, which changes nothing about it.
    fn stands(&self, left: Option<&Place>, place: &Place) -> bool {
        let Talk { at, slots, pending, .. } = &self.before.talk;
        left == Some(place)
            && at.as_ref() == left
            && *slots == self.talk.slots
            && *pending != self.talk.pending
    }

    /// Notes for the way back that the talk came from the question `left` to `next`, which may be the
    /// same with something changed about it. A question that nobody goes back to leaves what changed
    /// at it to the one before, which is put back as a whole.
    fn lay_trail(&mut self, left: String, next: &str) {
        let stays = left == next;
        let can_go_back = self.can_go_back_to(&left);
        let left = self.asked(left);
        let leads_back = can_go_back && !(stays && left.was.is_empty());
        let earlier = std::mem::take(&mut self.talk.trail).into_iter();
        let earlier = earlier.map(|asked| (stays || asked.step != next, asked));
        let trail = &mut self.talk.trail;
        for (leads_back, asked) in earlier.chain([(leads_back, left)]) {
            match trail.last_mut() {
                _ if leads_back => trail.push(asked),
                Some(before) => before.take_over(asked),
                None => {}
            }
        }
        if trail.len() > MAX_TRAIL {
            trail.remove(0);
        }
    }

    /// The question that this turn leaves, with what has changed about it.
    fn asked(&self, step: String) -> Asked {
        let (before, now) = (&self.before.talk.slots, &self.talk.slots);
        let changed = |name: &String| now.contains_key(name) && before.get(name) != now.get(name);
        // What lost its ground, not what was cleared on purpose: who cancels has cancelled.
        let depends = &self.engine.flows.depends;
        let lost = |name: &String| {
            let bases = || depends.iter().filter(|(_, dependents)| dependents.contains(name));
            !now.contains_key(name) && bases().any(|(base, _)| changed(base))
        };
        // What is put back has to fit what it was made of.
        let made = |name: &String| {
            depends.get(name).is_some_and(|dependents| {
                dependents.iter().any(|name| before.contains_key(name) && lost(name))
            })
        };
        let was = before.iter().filter(|(name, _)| changed(name) || lost(name) || made(name));
        let was = was.map(|(name, value)| (name.clone(), value.clone())).collect();
        Asked { step, slots: before.keys().cloned().collect(), was }
    }

    /// Whether a question stands for itself: not for another whose answer was refused, and not for
    /// the offer to resume, which is made once a silence.
    fn can_go_back_to(&self, name: &str) -> bool {
        let flows = &self.engine.flows;
        let Some(id) = flows.find(name) else { return false };
        // Whether it is one is told of the step.
        self.notes.looked_at(id);
        !flows.questions.is_excuse(id) && id != self.offer_to_resume()
    }

    /// Asks the pending question again, in its short form.
    pub(super) fn reask(&mut self) {
        self.ask_again(Wording::Short);
    }

    /// Asks the pending question again, in full.
    pub(super) fn repeat(&mut self) {
        self.ask_again(Wording::Full);
    }

    fn ask_again(&mut self, wording: Wording) {
        match self.waiting() {
            Some((_, ask)) => self.pose(ask, wording),
            None => self.walk(self.start(), true),
        }
    }

    fn pose(&mut self, ask: &Ask, wording: Wording) {
        let rows = ask.menu.as_ref().map(|menu| self.current_page(menu)).unwrap_or_default();
        let short = ask.again.as_ref().filter(|_| wording == Wording::Short);
        self.show(ask, rows, short.unwrap_or(&ask.ask), &[]);
    }

    /// Says a text of the ladder; with `rescue`, the step's choices and those of last resort.
    pub(super) fn complain(&mut self, ask: &Ask, key: &TextKey, rescue: &[Choice]) {
        let rows = ask.menu.as_ref().map(|menu| self.current_page(menu)).unwrap_or_default();
        self.show(ask, rows, key, rescue);
    }

    /// The next page of the list, where there is one.
    pub(super) fn more(&mut self) {
        let Some((_, ask)) = self.waiting() else { return self.reask() };
        let next = ask.menu.as_ref().and_then(|menu| self.next_page(menu));
        if let Some(rows) = next {
            return self.show(ask, rows, &ask.ask, &[]);
        }
        self.say(&self.engine.flows.bot.texts.no_more);
        self.restore_choices();
    }

    /// Asks which of several readings was meant; nothing is filled yet.
    pub(super) fn clarify(&mut self, slot: &str, values: Vec<Value>) {
        let Some((ask, label)) = &self.engine.flows.slots[slot].clarify else { return };
        self.talk.screen = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| {
                let item = self.present(&self.engine.flows.slots[slot], &value);
                let label = self.write(label, &[("item", item)]);
                let pick = Pick::Value { slot: slot.to_owned(), value };
                Shown { id: (index + 1).to_string(), label, pick }
            })
            .collect();
        let options = Seen::from(self.numbered());
        let text = self.write(ask, &[("options", options)]);
        self.parts.push(Part::Text(text));
        self.restore_choices();
    }

    /// Offers the choices on the screen again.
    pub(super) fn restore_choices(&mut self) {
        let offered = self.talk.screen.iter();
        self.choices = offered
            .map(|shown| message::Choice { id: shown.id.clone(), title: shown.label.clone() })
            .collect();
    }

    fn show(&mut self, ask: &Ask, rows: Rows, key: &TextKey, rescue: &[Choice]) {
        let mut lines = Vec::new();
        let mut screen = Vec::new();
        let fills = ask.menu.as_ref().and_then(|menu| menu.fills.as_ref());
        let (first, shown) = (rows.before + 1, rows.items.len());
        let mut number = 0;
        for (index, item) in rows.items.into_iter().enumerate() {
            let Some(menu) = &ask.menu else { break };
            let label = self.write(&menu.line, &[("item", item.fields)]);
            let Some(slot) = fills else {
                lines.push(label);
                continue;
            };
            number = item.key.map_or(first + index, |key| key as usize);
            lines.push(if item.key.is_some() {
                label.clone()
            } else {
                format!("{number}. {label}")
            });
            let pick = Pick::Value { slot: slot.clone(), value: item.value };
            screen.push(Shown { id: number.to_string(), label, pick });
        }
        let own =
            ask.options.iter().enumerate().map(|(index, option)| (option, Pick::Option(index)));
        let last = self.last_resort(ask, rescue);
        for (option, pick) in own.chain(last) {
            let Some(label) = &option.label else { continue };
            let label = self.write(label, &[]);
            if label.is_empty() {
                continue;
            }
            number += 1;
            lines.push(format!("{number}. {label}"));
            screen.push(Shown { id: number.to_string(), label, pick });
        }
        self.talk.screen = screen;
        self.restore_choices();
        let page = json!({
            "total": rows.total,
            "first": first,
            "last": rows.before + shown,
            "more": has_more(rows.before + shown, rows.total),
        });
        let names = [("options", Seen::from(lines.join("\n"))), ("page", seen(page))];
        let text = self.write(key, &names);
        self.parts.push(Part::Text(text));
    }

    /// The choices of last resort that help here: none that the step offers by itself, and none that
    /// leads back to it.
    fn last_resort<'r>(&self, ask: &Ask, rescue: &'r [Choice]) -> Vec<(&'r Choice, Pick)> {
        let here = self.waiting().map(|(id, _)| id);
        let helps = |option: &Choice| {
            let leads = option.act.goto.map(|goto| self.through_branches(goto));
            (leads.is_none() || leads != here)
                && ask.options.iter().all(|own| own.act != option.act)
        };
        let options = rescue.iter().enumerate();
        let helping = options.filter(|(_, option)| helps(option));
        helping.map(|(index, option)| (option, Pick::Rescue(index))).collect()
    }

    fn numbered(&self) -> String {
        let lines = self.talk.screen.iter().map(|shown| format!("{}. {}", shown.id, shown.label));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The page of a list that stands on the screen, or its first.
    fn current_page(&mut self, menu: &Menu) -> Rows {
        let inputs = self.inputs(&menu.with);
        let known = self.talk.listings.get(&menu.from).filter(|listing| listing.inputs == inputs);
        let before = known.map(|listing| listing.values[..listing.page_start].to_vec());
        self.page_after(menu, inputs, before.unwrap_or_default())
    }

    /// The page of a list after the newest one; none where the list ends.
    fn next_page(&mut self, menu: &Menu) -> Option<Rows> {
        let listing = self.talk.listings.get(&menu.from)?;
        if !has_more(listing.values.len(), listing.total) {
            return None;
        }
        let (inputs, before) = (listing.inputs.clone(), listing.values.clone());
        let rows = self.page_after(menu, inputs, before);
        (!rows.items.is_empty()).then_some(rows)
    }

    fn page_after(&mut self, menu: &Menu, inputs: Slots, mut values: Vec<Value>) -> Rows {
        let page = self.engine.vocabulary.list(&menu.from, &inputs, &values, menu.page);
        let before = values.len();
        values.extend(page.items.iter().map(|item| item.value.clone()));
        let listing = Listing { inputs, values, page_start: before, total: page.total };
        self.talk.listings.insert(menu.from.clone(), listing);
        Rows { items: page.items, before, total: page.total }
    }

    /// A text with what this turn knows; `names` are those of the moment.
    pub(super) fn write(&mut self, key: &TextKey, names: &[(&str, Seen)]) -> String {
        let engine = self.engine;
        self.notes.worded(key);
        let see = |name: &str| {
            let moment = names.iter().find(|(known, _)| *known == name);
            moment.map(|(_, value)| value.clone()).or_else(|| self.see(name))
        };
        let wording = &engine.flows.wording;
        let Some(template) = wording.on(key, self.today) else { return String::new() };
        // Only the names that the text uses: presenting every slot each time would cost more than
        // all the rest of a turn.
        let canvas = template.heads.iter().filter_map(|name| {
            let value = see(name).or_else(|| engine.globals.get(name).cloned());
            value.map(|value| (name.as_str(), value))
        });
        match wording.render(template, Seen::from_pairs(canvas)) {
            Ok(text) => {
                self.notes.wrote(key, &text);
                text
            }
            // The checker renders every text with sample values, so this means that a value has a
            // form nobody foresaw.
            Err(error) => {
                self.fault(format!("the text `{key}` cannot be rendered: {error:#}"));
                String::new()
            }
        }
    }

    /// A value of a slot as templates see it.
    fn present(&self, slot: &Slot, value: &Value) -> Seen {
        self.notes.used(slot);
        self.engine.vocabulary.present(slot, value)
    }

    /// What a template sees under a name.
    fn see(&self, name: &str) -> Option<Seen> {
        let slots = &self.engine.flows.slots;
        let present =
            |slot: &str, value: &Value| slots.get(slot).map(|slot| self.present(slot, value));
        match name {
            "heard" => Some(Seen::from(self.quoted.as_str())),
            "asked" => Some(Seen::from(self.asked.as_str())),
            "refused" => Some(seen(self.talk.refusal.clone())),
            "given" => {
                let given = self.talk.pending.iter();
                let shown = given.filter_map(|(slot, value)| Some((slot, present(slot, value)?)));
                Some(Seen::from_pairs(shown.map(|(slot, value)| (slot.as_str(), value))))
            }
            "paused" => self.talk.paused.as_ref().map(|place| Seen::from(place.step.as_str())),
            "previous" => {
                let previous = self.talk.previous.iter();
                let shown =
                    previous.filter_map(|(slot, value)| Some((slot, present(slot, value)?)));
                Some(Seen::from_pairs(shown.map(|(slot, value)| (slot.as_str(), value))))
            }
            _ => {
                let value = self.talk.slots.get(name)?;
                present(name, value)
            }
        }
    }

    /// Notes that something could not be said; the apology stands in its place, once.
    pub(super) fn fault(&mut self, what: String) {
        let first = self.faults.is_empty();
        self.faults.push(what);
        if first {
            self.say(&self.engine.flows.bot.texts.apology);
        }
    }
}
