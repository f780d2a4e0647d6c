//! The context file as its authors write it: read line by line, every mistake reported at once.
//!
//! The format is described in the first lines of `kavak_context.txt`, where its authors look.

use std::collections::HashMap;

use super::passage::{Entry, Passage, Placed};
use super::problem::{Problem, ProblemKind};
use crate::text::{closest, fold};

/// The longest text of a passage, in characters: one message of the chat with room for the question
/// that is asked again below it.
pub const MAX_TEXT_CHARS: usize = 600;

/// The longest detail of a passage, in characters: one message of the chat by itself.
pub const MAX_DETAIL_CHARS: usize = 1_200;

/// How alike a word before a colon must be to a key to be taken for a slip.
const MISSPELT_KEY: f64 = 0.75;

/// What a context file holds.
#[derive(Debug)]
pub(super) struct ContextFile {
    /// The passages in order.
    pub(super) entries: Vec<Entry>,
    /// `incluye:`: files of more questions, as they are named.
    pub(super) includes: Vec<String>,
}

/// What the file holds, or everything that is wrong with it.
pub(super) fn read(text: &str) -> Result<ContextFile, Vec<Problem>> {
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
    Silent,
    Differs,
    Detail,
    Include,
}

impl Key {
    const ALL: [(&'static str, Self); 7] = [
        ("fuente", Self::Source),
        ("preguntas", Self::Questions),
        ("palabras", Self::Words),
        ("sin_respuesta", Self::Silent),
        ("difiere", Self::Differs),
        ("detalle", Self::Detail),
        ("incluye", Self::Include),
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
    questions: Vec<Placed>,
    words: String,
    silent: String,
    differs: Vec<Placed>,
    text: Lines,
    detail: Lines,
}

/// Lines that belong together, and where each of them stands.
#[derive(Default)]
struct Lines {
    text: String,
    numbers: Vec<usize>,
}

impl Lines {
    fn add(&mut self, line: &str, number: usize) {
        append(&mut self.text, line, '\n');
        self.numbers.extend((!line.is_empty()).then_some(number));
    }

    fn length(&self) -> usize {
        self.text.chars().count()
    }
}

#[derive(Default)]
struct Reader {
    entries: Vec<Entry>,
    problems: Vec<Problem>,
    includes: Vec<String>,
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
            Line::Key(Key::Include, file) => self.includes.push(file.to_owned()),
            Line::Key(key, value) => match &mut self.open {
                Some(open) => open.keep(key, value, number),
                None => self.complain(number, ProblemKind::OutsidePassage),
            },
            Line::Text(text) => match &mut self.open {
                Some(open) => open.text.add(text, number),
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
            silent: String::new(),
            differs: Vec::new(),
            text: Lines::default(),
            detail: Lines::default(),
        });
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        for kind in open.faults() {
            self.complain(open.line, kind);
        }
        self.entries.push(open.into_entry());
    }

    fn complain(&mut self, line: usize, kind: ProblemKind) {
        self.problems.push(Problem { file: 0, line, kind });
    }

    fn finish(mut self) -> Result<ContextFile, Vec<Problem>> {
        self.close();
        if self.entries.is_empty() && self.problems.is_empty() {
            self.complain(1, ProblemKind::NoPassages);
        }
        if self.problems.is_empty() {
            return Ok(ContextFile { entries: self.entries, includes: self.includes });
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }
}

impl Open {
    fn keep(&mut self, key: Key, value: &str, line: usize) {
        match key {
            Key::Source => append(&mut self.source, value, ' '),
            Key::Questions => self.questions.extend(placed(questions(value), line)),
            Key::Words => append(&mut self.words, value, ','),
            Key::Silent => append(&mut self.silent, value, ' '),
            Key::Differs => self.differs.extend(placed(value.split(','), line)),
            Key::Detail => self.detail.add(value, line),
            // It belongs to the file, wherever it stands.
            Key::Include => {}
        }
    }

    /// What is wrong with the passage as a whole.
    fn faults(&self) -> Vec<ProblemKind> {
        let name = || self.name.clone();
        let (silent, length) = (!self.silent.is_empty(), self.text.length());
        let detail = self.detail.length();
        let faults = [
            (silent && length + detail > 0, ProblemKind::SilentText { name: name() }),
            (!silent && length == 0, ProblemKind::EmptyPassage { name: name() }),
            (length > MAX_TEXT_CHARS, ProblemKind::TooLong { name: name(), length }),
            (
                detail > MAX_DETAIL_CHARS,
                ProblemKind::DetailTooLong { name: name(), length: detail },
            ),
            (!silent && self.source.is_empty(), ProblemKind::MissingSource { name: name() }),
        ];
        faults.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, kind)| kind).collect()
    }

    fn into_entry(self) -> Entry {
        let Self { line, name, title, source, questions, words, silent, differs, text, detail } =
            self;
        let longer = Some(detail.text).filter(|detail| !detail.is_empty());
        Entry {
            passage: Passage { name, title, text: text.text, detail: longer, source },
            line,
            text_lines: text.numbers,
            detail_lines: detail.numbers,
            questions,
            words,
            silent: !silent.is_empty(),
            differs,
        }
    }
}

fn placed<'a>(parts: impl Iterator<Item = &'a str>, line: usize) -> impl Iterator<Item = Placed> {
    let parts = parts.map(str::trim).filter(|part| !part.is_empty());
    parts.map(move |part| Placed { text: part.to_owned(), line, file: 0 })
}

/// "¿Así? ¿O así?" as two; what follows the last question mark is one more.
fn questions(value: &str) -> impl Iterator<Item = &str> {
    value.split_inclusive('?')
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

    const GOOD: &str = "\u{feff}// nota\nincluye: más.txt\n# Tema\n## uno/dos: Título\nfuente: x, 2025\n\
        Preguntas: ¿Qué? ¿Cuál?\npreguntas: ¿Y?\n\
        difiere: a/b\ndetalle: Más.\ndetalle: Y más.\nPrimera línea: con dos puntos.\n\nSegunda.\n";

    #[test]
    fn a_passage_is_read_whole() {
        let ContextFile { entries, includes } = read(GOOD).expect("a good file");
        assert_eq!(includes, ["más.txt"]);
        assert_eq!(entries.len(), 1);
        let entry = &entries[0];
        assert_eq!(entry.passage.name, "uno/dos");
        assert_eq!(entry.passage.title, "Título");
        assert_eq!(entry.passage.source, "x, 2025");
        assert_eq!(entry.passage.text, "Primera línea: con dos puntos.\nSegunda.");
        assert_eq!(entry.passage.detail.as_deref(), Some("Más.\nY más."));
        let texts = |placed: &[Placed]| -> Vec<String> {
            placed.iter().map(|one| one.text.clone()).collect()
        };
        assert_eq!(texts(&entry.questions), ["¿Qué?", "¿Cuál?", "¿Y?"]);
        assert_eq!(texts(&entry.differs), ["a/b"]);
        assert_eq!((entry.line, entry.questions[2].line), (4, 7));
        assert_eq!((&entry.text_lines[..], &entry.detail_lines[..]), (&[11, 13][..], &[9, 10][..]));
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
