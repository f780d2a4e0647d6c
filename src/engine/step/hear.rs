//! What a message means here: the order in which it is read.
//!
//! A thumb right after an open answer first, then a command, whole message only; then what is
//! answered by itself in a part of its own (`apart`), and of the rest what the screen offers; then
//! the slot that was asked for and every slot that names itself (`values`); then a command or a
//! choice that is only nearly the message (`loosely`); then small talk; then an open question; at
//! last the ladder.

use serde_json::Value;

use super::slots::{Reading, Refusal};
use super::{Part, Turn, Words};
use crate::engine::edge::{Edge, Why};
use crate::engine::flow::{Ask, Choice, Rung, Slot, StepId};
use crate::engine::lookup::Lookup;
use crate::engine::session::{Pick, Shown};
use crate::engine::source::{Control, EffectKind};
use crate::engine::threshold::Measure;
use crate::engine::trace::{Event, Manner, Phrase};
use crate::engine::vocabulary::Vocabulary;
use crate::message::Source;
use crate::text;

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// Reads words where the talk stands; whether they were understood.
    pub(super) fn hear(&mut self, words: &Words<V::Message>) -> bool {
        if self.hear_opinion(words) {
            return true;
        }
        if self.hear_command(words) {
            self.understand();
            return true;
        }
        if let Some(apart) = self.apart(words) {
            self.answer_apart(&apart, Self::hear_whole);
            return true;
        }
        self.hear_at_step(words)
            || self.without_talk(words).is_some_and(|rest| self.hear_whole(&rest))
    }

    /// Reads words that say one thing; whether they were understood.
    fn hear_whole(&mut self, words: &Words<V::Message>) -> bool {
        if self.hear_command(words) {
            self.understand();
            return true;
        }
        self.hear_at_step(words)
    }

    /// Reads words that are no command; whether they were understood.
    fn hear_at_step(&mut self, words: &Words<V::Message>) -> bool {
        let understood = self.hear_choice(words)
            || self.hear_opening(words)
            || self.hear_values(words)
            || self.hear_loosely(words);
        if understood {
            self.understand();
        }
        understood
    }

    /// Right after an open answer a thumb alone tells what it was worth, also where the question
    /// that was asked again would take it for a yes: it is thanked for, and that question stays.
    fn hear_opinion(&mut self, words: &Words<V::Message>) -> bool {
        let is_sign = words.plain.chars().all(|sign| !sign.is_alphanumeric());
        if self.talk.question.is_empty() || !is_sign {
            return false;
        }
        let is_opinion = |answer: &&Choice| {
            matches!(answer.act.effect, Some(EffectKind::ThumbsUp | EffectKind::ThumbsDown))
        };
        let Some(answer) = self.fixed(&words.plain).filter(is_opinion) else { return false };
        self.talk.misses = 0;
        self.reply(answer, Manner::Exact);
        if answer.quiet {
            self.reask();
        }
        true
    }

    /// Something was understood: the ladder begins anew.
    pub(super) fn understand(&mut self) {
        self.talk.misses = 0;
        self.talk.digressions = 0;
        self.talk.question.clear();
    }

    /// A global command: the whole message.
    pub(super) fn hear_command(&mut self, words: &Words<V::Message>) -> bool {
        self.notes.looked_up(|| Lookup::Within(words.plain.clone()));
        let mut commands = self.engine.flows.bot.commands.iter();
        let urgent = |command: &&Choice| command.urgent && command.contains.stand_in(&words.plain);
        let urgent = commands.find(urgent).map(|command| (command, Manner::Within));
        let whole = || self.command(&words.plain).map(|command| (command, Manner::Exact));
        let command = urgent.or_else(whole);
        command.map(|(command, manner)| self.obey(command, manner)).is_some()
    }

    /// Carries out a command.
    pub(super) fn obey(&mut self, command: &Choice, manner: Manner) {
        let name = || command.name.clone();
        self.notes.matched(|| Phrase::Command(name()), manner);
        if let Some((at, _)) = self.waiting() {
            let at = &self.engine.flows[at].name;
            self.notes.note(|| Event::Commanded { command: name(), at: at.clone() });
        }
        self.carry_out(command, None);
    }

    /// Gives a fixed answer.
    pub(super) fn reply(&mut self, answer: &Choice, manner: Manner) {
        self.notes.matched(|| Phrase::answer(answer), manner);
        self.carry_out(answer, None);
    }

    /// The command that these words are. There is no next page where there is no list, and what the
    /// pending question offers in the same words goes before all that is not urgent.
    pub(super) fn command(&self, plain: &str) -> Option<&'e Choice> {
        let engine = self.engine;
        self.notes.looked_up(|| Lookup::Command(plain.to_owned()));
        let has_list = self.waiting().is_some_and(|(_, ask)| ask.menu.is_some());
        let applies = |command: &&Choice| has_list || command.act.control != Some(Control::More);
        let command = engine.flows.commands_said(plain).find(applies)?;
        (command.urgent || !self.claims(plain, command)).then_some(command)
    }

    /// Whether these words are a choice of the pending question that does something else.
    fn claims(&self, plain: &str, command: &Choice) -> bool {
        let Some((_, ask)) = self.waiting() else { return false };
        let is_labelled = |index: usize| {
            self.talk.screen.iter().any(|shown| {
                shown.pick == Pick::Option(index) && text::is_plain(plain, &shown.label)
            })
        };
        let mut options = ask.options.iter().enumerate();
        options.any(|(index, option)| {
            option.act != command.act && (option.is_said(plain) || is_labelled(index))
        })
    }

    /// A choice on the screen: by number, by label, by another form, by ordinal or by name.
    fn hear_choice(&mut self, words: &Words<V::Message>) -> bool {
        let Some((id, ask)) = self.waiting() else { return false };
        if let Some(pick) = self.pick_whole(ask, &words.plain) {
            self.choose((id, ask), &pick, Manner::Exact, None);
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
        let scene = self.scene();
        let Some(index) = self.engine.vocabulary.pick(&words.message, &values, scene) else {
            return false;
        };
        let Some(pick) = choices.get(index).cloned() else { return false };
        self.choose((id, ask), &pick, Manner::Named, Some(words));
        true
    }

    /// A choice that keeps what was said, with something else after it: `sí, pero a 60`.
    fn hear_opening(&mut self, words: &Words<V::Message>) -> bool {
        let vocabulary = &self.engine.vocabulary;
        let parts = vocabulary.parts(&words.original);
        let (Some((_, ask)), [first, next, ..]) = (self.waiting(), &parts[..]) else {
            return false;
        };
        let opening = vocabulary.gist(&words.original[first.clone()]);
        let keeps = |option: &&Choice| !option.act.keep.is_empty() && option.is_said(&opening);
        let Some(option) = ask.options.iter().find(keeps) else { return false };
        let rest = self.engine.read(&words.original[next.start..], words.caption_of);
        let before = self.talk.clone();
        self.change(&option.act);
        let understood = self.hear_values(&rest);
        if !understood {
            self.talk = before;
        }
        understood
    }

    /// The choice that a whole message names.
    pub(super) fn pick_whole(&self, ask: &Ask, plain: &str) -> Option<Pick> {
        let mut on_screen = self.talk.screen.iter();
        let is_named = |shown: &&Shown| shown.id == plain || text::is_plain(plain, &shown.label);
        if let Some(shown) = on_screen.find(is_named) {
            return Some(shown.pick.clone());
        }
        if let Some(index) = ask.options.iter().position(|option| option.is_said(plain)) {
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
    pub(super) fn choose(
        &mut self,
        (id, ask): (StepId, &'e Ask),
        pick: &Pick,
        manner: Manner,
        rest: Option<&Words<V::Message>>,
    ) {
        let engine = self.engine;
        let (option, of) = match pick {
            Pick::Option(index) => (&ask.options[*index], Some(id)),
            Pick::Rescue(index) => (&engine.flows.bot.rescue[*index], None),
            Pick::Value { slot, value } => {
                self.notes.matched(|| Phrase::Row(slot.clone()), manner);
                let slot = &engine.flows.slots[slot.as_str()];
                return self.choose_value((id, ask), slot, value.clone(), rest);
            }
        };
        self.notes.matched(|| Phrase::Choice(option.name.clone()), manner);
        self.carry_out(option, of);
    }

    fn choose_value(
        &mut self,
        asked: (StepId, &'e Ask),
        slot: &'e Slot,
        value: Value,
        rest: Option<&Words<V::Message>>,
    ) {
        let mut refused = None;
        let mut next = self.next_after(slot, Some(asked));
        if let Reading::Refused(refusal) = self.offer(slot, vec![value], Manner::Asked) {
            (refused, next) = (refusal, None);
        }
        if let Some(words) = rest {
            let rest = self.hear_rest(words, &slot.name);
            if let Some((open, values)) = rest.open {
                return self.clarify(&open.name, values);
            }
            refused = refused.or(rest.refused);
        }
        self.go_on(refused, next);
    }

    /// To the step that says why something was refused, else to the one that follows.
    pub(super) fn go_on(
        &mut self,
        refused: Option<Refusal<'e>>,
        next: Option<(Option<StepId>, Edge<'e>)>,
    ) {
        match (refused, next) {
            (Some(Refusal { from, edge, facts }), _) => {
                self.talk.refusal = facts;
                self.go(from, edge, true);
            }
            (None, Some((from, edge))) => self.go(from, edge, false),
            (None, None) => self.reask(),
        }
    }

    /// Small talk, an open question, or nothing that was understood.
    pub(super) fn hear_beside(&mut self, words: &Words<V::Message>) {
        if let Some(answer) = self.small_talk(words) {
            self.talk.misses = 0;
            return self.reply(answer, Manner::Within);
        }
        if self.hear_question(words) {
            return;
        }
        match self.mistyped_talk(words) {
            Some(answer) => {
                self.talk.misses = 0;
                self.reply(answer, Manner::Mended);
            }
            // Whoever writes under a picture believes that it is seen.
            None => match words.caption_of {
                Some(kind) => self.answer_media(kind),
                // A `?` by itself did not follow the question.
                None if words.plain.is_empty() => self.repeat(),
                None => self.miss(),
            },
        }
    }

    /// An open question.
    pub(super) fn hear_question(&mut self, words: &Words<V::Message>) -> bool {
        let question = self.engine.vocabulary.question(&words.message, self.scene());
        question.map(|question| self.digress(question)).is_some()
    }

    /// The small talk or the fixed question that a message, or a part of it, is. Beside what is only
    /// heard alone something else may be: `está bonito, me lo llevo`. Not where anything is asked.
    pub(super) fn small_talk(&self, words: &Words<V::Message>) -> Option<&'e Choice> {
        let answer = forms(words).find_map(|form| self.fixed(form))?;
        let is_talk = answer.alone || answer.quiet;
        let asks = || self.engine.vocabulary.question(&words.message, self.scene()).is_some();
        let rest = if is_talk && !asks() { self.without_talk(words) } else { None };
        Some(rest.and_then(|rest| forms(&rest).find_map(|form| self.fixed(form))).unwrap_or(answer))
    }

    /// The same with typos: `grasias`.
    fn mistyped_talk(&self, words: &Words<V::Message>) -> Option<&'e Choice> {
        forms(words).find_map(|form| self.mistyped(form))
    }

    /// An open question: it is answered, and the pending one asked again.
    pub(super) fn digress(&mut self, question: String) {
        self.source = Source::Knowledge;
        self.talk.misses = 0;
        self.open(question);
        self.count_digression();
        self.reask();
    }

    /// One more open question in a row. From some number on, the answer comes with an offer.
    pub(super) fn count_digression(&mut self) {
        self.talk.digressions += 1;
        if !self.is_too_much(Measure::Digressions(self.talk.digressions)) {
            return;
        }
        self.talk.digressions = 0;
        let said = self.write(&self.engine.flows.bot.texts.digression_offer, &[]);
        if let Some(Part::Open { offer, .. }) = self.parts.last_mut() {
            *offer = said;
        }
    }

    /// Nothing was understood: the next rung of the ladder.
    fn miss(&mut self) {
        let Some((id, ask)) = self.waiting() else { return self.reask() };
        self.source = Source::Fallback;
        let last = ask.no_match.len().saturating_sub(1);
        let index = usize::from(self.talk.misses).min(last);
        let rung = ask.no_match.get(index);
        let at = &self.engine.flows[id].name;
        self.notes.note(|| Event::Missed { at: at.clone(), rung: index + 1 });
        self.talk.misses = self.talk.misses.saturating_add(1);
        match rung {
            Some(Rung::Text(key)) => {
                let second = self.talk.misses > 1;
                let rescue = &self.engine.flows.bot.rescue;
                self.complain(ask, key, if second { rescue } else { &[] });
            }
            Some(Rung::Goto(to)) => self.go(Some(id), Edge { to: *to, why: Why::Ladder }, true),
            None => self.reask(),
        }
    }
}

/// The forms in which words are compared with fixed answers: whole, without what carries nothing,
/// and part by part.
fn forms<M>(words: &Words<M>) -> impl Iterator<Item = &String> {
    [&words.plain, &words.gist].into_iter().chain(&words.clauses)
}
