//! The context file as its authors write it: read line by line, every mistake reported at once.
//!
//! The format is described in the first lines of `kavak_context.txt`, where its authors look.

use std::collections::HashMap;

use super::passage::{Entry, Passage, UnsaidEntry};
use super::problem::{Problem, ProblemKind};
use crate::text::{closest, fold};

/// The longest text of a passage, in characters: one message of the chat with room for the question
/// that is asked again below it.
pub const MAX_TEXT_CHARS: usize = 600;

/// How alike a word before a colon must be to a key to be taken for a slip.
const MISSPELT_KEY: f64 = 0.75;

/// The file's passages in order, or everything that is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Entry>, Vec<Problem>> {
    let mut reader = Reader::default();
    for (position, line) in text.lines().enumerate() {
        reader.take(position + 1, line);
    }
    reader.finish()
}

/// A line of a passage that is not its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Source,
    Questions,
    Words,
    Unsaid,
}

impl Key {
    const ALL: [(&'static str, Self); 4] = [
        ("fuente", Self::Source),
        ("preguntas", Self::Questions),
        ("palabras", Self::Words),
        ("no_dice", Self::Unsaid),
    ];
}

/// What a line turned out to be.
pub(super) enum Line<'a> {
    Blank,
    Theme(&'a str),
    Passage(&'a str),
    Key(Key, &'a str),
    Misspelt { key: &'a str, meant: &'static str },
    Text(&'a str),
}

impl<'a> Line<'a> {
    /// What `line` is; a mark of the byte order and blanks around it do not count.
    pub(super) fn read(line: &'a str) -> Self {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with("//") {
            return Self::Blank;
        }
        if let Some(heading) = line.strip_prefix("##") {
            return Self::Passage(heading.trim());
        }
        if let Some(theme) = line.strip_prefix('#') {
            return Self::Theme(theme.trim());
        }
        line.split_once(':').map_or(Self::Text(line), |(key, rest)| Self::keyed(line, key, rest))
    }

    /// A line with a colon: a key, a slip of one, or text that happens to have a colon.
    fn keyed(line: &'a str, key: &'a str, rest: &'a str) -> Self {
        let written = fold(key.trim());
        if let Some((_, known)) = Key::ALL.iter().find(|(name, _)| *name == written) {
            return Self::Key(*known, rest.trim());
        }
        let names = Key::ALL.map(|(name, _)| name);
        let meant = closest(&written, names, MISSPELT_KEY)
            .and_then(|name| names.into_iter().find(|known| *known == name));
        meant.map_or(Self::Text(line), |meant| Self::Misspelt { key: key.trim(), meant })
    }
}

/// The passage that is being read.
struct Open {
    line: usize,
    name: String,
    title: String,
    source: String,
    questions: Vec<String>,
    words: String,
    unsaid: Vec<UnsaidEntry>,
    text: String,
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    first_seen: HashMap<String, usize>,
    open: Option<Open>,
    themed: bool,
}

impl Reader {
    fn take(&mut self, number: usize, line: &str) {
        match Line::read(line) {
            Line::Blank => {}
            Line::Theme(theme) => self.theme(number, theme),
            Line::Passage(heading) => self.heading(number, heading),
            Line::Misspelt { key, meant } => {
                let kind = ProblemKind::UnknownKey { key: key.to_owned(), meant };
                self.complain(number, kind);
            }
            Line::Key(key, value) => match &mut self.open {
                Some(open) => open.keep(key, value, number),
                None => self.complain(number, ProblemKind::OutsidePassage),
            },
            Line::Text(text) => match &mut self.open {
                Some(open) => append(&mut open.text, text, '\n'),
                None => self.complain(number, ProblemKind::OutsidePassage),
            },
        }
    }

    fn theme(&mut self, number: usize, theme: &str) {
        self.close();
        self.themed = true;
        if theme.is_empty() {
            self.complain(number, ProblemKind::EmptyTheme);
        }
    }

    fn heading(&mut self, number: usize, heading: &str) {
        self.close();
        if !self.themed {
            self.themed = true;
            self.complain(number, ProblemKind::MissingTheme);
        }
        let (name, title) = heading.split_once(':').unwrap_or((heading, ""));
        let (name, title) = (name.trim().to_owned(), title.trim().to_owned());
        if !is_name(&name) {
            self.complain(number, ProblemKind::BadName { name: name.clone() });
        }
        if title.is_empty() {
            self.complain(number, ProblemKind::MissingTitle { name: name.clone() });
        }
        match self.first_seen.get(&name).copied() {
            Some(first) => {
                self.complain(number, ProblemKind::DuplicateName { name: name.clone(), first });
            }
            None => drop(self.first_seen.insert(name.clone(), number)),
        }
        self.open = Some(Open {
            line: number,
            name,
            title,
            source: String::new(),
            questions: Vec::new(),
            words: String::new(),
            unsaid: Vec::new(),
            text: String::new(),
        });
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let length = open.text.chars().count();
        if length == 0 {
            self.complain(open.line, ProblemKind::EmptyPassage { name: open.name.clone() });
        }
        if length > MAX_TEXT_CHARS {
            self.complain(open.line, ProblemKind::TooLong { name: open.name.clone(), length });
        }
        if open.source.is_empty() {
            self.complain(open.line, ProblemKind::MissingSource { name: open.name.clone() });
        }
        self.entries.push(open.into_entry());
    }

    fn complain(&mut self, line: usize, kind: ProblemKind) {
        self.problems.push(Problem { line, kind });
    }

    fn finish(mut self) -> Result<Vec<Entry>, Vec<Problem>> {
        self.close();
        if self.entries.is_empty() && self.problems.is_empty() {
            self.complain(1, ProblemKind::NoPassages);
        }
        if self.problems.is_empty() {
            return Ok(self.entries);
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }
}

impl Open {
    fn keep(&mut self, key: Key, value: &str, line: usize) {
        match key {
            Key::Source => append(&mut self.source, value, ' '),
            Key::Questions => self.questions.extend(questions(value)),
            Key::Words => append(&mut self.words, value, ','),
            Key::Unsaid => self.unsaid.extend(
                value
                    .split(',')
                    .map(str::trim)
                    .filter(|words| !words.is_empty())
                    .map(|words| UnsaidEntry { words: words.to_owned(), line }),
            ),
        }
    }

    fn into_entry(self) -> Entry {
        let Self { name, title, source, questions, words, unsaid, text, .. } = self;
        Entry { passage: Passage { name, title, text, source }, questions, words, unsaid }
    }
}

/// "¿Así? ¿O así?" as two; what follows the last question mark is one more.
fn questions(value: &str) -> impl Iterator<Item = String> {
    value.split_inclusive('?').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned)
}

fn append(text: &mut String, more: &str, separator: char) {
    if !text.is_empty() && !more.is_empty() {
        text.push(separator);
    }
    text.push_str(more);
}

/// `tema/nombre`: lower-case letters without accents, digits and hyphens, in two parts.
fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    name.split_once('/').is_some_and(|(theme, own)| is_part(theme) && is_part(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\u{feff}// nota\n# Tema\n## uno/dos: Título\nfuente: x, 2025\n\
        Preguntas: ¿Qué? ¿Cuál?\npreguntas: ¿Y?\nno_dice: moto, tarjeta pagar\n\
        Primera línea: con dos puntos.\n\nSegunda.\n";

    #[test]
    fn a_passage_is_read_whole() {
        let entries = read(GOOD).expect("a good file");
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(entry.passage.name, "uno/dos");
        assert_eq!(entry.passage.title, "Título");
        assert_eq!(entry.passage.source, "x, 2025");
        assert_eq!(entry.passage.text, "Primera línea: con dos puntos.\nSegunda.");
        assert_eq!(entry.questions, ["¿Qué?", "¿Cuál?", "¿Y?"]);
        let unsaid: Vec<_> = entry.unsaid.iter().map(|unsaid| unsaid.words.as_str()).collect();
        assert_eq!(unsaid, ["moto", "tarjeta pagar"]);
    }

    fn problems(text: &str) -> Vec<String> {
        read(text).expect_err("a bad file").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_with_its_line() {
        let long = "x".repeat(MAX_TEXT_CHARS + 1);
        let file = format!(
            "suelto\n## a/b: A\nfuente: f\nTexto.\n# T\n## a/b: B\nfuentes: f\n## Mal Nombre\n\
             fuente: f\n{long}\n"
        );
        assert_eq!(
            problems(&file),
            [
                "line 1: this stands outside any passage; put it under a `## tema/nombre: Título`",
                "line 2: the first passage has no theme above it; write one: `# Tema`",
                "line 6: the name `a/b` was taken on line 2; give this passage another",
                "line 6: `a/b` has no text; write what the customer should read",
                "line 6: `a/b` has no `fuente:`; write where the facts come from, and of when",
                "line 7: `fuentes:` is no key; did you mean `fuente:`?",
                "line 8: `Mal Nombre` is no name; write it like `garantia/basica`: two parts of \
                 plain lower-case letters, digits and hyphens",
                "line 8: `Mal Nombre` has no title; write it after a colon: `## Mal Nombre: Título`",
                "line 8: `Mal Nombre` has 601 characters and may have 600; shorten it or split it",
            ]
        );
    }

    #[test]
    fn an_empty_file_is_no_context() {
        assert_eq!(problems("// nada\n"), ["line 1: the file has no passages"]);
    }
}
