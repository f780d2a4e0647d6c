//! The context file as lines that can be changed one by one: all others keep their bytes.

use std::collections::HashSet;

use jiff::civil::Date;

use super::section::slug;
use crate::knowledge::context::{Key, Line};
use crate::knowledge::source;

/// Where a passage stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: String,
    pub(super) title: String,
    /// The lines of its `fuente:`.
    sources: Vec<usize>,
    /// The lines of its text.
    texts: Vec<usize>,
}

impl Place {
    /// `basica` of `garantia/basica`.
    pub(super) fn own_name(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, own)| own)
    }
}

/// A context file that is being changed.
pub(super) struct File {
    /// Each with its end; a line that was taken out is empty, so that the others keep their place.
    lines: Vec<String>,
    /// How its lines end.
    end: &'static str,
    passages: Vec<Place>,
    names: HashSet<String>,
}

impl File {
    pub(super) fn read(text: &str) -> Self {
        let lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let passages = places(&lines);
        let names = passages.iter().map(|place| place.name.clone()).collect();
        Self { lines, end, passages, names }
    }

    pub(super) fn text(&self) -> String {
        self.lines.concat()
    }

    pub(super) fn passages(&self) -> &[Place] {
        &self.passages
    }

    /// What a passage's `fuente:` says.
    pub(super) fn source(&self, place: &Place) -> String {
        let values = place.sources.iter().filter_map(|at| match Line::read(&self.lines[*at]) {
            Line::Key(_, value) => Some(value),
            _ => None,
        });
        // Several lines name as many pages as several parts of one.
        values.collect::<Vec<_>>().join(";")
    }

    /// The words of a passage.
    pub(super) fn passage_text(&self, place: &Place) -> String {
        let texts = place.texts.iter().map(|at| self.lines[*at].trim());
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Renews the date of the page in a passage's `fuente:`.
    pub(super) fn date(&mut self, place: &Place, addresses: &[String], date: Date) {
        for at in &place.sources {
            self.lines[*at] = source::dated(&self.lines[*at], addresses, date);
        }
    }

    /// Gives a passage other words, where its own stood first.
    pub(super) fn replace(&mut self, place: &Place, text: &str) {
        let Some((first, others)) = place.texts.split_first() else { return };
        let line = &self.lines[*first];
        let ending = line[line.trim_end_matches(['\n', '\r']).len()..].to_owned();
        self.lines[*first] = text.replace('\n', self.end) + &ending;
        for at in others {
            self.lines[*at].clear();
        }
    }

    /// A name in `theme` that no passage has, from now on taken.
    pub(super) fn free_name(&mut self, theme: &str, own: &str) -> String {
        let numbered = (2..).map(|number| format!("{theme}/{own}-{number}"));
        let mut names = [format!("{theme}/{own}")].into_iter().chain(numbered);
        let name = names.find(|name| !self.names.contains(name)).expect("numbers do not end");
        self.names.insert(name.clone());
        name
    }

    /// Adds passages, each given by its lines, at the end of `theme`; where there is no such theme,
    /// as one at the end of the file.
    pub(super) fn add(&mut self, theme: &str, passages: &[[String; 4]]) {
        if passages.is_empty() {
            return;
        }
        let found = self.end_of(theme);
        let mut written = String::new();
        if found.is_none() {
            written = format!("{0}# {theme}{0}", self.end);
        }
        for passage in passages {
            let lines = passage.join("\n").replace('\n', self.end);
            written = format!("{written}{0}{lines}{0}", self.end);
        }
        let last = self.lines.len().checked_sub(1);
        match found.or(last) {
            Some(at) => {
                if !self.lines[at].ends_with('\n') {
                    self.lines[at].push_str(self.end);
                }
                self.lines[at].push_str(&written);
            }
            None => self.lines.push(written),
        }
    }

    /// The last line of `theme` that says anything.
    fn end_of(&self, theme: &str) -> Option<usize> {
        let theme = slug(theme);
        let mut end = None;
        for (at, line) in self.lines.iter().enumerate() {
            match Line::read(line) {
                Line::Theme(other) if slug(other) == theme => end = Some(at),
                Line::Theme(_) if end.is_some() => break,
                Line::Blank | Line::Theme(_) => {}
                _ => end = end.map(|_| at),
            }
        }
        end
    }
}

/// Where the passages of a file stand.
fn places(lines: &[String]) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match (Line::read(line), places.last_mut()) {
            (Line::Passage(heading), _) => {
                let (name, title) = heading.split_once(':').unwrap_or((heading, ""));
                let (name, title) = (name.trim().to_owned(), title.trim().to_owned());
                places.push(Place { name, title, sources: Vec::new(), texts: Vec::new() });
            }
            (Line::Key(Key::Source, _), Some(place)) => place.sources.push(at),
            (Line::Text(_), Some(place)) => place.texts.push(at),
            _ => {}
        }
    }
    places
}
