//! The rules, held against each answer of a conversation.

use std::collections::HashMap;

use super::breach::{Breach, Rule};
use super::cast::CAST;
use super::figures::Figures;
use super::moves::Move;
use super::talk::Talk;
use crate::conversation::flaw;
use crate::dealer::Dealer;
use crate::engine::flow::{Ask, Choice, Flows, StepKind};
use crate::message::{self, Answer, Content, Source};
use crate::text;
use crate::transcript::Bot;

/// Replies in a row that may say that nothing was understood, at one step: the ladder's rungs but
/// the last, which leads on, and one more for a ladder that is longer.
const MAX_MISSES: usize = 3;

/// What is known of the bot that is checked; shared by all conversations.
pub(super) struct Rules<'a> {
    flows: &'a Flows,
    figures: Figures<'a>,
    /// Whole messages in plain form, and the command each is.
    commands: HashMap<&'a str, &'a Choice>,
}

/// The step of the newest answer, and how many in a row were not understood there.
#[derive(Default)]
struct Misses {
    state: String,
    count: usize,
}

/// The rules along one conversation.
pub(super) struct Check<'a> {
    rules: &'a Rules<'a>,
    misses: Misses,
}

impl<'a> Rules<'a> {
    pub(super) fn new(bot: &'a Bot<Dealer>) -> Self {
        let flows = bot.engine.flows();
        let mut commands = HashMap::new();
        for command in &flows.bot.commands {
            for phrase in command.phrases() {
                commands.entry(phrase.as_str()).or_insert(command);
            }
        }
        Self { flows, figures: Figures::new(bot), commands }
    }

    /// Every whole message that is a command, in the order of the flows.
    pub(super) fn orders(&self) -> Vec<&'a str> {
        let commands = self.flows.bot.commands.iter();
        commands.flat_map(Choice::phrases).map(String::as_str).collect()
    }

    /// What the step `name` asks; none where it is no question.
    pub(super) fn ask(&self, name: &str) -> Option<&'a Ask> {
        match &self.flows[self.flows.find(name)?].kind {
            StepKind::Ask(ask) => Some(ask),
            StepKind::Say { .. } | StepKind::Branch(_) | StepKind::Do(_) => None,
        }
    }
}

impl<'a> Check<'a> {
    pub(super) fn new(rules: &'a Rules<'a>) -> Self {
        Self { rules, misses: Misses::default() }
    }

    /// Holds the rules against the newest answer of `talk`, which `happens` led to; `before` is the
    /// answer before it.
    ///
    /// # Errors
    ///
    /// The first rule that does not hold.
    pub(super) fn hold(
        &mut self,
        happens: &Move,
        before: Option<&Answer>,
        talk: &Talk<'_>,
        answer: &Answer,
    ) -> Result<(), Breach> {
        if let Some(flaw) = flaw(answer) {
            let breach = Breach::of(Rule::Answered, &answer.state, &flaw.to_string());
            return Err(breach.expecting("< {...}"));
        }
        let Some(ask) = self.rules.ask(&answer.state) else {
            let breach = Breach::of(Rule::Waits, &answer.state, "no step of this name waits");
            return Err(breach.expecting("= state main.menu"));
        };
        if matches!(happens, Move::Duplicate) {
            return Ok(());
        }
        choice_is_understood(happens, before, answer)?;
        self.command_leads(happens, before, answer)?;
        self.leads_on(ask, answer)?;
        self.rules.figures.agree(ask, answer, talk)
    }

    /// A way out leads out, and a command to its step; both empty what they should, wherever they
    /// are said.
    fn command_leads(
        &self,
        happens: &Move,
        before: Option<&Answer>,
        answer: &Answer,
    ) -> Result<(), Breach> {
        let Move::Say(Content::Text(words)) = happens else { return Ok(()) };
        let from = before.map_or("", |before| before.state.as_str());
        let plain = text::plain(words);
        // A question of its own has the first word: “cancelar” may be one of its choices.
        let asked = self.rules.ask(from);
        if asked.is_some_and(|ask| ask.options.iter().any(|own| own.is_said(&plain))) {
            return Ok(());
        }
        if let Some(exit) = CAST.exits.iter().find(|exit| text::plain(&exit.says) == plain) {
            return leads(from, answer, &exit.leads_to, &exit.empties);
        }
        let Some(command) = self.rules.commands.get(plain.as_str()) else { return Ok(()) };
        let goto = command.act.goto.map(|goto| &self.rules.flows[goto]);
        match goto.filter(|step| matches!(step.kind, StepKind::Ask(_))) {
            Some(step) => leads(from, answer, &step.name, &command.act.clear),
            None => Ok(()),
        }
    }

    /// Whoever is not understood is led on; and every question can be answered.
    fn leads_on(&mut self, ask: &Ask, answer: &Answer) -> Result<(), Breach> {
        let screen = answer.replies.last().map_or(&[][..], |reply| &reply.choices);
        let is_quiet = screen.is_empty() && ask.slot().is_none() && ask.options.is_empty();
        if is_quiet {
            return Err(Breach::of(Rule::DeadEnd, &answer.state, "nothing can be answered here"));
        }
        let misses = self.misses.count(&answer.state, answer.source);
        if misses > MAX_MISSES {
            let what = format!("{misses} messages in a row were not understood");
            return Err(Breach::of(Rule::DeadEnd, &answer.state, &what).expecting("= source flow"));
        }
        Ok(())
    }
}

impl Misses {
    /// How many replies in a row, at this step, did not understand.
    fn count(&mut self, state: &str, source: Source) -> usize {
        if self.state != state {
            *self = Self { state: state.to_owned(), count: 0 };
        }
        self.count = if source == Source::Fallback { self.count + 1 } else { 0 };
        self.count
    }
}

/// A choice on the screen is understood when it is tapped, or written as it stands there.
fn choice_is_understood(
    happens: &Move,
    before: Option<&Answer>,
    answer: &Answer,
) -> Result<(), Breach> {
    let Some(before) = before else { return Ok(()) };
    let is_chosen = |choice: &message::Choice| match happens {
        Move::Tap(id) => choice.id == *id,
        Move::Say(Content::Text(words)) => choice.title == *words,
        _ => false,
    };
    let mut screen = before.replies.iter().flat_map(|reply| &reply.choices);
    let chosen = screen.find(|choice| is_chosen(choice));
    if let Some(choice) = chosen.filter(|_| answer.source == Source::Fallback) {
        let what = format!("“{}” is on the screen and is not understood", choice.title);
        return Err(Breach::of(Rule::Choice, &before.state, &what).expecting("= source flow"));
    }
    Ok(())
}

/// Whether `answer`, to a command said at `from`, stands at `step` with these slots emptied.
fn leads(from: &str, answer: &Answer, step: &str, empties: &[String]) -> Result<(), Breach> {
    if answer.state != step {
        let what = format!("the command leads to {}, not to {step}", answer.state);
        return Err(Breach::of(Rule::Command, from, &what).expecting(format!("= state {step}")));
    }
    let is_kept = |slot: &&String| {
        answer.session.value().get(slot.as_str()).is_some_and(|value| !value.is_null())
    };
    empties.iter().find(is_kept).map_or(Ok(()), |slot| {
        let what = format!("the command leaves `{slot}` as it was");
        Err(Breach::of(Rule::Command, from, &what).expecting(format!("= session.{slot} none")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misses_are_counted_at_one_step_until_something_is_understood() {
        let mut misses = Misses::default();
        let mut count = |state, source| misses.count(state, source);
        assert_eq!(count("a.b", Source::Fallback), 1);
        assert_eq!(count("a.b", Source::Fallback), 2);
        assert_eq!(count("a.c", Source::Fallback), 1);
        assert_eq!(count("a.c", Source::Flow), 0);
        assert_eq!(count("a.c", Source::Fallback), 1);
    }
}
