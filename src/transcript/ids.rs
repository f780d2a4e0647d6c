//! A list of cases that ought to be covered, and those that no transcript covers.

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::report::Report;
use super::sheet::{self, Column, Row, SheetError};

/// How the column of the ids may be headed.
const ID: Column = Column {
    headers: &[
        "id",
        "caso",
        "case",
        "clave",
        "case id",
        "test case",
        "id caso",
        "id de caso",
        "id del caso",
    ],
    is_needed: true,
};

/// The cases of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    list: PathBuf,
    ids: Vec<String>,
}

/// The cases of a list that no transcript covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The list.
    pub list: PathBuf,
    /// How many cases it names.
    pub listed: usize,
    /// Those that no transcript has as its id, in the order of the list.
    pub ids: Vec<String>,
}

impl Ids {
    /// Reads the list in a CSV file: the column `id`, `caso` or `case`.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or has no such column.
    pub fn load(list: &Path) -> Result<Self, SheetError> {
        let rows = sheet::read(list, [ID])?;
        let mut seen = HashSet::new();
        let ids = rows.into_iter().map(|Row { cells: [id], .. }| id.trim().to_owned());
        let ids = ids.filter(|id| !id.is_empty() && seen.insert(id.clone())).collect();
        Ok(Self { list: list.to_owned(), ids })
    }

    /// Those that no transcript of `report` covers, passed or not.
    #[must_use]
    pub fn uncovered(&self, report: &Report) -> Uncovered {
        let covered: HashSet<&str> =
            report.cases.iter().filter_map(|case| case.id.as_deref()).collect();
        let ids = self.ids.iter().filter(|id| !covered.contains(id.as_str()));
        Uncovered { list: self.list.clone(), listed: self.ids.len(), ids: ids.cloned().collect() }
    }
}

impl fmt::Display for Uncovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { list, listed, ids } = self;
        write!(f, "{}: cases without a transcript: {} of {listed}", list.display(), ids.len())?;
        for id in ids {
            write!(f, "\n  {id}")?;
        }
        Ok(())
    }
}
