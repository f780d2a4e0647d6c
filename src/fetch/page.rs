//! What is left of a page once its frame is taken away.

use url::Url;

/// The sections that are kept of one page.
pub const MAX_SECTIONS: usize = 100;

/// A page as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it was found, after its redirects.
    pub url: Url,
    /// Its title; may be empty.
    pub title: String,
    /// Its parts in order, at least one and at most [`MAX_SECTIONS`]; each has text.
    pub sections: Vec<Section>,
    /// How many more sections it has.
    pub left_out: usize,
}

/// A heading and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// One line. What stands above the first heading has the page's title.
    pub heading: String,
    /// Paragraphs and list items, one a line; blanks collapsed, nothing invisible.
    pub text: String,
}
