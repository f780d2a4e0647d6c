//! From a CSV file to a catalogue: good rows are taken, bad ones reported, all at once.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::ByteRecord;

use super::columns::Catalog;
use super::row::{Draft, Header, RowProblem};
use super::{StockId, Words};

/// The most rows: what the ranks of a search are laid out for.
pub const MAX_ROWS: usize = 1_000_000;
/// The largest file: [`MAX_ROWS`] rows of twice their usual length.
pub const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// How many problems a report lists; what follows is counted.
const MAX_LISTED: usize = 100;

/// A catalogue, and what was left out of it.
#[derive(Debug)]
pub struct Loaded {
    /// The good rows.
    pub catalog: Catalog,
    /// What is wrong with the others, in the order of the file.
    pub rejected: Vec<RowProblem>,
}

/// No catalogue can be made of the file.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read the catalogue {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// More than [`MAX_FILE_BYTES`].
    #[error("the catalogue {} is larger than {MAX_FILE_BYTES} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A column is missing, a stock id stands twice, there are too many rows, or not one is good.
    #[error("the catalogue {} cannot be used:{}", path.display(), Listed(problems))]
    Refused {
        /// The file.
        path: PathBuf,
        /// Everything that is wrong, bad rows included, in the order of the file.
        problems: Vec<RowProblem>,
    },
}

impl Catalog {
    /// Reads the catalogue at `path`; `words` tell bodies and transmissions.
    ///
    /// # Errors
    ///
    /// See [`LoadError`]. Bad rows alone are no error: they are left out and listed.
    pub fn load(path: &Path, words: &Words) -> Result<Loaded, LoadError> {
        let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(LoadError::TooLarge { path: path.to_owned() });
        }
        Self::parse(&bytes, path, words)
    }

    /// Reads a catalogue from the bytes of a CSV file; `path` is the name it has in errors.
    ///
    /// # Errors
    ///
    /// As [`Catalog::load`].
    pub fn parse(csv: &[u8], path: &Path, words: &Words) -> Result<Loaded, LoadError> {
        let Reading { drafts, problems, fatal } = Reading::of(csv);
        if fatal {
            return Err(LoadError::Refused { path: path.to_owned(), problems });
        }
        Ok(Loaded { catalog: Self::build(drafts, words), rejected: problems })
    }
}

/// What came out of the file.
#[derive(Default)]
struct Reading {
    drafts: Vec<Draft>,
    problems: Vec<RowProblem>,
    /// One of the problems leaves no catalogue.
    fatal: bool,
}

impl Reading {
    fn of(csv: &[u8]) -> Self {
        let mut reading = Self::default();
        let mut records =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
        let mut lines = Lines { bytes: csv, at: 0, line: 1 };
        let mut record = ByteRecord::new();
        let mut header = None;
        let mut first_lines: HashMap<StockId, u64> = HashMap::new();
        // Reading from memory cannot fail, and bytes that are no UTF-8 are the fields' business.
        while matches!(records.read_byte_record(&mut record), Ok(true)) {
            if record.iter().all(|field| field.trim_ascii().is_empty()) {
                continue;
            }
            let line = lines.of(record.position().map_or(0, csv::Position::byte));
            let Some(header) = &header else {
                match Header::find(&record) {
                    Ok(found) => header = Some(found),
                    Err(problems) => return reading.stopped(line, problems),
                }
                continue;
            };
            if reading.drafts.len() == MAX_ROWS {
                return reading.stopped(line, [format!("more than {MAX_ROWS} rows")]);
            }
            reading.note_repeated(header, &record, line, &mut first_lines);
            match header.read(&record) {
                Ok(draft) => reading.drafts.push(draft),
                Err(problems) => reading.note(line, problems),
            }
        }
        if reading.drafts.is_empty() {
            let what = "not one good row; a catalogue needs a car".to_owned();
            return reading.stopped(lines.line, [what]);
        }
        reading
    }

    /// A car that stands twice has two prices: which one is right, only the dealer knows.
    fn note_repeated(
        &mut self,
        header: &Header,
        record: &ByteRecord,
        line: u64,
        first_lines: &mut HashMap<StockId, u64>,
    ) {
        let Some(id) = header.field(record, "stock_id").and_then(|text| text.parse().ok()) else {
            return;
        };
        if let Some(first) = first_lines.get(&id) {
            let what = format!("stock_id: {id} stands on line {first} too; keep one of the two");
            self.note(line, [what]);
            self.fatal = true;
        } else {
            first_lines.insert(id, line);
        }
    }

    fn note(&mut self, line: u64, problems: impl IntoIterator<Item = String>) {
        self.problems.extend(problems.into_iter().map(|what| RowProblem { line, what }));
    }

    fn stopped(mut self, line: u64, problems: impl IntoIterator<Item = String>) -> Self {
        self.note(line, problems);
        self.fatal = true;
        self
    }
}

/// Counts lines as records are read: the reader's own count starts before the blank lines and the
/// half of a CRLF that it skips.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first record at or after `offset`, which must not go back.
    fn of(&mut self, offset: u64) -> u64 {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let blank = |byte: &u8| matches!(byte, b'\n' | b'\r');
        while let Some(byte) = self.bytes.get(self.at)
            && (self.at < offset || blank(byte))
        {
            self.line += u64::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

/// A line each, up to [`MAX_LISTED`].
struct Listed<'a>(&'a [RowProblem]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in self.0.iter().take(MAX_LISTED) {
            write!(f, "\n  {problem}")?;
        }
        match self.0.len().saturating_sub(MAX_LISTED) {
            0 => Ok(()),
            more => write!(f, "\n  and {more} more"),
        }
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
