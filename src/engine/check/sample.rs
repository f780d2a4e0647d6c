//! The vocabulary's sample values, each asked for once: finding the longest car may take a walk
//! through the whole catalogue.

use std::collections::HashMap;

use serde_json::Map;

use super::subject::Subject;
use crate::engine::flow::Menu;
use crate::engine::seen::{Seen, seen};
use crate::engine::vocabulary::{Sample, Vocabulary};

/// A row of a list: what its line sees, and the number that it brings along.
pub(super) type Row = (Seen, Option<u32>);

/// Sample values of both sizes.
pub(super) struct Samples {
    pub(super) globals: Vec<(String, Seen)>,
    typical: Set,
    longest: Set,
}

/// Sample values of one size, as templates see them: they are shown thousands of times.
pub(super) struct Set {
    slots: HashMap<String, Seen>,
    /// By slot and reason.
    refusals: HashMap<(String, String), Seen>,
    /// All of them in one.
    any_refusal: Seen,
    /// By list and rows in a page.
    rows: HashMap<(String, usize), Vec<Row>>,
}

impl Samples {
    /// Everything that the flows can show.
    pub(super) fn take(subject: &Subject<'_>, vocabulary: &impl Vocabulary) -> Self {
        Self {
            globals: vocabulary
                .globals()
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), seen(value.clone())))
                .collect(),
            typical: Set::take(subject, vocabulary, Sample::Typical),
            longest: Set::take(subject, vocabulary, Sample::Longest),
        }
    }

    /// Those of one size.
    pub(super) fn of(&self, size: Sample) -> &Set {
        match size {
            Sample::Typical => &self.typical,
            Sample::Longest => &self.longest,
        }
    }
}

impl Set {
    fn take(subject: &Subject<'_>, vocabulary: &impl Vocabulary, size: Sample) -> Self {
        let mut set = Self {
            slots: HashMap::new(),
            refusals: HashMap::new(),
            any_refusal: Seen::UNDEFINED,
            rows: HashMap::new(),
        };
        let mut any_refusal = Map::new();
        // A slot of an unknown type is reported elsewhere; nobody can make a value for it.
        for (name, slot) in &subject.flows.slots {
            let Some(kind) = subject.kind(slot) else { continue };
            let value = vocabulary.sample(slot, size);
            set.slots.insert(name.clone(), vocabulary.present(slot, &value));
            for reason in kind.refusals {
                let facts = vocabulary.sample_refusal(slot, reason, size);
                any_refusal.extend(facts.as_object().cloned().into_iter().flatten());
                set.refusals.insert((name.clone(), (*reason).to_owned()), seen(facts));
            }
        }
        set.any_refusal = seen(any_refusal.into());
        let menus = subject.questions().filter_map(|(_, _, ask)| ask.menu.as_ref());
        for menu in menus.filter(|menu| subject.list(&menu.from).is_some()) {
            let items = vocabulary.sample_rows(&menu.from, size, menu.page);
            let rows = items.into_iter().map(|item| (item.fields, item.key)).collect();
            set.rows.insert((menu.from.clone(), menu.page), rows);
        }
        set
    }

    /// What a template sees of a slot.
    pub(super) fn slot(&self, name: &str) -> Option<&Seen> {
        self.slots.get(name)
    }

    /// What a template sees of a refusal; of all of them in one, where none is named.
    pub(super) fn refusal(&self, of: Option<&(String, String)>) -> Seen {
        let named = of.map(|of| self.refusals.get(of).cloned().unwrap_or_default());
        named.unwrap_or_else(|| self.any_refusal.clone())
    }

    /// The rows of a full page.
    pub(super) fn rows(&self, menu: &Menu) -> &[Row] {
        self.rows.get(&(menu.from.clone(), menu.page)).map_or(&[], Vec::as_slice)
    }
}
