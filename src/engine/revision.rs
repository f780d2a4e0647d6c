//! What became of flows that were edited, told step by step and text by text: whoever looked at
//! none of what differs is answered as before.
//!
//! That is so because a turn reads a step through one door, which notes it ([`Consulted`]), and
//! because all else that it reads of flows is compared here as a whole.
//!
//! [`Consulted`]: super::trace::Consulted

use std::collections::HashSet;

use super::flow::{Flow, Flows, Step};

/// What differs between two versions of the same flows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revision {
    /// The steps that do something else.
    pub steps: HashSet<String>,
    /// The texts that are worded otherwise or gone. Nobody can have said one that came in.
    pub texts: HashSet<String>,
}

impl Revision {
    /// What became of `before`; none where more differs than single steps and texts. A version by
    /// itself is no difference: only a session that was stored under another one can tell.
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
            answers: _,
            texts,
            // Made of the texts.
            wording: _,
        } = now;
        let begins = |(name, flow): (&String, &Flow)| (name.clone(), flow.start);
        let is_same = *bot == before.bot
            && flows.iter().map(begins).eq(before.flows.iter().map(begins))
            && slots.iter().eq(&before.slots)
            && *names == before.names
            && *depends == before.depends
            && listen.iter().eq(&before.listen)
            && *questions == before.questions;
        if !is_same {
            return None;
        }
        let changed = |(now, before): &(&Step, &Step)| now.kind != before.kind;
        let steps = steps.iter().zip(&before.steps).filter(changed);
        let reworded = before.texts.iter().filter(|(key, before)| texts.get(*key) != Some(before));
        Some(Self {
            steps: steps.map(|(step, _)| step.name.clone()).collect(),
            texts: reworded.map(|(key, _)| key.clone()).collect(),
        })
    }
}
