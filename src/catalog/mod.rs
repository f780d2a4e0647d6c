//! The cars on sale: loading them from a CSV file, and searching them. It knows no chat.
//!
//! The reading order: [`Car`] is what a row becomes, [`Words`] tell its body and transmission,
//! `load` turns a file into a [`Catalog`] (columns, grouped by make and model), `search` answers a
//! [`Query`].

mod car;
mod columns;
mod load;
mod name;
mod query;
mod row;
mod search;
mod words;
mod write;

pub use car::{Body, Car, Feature, StockId, StockIdError, Transmission};
pub use columns::{Catalog, MakeCount, ModelCount};
pub use load::{LoadError, Loaded, MAX_FILE_BYTES, MAX_ROWS};
pub use query::{Bounds, Condition, Query, Sort};
pub use row::RowProblem;
pub use search::{Found, Nearest};
pub use words::{KnownModel, Words, WordsError};
pub use write::written;
