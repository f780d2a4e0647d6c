//! What of the wording was tried out before with the same vocabulary, so that of edited flows only that
//! is tried which differs.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::facts::{Facts, Known, Refusals};
use super::subject::Subject;
use super::usage::{Moment, Use};
use crate::engine::flow::{Slot, TextKey, TextVariant};

/// The uses of texts that were found to be right, with one vocabulary.
#[derive(Debug, Default)]
pub struct Tried {
    slots: IndexMap<String, Slot>,
    depends: HashMap<String, Vec<String>>,
    right: HashSet<Trial>,
}

/// What is tried out of one use of a text: whatever the rules of [`apply_to_wording`] look at but the
/// vocabulary, the slots and what they depend on. A rule that looks at more has to add it here.
///
/// [`apply_to_wording`]: super::rule::apply_to_wording
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Trial {
    /// The text, then those that it shows.
    texts: Vec<(TextKey, Vec<TextVariant>)>,
    /// What happens while it is said.
    moment: String,
    /// What is known where it is said, where it can say it.
    at_step: Option<AtStep>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct AtStep {
    /// No way leads there.
    is_lost: bool,
    /// What is sure there.
    facts: Facts,
    /// What may have been refused before.
    refusals: Refusals,
}

impl Tried {
    /// Of `uses`, those that were not tried yet, or not with these slots.
    pub(super) fn without<'a>(
        &self,
        subject: &Subject<'_>,
        trials: &[Trial],
        uses: Vec<Use<'a>>,
    ) -> Vec<Use<'a>> {
        if !self.has_slots_of(subject) {
            return uses;
        }
        let untried = uses.into_iter().zip(trials).filter(|(_, trial)| !self.right.contains(trial));
        untried.map(|(text_use, _)| text_use).collect()
    }

    /// Notes that all of these are right; those of before are forgotten.
    pub(super) fn note(&mut self, subject: &Subject<'_>, trials: Vec<Trial>) {
        let (slots, depends) = (subject.flows.slots.clone(), subject.flows.depends.clone());
        *self = Self { slots, depends, right: trials.into_iter().collect() };
    }

    fn has_slots_of(&self, subject: &Subject<'_>) -> bool {
        let flows = subject.flows;
        self.slots.iter().eq(&flows.slots) && self.depends == flows.depends
    }
}

impl Trial {
    pub(super) fn of(subject: &Subject<'_>, known: &Known, text_use: &Use<'_>) -> Self {
        let mut shown = vec![text_use.key];
        let moment = match text_use.moment {
            Moment::Asked { ask, rescue } => {
                shown.extend(ask.menu.iter().map(|menu| &menu.line));
                let choices = subject.shown_choices(ask, rescue);
                shown.extend(choices.filter_map(|choice| choice.label.as_ref()));
                // With buttons less fits; the choices of last resort alone are no buttons.
                let labels = ask.options.iter().filter(|choice| choice.label.is_some()).count();
                format!("asked {rescue} {labels} {:?}", ask.menu)
            }
            Moment::Row(menu) => format!("row {menu:?}"),
            Moment::Label => "label".to_owned(),
            Moment::Said => "said".to_owned(),
            Moment::Clarify => "clarify".to_owned(),
            Moment::Reading(slot) => format!("reading {slot}"),
            Moment::SaidWith(slots) => format!("said with {slots:?}"),
            Moment::Overheard(slot) => format!("overheard {slot}"),
            Moment::Gone(slot) => format!("gone {slot}"),
            Moment::Changed(slot) => format!("changed {slot}"),
        };
        let variants = |key: &TextKey| {
            (key.clone(), subject.flows.texts.get(key.as_str()).cloned().unwrap_or_default())
        };
        let at = text_use.at;
        let wording = subject.flows.wording.of(text_use.key);
        // What always reads the same does so whatever is known.
        let is_fixed = wording.iter().all(|template| template.fixed.is_some());
        let at_step = (!is_fixed).then(|| AtStep {
            is_lost: at.is_some_and(|id| !known.reaches(id)),
            facts: known.facts(at).clone(),
            refusals: known.refusals(at).clone(),
        });
        Self { texts: shown.into_iter().map(variants).collect(), moment, at_step }
    }
}
