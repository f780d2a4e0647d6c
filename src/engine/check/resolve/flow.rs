//! What a flow declares beside its steps: slots, what depends on them, what is overheard, where
//! older versions went.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use serde_json::Value;

use super::{Resolver, Site};
use crate::engine::document::Path;
use crate::engine::flow::{Migration, Phrases, Slot, StepId};
use crate::engine::source::{FlowSource, SlotSource};
use crate::engine::vocabulary::VALUES;
use crate::text;

impl Resolver<'_> {
    pub(super) fn slot_source(
        &mut self,
        site: Site<'_>,
        path: &Path,
        name: &str,
        source: &SlotSource,
    ) -> Slot {
        self.check_kind(site, path, name, source);
        let clarify_path = path.join("clarify");
        let clarify = source.clarify.as_ref().map(|clarify| {
            let ask = self.text(site, site.at(&clarify_path.join("ask")), &clarify.ask);
            (ask, self.text(site, site.at(&clarify_path.join("label")), &clarify.label))
        });
        Slot {
            name: name.to_owned(),
            kind: source.kind.clone(),
            params: self.params(source),
            phrases: self.slot_phrases(site, path, source),
            noted: self.optional_text(site, &path.join("noted"), source.noted.as_ref()),
            clarify,
            gone: self.optional_text(site, &path.join("gone"), source.gone.as_ref()),
            changed: self.optional_text(site, &path.join("changed"), source.changed.as_ref()),
        }
    }

    /// Those settings of a slot's kind that hold phrases.
    fn phrase_settings(&self, source: &SlotSource) -> &'static [&'static str] {
        let offer = self.offers.types.iter().find(|offer| offer.name == source.kind);
        offer.map_or(&[], |offer| offer.phrases)
    }

    /// The settings of a slot that hold no phrases.
    fn params(&self, source: &SlotSource) -> IndexMap<String, Value> {
        let phrases = self.phrase_settings(source);
        let params = source.params.iter().filter(|(name, _)| !phrases.contains(&name.as_str()));
        params.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The phrases of a slot's settings, in plain form. Each belongs to a value that the slot has.
    fn slot_phrases(&mut self, site: Site<'_>, path: &Path, source: &SlotSource) -> Phrases {
        let values: Option<Vec<&str>> = source
            .params
            .get(VALUES)
            .and_then(Value::as_array)
            .map(|values| values.iter().filter_map(Value::as_str).collect());
        let mut phrases = Phrases::new();
        for setting in self.phrase_settings(source) {
            let Some(written) = source.params.get(*setting) else { continue };
            let path = path.join(setting);
            let Some(lists) = written.as_object() else {
                let message = format!("`{setting}` should hold a list of phrases for each value");
                self.report(site, site.at(&path), "wrong-shape", message);
                continue;
            };
            let own = phrases.entry((*setting).to_owned()).or_default();
            for (value, list) in lists {
                let path = path.join(value);
                if let Some(values) = &values
                    && !values.contains(&value.as_str())
                {
                    let message = format!("the slot has no value `{value}`");
                    let problem = site.document.problem(site.at_key(&path), "wrong-value", message);
                    self.problems.push(problem.suggest(value, values.iter().copied()));
                }
                let said = list.as_array().map(|list| list.iter().map(Value::as_str));
                let Some(said) = said.and_then(Iterator::collect::<Option<Vec<_>>>) else {
                    let message = format!("`{value}` should be a list of phrases");
                    self.report(site, site.at(&path), "wrong-shape", message);
                    continue;
                };
                let phrases: Vec<String> = said.into_iter().map(text::plain).collect();
                if let Some(index) = phrases.iter().position(String::is_empty) {
                    let message = "a phrase needs words".to_owned();
                    self.report(site, site.at(&path.join(index)), "wrong-value", message);
                }
                own.insert(value.clone(), phrases);
            }
        }
        phrases
    }

    /// The kind is offered, with these settings and no others.
    fn check_kind(&mut self, site: Site<'_>, path: &Path, name: &str, source: &SlotSource) {
        let types = &self.offers.types;
        let Some(offer) = types.iter().find(|offer| offer.name == source.kind) else {
            let message = format!("there is no type `{}`", source.kind);
            let at = site.at(&path.join("type"));
            let problem = site.document.problem(at, "missing-type", message);
            let known = types.iter().map(|offer| offer.name);
            self.problems.push(problem.suggest(&source.kind, known));
            return;
        };
        for key in source.params.keys() {
            if offer.params.iter().all(|(param, _)| param != key) {
                let message = format!("the type `{}` has no setting `{key}`", offer.name);
                let at = site.at_key(&path.join(key));
                let problem = site.document.problem(at, "unknown-key", message);
                let own = ["type", "noted", "clarify", "gone", "changed"];
                let known = offer.params.iter().map(|(param, _)| *param).chain(own);
                self.problems.push(problem.suggest(key, known));
            }
        }
        for (param, allowed) in offer.param_values {
            let Some(value) = source.params.get(*param) else { continue };
            let said = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            if !allowed.contains(&said.as_str()) {
                let message = format!("`{param}` cannot be `{said}`");
                let at = site.at(&path.join(param));
                let problem = site.document.problem(at, "wrong-value", message);
                self.problems.push(problem.suggest(&said, allowed.iter().copied()));
            }
        }
        let base = offer.base.and_then(|base| Some((base, source.params.get(base)?.as_str()?)));
        if let Some((setting, base)) = base {
            self.slot(site, site.at(&path.join(setting)), base);
        }
        for (param, required) in offer.params {
            if *required && !source.params.contains_key(*param) {
                let message = format!(
                    "the slot `{name}` lacks the setting `{param}`, which the type `{}` needs",
                    offer.name
                );
                self.report(site, site.at_key(path), "missing-key", message);
            }
        }
    }

    /// For a slot, the step where the talk goes on when it is overheard.
    pub(super) fn listen(&mut self) -> IndexMap<String, StepId> {
        let mut listen = IndexMap::new();
        for loaded in &self.set.flows {
            let site = Site { document: &loaded.document, flow: Some(&loaded.source.flow) };
            for (slot, target) in &loaded.source.listen {
                let path = Path::root().join("listen").join(slot);
                let step = self.target(site, site.at(&path), target);
                let Some(name) = self.slot(site, site.at_key(&path), slot) else { continue };
                if listen.insert(name, step).is_some() {
                    let message = format!("another flow listens to `{slot}` too; only one can");
                    self.report(site, site.at_key(&path), "same-name", message);
                }
            }
        }
        listen
    }

    /// For a slot, those that its flow says depend on it.
    pub(super) fn depends(&mut self) -> HashMap<String, Vec<String>> {
        let mut depends: HashMap<String, Vec<String>> = HashMap::new();
        for loaded in &self.set.flows {
            let site = Site { document: &loaded.document, flow: Some(&loaded.source.flow) };
            for (slot, dependents) in &loaded.source.depends {
                let path = Path::root().join("depends").join(slot);
                let slot = self.slot(site, site.at_key(&path), slot);
                let mut known = Vec::new();
                for (index, dependent) in dependents.iter().enumerate() {
                    known.extend(self.slot(site, site.at(&path.join(index)), dependent));
                }
                if let Some(slot) = slot {
                    depends.entry(slot).or_default().extend(known);
                }
            }
        }
        depends
    }

    pub(super) fn migrate(
        &mut self,
        site: Site<'_>,
        source: &FlowSource,
    ) -> HashMap<u32, Migration> {
        let mut migrations = HashMap::new();
        for (version, migrate) in &source.migrate {
            let path = Path::root().join("migrate").join(version);
            if *version >= source.version {
                let message = format!("version {version} is no older version of this flow");
                self.report(site, site.at_key(&path), "wrong-value", message);
            }
            let mut migration = Migration::default();
            for (old, new) in &migrate.steps {
                let at = site.at(&path.join("steps").join(old));
                migration.steps.insert(old.clone(), self.target(site, at, new));
            }
            for (old, new) in &migrate.slots {
                let at = site.at(&path.join("slots").join(old));
                if let Some(slot) = self.slot(site, at, new) {
                    migration.slots.insert(old.clone(), slot);
                }
            }
            migrations.insert(*version, migration);
        }
        migrations
    }
}

/// For a slot, those emptied when it changes and those emptied by that in turn, without itself.
pub(super) fn depends_closure(
    depends: &HashMap<String, Vec<String>>,
) -> HashMap<String, Vec<String>> {
    let closed = |slot: &String| {
        let mut found = Vec::new();
        let mut seen = HashSet::from([slot]);
        let mut open: Vec<&String> = depends[slot].iter().rev().collect();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                found.push(next.clone());
                open.extend(depends.get(next).into_iter().flatten().rev());
            }
        }
        found
    };
    depends.keys().map(|slot| (slot.clone(), closed(slot))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependents_of_dependents_are_emptied_too_and_never_the_slot_itself() {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let depends = HashMap::from([
            ("car".to_owned(), names(&["down", "plan"])),
            ("down".to_owned(), names(&["plan", "months"])),
            ("months".to_owned(), names(&["car"])),
        ]);
        let closed = depends_closure(&depends);
        assert_eq!(closed["car"], names(&["down", "plan", "months"]));
        assert_eq!(closed["months"], names(&["car", "down", "plan"]));
    }
}
