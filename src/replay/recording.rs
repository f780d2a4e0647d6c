//! What customers wrote in conversations that took place.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Deserializer, Value};

use crate::knowledge::masked;
use crate::message::{Content, TurnRecord};

/// The customer's side of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// What it is called in reports: a number, which tells nothing of its user.
    pub conversation: String,
    /// What the customer sent, oldest first.
    pub messages: Vec<Said>,
}

/// One message of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// When it came.
    pub at: Timestamp,
    /// What it was.
    #[serde(flatten)]
    pub content: Content,
}

/// A file that holds no recordings.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The system does not give it.
    #[error("{} cannot be read: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not what `export` or `user export` writes.
    #[error(
        "{} is not what `kavak-bot export` or `kavak-bot user export` writes: {source}",
        path.display()
    )]
    Json {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
}

/// A user as `user export` writes it, as far as it is read here.
#[derive(Deserialize)]
struct Exported {
    turns: Vec<TurnRecord>,
}

impl Recording {
    /// What a user wrote in `turns`; it is called by its `number`.
    #[must_use]
    pub fn of(number: usize, turns: Vec<TurnRecord>) -> Self {
        let said = |turn: TurnRecord| Said { at: turn.inbound.at, content: turn.inbound.content };
        Self { conversation: number.to_string(), messages: turns.into_iter().map(said).collect() }
    }

    /// The same, with personal data masked where it has a shape.
    #[must_use]
    pub fn masked(mut self) -> Self {
        for said in &mut self.messages {
            let words = said.content.words_mut();
            *words = masked(words);
        }
        self
    }

    /// The recordings in a file: one JSON object after the other, or what `user export` wrote.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or holds something else.
    pub fn load(path: &Path) -> Result<Vec<Self>, RecordingError> {
        let path = path.to_owned();
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(source) => return Err(RecordingError::Io { path, source }),
        };
        let values = Deserializer::from_reader(BufReader::new(file)).into_iter::<Value>();
        let mut recordings = Vec::new();
        for value in values {
            if let Err(source) = value.and_then(|value| Self::add(value, &mut recordings)) {
                return Err(RecordingError::Json { path, source });
            }
        }
        Ok(recordings)
    }

    /// Adds the recordings in one value of a file.
    fn add(value: Value, recordings: &mut Vec<Self>) -> serde_json::Result<()> {
        match value {
            Value::Array(users) => {
                users.into_iter().try_for_each(|user| Self::add(user, recordings))?;
            }
            value if value.get("turns").is_some() => {
                let Exported { turns } = serde_json::from_value(value)?;
                recordings.push(Self::of(recordings.len() + 1, turns));
            }
            value => recordings.push(serde_json::from_value(value)?),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Channel, Media, UserId};

    fn recording() -> Recording {
        let at = "2026-03-02T16:00:00Z".parse().unwrap();
        let image = Content::Media { kind: Media::Image, caption: "¿este?".to_owned() };
        let text = Content::Text("me llamo Ana, mi cel es 55 1234 5678".to_owned());
        let messages = vec![Said { at, content: text }, Said { at, content: image }];
        Recording { conversation: "1a2b3c4d".to_owned(), messages }
    }

    fn written(text: &str) -> Result<Vec<Recording>, RecordingError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Recording::load(file.path())
    }

    #[test]
    fn lines_of_json_come_back() {
        let line = serde_json::to_string(&recording()).unwrap();
        assert_eq!(written(&format!("{line}\n{line}\n")).unwrap(), [recording(), recording()]);
        assert_eq!(written("").unwrap(), []);
    }

    #[test]
    fn what_user_export_writes_is_read() {
        let user = UserId::new(Channel::Chat, "ana").unwrap();
        let inbound = serde_json::json!({
            "user": user, "id": null, "at": "2026-03-02T16:00:00Z", "content": {"text": "hola"},
        });
        let answer = serde_json::json!({
            "replies": [], "state": "menu.start", "source": "flow", "session": {},
        });
        let turn = serde_json::json!({"inbound": inbound, "answer": answer});
        let export = serde_json::json!({"user": user, "turns": [turn], "session": null});
        for text in [export.to_string(), serde_json::json!([export]).to_string()] {
            let [recording] = written(&text).unwrap().try_into().unwrap();
            assert_eq!(recording.conversation, "1");
            assert_eq!(recording.messages[0].content, Content::Text("hola".to_owned()));
        }
    }

    #[test]
    fn anything_else_is_told() {
        for text in ["{", "[1]", "{\"messages\": []}", "hola"] {
            assert!(matches!(written(text), Err(RecordingError::Json { .. })), "{text}");
        }
    }

    #[test]
    fn a_masked_recording_names_nobody() {
        let masked = serde_json::to_string(&recording().masked()).unwrap();
        assert!(!masked.contains("Ana") && !masked.contains("1234"), "{masked}");
        assert!(masked.contains("¿este?"));
    }
}
