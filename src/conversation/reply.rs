//! From the parts of a turn to the messages that are sent: as few as fit their channel.

use crate::engine::Part;
use crate::knowledge::Knowledge;
use crate::message::{Choice, Reply};

/// Characters of one message, at most. WhatsApp takes more, Twilio 1,600.
pub(super) const MAX_MESSAGE_CHARS: usize = 1_500;

/// The words of each part, open questions answered from `knowledge`. Two that have the same answer
/// get it once.
pub(super) fn words(parts: &[Part], knowledge: &Knowledge) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        let (question, before, unanswered, offer) = match part {
            Part::Text(text) => {
                words.push(text.clone());
                continue;
            }
            Part::Open { question, before, unanswered, offer } => {
                (question, before, unanswered, offer)
            }
        };
        let answer = match knowledge.reply_after(before, question) {
            Some(answered) if offer.is_empty() => answered.text.to_owned(),
            Some(answered) => format!("{}\n{offer}", answered.text),
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

/// `text` in pieces of at most [`MAX_MESSAGE_CHARS`], cut at the end of a line where there is one.
fn cut(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((limit, _)) = rest.char_indices().nth(MAX_MESSAGE_CHARS) {
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

    #[test]
    fn open_questions_are_answered_once_and_the_offer_follows_an_answer() {
        let file = "# T\n## a/b: Garantía\nfuente: x\npreguntas: ¿Qué garantía dan?\nTres meses.\n";
        let knowledge = Knowledge::parse(file).expect("a good file");
        let open = |question: &str| Part::Open {
            question: question.into(),
            before: String::new(),
            unanswered: "No sé.".into(),
            offer: "¿Una persona?".into(),
        };
        let asked = ["¿qué garantía dan?", "¿dan garantía?", "¿y bitcoin?", "¿y ether?"].map(open);
        assert_eq!(words(&asked, &knowledge), ["Tres meses.\n¿Una persona?", "No sé."]);
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
