//! Choices, commands and answers: their words in plain form, and what they do.

use super::{Resolver, Site};
use crate::engine::document::Path;
use crate::engine::flow::{Act, Choice};
use crate::engine::source::ChoiceSource;
use crate::text::Text;

impl Resolver<'_> {
    pub(super) fn choice(&mut self, site: Site<'_>, path: &Path, source: &ChoiceSource) -> Choice {
        let plain = |words: &[String]| words.iter().map(|words| Text::new(words).plain()).collect();
        Choice {
            label: self.optional_text(site, &path.join("label"), source.label.as_ref()),
            phrases: plain(&source.phrases),
            contains: plain(&source.contains),
            urgent: source.urgent,
            quiet: source.quiet,
            say: self.optional_text(site, &path.join("say"), source.say.as_ref()),
            act: self.act(site, path, source),
        }
    }

    fn act(&mut self, site: Site<'_>, path: &Path, source: &ChoiceSource) -> Act {
        let goto_at = site.at(&path.join("goto"));
        let goto = source.goto.as_ref().map(|name| self.target(site, goto_at, name));
        let mut set = Vec::new();
        for (name, value) in &source.set {
            let at = site.at_key(&path.join("set").join(name));
            set.extend(self.slot(site, at, name).map(|slot| (slot, value.clone())));
        }
        Act {
            goto,
            revisit: source.revisit,
            control: source.control,
            set,
            clear: self.slot_list(site, &path.join("clear"), &source.clear),
            keep: self.slot_list(site, &path.join("keep"), &source.keep),
            effect: source.effect,
        }
    }

    fn slot_list(&mut self, site: Site<'_>, path: &Path, names: &[String]) -> Vec<String> {
        let mut slots = Vec::new();
        for (index, name) in names.iter().enumerate() {
            slots.extend(self.slot(site, site.at(&path.join(index)), name));
        }
        slots
    }
}
