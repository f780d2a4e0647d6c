//! What providers take as buttons and as rows of a list.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::length::length;
use crate::message::Choice;

/// What a provider takes; one choice beyond it and the whole message is refused.
pub(super) struct ChoiceLimits {
    /// How many choices.
    pub(super) choices: RangeInclusive<usize>,
    /// Characters of a title.
    pub(super) title: usize,
    /// Characters of an id.
    pub(super) id: usize,
}

impl ChoiceLimits {
    /// Whether all of these may be sent together.
    pub(super) fn take(&self, choices: &[Choice]) -> bool {
        self.choices.contains(&choices.len())
            && choices
                .iter()
                .all(|choice| is_title(&choice.title, self.title) && is_id(&choice.id, self.id))
            && are_distinct(choices.iter().map(|choice| choice.title.trim()))
            && are_distinct(choices.iter().map(|choice| choice.id.as_str()))
    }
}

/// Whether `title` is something to read, in at most `limit` characters.
pub(super) fn is_title(title: &str, limit: usize) -> bool {
    !title.trim().is_empty() && !title.contains(char::is_control) && length(title) <= limit
}

/// An id that would come back as it went: blanks around it would not.
fn is_id(id: &str, limit: usize) -> bool {
    !id.is_empty() && id == id.trim() && !id.contains(char::is_control) && length(id) <= limit
}

fn are_distinct<'c>(texts: impl Iterator<Item = &'c str>) -> bool {
    let mut seen = HashSet::new();
    texts.into_iter().all(|text| seen.insert(text))
}
