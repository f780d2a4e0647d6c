//! Public pages, read politely.
//!
//! An address goes to the [`Fetcher`], which asks the site's robots.txt first, follows redirects by
//! hand, connects to public addresses alone, and stops at a time and a size. What comes back is a
//! [`Page`]: a title and sections, without the frame around them.

mod address;
mod body;
mod charset;
mod error;
mod fetcher;
mod page;
mod readable;
mod resolver;
mod robots;

pub use address::{AddressRule, Range, range};
pub use error::{FetchError, FetchErrorKind, SetupError};
pub use fetcher::{Fetcher, Limits};
pub use page::{MAX_SECTIONS, Page, Section};
