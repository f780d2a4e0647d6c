//! What became of flows that were edited, told step by step, text by text, by the words that are known
//! at every step and by thresholds: whoever looked at none of what differs is answered as before.
//!
//! That is so because a turn reads each of these through doors that note it ([`Consulted`]), and
//! because all else that it reads of flows is compared here as a whole.
//!
//! [`Consulted`]: super::trace::Consulted

use std::collections::HashSet;

use super::flow::{Bot, Flow, Flows, Step};
use super::lookup::Reworded;
use super::threshold::{Measure, Thresholds};

/// What differs between two versions of the same flows.
#[derive(Debug, Clone, Default)]
pub struct Revision {
    /// The steps that do something else.
    pub steps: HashSet<String>,
    /// The texts that are worded otherwise or gone. Nobody can have said one that came in.
    pub texts: HashSet<String>,
    /// The commands and fixed answers that differ.
    pub(super) words: Reworded,
    /// The thresholds before and now.
    thresholds: [Thresholds; 2],
}

impl Revision {
    /// What became of `before`; none where more differs than single steps, texts, commands, fixed
    /// answers and thresholds. A version by itself is no difference: only a session that was stored under another
    /// one can tell. Nor is a text that is said beside turns: that a customer writes too much, that
    /// what was stored cannot be read, what stands on a channel's button. No turn depends on it.
    #[must_use]
    pub fn between(before: &Flows, now: &Flows) -> Option<Self> {
        // Each field has its line here: what is read of flows and not compared would be missed.
        let Flows {
            bot,
            flows,
            slots,
            steps,
            names,
            depends,
            listen,
            questions,
            // Made of the bot's.
            commands: _,
            answers: _,
            texts,
            // Made of the texts.
            wording: _,
        } = now;
        let begins = |(name, flow): (&String, &Flow)| (name.clone(), flow.start);
        let is_same = is_same_but_for_words(bot, &before.bot)
            && flows.iter().map(begins).eq(before.flows.iter().map(begins))
            && slots.iter().eq(&before.slots)
            && *names == before.names
            && *depends == before.depends
            && listen.iter().eq(&before.listen)
            && *questions == before.questions;
        if !is_same {
            return None;
        }
        // Its print is told too: a session names it, and another one leads a talk elsewhere.
        let changed =
            |(now, before): &(&Step, &Step)| now.kind != before.kind || now.print != before.print;
        let steps = steps.iter().zip(&before.steps).filter(changed);
        let reworded = before.texts.iter().filter(|(key, before)| texts.get(*key) != Some(before));
        Some(Self {
            steps: steps.map(|(step, _)| step.name.clone()).collect(),
            texts: reworded.map(|(key, _)| key.clone()).collect(),
            words: Reworded::between(before, now)?,
            thresholds: [before.bot.thresholds, bot.thresholds],
        })
    }

    /// Whether what was measured is too much by one of the two versions alone.
    pub(super) fn measures_otherwise(&self, measure: Measure) -> bool {
        let [before, now] = self.thresholds;
        before.are_passed_by(measure) != now.are_passed_by(measure)
    }
}

/// Whether two bots differ in nothing but their thresholds, the words that they know and what these do.
fn is_same_but_for_words(now: &Bot, before: &Bot) -> bool {
    let Bot {
        start,
        notice,
        list_label,
        resume,
        texts,
        media,
        // What they tell of a turn's measures is compared.
        thresholds: _,
        commands: _,
        answers: _,
        rescue,
    } = now;
    *start == before.start
        && *notice == before.notice
        && *list_label == before.list_label
        && *resume == before.resume
        && *texts == before.texts
        && *media == before.media
        && *rescue == before.rescue
}
