//! What a message means here: the order in which it is read.
//!
//! A command first, whole message only; then what the screen offers; then the slot that was asked
//! for and every slot that names itself; then a command or a choice in a part of the message, or
//! one that is mistyped; then small talk; then an open question; at last the ladder.

use serde_json::Value;

use super::slots::Reading;
use super::{Part, Turn, Words};
use crate::engine::flow::{Ask, Choice, Rung, Slot, StepId};
use crate::engine::session::{Pick, Talk};
use crate::engine::source::Control;
use crate::engine::vocabulary::{Attention, Scene, Vocabulary};
use crate::message::Source;
use crate::text::{Text, similarity};

/// How alike a mistyped command or choice must be.
const TYPO_FLOOR: f64 = 0.8;

/// Letters from which on a mistyped word counts: short ones are too near to others.
const TYPO_LETTERS: usize = 5;

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// Reads words where the talk stands; whether they were understood.
    pub(super) fn hear(&mut self, words: &Words<V::Message>) -> bool {
        let understood = self.hear_command(words)
            || self.hear_choice(words)
            || self.hear_values(words)
            || self.hear_clause(words)
            || self.hear_mistyped(words);
        if understood {
            self.talk.misses = 0;
            self.talk.digressions = 0;
        }
        understood
    }

    /// A global command: the whole message.
    pub(super) fn hear_command(&mut self, words: &Words<V::Message>) -> bool {
        let command = self.command(&words.plain);
        command.map(|command| self.carry_out(command)).is_some()
    }

    /// The command that these words are. There is no next page where there is no list.
    fn command(&self, plain: &str) -> Option<&'e Choice> {
        let engine = self.engine;
        let has_list = self.waiting().is_some_and(|(_, ask)| ask.menu.is_some());
        engine.flows.bot.commands.iter().find(|command| {
            let applies = has_list || command.act.control != Some(Control::More);
            applies && command.phrases.iter().any(|phrase| phrase == plain)
        })
    }

    /// A command or a choice that a part of the message is: `mejor otro, regrésame a la lista`. The
    /// last one counts.
    fn hear_clause(&mut self, words: &Words<V::Message>) -> bool {
        let waiting = self.waiting().map(|(_, ask)| ask);
        for clause in words.clauses.iter().rev() {
            if let Some(command) = self.command(clause) {
                self.carry_out(command);
                return true;
            }
            // A number in a part of a message is no pick.
            let is_number = clause.bytes().all(|byte| byte.is_ascii_digit());
            let pick = waiting.filter(|_| !is_number).and_then(|ask| self.pick_whole(ask, clause));
            if let (Some(ask), Some(pick)) = (waiting, pick) {
                self.choose(ask, pick, None);
                return true;
            }
        }
        false
    }

    /// A choice on the screen: by number, by label, by another form, by ordinal or by name.
    fn hear_choice(&mut self, words: &Words<V::Message>) -> bool {
        let Some((_, ask)) = self.waiting() else { return false };
        if let Some(pick) = self.pick_whole(ask, &words.plain) {
            self.choose(ask, pick, None);
            return true;
        }
        let choices = self.pickable(ask);
        let values: Vec<Option<&Value>> = choices
            .iter()
            .map(|pick| match pick {
                Pick::Value { value, .. } => Some(value),
                Pick::Option(_) | Pick::Rescue(_) => None,
            })
            .collect();
        let Some(index) = self.engine.vocabulary.pick(&words.message, &values) else {
            return false;
        };
        let Some(pick) = choices.get(index).cloned() else { return false };
        self.choose(ask, pick, Some(words));
        true
    }

    /// The choice that a whole message names.
    fn pick_whole(&self, ask: &Ask, plain: &str) -> Option<Pick> {
        let on_screen = self.talk.screen.iter();
        let named = |id: &str, label: &str| id == plain || Text::new(label).plain() == plain;
        let shown = on_screen.clone().find(|shown| named(&shown.id, &shown.label));
        if let Some(shown) = shown {
            return Some(shown.pick.clone());
        }
        let said = |option: &Choice| option.phrases.iter().any(|phrase| phrase == plain);
        if let Some(index) = ask.options.iter().position(said) {
            return Some(Pick::Option(index));
        }
        let number: usize = plain.parse().ok()?;
        self.listed(ask)?.get(number.checked_sub(1)?).cloned()
    }

    /// What an ordinal or a name can pick: the rows listed so far, else what stands on the screen.
    fn pickable(&self, ask: &Ask) -> Vec<Pick> {
        let on_screen = || self.talk.screen.iter().map(|shown| shown.pick.clone()).collect();
        self.listed(ask).unwrap_or_else(on_screen)
    }

    /// The rows listed so far, where the question's list runs over several pages.
    fn listed(&self, ask: &Ask) -> Option<Vec<Pick>> {
        let menu = ask.menu.as_ref()?;
        let slot = menu.fills.as_ref()?;
        let listing = self.talk.listings.get(&menu.from)?;
        let pick = |value: &Value| Pick::Value { slot: slot.clone(), value: value.clone() };
        (listing.total > menu.page).then(|| listing.values.iter().map(pick).collect())
    }

    /// Carries out a choice; `rest` is the message it was only a part of.
    fn choose(&mut self, ask: &Ask, pick: Pick, rest: Option<&Words<V::Message>>) {
        let engine = self.engine;
        let (slot, value) = match pick {
            Pick::Option(index) => return self.carry_out(&ask.options[index]),
            Pick::Rescue(index) => return self.carry_out(&engine.flows.bot.rescue[index]),
            Pick::Value { slot, value } => (slot, value),
        };
        let slot = &engine.flows.slots[slot.as_str()];
        let mut refused = None;
        let mut next = self.next_after(slot, Some(ask));
        if let Reading::Refused(step) = self.offer(slot, vec![value]) {
            (refused, next) = (step, None);
        }
        if let Some(words) = rest {
            refused = refused.or(self.hear_rest(words, &slot.name));
        }
        self.go_on(refused, next);
    }

    /// To the step that says why something was refused, else to the one that follows.
    fn go_on(&mut self, refused: Option<StepId>, next: Option<StepId>) {
        match refused.or(next) {
            Some(step) => self.walk(step, refused.is_some()),
            None => self.reask(),
        }
    }

    /// What else a message says that picked `picked`. The slots before it are left alone: what was
    /// said about them only named the pick. The step that explains a refusal, where there was one.
    fn hear_rest(&mut self, words: &Words<V::Message>, picked: &str) -> Option<StepId> {
        let slots = &self.engine.flows.slots;
        let later = slots.values().skip_while(|slot| slot.name != picked).skip(1);
        let mut refused = None;
        for slot in later.filter(|slot| self.engine.flows.listen.contains_key(&slot.name)) {
            let values = self.read(slot, Attention::Overheard, words);
            if let Reading::Refused(step) = self.offer(slot, values) {
                refused = refused.or(step);
            }
        }
        self.open_beside(words);
        refused
    }

    /// The slot that was asked for, and every slot that names itself.
    pub(super) fn hear_values(&mut self, words: &Words<V::Message>) -> bool {
        let waiting = self.waiting().map(|(_, ask)| ask);
        let asked = waiting.and_then(Ask::slot);
        let (mut refused, mut target) = (None, None);
        let mut understood = false;
        let taken = self.kind_taken(asked, words);
        for slot in self.engine.flows.slots.values() {
            let is_asked = asked == Some(slot.name.as_str());
            if !is_asked && taken == Some(slot.kind.as_str()) {
                continue;
            }
            let attention = if is_asked { Attention::Asked } else { Attention::Overheard };
            if !is_asked && !self.engine.flows.listen.contains_key(&slot.name) {
                continue;
            }
            let values = self.read(slot, attention, words);
            let known = self.talk.slots.get(&slot.name).cloned();
            let next = self.next_after(slot, waiting.filter(|_| is_asked));
            match self.offer(slot, values) {
                Reading::Silent | Reading::Refused(None) => continue,
                Reading::Open(values) => {
                    self.clarify(&slot.name, values);
                    return true;
                }
                Reading::Refused(step) => refused = refused.or(step),
                reading @ (Reading::Filled | Reading::Kept) => {
                    let changed =
                        known.is_some() && known.as_ref() != self.talk.slots.get(&slot.name);
                    if !is_asked && (changed || matches!(reading, Reading::Kept)) {
                        self.note(slot);
                    }
                    target = target.or(next);
                }
            }
            understood = true;
        }
        if understood {
            self.open_beside(words);
            self.go_on(refused, target);
        }
        understood
    }

    /// The kind of the slot that was asked for, where the message answers it: no other slot of that
    /// kind overhears the same words.
    fn kind_taken(&self, asked: Option<&str>, words: &Words<V::Message>) -> Option<&'e str> {
        let slot = self.engine.flows.slots.get(asked?)?;
        let answers = !self.read(slot, Attention::Asked, words).is_empty();
        answers.then_some(slot.kind.as_str())
    }

    fn read(&self, slot: &Slot, attention: Attention, words: &Words<V::Message>) -> Vec<Value> {
        let Talk { slots, listings, .. } = &self.talk;
        self.engine.vocabulary.read(slot, attention, &words.message, Scene { slots, listings })
    }

    /// Where the talk goes on once `slot` is filled: after the question that asked for it, else
    /// where the flow listens.
    fn next_after(&self, slot: &Slot, asked: Option<&Ask>) -> Option<StepId> {
        let own = asked.filter(|ask| ask.slot() == Some(slot.name.as_str()));
        own.and_then(|ask| ask.next).or_else(|| self.engine.flows.listen.get(&slot.name).copied())
    }

    fn note(&mut self, slot: &Slot) {
        if let Some(text) = &slot.noted {
            self.say(text);
        }
    }

    /// A question that came along with something the step took: it is answered first.
    fn open_beside(&mut self, words: &Words<V::Message>) {
        if let Some(question) = self.engine.vocabulary.question(&words.message, true) {
            self.open(question);
        }
    }

    fn open(&mut self, question: String) {
        let key = &self.engine.flows.bot.texts.unanswered;
        let unanswered = self.write(key, &[]);
        self.parts.push(Part::Open { question, unanswered });
    }

    /// A command or a choice with a typo, where nothing else fits better.
    fn hear_mistyped(&mut self, words: &Words<V::Message>) -> bool {
        if words.plain.chars().count() < TYPO_LETTERS {
            return false;
        }
        let engine = self.engine;
        // Another digit is another number, not a slip of the finger.
        let likeness = |phrase: &str| {
            let same_numbers = digits(phrase).eq(digits(&words.plain));
            if same_numbers { similarity(phrase, &words.plain) } else { 0.0 }
        };
        let nearest = |choice: &Choice| {
            let phrases = choice.phrases.iter().filter(|phrase| phrase.len() >= TYPO_LETTERS);
            phrases.map(|phrase| likeness(phrase)).fold(0.0, f64::max)
        };
        let waiting = self.waiting().map(|(_, ask)| ask);
        let screen = self.talk.screen.iter().map(|shown| {
            (likeness(&Text::new(&shown.label).plain()), Some(shown.pick.clone()), None)
        });
        let options = waiting.into_iter().flat_map(|ask| ask.options.iter().enumerate());
        let options =
            options.map(|(index, choice)| (nearest(choice), Some(Pick::Option(index)), None));
        let commands =
            engine.flows.bot.commands.iter().map(|choice| (nearest(choice), None, Some(choice)));
        let best =
            screen.chain(options).chain(commands).max_by(|left, right| left.0.total_cmp(&right.0));
        match (best, waiting) {
            (Some((score, Some(pick), _)), Some(ask)) if score >= TYPO_FLOOR => {
                self.choose(ask, pick, None);
                true
            }
            (Some((score, _, Some(command))), _) if score >= TYPO_FLOOR => {
                self.carry_out(command);
                true
            }
            _ => false,
        }
    }

    /// Small talk, an open question, or nothing that was understood.
    pub(super) fn hear_beside(&mut self, words: &Words<V::Message>) {
        if let Some(answer) = self.small_talk(words) {
            self.talk.misses = 0;
            return self.carry_out(answer);
        }
        match self.engine.vocabulary.question(&words.message, false) {
            Some(question) => self.digress(question),
            None => self.miss(),
        }
    }

    fn small_talk(&self, words: &Words<V::Message>) -> Option<&'e Choice> {
        let padded = format!(" {} ", words.plain);
        let has = |run: &String| padded.contains(&format!(" {run} "));
        let engine = self.engine;
        engine
            .flows
            .bot
            .answers
            .iter()
            .find(|answer| answer.phrases.contains(&words.plain) || answer.contains.iter().any(has))
    }

    /// An open question: it is answered, and the pending one asked again.
    pub(super) fn digress(&mut self, question: String) {
        self.source = Source::Knowledge;
        self.talk.misses = 0;
        self.talk.digressions += 1;
        self.open(question);
        if self.talk.digressions >= self.engine.flows.bot.digression_limit {
            self.talk.digressions = 0;
            self.say(&self.engine.flows.bot.texts.digression_offer);
        }
        self.reask();
    }

    /// Nothing was understood: the next rung of the ladder.
    fn miss(&mut self) {
        let Some((_, ask)) = self.waiting() else { return self.reask() };
        self.source = Source::Fallback;
        let rung = ask.no_match.get(usize::from(self.talk.misses)).or(ask.no_match.last());
        self.talk.misses = self.talk.misses.saturating_add(1);
        match rung {
            Some(Rung::Text(key)) => {
                let second = self.talk.misses > 1;
                let rescue = &self.engine.flows.bot.rescue;
                self.complain(ask, key, if second { rescue } else { &[] });
            }
            Some(Rung::Goto(step)) => self.walk(*step, true),
            None => self.reask(),
        }
    }
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}
