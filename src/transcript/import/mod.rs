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
    let mut text = format!("# id: {case}\n# From {source}, rows {first} to {last}\n");
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
mod tests {
    use super::*;
    use crate::message::Content;
    use crate::transcript::parse::parse;
    use crate::transcript::script::{Move, Sent};
    use proptest::prelude::*;
    use step::{MAX_CELL_CHARS, words};

    fn row(number: usize, cells: [&str; 4]) -> Row<4> {
        Row { number, cells: cells.map(str::to_owned) }
    }

    fn imported(rows: &[[&str; 4]]) -> Import {
        let rows = rows.iter().enumerate();
        Import::of("guiones.csv", rows.map(|(index, cells)| row(index + 2, *cells)).collect())
    }

    /// What each turn of a transcript says, with the answers that it lists.
    fn played(text: &str) -> Vec<(Content, Vec<String>)> {
        let script = parse("a.chat", text).expect("a transcript that can be read");
        let turns = script.moves.into_iter().map(|event| match event {
            Move::Turn(turn) => {
                let Sent::Message(content) = turn.sent else { panic!("no message") };
                let words = turn.replies.iter().map(|reply| {
                    reply.iter().map(|line| line.words.as_str()).collect::<Vec<_>>().join("\n")
                });
                (content, words.collect())
            }
            other => panic!("{other:?} is no turn"),
        });
        turns.collect()
    }

    #[test]
    fn a_case_is_a_transcript() {
        let import = imported(&[
            ["TC-1", "1", "hola", "¿Qué auto buscas?\r\n1. Una persona"],
            ["", "2", "[audio]", ""],
            ["", "", "", "¿Seguimos?"],
            ["Él dice: ¡ñandú!", "", "\\[x", "Sí"],
        ]);
        assert!(import.unused.is_empty(), "{:?}", import.unused);
        let files: Vec<(&str, &str)> = import
            .transcripts
            .iter()
            .map(|imported| (imported.name.as_str(), imported.text.as_str()))
            .collect();
        assert_eq!(
            files,
            [
                (
                    "TC-1.chat",
                    "# id: TC-1\n# From guiones.csv, rows 2 to 4\n\n> hola\n< ¿Qué auto buscas?\n\
                     | 1. Una persona\n\n> \\[audio]\n< {...}\n< ¿Seguimos?\n"
                ),
                (
                    "El-dice-nandu.chat",
                    "# id: Él dice: ¡ñandú!\n# From guiones.csv, rows 5 to 5\n\n> \\\\[x\n< Sí\n"
                ),
            ]
        );
    }

    #[test]
    fn a_step_that_stands_twice_is_told() {
        let import = imported(&[
            ["a", "1", "uno", "1"],
            ["a", "1", "", "y más"],
            ["a", "2", "dos", "2"],
            ["", "", "tres", "3"],
            ["a", "1", "otra", "x"],
        ]);
        let [unused] = import.unused.as_slice() else { panic!("{:?}", import.unused) };
        assert_eq!(unused.to_string(), "row 6: its case has this step already, in row 2");
        assert_eq!(played(&import.transcripts[0].text).len(), 3);
    }

    #[test]
    fn steps_give_the_order() {
        let import = imported(&[
            ["a", "2", "dos", "2"],
            ["a", "", "", "2 y más"],
            ["b", "Paso 1.", "otro", "x"],
            ["a", "1.0", "uno", "1"],
        ]);
        let turns = played(&import.transcripts[0].text);
        let words: Vec<String> = turns.into_iter().flat_map(|(_, replies)| replies).collect();
        assert_eq!(words, ["1", "2", "2 y más"]);
    }

    #[test]
    fn every_row_that_cannot_be_used_is_told() {
        let long = "x".repeat(MAX_CELL_CHARS + 1);
        let import = imported(&[
            ["", "1", "hola", "x"],
            ["a", "1", "", "Hola"],
            ["a", "uno", "hola", "x"],
            ["a", "3", " ", "\n"],
            ["a", "4", "hola", "{n:entero} autos"],
            ["a", "5", &long, "x"],
            ["a", "6", "hola", "{n:int} autos"],
        ]);
        let told: Vec<String> = import.unused.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "row 2: it names no case, and neither does a row above it",
                "row 3: the bot answers here before the customer has said anything",
                "row 4: its step `uno` is no number",
                "row 5: nobody says anything in it",
                "row 6: there is no kind of wildcard `entero`; there is `int` and `money`",
                "row 7: a cell has more than 10000 characters; was a quote left open?",
            ]
        );
        assert_eq!(import.transcripts.len(), 1);
    }

    #[test]
    fn no_two_cases_share_a_file() {
        let mut taken = HashSet::new();
        let names = ["tc 1", "TC-1", "../..", "¿?", "ñ"].map(|case| name(case, &mut taken));
        assert_eq!(names, ["tc-1.chat", "TC-1-2.chat", "case.chat", "case-2.chat", "n.chat"]);
    }

    #[test]
    fn a_file_that_is_there_is_left_but_on_demand() {
        let folder = tempfile::tempdir().unwrap();
        let import = imported(&[["a", "1", "hola", "x"]]);
        let file = folder.path().join("new/a.chat");
        let write = |replace| import.write(file.parent().unwrap(), replace).next().unwrap();
        assert_eq!(write(false).unwrap(), file);
        fs::write(&file, "mine").unwrap();
        assert!(matches!(write(false), Err(WriteError::Exists(_))));
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        write(true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), import.transcripts[0].text);
    }

    /// Lines as people write them, and as would be markup.
    fn lines() -> impl Strategy<Value = String> {
        let line =
            "(\\[audio\\]|\\\\\\[|\\\\\\\\|\\[3 ja\\]|[>|<=!@#] ?|\\{|\\}| |ñ|¿|\t|[a-c1]){0,6}";
        proptest::collection::vec(line, 1..4).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn what_was_in_the_cells_is_in_the_transcript(
            cells in proptest::collection::vec((lines(), lines()), 1..6),
        ) {
            let cells: Vec<_> = cells.iter().map(|(user, bot)| ["a", "", user, bot]).collect();
            let import = imported(&cells);
            let kept = cells.iter().filter(|cells| words(cells[2]).is_some());
            let expected: Vec<Content> =
                kept.clone().map(|cells| Content::Text(words(cells[2]).unwrap())).collect();
            let Some(made) = import.transcripts.first() else {
                prop_assert!(expected.is_empty());
                return Ok(());
            };
            let turns = played(&made.text);
            let messages: Vec<Content> = turns.iter().map(|(content, _)| content.clone()).collect();
            prop_assert_eq!(messages, expected);
            let first = cells.iter().position(|cells| words(cells[2]).is_some()).unwrap();
            let answers = cells[first..].iter().filter_map(|cells| {
                let any = words(cells[2]).is_some().then(|| "{...}".to_owned());
                words(cells[3]).or(any)
            });
            let listed = turns.into_iter().flat_map(|(_, replies)| replies);
            prop_assert_eq!(listed.collect::<Vec<_>>(), answers.collect::<Vec<_>>());
        }
    }
}
