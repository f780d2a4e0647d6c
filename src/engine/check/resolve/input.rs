//! What lists and actions read and write: every input and output has a slot of its type.

use indexmap::IndexMap;

use super::{Resolver, Site};
use crate::engine::document::Path;

/// The name under which a list or an action reads the facts of the last refusal.
const REFUSAL: &str = "refused";

/// One side of a list or an action: its inputs, or its outputs.
pub(super) struct Ports<'a> {
    /// How the author calls it: "the list `results`".
    pub(super) owner: String,
    /// "input" or "output".
    pub(super) noun: &'static str,
    /// Name, type, whether it must have a slot.
    pub(super) offered: Vec<(&'static str, &'static str, bool)>,
    /// The names that differ, as written.
    pub(super) named: &'a IndexMap<String, String>,
    /// Where they are written: `with` or `gives`.
    pub(super) path: Path,
}

impl Resolver<'_> {
    /// Port to slot. A port without a line of its own has a slot of its own name; one that need
    /// not be there may have none.
    pub(super) fn ports(&mut self, site: Site<'_>, ports: &Ports<'_>) -> Vec<(String, String)> {
        let Ports { owner, noun, offered: known, named, path } = ports;
        for name in named.keys() {
            if known.iter().all(|(port, ..)| port != name) {
                let message = format!("{owner} has no {noun} `{name}`");
                let at = site.at_key(&path.join(name));
                let problem = site.document.problem(at, "unknown-key", message);
                let names = known.iter().map(|(port, ..)| *port);
                self.problems.push(problem.suggest(name, names));
            }
        }
        let mut mapped = Vec::new();
        for (port, kind, required) in known {
            let name = named.get(*port).map_or(*port, String::as_str);
            if name == REFUSAL && *noun == "input" {
                mapped.push(((*port).to_owned(), REFUSAL.to_owned()));
                continue;
            }
            let slot = match named.get(*port) {
                Some(slot) => self.slot(site, site.at(&path.join(port)), slot),
                None if self.kinds.contains_key(port) => Some((*port).to_owned()),
                None => {
                    if *required {
                        self.missing_port(site, ports, port);
                    }
                    None
                }
            };
            let Some(slot) = slot else { continue };
            self.check_type(site, ports, port, kind, &slot);
            mapped.push(((*port).to_owned(), slot));
        }
        mapped
    }

    fn missing_port(&mut self, site: Site<'_>, ports: &Ports<'_>, port: &str) {
        let Ports { owner, noun, path, .. } = ports;
        let message = format!("{owner} has the {noun} `{port}`, and there is no slot of this name");
        let problem = site.document.problem(site.at_key(path), "missing-slot", message);
        let key = if *noun == "input" { "with" } else { "gives" };
        self.problems.push(problem.hint(format!("name its slot: `{key}: {{{port}: SLOT}}`")));
    }

    fn check_type(
        &mut self,
        site: Site<'_>,
        ports: &Ports<'_>,
        port: &str,
        kind: &str,
        slot: &str,
    ) {
        let found = self.kinds[slot];
        if found != kind {
            let Ports { owner, noun, path, .. } = ports;
            let message = format!(
                "the {noun} `{port}` of {owner} is of the type `{kind}`, the slot `{slot}` of the \
                 type `{found}`"
            );
            self.report(site, site.at(&path.join(port)), "slot-type", message);
        }
    }
}
