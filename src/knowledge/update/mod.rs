//! Joining a page that was read into the context file.
//!
//! Only passages whose `fuente:` names the page are touched, and nothing is ever deleted:
//!
//! - A passage whose every sentence still stands on the page is confirmed: it gets the new date. So
//!   one that somebody has shortened by hand stays short.
//! - Else, where a section has its title or its name, it gets that section's words; its questions
//!   and all its other lines stay.
//! - Else, or where it draws on other pages too, it is only told.
//! - A section that no passage draws on becomes a new one, under a theme of its own.

mod file;
mod note;
mod section;

use std::collections::HashSet;

use jiff::civil::Date;

pub use note::Note;
pub use section::slug;

use super::source;
use super::{ContextError, Knowledge};
use file::{File, Place};
use section::{Section, sentences};

/// The shortest section that becomes a passage, in characters: shorter ones are labels.
const MIN_NEW_CHARS: usize = 40;

/// A page that was read.
#[derive(Debug, Clone)]
pub struct PageRead {
    /// Its address as `fuente:` has it: see [`address`](super::address()).
    pub address: String,
    /// Where else it may be known by, as before a redirect.
    pub asked: String,
    /// The day it was read.
    pub date: Date,
    /// Headings and what stands under them, a paragraph a line.
    pub sections: Vec<(String, String)>,
}

/// A context file with a page joined in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The whole file.
    pub text: String,
    /// What happened to each passage of the page, in the order of the file; new ones last.
    pub notes: Vec<Note>,
}

/// `file` with `page` joined in; new passages come under `theme`, which is the page's host where it
/// is not given.
///
/// # Errors
///
/// All that is wrong with the file that would come out, which is also what was wrong before.
pub fn update(file: &str, page: &PageRead, theme: Option<&str>) -> Result<Updated, ContextError> {
    let host = page.address.split('/').next().unwrap_or_default();
    let mut update = Update::new(file, page);
    update.revise();
    update.add(theme.unwrap_or(host));
    let text = update.file.text();
    Knowledge::parse(&text)?;
    Ok(Updated { text, notes: update.notes })
}

/// An update that is being made.
struct Update<'a> {
    page: &'a PageRead,
    addresses: [String; 2],
    file: File,
    sections: Vec<Section>,
    /// Which of the sections a passage draws on.
    is_covered: Vec<bool>,
    notes: Vec<Note>,
}

impl<'a> Update<'a> {
    fn new(file: &str, page: &'a PageRead) -> Self {
        let sections = section::tidy(&page.sections);
        Self {
            page,
            addresses: [page.address.clone(), page.asked.clone()],
            file: File::read(file),
            is_covered: vec![false; sections.len()],
            sections,
            notes: Vec::new(),
        }
    }

    /// Confirms, renews or tells each passage of the page.
    fn revise(&mut self) {
        let said: HashSet<String> =
            self.sections.iter().flat_map(|section| sentences(&section.text)).collect();
        let places: Vec<Place> = self.file.passages().to_vec();
        for place in places {
            let from = self.file.source(&place);
            if !source::names(&from, &self.addresses) {
                continue;
            }
            let text = self.file.passage_text(&place);
            let titled = self.sections.iter().position(|section| section.is_of(&place));
            let stands = sentences(&text).all(|sentence| stands(&sentence, &said));
            self.cover(titled, &text, stands);
            let name = place.name.clone();
            let note = match titled.map(|index| &self.sections[index]) {
                _ if stands => {
                    self.file.date(&place, &self.addresses, self.page.date);
                    let is_short = titled.is_some_and(|at| self.sections[at].says_more(&text));
                    if is_short { Note::Grown { name } } else { Note::Confirmed { name } }
                }
                Some(_) if !source::names_only(&from, &self.addresses) => Note::Shared { name },
                Some(section) => {
                    let (text, is_cut) = section.cut();
                    self.file.replace(&place, &text);
                    self.file.date(&place, &self.addresses, self.page.date);
                    Note::Refreshed { name, is_cut }
                }
                None => Note::Unmatched { name },
            };
            self.notes.push(note);
        }
    }

    /// Marks the sections that a passage draws on: the one of its title, and where its words still
    /// stand those that have one of them.
    fn cover(&mut self, titled: Option<usize>, text: &str, stands: bool) {
        let drawn: HashSet<String> = sentences(text).collect();
        for (index, section) in self.sections.iter().enumerate() {
            let is_drawn_on = stands && sentences(&section.text).any(|said| drawn.contains(&said));
            self.is_covered[index] |= is_drawn_on || titled == Some(index);
        }
    }

    /// Makes passages of the sections that none draws on.
    fn add(&mut self, theme: &str) {
        let mut written = Vec::new();
        for (section, is_covered) in self.sections.iter().zip(&self.is_covered) {
            if *is_covered || section.text.chars().count() < MIN_NEW_CHARS {
                continue;
            }
            let name = self.file.free_name(&slug(theme), &section.slug);
            let (text, is_cut) = section.cut();
            written.push([
                format!("## {name}: {}", section.heading),
                "// Nuevo y sin leer: revísalo, acórtalo y escribe sus preguntas.".to_owned(),
                format!("fuente: {}, {}", self.page.address, self.page.date),
                text,
            ]);
            self.notes.push(Note::New { name, is_cut });
        }
        self.file.add(theme, &written);
    }
}

/// Whether a sentence is among those that are `said`; one that was cut only begins like one.
fn stands(sentence: &str, said: &HashSet<String>) -> bool {
    said.contains(sentence)
        || sentence.strip_suffix(section::CUT).is_some_and(|begun| {
            !begun.is_empty() && said.iter().any(|said| said.starts_with(begun))
        })
}

#[cfg(test)]
mod tests;
