//! A transcript, read: the scene and what happens in it, each with its line.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::fact::Fact;
use super::pattern::Pattern;
use super::stage::{Setting, seen_from};
use crate::message::Content;

/// One transcript.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Script {
    /// What `# id:` says.
    pub id: Option<String>,
    /// The first comment.
    pub title: Option<String>,
    /// What `@` sets.
    pub scene: Scene,
    /// What happens, in order.
    pub moves: Vec<Move>,
}

/// Where and when a conversation takes place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// The moment of the first message.
    pub clock: Timestamp,
    /// The catalogue, as written; the bot's own where none is named.
    pub catalog: Option<Located<PathBuf>>,
    /// The flows, as written; the bot's own where none are named.
    pub flows: Option<Located<PathBuf>>,
    /// The script of the model, as written; no model where none is named.
    pub model: Option<Located<PathBuf>>,
    /// The stored session to begin with, as written.
    pub session: Option<Located<PathBuf>>,
}

/// Something that stands at a line of the transcript.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Located<T> {
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub value: T,
}

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Move {
    /// Somebody writes, and is answered.
    Turn(Turn),
    /// Time passes.
    Wait(SignedDuration),
    /// The bot stops and starts again: only what was committed is left.
    Restart,
    /// The bot goes on with other flows.
    Flows(Located<PathBuf>),
    /// The bot goes on with other cars.
    Catalog(Located<PathBuf>),
}

/// A message and what is expected of its answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    /// The line that opens it, from 1.
    pub line: usize,
    /// That line.
    pub heading: String,
    /// The last line of the message.
    pub opened_until: usize,
    /// What is sent.
    pub sent: Sent,
    /// The replies that are listed.
    pub replies: Vec<Vec<Written>>,
    /// What is asserted besides.
    pub facts: Vec<Fact>,
}

/// What is sent in a turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sent {
    /// A new message.
    Message(Content),
    /// A button with this id.
    Tap(String),
    /// The last message again, with its id.
    Duplicate,
}

/// A line of a reply.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    /// Its line in the file, from 1.
    pub line: usize,
    /// The words after the mark.
    pub words: String,
    /// What they describe.
    pub pattern: Pattern,
}

impl Scene {
    /// What the bot is made of, for a transcript that stands in the file `path`.
    pub(super) fn setting(&self, path: &Path) -> Setting {
        let seen = |named: &Option<Located<PathBuf>>| {
            named.as_ref().map(|named| seen_from(path, &named.value))
        };
        Setting { catalog: seen(&self.catalog), flows: seen(&self.flows), model: seen(&self.model) }
    }

    /// The files of the setting, each with the line that names it.
    pub(super) fn files(&self, path: &Path) -> impl Iterator<Item = Located<PathBuf>> {
        let named = [&self.catalog, &self.flows, &self.model].into_iter().flatten();
        named.map(move |named| named.seen_from(path))
    }

    /// The file of the stored session, with the line that names it.
    pub(super) fn session_file(&self, path: &Path) -> Option<Located<PathBuf>> {
        Some(self.session.as_ref()?.seen_from(path))
    }
}

impl Located<PathBuf> {
    /// What the transcript in the file `path` names, as seen from where the run was started.
    fn seen_from(&self, path: &Path) -> Self {
        Self { line: self.line, value: seen_from(path, &self.value) }
    }
}

impl Script {
    /// The messages that are sent, in order.
    pub(super) fn turns(&self) -> impl Iterator<Item = &Turn> {
        self.moves.iter().filter_map(|event| match event {
            Move::Turn(turn) => Some(turn),
            _ => None,
        })
    }

    /// Every setting that it is played in, where it stands in the file `path`.
    pub(super) fn settings(&self, path: &Path) -> Vec<Setting> {
        let mut settings = vec![self.scene.setting(path)];
        for event in &self.moves {
            let later = settings.last().and_then(|now| event.setting(now, path));
            settings.extend(later.map(|(setting, _)| setting));
        }
        settings
    }
}

impl Move {
    /// What the bot is made of afterwards, where that is something else than `now`, and the file or
    /// folder of it that is new.
    pub(super) fn setting(
        &self,
        now: &Setting,
        path: &Path,
    ) -> Option<(Setting, Located<PathBuf>)> {
        let (now, named) = (now.clone(), self.file(path)?);
        let new = Some(named.value.clone());
        let setting = match self {
            Self::Flows(_) => Setting { flows: new, ..now },
            _ => Setting { catalog: new, ..now },
        };
        Some((setting, named))
    }

    /// What the bot goes on with.
    fn file(&self, path: &Path) -> Option<Located<PathBuf>> {
        match self {
            Self::Flows(named) | Self::Catalog(named) => Some(named.seen_from(path)),
            Self::Turn(_) | Self::Wait(_) | Self::Restart => None,
        }
    }
}

impl Turn {
    /// Whether the replies are compared. A duplicate that lists none asserts by itself.
    pub(super) fn compares_replies(&self) -> bool {
        let asserts_by_itself = matches!(self.sent, Sent::Duplicate) && self.replies.is_empty();
        !asserts_by_itself && !self.is_about_facts_alone()
    }

    /// Whether a message is followed by assertions and no reply.
    pub(super) fn is_about_facts_alone(&self) -> bool {
        let is_message = !matches!(self.sent, Sent::Duplicate);
        is_message && self.replies.is_empty() && !self.facts.is_empty()
    }

    /// The texts that the listed replies name, with the line of each.
    pub(super) fn text_names(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.replies.iter().flatten();
        lines.flat_map(|written| written.pattern.text_names().map(|name| (written.line, name)))
    }
}
