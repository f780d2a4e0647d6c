//! A message as the engine hears it: its words in the forms that they are compared in, and what the
//! vocabulary understands of them.

use super::Engine;
use crate::engine::threshold::Measure;
use crate::engine::vocabulary::Vocabulary;
use crate::message::{Content, Media};
use crate::text;

/// A message as the engine hears it.
#[derive(Debug, Clone)]
pub struct Heard<M> {
    /// How many characters it has.
    pub(super) characters: usize,
    /// What it is.
    pub(super) what: What<M>,
}

/// What a message is.
#[derive(Debug, Clone)]
pub(super) enum What<M> {
    /// Words that can be read.
    Words(Words<M>),
    /// Media without words.
    Media(Media),
    /// No words at all.
    Empty,
    /// More words than are read.
    TooLong,
}

/// The words of a message and what they mean.
#[derive(Debug, Clone)]
pub(super) struct Words<M> {
    /// As written.
    pub(super) original: String,
    /// Folded, without symbols: the form in which whole messages are compared.
    pub(super) plain: String,
    /// The same without the words that carry nothing.
    pub(super) gist: String,
    /// The gist of each part between commas and full stops, where there are several.
    pub(super) clauses: Vec<String>,
    /// What they stand under, where they are a caption.
    pub(super) caption_of: Option<Media>,
    /// What the vocabulary understood.
    pub(super) message: M,
}

impl<M> Heard<M> {
    /// Its kind, as a trace tells it.
    pub(super) const fn kind(&self) -> &'static str {
        match &self.what {
            What::Words(_) => "words",
            What::Media(kind) => kind.as_str(),
            What::Empty => "empty",
            What::TooLong => "too_long",
        }
    }
}

impl<V: Vocabulary> Engine<V> {
    /// Understands a message, whatever the step.
    #[must_use]
    pub fn hear(&self, content: &Content) -> Heard<V::Message> {
        let (words, media) = match content {
            Content::Text(words) => (words, None),
            Content::Media { kind, caption } => (caption, Some(*kind)),
        };
        let characters = words.chars().count();
        let is_blank = |character: char| character.is_whitespace() || character.is_control();
        let what = if self.flows.bot.thresholds.are_passed_by(Measure::Characters(characters)) {
            What::TooLong
        } else if words.chars().all(is_blank) {
            media.map_or(What::Empty, What::Media)
        } else {
            What::Words(self.read(words, media))
        };
        Heard { characters, what }
    }

    pub(super) fn read(&self, words: &str, caption_of: Option<Media>) -> Words<V::Message> {
        let message = self.vocabulary.understand(words);
        Words {
            original: words.to_owned(),
            plain: signed(words, text::plain(words)),
            gist: signed(words, self.vocabulary.gist_of(&message, words)),
            clauses: self.clauses(words),
            caption_of,
            message,
        }
    }

    /// The gist of each part of a message; none where it is all one.
    fn clauses(&self, words: &str) -> Vec<String> {
        let parts = words.split([',', '.', ';', ':', '!', '?', '\n']);
        let parts: Vec<&str> = parts.filter(|part| !part.trim().is_empty()).collect();
        if parts.len() < 2 {
            return Vec::new();
        }
        let parts = parts.into_iter();
        let gists = parts.map(|part| self.vocabulary.gist(part)).filter(|gist| !gist.is_empty());
        let gists: Vec<String> = gists.collect();
        if gists.len() > 1 { gists } else { Vec::new() }
    }
}

/// The plain form of a message with the sign that belongs to its number: `-1`, `$1` and `1%` pick
/// nothing.
fn signed(words: &str, plain: String) -> String {
    let words = words.trim();
    let before = |signs: &[char]| {
        let unsigned = words.strip_prefix(signs);
        unsigned.is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    if before(&['-', '−']) {
        format!("-{plain}")
    } else if is_number && before(&['$']) {
        format!("${plain}")
    } else if is_number && words.ends_with('%') {
        format!("{plain}%")
    } else {
        plain
    }
}
