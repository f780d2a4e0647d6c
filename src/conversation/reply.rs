//! From the parts of a turn to the messages that are sent: as few as fit their channel.

use std::collections::HashSet;
use std::fmt;

use super::open::Answered;
use crate::engine::Part;
use crate::message::{Answer, Choice, Reply};

/// Characters of one message, at most. WhatsApp takes more, Twilio 1,600.
pub(super) const MAX_MESSAGE_CHARS: usize = 1_500;

/// The words of each part, `answers` in the places of the open questions, in their order. Two that
/// have the same answer get it once.
pub(super) fn words(parts: &[Part], answers: &[Answered]) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(parts.len());
    let mut answers = answers.iter();
    for part in parts {
        let (unanswered, offer) = match part {
            Part::Text(text) => {
                words.push(text.clone());
                continue;
            }
            Part::Open { unanswered, offer, .. } => (unanswered, offer),
        };
        let answer = match answers.next().and_then(|answer| answer.text.as_ref()) {
            Some(text) if offer.is_empty() => text.clone(),
            Some(text) => format!("{text}\n{offer}"),
            None => unanswered.clone(),
        };
        if !words.contains(&answer) {
            words.push(answer);
        }
    }
    words
}

/// The messages that say `parts`: one, or several cut at a line where one would be too long. The
/// choices belong to the last.
pub(super) fn messages(parts: &[String], choices: &[Choice]) -> Vec<Reply> {
    let whole = parts.iter().filter(|part| !part.trim().is_empty());
    let whole = whole.map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut replies: Vec<Reply> = cut(&whole)
        .into_iter()
        .map(|text| Reply { text, media: Vec::new(), choices: Vec::new() })
        .collect();
    if let Some(last) = replies.last_mut() {
        last.choices = choices.to_vec();
    }
    replies
}

/// What no answer may be, whatever was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing is said.
    Mute,
    /// A reply says nothing.
    Blank,
    /// A reply is too long for its channel.
    Long {
        /// Its characters.
        length: usize,
        /// As many as it may have.
        most: usize,
    },
    /// Two choices cannot be told apart.
    SameIds,
    /// A choice cannot be read.
    Nameless,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mute => f.write_str("the message is not answered"),
            Self::Blank => f.write_str("a reply is blank"),
            Self::Long { length, most } => {
                write!(f, "a reply has {length} characters, over {most}")
            }
            Self::SameIds => f.write_str("two choices have one id"),
            Self::Nameless => f.write_str("a choice has no title"),
        }
    }
}

/// What is wrong with an answer, whatever was said.
#[must_use]
pub fn flaw(answer: &Answer) -> Option<Flaw> {
    if answer.replies.is_empty() {
        return Some(Flaw::Mute);
    }
    answer.replies.iter().find_map(|Reply { text, choices, .. }| {
        let length = text.chars().count();
        let ids: HashSet<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
        let is_nameless = |choice: &Choice| choice.title.trim().is_empty();
        match () {
            () if text.trim().is_empty() => Some(Flaw::Blank),
            () if length > MAX_MESSAGE_CHARS => {
                Some(Flaw::Long { length, most: MAX_MESSAGE_CHARS })
            }
            () if ids.len() < choices.len() => Some(Flaw::SameIds),
            () if choices.iter().any(is_nameless) => Some(Flaw::Nameless),
            () => None,
        }
    })
}

/// `text` in pieces of at most [`MAX_MESSAGE_CHARS`], cut at the end of a line where there is one.
fn cut(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while rest.len() > MAX_MESSAGE_CHARS
        && let Some((limit, _)) = rest.char_indices().nth(MAX_MESSAGE_CHARS)
    {
        let line = rest[..limit].rfind('\n').filter(|end| *end > 0);
        let end = line.unwrap_or(limit);
        pieces.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    pieces.push(rest.to_owned());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{OpenAnswer, Source};

    #[test]
    fn open_questions_are_answered_once_and_the_offer_follows_an_answer() {
        let open = Part::Open {
            question: "¿garantía?".into(),
            before: String::new(),
            unanswered: "No sé.".into(),
            offer: "¿Una persona?".into(),
        };
        let answered = |text: Option<&str>| Answered {
            text: text.map(str::to_owned),
            record: OpenAnswer {
                question: String::new(),
                passages: Vec::new(),
                source: Source::Knowledge,
            },
        };
        let parts = [open.clone(), Part::Text("Y".into()), open.clone(), open.clone(), open];
        let answers = [Some("Tres meses."), Some("Tres meses."), None, None].map(answered);
        assert_eq!(words(&parts, &answers), ["Tres meses.\n¿Una persona?", "Y", "No sé."]);
    }

    #[test]
    fn short_parts_are_one_message() {
        let choices = [Choice { id: "1".into(), title: "Sí".into() }];
        let replies = messages(&["Hola.".into(), " ".into(), "¿Va?".into()], &choices);
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].text, "Hola.\n¿Va?");
        assert_eq!(replies[0].choices, choices);
    }

    #[test]
    fn long_ones_are_cut_at_a_line_and_lose_nothing() {
        let line = "á".repeat(400);
        let parts: Vec<String> = (0..6).map(|_| line.clone()).collect();
        let replies = messages(&parts, &[]);
        assert_eq!(replies.len(), 2);
        assert!(replies.iter().all(|reply| reply.text.chars().count() <= MAX_MESSAGE_CHARS));
        let lines: usize = replies.iter().map(|reply| reply.text.lines().count()).sum();
        assert_eq!(lines, 6);
    }
}
