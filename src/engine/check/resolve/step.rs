//! Steps: of exactly one kind each, with the keys of that kind.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::input::Ports;
use super::{Resolver, Site};
use crate::engine::document::Path;
use crate::engine::flow::{Ask, Branch, Do, Menu, Rung, StepId, StepKind};
use crate::engine::problem::nearest;
use crate::engine::source::{BranchSource, MenuSource, RungSource, StepSource};

/// For each kind of step, the keys that go with it.
const KINDS: [(&str, &[&str]); 4] = [
    ("ask", &["again", "collect", "menu", "options", "refused", "no_match", "next"]),
    ("say", &["next", "stay"]),
    ("branch", &[]),
    ("do", &["with", "gives", "outcomes"]),
];

impl Resolver<'_> {
    /// None where the step is of no kind, or of several.
    pub(super) fn step(
        &mut self,
        site: Site<'_>,
        path: &Path,
        name: &str,
        source: &StepSource,
    ) -> Option<StepKind> {
        if name.contains('.') {
            let message = "the name of a step is a word without a dot".to_owned();
            self.report(site, site.at_key(path), "wrong-value", message);
        }
        self.check_keys(site, path, name, source)?;
        if let Some(ask) = &source.ask {
            Some(StepKind::Ask(self.ask(site, path, ask, source)))
        } else if let Some(say) = &source.say {
            let text = self.text(site, site.at(&path.join("say")), say);
            let next = self.next(site, path, source);
            let (message, hint) = match (next, source.stay) {
                (None, false) => ("says something and leads nowhere", "add `next: STEP`"),
                (Some(_), true) => ("stays and leads on at once", "keep one of `next` and `stay`"),
                _ => return Some(StepKind::Say { text, next }),
            };
            let message = format!("the step `{name}` {message}");
            let problem = site.document.problem(site.at_key(path), "missing-next", message);
            self.problems.push(problem.hint(hint));
            Some(StepKind::Say { text, next })
        } else if let Some(branch) = &source.branch {
            self.branch(site, &path.join("branch"), branch).map(StepKind::Branch)
        } else {
            let action = source.action.as_ref()?;
            Some(StepKind::Do(self.action(site, path, action, source)))
        }
    }

    /// A step is of one kind and has no keys of another.
    fn check_keys(
        &mut self,
        site: Site<'_>,
        path: &Path,
        name: &str,
        source: &StepSource,
    ) -> Option<()> {
        let present = present_keys(source);
        let kinds: Vec<_> = KINDS.iter().filter(|(kind, _)| present.contains(kind)).collect();
        let [(kind, keys)] = kinds[..] else {
            let message = match kinds.len() {
                0 => format!("the step `{name}` does nothing"),
                _ => format!("the step `{name}` does several things"),
            };
            let problem = site.document.problem(site.at_key(path), "step-kind", message);
            let hint = "a step has exactly one of `ask`, `say`, `branch` and `do`";
            self.problems.push(problem.hint(hint));
            return None;
        };
        for key in present.iter().filter(|key| *key != kind && !keys.contains(key)) {
            let message = format!("`{key}` does not go with `{kind}`");
            let problem =
                site.document.problem(site.at_key(&path.join(key)), "misplaced-key", message);
            let names = keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            self.problems.push(match keys {
                [] => problem.hint(format!("`{kind}` stands alone")),
                _ => problem.hint(format!("with `{kind}` go {names}")),
            });
        }
        Some(())
    }

    fn ask(&mut self, site: Site<'_>, path: &Path, ask: &str, source: &StepSource) -> Ask {
        let collect_at = site.at(&path.join("collect"));
        let collect = source.collect.as_ref();
        let menu_path = path.join("menu");
        let menu = source.menu.as_ref();
        Ask {
            ask: self.text(site, site.at(&path.join("ask")), ask),
            again: self.optional_text(site, &path.join("again"), source.again.as_ref()),
            collect: collect.and_then(|name| self.slot(site, collect_at, name)),
            menu: menu.map(|menu| self.menu(site, &menu_path, menu)),
            options: source
                .options
                .iter()
                .enumerate()
                .map(|(index, choice)| self.choice(site, &path.join("options").join(index), choice))
                .collect(),
            refused: self.targets(site, &path.join("refused"), &source.refused),
            no_match: self.ladder(site, &path.join("no_match"), &source.no_match),
            next: self.next(site, path, source),
        }
    }

    fn menu(&mut self, site: Site<'_>, path: &Path, source: &MenuSource) -> Menu {
        let lists = &self.offers.lists;
        let offer = lists.iter().find(|offer| offer.name == source.from);
        if offer.is_none() {
            let message = format!("there is no list `{}`", source.from);
            let problem =
                site.document.problem(site.at(&path.join("from")), "missing-list", message);
            let known = lists.iter().map(|offer| offer.name);
            self.problems.push(problem.suggest(&source.from, known));
        }
        let fills_at = site.at(&path.join("fills"));
        let fills = source.fills.as_ref().and_then(|name| self.slot(site, fills_at, name));
        if let (Some(offer), Some(slot)) = (offer, &fills)
            && offer.fills != Some(self.kinds[slot.as_str()])
        {
            let message = match offer.fills {
                Some(kind) => {
                    format!("a row of `{}` fills a slot of the type `{kind}`", offer.name)
                }
                None => format!("the rows of `{}` fill no slot, they are only read", offer.name),
            };
            self.report(site, fills_at, "slot-type", message);
        }
        let ports = offer.map(|offer| Ports {
            owner: format!("the list `{}`", offer.name),
            noun: "input",
            offered: offer.inputs.to_vec(),
            named: &source.with,
            path: path.join("with"),
        });
        Menu {
            from: source.from.clone(),
            with: ports.map(|ports| self.ports(site, &ports)).unwrap_or_default(),
            page: source.page,
            line: self.text(site, site.at(&path.join("line")), &source.line),
            fills,
        }
    }

    fn ladder(&mut self, site: Site<'_>, path: &Path, rungs: &[RungSource]) -> Vec<Rung> {
        let resolve = |(index, rung): (usize, &RungSource)| match rung {
            RungSource::Text(key) => Rung::Text(self.text(site, site.at(&path.join(index)), key)),
            RungSource::Goto { goto } => {
                let at = site.at(&path.join(index).join("goto"));
                Rung::Goto(self.target(site, at, goto))
            }
        };
        rungs.iter().enumerate().map(resolve).collect()
    }

    fn branch(&mut self, site: Site<'_>, path: &Path, source: &BranchSource) -> Option<Branch> {
        let on = self.slot(site, site.at(&path.join("on")), &source.on);
        let cases = self.targets(site, &path.join("cases"), &source.cases);
        let else_at = site.at(&path.join("else"));
        let otherwise = source.otherwise.as_ref().map(|name| self.target(site, else_at, name));
        Some(Branch { on: on?, cases, otherwise })
    }

    fn action(&mut self, site: Site<'_>, path: &Path, name: &str, source: &StepSource) -> Do {
        let actions = &self.offers.actions;
        let known = || actions.iter().map(|offer| offer.name);
        let found = actions.iter().find(|offer| offer.name == name);
        if found.is_none() {
            let message = format!("there is no action `{name}`");
            let problem =
                site.document.problem(site.at(&path.join("do")), "missing-action", message);
            self.problems.push(problem.suggest(name, known()));
        }
        let meant = || nearest(name, known());
        let offer = found.or_else(|| actions.iter().find(|offer| Some(offer.name) == meant()));
        let Some(offer) = offer else {
            let outcomes = self.targets(site, &path.join("outcomes"), &source.outcomes);
            return Do { action: name.to_owned(), with: Vec::new(), gives: Vec::new(), outcomes };
        };
        let owner = format!("the action `{}`", offer.name);
        let inputs = Ports {
            owner: owner.clone(),
            noun: "input",
            offered: offer.inputs.to_vec(),
            named: &source.with,
            path: path.join("with"),
        };
        let mut given: IndexMap<&str, &str> = IndexMap::new();
        given.extend(offer.outcomes.iter().flat_map(|(_, outputs)| outputs.iter().copied()));
        let outputs = Ports {
            owner,
            noun: "output",
            offered: given.into_iter().map(|(output, kind)| (output, kind, true)).collect(),
            named: &source.gives,
            path: path.join("gives"),
        };
        Do {
            action: offer.name.to_owned(),
            with: self.ports(site, &inputs),
            gives: self.ports(site, &outputs),
            outcomes: self.targets(site, &path.join("outcomes"), &source.outcomes),
        }
    }

    fn targets(
        &mut self,
        site: Site<'_>,
        path: &Path,
        targets: &IndexMap<String, String>,
    ) -> HashMap<String, StepId> {
        let resolve = |(key, name): (&String, &String)| {
            (key.clone(), self.target(site, site.at(&path.join(key)), name))
        };
        targets.iter().map(resolve).collect()
    }

    fn next(&mut self, site: Site<'_>, path: &Path, source: &StepSource) -> Option<StepId> {
        let name = source.next.as_ref()?;
        Some(self.target(site, site.at(&path.join("next")), name))
    }
}

/// The keys of `KINDS` that a step has.
fn present_keys(source: &StepSource) -> Vec<&'static str> {
    [
        ("ask", source.ask.is_some()),
        ("again", source.again.is_some()),
        ("collect", source.collect.is_some()),
        ("menu", source.menu.is_some()),
        ("options", !source.options.is_empty()),
        ("refused", !source.refused.is_empty()),
        ("no_match", !source.no_match.is_empty()),
        ("say", source.say.is_some()),
        ("branch", source.branch.is_some()),
        ("do", source.action.is_some()),
        ("with", !source.with.is_empty()),
        ("gives", !source.gives.is_empty()),
        ("outcomes", !source.outcomes.is_empty()),
        ("next", source.next.is_some()),
        ("stay", source.stay),
    ]
    .into_iter()
    .filter_map(|(key, present)| present.then_some(key))
    .collect()
}
