//! The flows drawn, for people who would rather see them than read them: as a Mermaid chart, and as
//! pages that a browser shows without a network.
//!
//! A [`Chart`] is what is drawn, `layers` says where each step stands, `svg` draws one flow and
//! `page` all of them. Whoever counts something gives a count for each step and way, and gets the
//! same drawing, marked.

mod chart;
mod html;
mod layers;
mod mermaid;
mod page;
mod svg;

pub use chart::Chart;
pub use html::{STYLE, escaped};
pub use mermaid::mermaid;
pub use page::page;
