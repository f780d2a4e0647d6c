//! A spreadsheet saved as text, in whatever way an office saved it: its letters, its separator and
//! its columns are found out.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::text::fold;

/// The largest file that is read, in bytes; a hundred thousand rows are a tenth of it.
const MAX_BYTES: u64 = 64 << 20;

/// What can stand between two cells.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// How a workbook of an office program begins: it is a ZIP file.
const WORKBOOK: &[u8] = b"PK\x03\x04";

/// A column, and the headers that name it, folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) headers: &'static [&'static str],
    pub(super) is_needed: bool,
}

/// One row: its number as the spreadsheet shows it, and the cells of the columns that were asked
/// for, in that order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<const N: usize> {
    pub(super) number: usize,
    pub(super) cells: [String; N],
    /// How many cells stand in it beyond those of the first row: a separator stands without quotes in one.
    pub(super) surplus: usize,
}

/// Why a spreadsheet cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The file is not there or cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is too large.
    #[error("{} has more than {} MiB; split it", .0.display(), MAX_BYTES >> 20)]
    TooLarge(PathBuf),
    /// The file is a workbook.
    #[error("{} is a workbook; save its sheet as CSV (“CSV UTF-8”)", .0.display())]
    Workbook(PathBuf),
    /// A cell takes in all that follows it.
    #[error("{}: in row {row} a quote is opened that nothing closes", path.display())]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The row, as the spreadsheet shows it.
        row: usize,
    },
    /// The first row does not name a column that is needed.
    #[error(
        "{} has no column {}; its first row is {}",
        path.display(),
        listed(wanted, " or "),
        if seen.is_empty() { "empty".to_owned() } else { listed(seen, ", ") }
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The headers that would do.
        wanted: Vec<String>,
        /// The headers that are there.
        seen: Vec<String>,
    },
}

fn listed(names: &[String], joint: &str) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(joint)
}

/// The rows below the header, but for the empty ones.
///
/// # Errors
///
/// A file that cannot be read, is no text, or names no such columns.
pub(super) fn read<const N: usize>(
    path: &Path,
    columns: [Column; N],
) -> Result<Vec<Row<N>>, SheetError> {
    let unreadable = |source| SheetError::Unreadable { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SheetError::TooLarge(path.to_owned()));
    }
    if bytes.starts_with(WORKBOOK) {
        return Err(SheetError::Workbook(path.to_owned()));
    }
    rows(&decoded(&bytes), columns).map_err(|unusable| {
        let path = path.to_owned();
        match unusable {
            Unusable::NoColumn { wanted, seen } => SheetError::NoColumn { path, wanted, seen },
            Unusable::OpenQuote { row } => SheetError::OpenQuote { path, row },
        }
    })
}

/// The letters of a file: what its byte order mark says, else UTF-8, else what Windows writes in
/// Mexico.
fn decoded(bytes: &[u8]) -> String {
    let marked = Encoding::for_bom(bytes).map(|(encoding, _)| encoding);
    let guessed = || if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 };
    // The reader counts lines by their `\n`: one for each row, also for the last.
    let mut text = marked.unwrap_or_else(guessed).decode(bytes).0.replace("\r\n", "\n");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// What is wrong with the text of a spreadsheet.
#[derive(Debug)]
enum Unusable {
    NoColumn { wanted: Vec<String>, seen: Vec<String> },
    OpenQuote { row: usize },
}

fn rows<const N: usize>(text: &str, columns: [Column; N]) -> Result<Vec<Row<N>>, Unusable> {
    let tables = SEPARATORS.map(|separator| Table::new(text, separator));
    let found = |table: &Table| places(table.header(), columns).iter().flatten().count();
    // Of equally good ones the one that makes most columns: the others saw one long name.
    let best = tables.iter().max_by_key(|table| (found(table), table.header().len()));
    let Some(table) = best else { return Ok(Vec::new()) };
    let places = places(table.header(), columns);
    if let Some((column, _)) =
        columns.iter().zip(&places).find(|(column, place)| column.is_needed && place.is_none())
    {
        return Err(Unusable::NoColumn {
            wanted: column.headers.iter().map(|&name| name.to_owned()).collect(),
            seen: table.header().iter().map(|name| name.trim().to_owned()).collect(),
        });
    }
    if let Some(row) = table.open_quote(text) {
        return Err(Unusable::OpenQuote { row });
    }
    let columns = table.header().len();
    let surplus = |record: &StringRecord| {
        record.iter().skip(columns).filter(|cell| !cell.trim().is_empty()).count()
    };
    let rows = table.records.iter().skip(1).map(|(number, record)| Row {
        number: *number,
        surplus: surplus(record),
        cells: places
            .map(|place| place.and_then(|place| record.get(place)).unwrap_or_default().to_owned()),
    });
    Ok(rows.filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty())).collect())
}

/// Where each column stands.
fn places<const N: usize>(header: &StringRecord, columns: [Column; N]) -> [Option<usize>; N] {
    let names: Vec<String> = header.iter().map(plain).collect();
    columns.map(|column| {
        let mut headers = column.headers.iter();
        headers.find_map(|wanted| names.iter().position(|name| name == wanted))
    })
}

/// A header without accents, capitals and signs.
fn plain(header: &str) -> String {
    let folded = fold(header);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A text read with one separator.
struct Table {
    /// Each record with its row number; the header first.
    records: Vec<(usize, StringRecord)>,
    empty: StringRecord,
}

impl Table {
    fn new(text: &str, separator: u8) -> Self {
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let (mut records, mut record) = (Vec::new(), StringRecord::new());
        let mut number = 0;
        loop {
            let start = reader.position().line();
            // The text is UTF-8 and rows may have any length, so no record is refused.
            if !reader.read_record(&mut record).unwrap_or(false) {
                break;
            }
            // Empty lines are no records, but rows to whoever looks for one by its number.
            let lines = usize::try_from(reader.position().line() - start).unwrap_or(usize::MAX);
            let within: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
            number += 1 + lines.saturating_sub(within + 1);
            records.push((number, record.clone()));
        }
        Self { records, empty: StringRecord::new() }
    }

    /// The row whose last cell was never closed. Such a cell ends with the text and its last line
    /// break, which belongs to no cell otherwise, but where a quote stands before it.
    fn open_quote(&self, text: &str) -> Option<usize> {
        let (row, record) = self.records.last()?;
        let takes_all = record.iter().next_back()?.ends_with('\n');
        (takes_all && !text.trim_end_matches('\n').ends_with('"')).then_some(*row)
    }

    fn header(&self) -> &StringRecord {
        self.records.first().map_or(&self.empty, |(_, header)| header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMED: [Column; 2] = [
        Column { headers: &["caso", "case"], is_needed: true },
        Column { headers: &["paso"], is_needed: false },
    ];

    fn cells(bytes: &[u8]) -> Vec<(usize, [String; 2])> {
        let rows = rows(&decoded(bytes), NAMED).expect("the column is there");
        rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    #[test]
    fn a_quote_that_nothing_closes_is_told() {
        let open = |text: &str| rows(&decoded(text.as_bytes()), NAMED);
        for text in ["caso,paso\na,1\nb,\"2\nc,3\n", "caso,paso\na,1\nb,\"2\nc,3"] {
            assert!(matches!(open(text), Err(Unusable::OpenQuote { row: 3 })), "{text:?}");
        }
        for text in ["caso,paso\na,\"1\n\"\n", "caso,paso\na,5\" de largo\n", "caso\na\n\n"] {
            assert!(open(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn whatever_office_saved_it_the_cells_are_the_same() {
        let expected = [(2, ["Año, 1; \"b\"", "1"].map(str::to_owned))];
        let comma = "CASO,Pasó\n\"Año, 1; \"\"b\"\"\",1\n";
        let semicolon = "Paso ;otro;«Caso»\r\n1;x;\"Año, 1; \"\"b\"\"\"";
        let tab = "caso\tpaso\n\"Año, 1; \"\"b\"\"\"\t1";
        for text in [comma, semicolon, tab] {
            assert_eq!(cells(text.as_bytes()), expected, "{text}");
            assert_eq!(cells(format!("\u{feff}{text}").as_bytes()), expected, "{text}");
            assert_eq!(cells(&WINDOWS_1252.encode(text).0), expected, "{text}");
            let marked = format!("\u{feff}{text}");
            let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(cells(&wide), expected, "{text}");
        }
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let text = "caso,paso\n\n\"dos\nlíneas\",1\n,,\nb\n\nc,3";
        let numbers: Vec<usize> = cells(text.as_bytes()).into_iter().map(|(row, _)| row).collect();
        assert_eq!(numbers, [3, 5, 7]);
    }

    #[test]
    fn a_column_that_is_missing_is_told_with_those_that_are_there() {
        let folder = tempfile::tempdir().unwrap();
        let told = |bytes: &[u8]| {
            let path = folder.path().join("a.csv");
            std::fs::write(&path, bytes).unwrap();
            let error = read(&path, NAMED).unwrap_err().to_string();
            error.replace(&path.display().to_string(), "a.csv")
        };
        assert_eq!(
            told(b"Nombre;Edad\nx;1"),
            "a.csv has no column `caso` or `case`; its first row is `Nombre`, `Edad`"
        );
        assert_eq!(told(b""), "a.csv has no column `caso` or `case`; its first row is empty");
        assert_eq!(
            told(b"PK\x03\x04"),
            "a.csv is a workbook; save its sheet as CSV (\u{201c}CSV UTF-8\u{201d})"
        );
        let missing = read(&folder.path().join("b.csv"), NAMED);
        assert!(matches!(missing, Err(SheetError::Unreadable { .. })));
    }
}
