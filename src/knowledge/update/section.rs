//! A page's section as a passage can have it.

use super::file::Place;
use crate::knowledge::MAX_TEXT_CHARS;
use crate::knowledge::context::Line;
use crate::text::fold;

/// Ends a text that was cut within a sentence.
pub(super) const CUT: char = '…';
/// The longest title that is made of a heading, in characters.
const MAX_TITLE_CHARS: usize = 100;
/// The longest part of a name that is made of a heading, in bytes.
const MAX_SLUG_BYTES: usize = 48;

/// A heading and its words, none of which the context file would take for something else.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) slug: String,
    pub(super) text: String,
}

/// The sections of a page: each heading once, none without words.
pub(super) fn tidy(read: &[(String, String)]) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (heading, text) in read {
        let heading: String = one_line(heading).chars().take(MAX_TITLE_CHARS).collect();
        let heading = heading.trim_end().to_owned();
        let text = text.lines().filter_map(as_text).collect::<Vec<_>>().join("\n");
        let slug = slug(&heading);
        if slug.is_empty() || text.is_empty() {
            continue;
        }
        match sections.iter_mut().find(|section| section.slug == slug) {
            Some(same) => {
                same.text.push('\n');
                same.text.push_str(&text);
            }
            None => sections.push(Section { heading, slug, text }),
        }
    }
    sections
}

impl Section {
    /// Whether it has a passage's title or name.
    pub(super) fn is_of(&self, place: &Place) -> bool {
        slug(&place.title) == self.slug || place.own_name() == self.slug
    }

    /// Whether it says more than `text`, which is not only its beginning.
    pub(super) fn says_more(&self, text: &str) -> bool {
        sentences(&self.cut().0).count() > sentences(text).count()
    }

    /// As much as a passage may have, to the end of a sentence, and whether that is not all.
    pub(super) fn cut(&self) -> (String, bool) {
        let Some((limit, _)) = self.text.char_indices().nth(MAX_TEXT_CHARS) else {
            return (self.text.clone(), false);
        };
        let ends = sentence_ends(&self.text).take_while(|end| *end <= limit);
        if let Some(end) = ends.last() {
            return (self.text[..end].trim_end().to_owned(), true);
        }
        // The mark of the cut needs a character too.
        let begun: String = self.text.chars().take(MAX_TEXT_CHARS - 1).collect();
        let begun = begun.rsplit_once(' ').map_or(begun.as_str(), |(begun, _)| begun);
        (format!("{begun}{CUT}"), true)
    }
}

/// `text` as a part of a name: `Garantía básica` is `garantia-basica`. Empty where no letter is
/// left.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::new();
    for part in fold(text).split(|sign: char| !sign.is_ascii_alphanumeric()) {
        if part.is_empty() {
            continue;
        }
        let end = part.len().min(MAX_SLUG_BYTES);
        if slug.len() + 1 + end > MAX_SLUG_BYTES && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&part[..end]);
    }
    slug
}

/// The sentences of `text` in one spelling, without the marks of a list.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = String> {
    let mut start = 0;
    let parts: Vec<&str> = sentence_ends(text)
        .map(|end| {
            let part = &text[start..end];
            start = end;
            part
        })
        .collect();
    parts.into_iter().filter_map(|part| {
        let part = fold(&one_line(part.trim().trim_start_matches(['-', '•'])));
        (!part.is_empty()).then_some(part)
    })
}

/// Where the sentences of `text` end: after a mark before a blank, at the end of a line, at the
/// end.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut after_mark = false;
    let ends = text.char_indices().filter_map(move |(at, sign)| {
        let is_end = sign == '\n' || (after_mark && sign.is_whitespace());
        after_mark = matches!(sign, '.' | '!' | '?' | '…');
        is_end.then_some(at)
    });
    ends.chain([text.len()])
}

/// A line of a page as a line of text, or nothing where nothing is left: `Fuente: INEGI` would be a
/// key of the passage, and `## a/b: C` another passage.
fn as_text(line: &str) -> Option<String> {
    let mut line = one_line(line);
    loop {
        match Line::read(&line) {
            Line::Text(_) => return Some(line),
            Line::Blank if line.is_empty() => return None,
            Line::Blank | Line::Theme(_) | Line::Passage(_) => {
                line = String::from(line.trim_start_matches(['#', '/', ' ', '\u{feff}']));
            }
            Line::Key(..) | Line::Misspelt { .. } => line = line.replacen(':', " –", 1),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
