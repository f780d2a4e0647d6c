//! Choices, commands and answers: their words in plain form, and what they do.

use super::{Resolver, Site};
use crate::engine::document::Path;
use crate::engine::flow::{ANY_NUMBER, ANY_WORDS, Act, Choice};
use crate::engine::source::ChoiceSource;
use crate::text::{self, expand_as};

/// Phrases that one pattern stands for at most: each more choice multiplies them, and all are held in
/// memory.
const MAX_PHRASES: usize = 2_000;

impl Resolver<'_> {
    pub(super) fn choice(&mut self, site: Site<'_>, path: &Path, source: &ChoiceSource) -> Choice {
        let mut plain = |path: Path, patterns: &[String]| -> Vec<Vec<String>> {
            let each = patterns.iter().enumerate();
            each.map(|(index, pattern)| self.phrases(site, &path.join(index), pattern)).collect()
        };
        let phrases = plain(path.join("phrases"), &source.phrases);
        let contains =
            plain(path.join("contains"), &source.contains).into_iter().flatten().collect();
        let unless = plain(path.join("unless"), &source.unless).into_iter().flatten().collect();
        let among = source.among.as_ref().map_or_else(Default::default, |among| {
            (plain(path.join("among").join("words"), &among.words).concat(), among.at_least)
        });
        Choice {
            name: name_of(source),
            label: self.optional_text(site, &path.join("label"), source.label.as_ref()),
            phrases,
            contains,
            unless,
            urgent: source.urgent,
            among,
            needs: self.slot_list(site, &path.join("needs"), &source.needs),
            quiet: source.quiet,
            undecided: source.undecided,
            alone: source.alone,
            say: self.optional_text(site, &path.join("say"), source.say.as_ref()),
            act: self.act(site, path, source),
        }
    }

    /// The phrases that a pattern stands for, in plain form; none where they are too many.
    fn phrases(&mut self, site: Site<'_>, path: &Path, pattern: &str) -> Vec<String> {
        let count = text::count(pattern);
        if count > MAX_PHRASES {
            let message = format!("this stands for {count} phrases; {MAX_PHRASES} are the most");
            let problem = site.document.problem(site.at(path), "too-many-phrases", message);
            self.problems.push(problem.hint("write several patterns with fewer choices each"));
            return Vec::new();
        }
        expand_as(pattern, plain_word)
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

/// What reports call a choice that has no key: its label, else its first phrase.
fn name_of(source: &ChoiceSource) -> String {
    let phrase = || source.phrases.first().or(source.contains.first());
    source.label.as_ref().or_else(phrase).cloned().unwrap_or_default()
}

/// The plain form of a word, where it is no wildcard.
fn plain_word(word: &str) -> String {
    if matches!(word, ANY_NUMBER | ANY_WORDS) { word.to_owned() } else { text::plain(word) }
}
