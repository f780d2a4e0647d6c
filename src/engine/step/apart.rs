//! What a message says beside what the step takes: fixed answers and open questions in parts of
//! their own. They are set apart and answered first; the rest is heard as a message by itself, so
//! that neither swallows the other.

use std::ops::Range;

use super::{Part, Turn, Words};
use crate::engine::flow::Choice;
use crate::engine::lookup::Lookup;
use crate::engine::trace::{Manner, Phrase};
use crate::engine::vocabulary::{PartKind, Vocabulary};
use crate::message::Source;
use crate::text::{plain, with_marks};

/// Questions of one message that are answered at most.
const MAX_ANSWERS: usize = 3;

/// Parts of a message that are looked at: in a longer one nobody asks one thing after the other.
const MAX_PARTS: usize = 16;

/// A part of a message that is answered by itself.
#[derive(Debug, Clone, Copy)]
enum Aside<'e, 'w> {
    /// One that has a fixed answer.
    Fixed(&'e Choice),
    /// An open question, in the customer's words. Where it is not `marked` as one, it may as well be
    /// part of what the step takes.
    Open { question: &'w str, marked: bool },
}

/// The parts of a message that are answered by themselves, and what is left of it.
pub(super) struct Apart<'e, 'w, M> {
    asides: Vec<Aside<'e, 'w>>,
    rest: Option<Words<M>>,
}

impl<'e, V: Vocabulary> Turn<'e, V> {
    /// Sets apart what is answered by itself; none where the message says one thing.
    pub(super) fn apart<'w>(
        &self,
        words: &'w Words<V::Message>,
    ) -> Option<Apart<'e, 'w, V::Message>> {
        let text = &words.original;
        let parts = self.engine.vocabulary.parts(text);
        if let [_] = parts[..] {
            return self.urgent(words);
        }
        let mut asides = Vec::new();
        let mut kept = Vec::new();
        let mut rest = String::new();
        let mut kept_to = 0;
        let is_read_whole = parts.len() <= MAX_PARTS;
        for part in parts.into_iter().take(MAX_PARTS) {
            let Some(aside) = self.aside(text, &part) else {
                kept.push(part);
                continue;
            };
            let marked = with_marks(text, &part);
            rest.push_str(&text[kept_to..marked.start.max(kept_to)]);
            kept_to = marked.end;
            asides.push(aside);
        }
        if asides.is_empty() {
            return None;
        }
        let is_said =
            !is_read_whole || !(kept.is_empty() || self.decides_nothing(text, &kept, &asides));
        rest.push_str(&text[kept_to..]);
        Some(Apart { asides, rest: is_said.then(|| self.engine.read(&rest, words.caption_of)) })
    }

    /// Whether what is `kept` beside what was answered decides nothing: `Ok, luego te marco` says yes to
    /// nothing, nor does `sí, lo voy a pensar`, and `no, está muy caro` says no to no credit.
    fn decides_nothing(&self, text: &str, kept: &[Range<usize>], asides: &[Aside<'_, '_>]) -> bool {
        let fixed = asides.iter().map(|aside| match aside {
            Aside::Fixed(answer) => Some(*answer),
            Aside::Open { .. } => None,
        });
        let leaves = fixed.clone().all(|answer| answer.is_some_and(|answer| answer.quiet));
        let fixed: Vec<&Choice> = fixed.flatten().collect();
        kept.iter().all(|part| {
            let words = &text[part.clone()];
            leaves && self.is_talk(words) || self.is_put_off(words, &fixed)
        })
    }

    /// Whether words are a yes or a no that one of the answers beside it puts off. A yes beside one after
    /// which the question is asked again answers that: `sí, está caro`.
    fn is_put_off(&self, words: &str, beside: &[&Choice]) -> bool {
        let put_off = |yes: bool| beside.iter().any(|one| one.undecided && (one.quiet || !yes));
        beside.iter().any(|answer| answer.undecided)
            && self.engine.vocabulary.yes_or_no(words).is_some_and(put_off)
    }

    /// A message of one part: only what is urgent goes before what the step makes of it.
    fn urgent<'w>(&self, words: &Words<V::Message>) -> Option<Apart<'e, 'w, V::Message>> {
        let fixed = self.fixed_in(&words.plain, &words.gist).filter(|answer| answer.urgent)?;
        Some(Apart { asides: vec![Aside::Fixed(fixed)], rest: None })
    }

    /// What a part of `text` is, where it is answered by itself.
    fn aside<'w>(&self, text: &'w str, part: &Range<usize>) -> Option<Aside<'e, 'w>> {
        let words = &text[part.clone()];
        let (plain, gist) = (plain(words), self.engine.vocabulary.gist(words));
        let fixed = self.fixed_in(&plain, &gist);
        if let Some(urgent) = fixed.filter(|answer| answer.urgent) {
            return Some(Aside::Fixed(urgent));
        }
        if self.is_choice(&plain) || self.is_choice(&gist) {
            return None;
        }
        let heard_alone = |answer: &Choice| answer.alone || answer.quiet || answer.say.is_none();
        if fixed.is_some_and(heard_alone) {
            return None;
        }
        let whole = &text[with_marks(text, part)];
        let open = Aside::Open { question: words, marked: whole.contains(['?', '¿']) };
        match self.engine.vocabulary.kind_of(whole) {
            PartKind::Matter => None,
            PartKind::Question => Some(fixed.map_or(open, Aside::Fixed)),
            PartKind::Talk => fixed.map(Aside::Fixed),
        }
    }

    /// A message without its parts that are only small talk: `ya en serio, ese`. None where there
    /// are none, or no others, where the others ask (`¿400 mil?, rateros` wants none of it) or decide
    /// nothing (`no, está muy caro`).
    pub(super) fn without_talk(&self, words: &Words<V::Message>) -> Option<Words<V::Message>> {
        let text = &words.original;
        let parts = self.engine.vocabulary.parts(text);
        if parts.len() < 2 {
            return None;
        }
        let (talk, rest): (Vec<_>, Vec<_>) =
            parts.into_iter().partition(|part| self.is_talk(&text[part.clone()]));
        if talk.is_empty() || rest.is_empty() {
            return None;
        }
        let talk: Vec<&Choice> =
            talk.iter().filter_map(|part| self.talk_in(&text[part.clone()])).collect();
        if rest.iter().all(|part| self.is_put_off(&text[part.clone()], &talk)) {
            return None;
        }
        let rest: Vec<&str> = rest.into_iter().map(|part| &text[with_marks(text, &part)]).collect();
        let rest = self.engine.read(&rest.join(", "), words.caption_of);
        let asks = self.engine.vocabulary.question(&rest.message, self.scene()).is_some();
        (!asks).then_some(rest)
    }

    /// Whether these words are only small talk.
    fn is_talk(&self, words: &str) -> bool {
        self.talk_in(words).is_some()
    }

    /// The small talk that these words are.
    fn talk_in(&self, words: &str) -> Option<&'e Choice> {
        let fixed = self.fixed_in(&plain(words), &self.engine.vocabulary.gist(words));
        fixed.filter(|answer| answer.alone || answer.quiet)
    }

    /// Whether these words are a command, or a choice of the pending question.
    fn is_choice(&self, plain: &str) -> bool {
        let has = |choice: &Choice| choice.is_said(plain) || choice.contains.stand_in(plain);
        self.command(plain).is_some()
            || self.waiting().is_some_and(|(_, ask)| {
                ask.options.iter().any(has) || self.pick_whole(ask, plain).is_some()
            })
    }

    /// The fixed answer to words in plain form.
    pub(super) fn fixed(&self, plain: &str) -> Option<&'e Choice> {
        self.answer_to(&self.engine.vocabulary.in_full(plain))
    }

    /// The fixed answer to words in plain form, else to their gist.
    fn fixed_in(&self, plain: &str, gist: &str) -> Option<&'e Choice> {
        self.fixed(plain).or_else(|| if gist == plain { None } else { self.fixed(gist) })
    }

    /// The fixed answer to words of which some are mistyped.
    pub(super) fn mistyped(&self, plain: &str) -> Option<&'e Choice> {
        let engine = self.engine;
        let full = engine.vocabulary.in_full(plain);
        let mended = engine.flows.answers.mended(&full);
        self.notes.looked_up(|| Lookup::Mended(full));
        let mended = mended?;
        self.answer_to(&mended)
    }

    fn answer_to(&self, plain: &str) -> Option<&'e Choice> {
        self.notes.looked_up(|| Lookup::Answer(plain.to_owned()));
        let answers = &self.engine.flows.bot.answers;
        let applies = |index: usize| {
            answers[index].needs.iter().all(|slot| self.talk.slots.contains_key(slot))
        };
        self.engine.flows.answers.find(plain, applies).map(|index| &answers[index])
    }

    /// Answers what was set apart, then hears the rest with `hear`. Where that says nothing more,
    /// the pending question is asked again.
    pub(super) fn answer_apart(
        &mut self,
        apart: &Apart<'e, '_, V::Message>,
        hear: impl FnOnce(&mut Self, &Words<V::Message>) -> bool,
    ) {
        self.talk.misses = 0;
        let spoken = self.parts.len();
        let mut opened = self.answer_asides(apart);
        if let Some(rest) = &apart.rest {
            let answered = self.parts.len();
            if hear(self, rest) {
                return self.forgive_unanswered(apart, spoken..answered);
            }
            opened |= self.answer_rest(rest);
            self.drop_repeated(spoken, answered);
        }
        let lonely = apart.asides.iter().find_map(|aside| match aside {
            Aside::Fixed(answer) => Some(*answer),
            Aside::Open { .. } => None,
        });
        match lonely.filter(|_| self.parts.len() == spoken) {
            Some(answer) => self.reply(answer, Manner::Part),
            None => self.end_asides(opened),
        }
    }

    /// Says the fixed answers and leaves the gaps of the open ones, each once; whether there are
    /// any open ones. Answers that are heard alone wait for what else is said.
    fn answer_asides(&mut self, apart: &Apart<'e, '_, V::Message>) -> bool {
        let spoken = self.parts.len();
        let mut opened = false;
        for aside in &apart.asides {
            if self.parts.len() - spoken == MAX_ANSWERS {
                break;
            }
            let answered = self.parts.len();
            match aside {
                Aside::Fixed(answer) if answer.alone || answer.quiet => {}
                Aside::Fixed(answer) => {
                    self.notes.matched(|| Phrase::answer(answer), Manner::Part);
                    self.effects.extend(answer.act.effect);
                    if let Some(text) = &answer.say {
                        self.say(text);
                    }
                }
                Aside::Open { question, .. } => {
                    opened = true;
                    self.open_one(question, apart.asides.len() > 1);
                }
            }
            self.drop_repeated(spoken, answered);
        }
        opened
    }

    /// Where the step took the rest, what was not marked as a question may have been part of it: if
    /// nothing answers it, nothing need be said.
    fn forgive_unanswered(&mut self, apart: &Apart<'e, '_, V::Message>, said: Range<usize>) {
        let unmarked = |text: &str| {
            apart.asides.iter().any(|aside| match aside {
                Aside::Open { question, marked } => *question == text && !marked,
                Aside::Fixed(_) => false,
            })
        };
        for part in &mut self.parts[said] {
            if let Part::Open { question, unanswered, .. } = part
                && unmarked(question)
            {
                unanswered.clear();
            }
        }
    }

    /// An open question, told by its words where it is one of `several`.
    fn open_one(&mut self, question: &str, several: bool) {
        if several {
            self.asked = super::quote(question);
        }
        self.open(question.to_owned());
        self.asked.clear();
    }

    /// Answers what the step did not take of the rest; whether by an open question.
    fn answer_rest(&mut self, rest: &Words<V::Message>) -> bool {
        let fixed = self.small_talk(rest).filter(|answer| !answer.alone && !answer.quiet);
        if let Some(answer) = fixed
            && let Some(text) = &answer.say
        {
            self.notes.matched(|| Phrase::answer(answer), Manner::Within);
            self.say(text);
            return false;
        }
        let question = self.engine.vocabulary.question(&rest.message, self.scene());
        question.map(|question| self.open(question)).is_some()
    }

    /// Drops what was said from part `from` on, where it was said since part `since` before.
    pub(super) fn drop_repeated(&mut self, since: usize, from: usize) {
        let said = self.parts.split_off(from);
        for part in said {
            if !self.parts[since..].contains(&part) {
                self.parts.push(part);
            }
        }
    }

    /// After answers alone: the pending question again.
    fn end_asides(&mut self, opened: bool) {
        if opened {
            self.source = Source::Knowledge;
            self.count_digression();
        }
        self.reask();
    }
}
