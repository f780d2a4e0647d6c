//! The bots that transcripts talk to: built once for each scene, shared by all threads.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::SignedDuration;

use crate::engine::Engine;
use crate::engine::vocabulary::Vocabulary;
use crate::knowledge::Knowledge;

/// What a scene may have otherwise than the bot usually has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Setting {
    /// The catalogue; none is the usual one.
    pub catalog: Option<PathBuf>,
    /// The folder of flows; none is the usual one.
    pub flows: Option<PathBuf>,
}

/// A bot without its memory.
pub struct Bot<V> {
    /// What speaks.
    pub engine: Arc<Engine<V>>,
    /// What open questions are answered from.
    pub knowledge: Arc<Knowledge>,
    /// How long a silent user is remembered.
    pub retention: SignedDuration,
}

impl<V> Clone for Bot<V> {
    fn clone(&self) -> Self {
        let Self { engine, knowledge, retention } = self;
        let (engine, knowledge) = (Arc::clone(engine), Arc::clone(knowledge));
        Self { engine, knowledge, retention: *retention }
    }
}

/// Every bot that was asked for, or why there is none.
pub(super) struct Stage<V, B> {
    build: B,
    bots: Mutex<HashMap<Setting, Arc<Place<V>>>>,
}

/// Filled by the first who asks; others who ask for the same wait, others for others do not.
type Place<V> = OnceLock<Result<Bot<V>, String>>;

impl<V: Vocabulary, B: Fn(&Setting) -> Result<Bot<V>, String>> Stage<V, B> {
    pub(super) fn new(build: B) -> Self {
        Self { build, bots: Mutex::default() }
    }

    /// The bot for `setting`, or why there is none.
    pub(super) fn bot(&self, setting: &Setting) -> Result<Bot<V>, String> {
        let place = {
            let mut bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(bots.entry(setting.clone()).or_default())
        };
        place.get_or_init(|| (self.build)(setting)).clone()
    }
}

/// A path that a transcript names, as seen from where the run was started. Without the detours
/// (`purchase/../small.csv`), so that two transcripts mean the same bot by the same files.
pub(super) fn seen_from(transcript: &Path, named: &Path) -> PathBuf {
    let mut path = PathBuf::new();
    for part in transcript.parent().unwrap_or(Path::new("")).join(named).components() {
        let is_folder = matches!(path.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::ParentDir if is_folder => drop(path.pop()),
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_seen_from_the_transcript() {
        let seen = |named: &str| seen_from(Path::new("tests/buy/a.chat"), Path::new(named));
        assert_eq!(seen("../fixtures/small.csv"), Path::new("tests/fixtures/small.csv"));
        assert_eq!(seen("./small.csv"), Path::new("tests/buy/small.csv"));
        assert_eq!(seen("../../../other"), Path::new("../other"));
        assert_eq!(seen("/srv/small.csv"), Path::new("/srv/small.csv"));
        assert_eq!(seen_from(Path::new("a.chat"), Path::new("b.csv")), Path::new("b.csv"));
    }
}
