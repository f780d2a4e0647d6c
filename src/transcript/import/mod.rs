//! A spreadsheet of scripts made into transcripts: one row a turn, one file a case.

mod step;

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::files::ENDING;
use super::sheet::{self, Column, Row, SheetError};
use crate::text::fold;
use step::{Step, one_line};

/// Characters of a file's name that come from the case.
const MAX_NAME_CHARS: usize = 80;

/// Case, step, what the user says, what the bot answers.
const COLUMNS: [Column; 4] = [
    Column {
        headers: &[
            "caso",
            "case",
            "caso de prueba",
            "test case",
            "id",
            "id caso",
            "id de caso",
            "id del caso",
            "case id",
        ],
        is_needed: true,
    },
    Column {
        headers: &["paso", "step", "turno", "turn", "no", "num", "numero", "number"],
        is_needed: false,
    },
    Column {
        headers: &[
            "usuario",
            "cliente",
            "user",
            "customer",
            "user says",
            "customer says",
            "usuario dice",
            "cliente dice",
            "el usuario dice",
            "el cliente dice",
            "dice el usuario",
            "dice el cliente",
            "mensaje",
            "message",
            "mensaje del usuario",
            "mensaje del cliente",
        ],
        is_needed: true,
    },
    Column {
        headers: &[
            "bot",
            "respuesta",
            "bot answers",
            "bot answer",
            "answer",
            "reply",
            "bot responde",
            "el bot responde",
            "respuesta del bot",
            "respuesta esperada",
            "expected answer",
            "bot says",
            "bot dice",
        ],
        is_needed: true,
    },
];

/// What became of a spreadsheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// One transcript a case, in the order of the spreadsheet.
    pub transcripts: Vec<Imported>,
    /// The rows that could not be used.
    pub unused: Vec<UnusedRow>,
}

/// A transcript made of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The name of its file.
    pub name: String,
    /// The transcript.
    pub text: String,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusedRow {
    /// Its number, as the spreadsheet shows it.
    pub row: usize,
    /// Why.
    pub reason: String,
}

/// A transcript that was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file of its name is there.
    #[error("{} is there already, and was left as it is; --replace writes over it", .0.display())]
    Exists(PathBuf),
    /// The system refuses.
    #[error("{} cannot be written: {source}", path.display())]
    Refused {
        /// The file, or its folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl fmt::Display for UnusedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.reason)
    }
}

impl Import {
    /// Reads the scripts in a CSV file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or lacks a column that is needed.
    pub fn load(file: &Path) -> Result<Self, SheetError> {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Ok(Self::of(&name, sheet::read(file, COLUMNS)?))
    }

    fn of(source: &str, rows: Vec<Row<4>>) -> Self {
        let mut cases: IndexMap<String, Vec<Step>> = IndexMap::new();
        let mut unused = Vec::new();
        let mut current = None;
        for row in rows {
            let number = row.number;
            let case = one_line(&row.cells[0]);
            if !case.is_empty() {
                current = Some(case);
            }
            let steps = current.clone().map(|case| cases.entry(case).or_default());
            let before = steps.as_ref().and_then(|steps| steps.last()).and_then(|step| step.order);
            match (steps, Step::read(row, before)) {
                (Some(steps), Ok(step)) => match step.taken(steps) {
                    Some(reason) => unused.push(UnusedRow { row: number, reason }),
                    None => steps.push(step),
                },
                (None, _) => unused.push(UnusedRow { row: number, reason: NO_CASE.to_owned() }),
                (_, Err(reason)) => unused.push(UnusedRow { row: number, reason }),
            }
        }
        let mut names = HashSet::new();
        let mut transcripts = Vec::new();
        for (case, mut steps) in cases {
            steps.sort_by_key(|step| step.order);
            let silent = steps.iter().take_while(|step| step.user.is_none()).count();
            unused.extend(steps.drain(..silent).map(|step| step.unheard()));
            if !steps.is_empty() {
                let text = transcript(&case, source, &steps);
                transcripts.push(Imported { name: name(&case, &mut names), text });
            }
        }
        unused.sort_by_key(|row| row.row);
        Self { transcripts, unused }
    }

    /// Writes the transcripts into `folder`, which is made where it is missing; the files that are
    /// there already are left, but where they are to be replaced. For each its path, or why it was
    /// not written.
    pub fn write(
        &self,
        folder: &Path,
        replace: bool,
    ) -> impl Iterator<Item = Result<PathBuf, WriteError>> {
        let made = fs::create_dir_all(folder);
        let mut unmade =
            made.err().map(|source| WriteError::Refused { path: folder.to_owned(), source });
        let has_folder = unmade.is_none();
        let files = self.transcripts.iter().take_while(move |_| has_folder).map(move |imported| {
            let path = folder.join(&imported.name);
            imported.write(&path, replace).map(|()| path)
        });
        unmade.take().map(Err).into_iter().chain(files)
    }
}

impl Imported {
    fn write(&self, path: &Path, replace: bool) -> Result<(), WriteError> {
        let file = if replace { File::create(path) } else { File::create_new(path) };
        let written = file.and_then(|mut file| file.write_all(self.text.as_bytes()));
        written.map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => WriteError::Exists(path.to_owned()),
            _ => WriteError::Refused { path: path.to_owned(), source },
        })
    }
}

/// Why a row belongs to nothing.
const NO_CASE: &str = "it names no case, and neither does a row above it";

fn transcript(case: &str, source: &str, steps: &[Step]) -> String {
    let rows = steps.iter().map(|step| step.row);
    let (first, last) = (rows.clone().min().unwrap_or(0), rows.max().unwrap_or(0));
    let source = one_line(source);
    let rows =
        if first == last { format!("row {first}") } else { format!("rows {first} to {last}") };
    let mut text = format!("# id: {case}\n# From {source}, {rows}\n");
    for step in steps {
        step.write(&mut text);
    }
    text
}

/// A file's name that a case gives, and no other case of the spreadsheet got.
fn name(case: &str, taken: &mut HashSet<String>) -> String {
    let stem = file_stem(case).unwrap_or_else(|| "case".to_owned());
    let mut name = format!("{stem}.{ENDING}");
    let mut count = 1;
    // Some systems hold names in capitals and without for the same.
    while !taken.insert(name.to_ascii_lowercase()) {
        count += 1;
        name = format!("{stem}-{count}.{ENDING}");
    }
    name
}

/// The words of a case or a title as every system takes them for a file's name, without its ending;
/// none where nothing is left of them.
#[must_use]
pub fn file_stem(words: &str) -> Option<String> {
    let plain = |letter: char| match fold(letter.encode_utf8(&mut [0; 4])).chars().next() {
        Some(folded) if folded.is_ascii_alphanumeric() && letter.is_uppercase() => {
            folded.to_ascii_uppercase()
        }
        Some(folded) if folded.is_ascii_alphanumeric() || folded == '_' => folded,
        _ => '-',
    };
    let letters: String = words.chars().take(MAX_NAME_CHARS).map(plain).collect();
    let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("-"))
}

#[cfg(test)]
mod tests;
