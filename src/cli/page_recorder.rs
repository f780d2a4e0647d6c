//! The conversations of the page as transcripts, for its button.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

use super::recorder::{Recorder, RecorderError};
use crate::config::Settings;
use crate::conversation::{Desk, Errand as _, ErrandError, Export};
use crate::http::{Record, Recorded, RecordedFile, Unrecorded};
use crate::message::{TurnRecord, UserId};

/// The first line of such a transcript, which whoever saves it replaces.
const TITLE: &str = "Conversación de la página";

/// What its files are called.
const NAME: &str = "conversacion";

/// Records what the store of a server holds.
pub(super) struct PageRecorder {
    pub(super) settings: Arc<Settings>,
    pub(super) desk: Desk,
}

/// Why a conversation could not be recorded.
#[derive(Debug, thiserror::Error)]
enum PageRecordError {
    #[error(transparent)]
    Store(#[from] ErrandError),
    #[error(transparent)]
    Recorder(#[from] RecorderError),
    #[error("the bot that plays it broke off: {0}")]
    Broken(#[from] tokio::task::JoinError),
}

#[async_trait]
impl Record for PageRecorder {
    async fn record(&self, user: UserId) -> Result<Option<Recorded>, Unrecorded> {
        self.recorded(user).await.map_err(|error| Unrecorded(error.to_string()))
    }
}

impl PageRecorder {
    async fn recorded(&self, user: UserId) -> Result<Option<Recorded>, PageRecordError> {
        let exports = Export { users: vec![user] }.run(&self.desk).await?;
        let turns: Vec<TurnRecord> = exports.into_iter().flat_map(|export| export.turns).collect();
        if turns.is_empty() {
            return Ok(None);
        }
        let settings = Arc::clone(&self.settings);
        let played = tokio::task::spawn_blocking(move || play(&settings, &turns));
        Ok(Some(played.await??))
    }
}

/// Records `turns` in a folder of its own, of which nothing stays.
fn play(settings: &Settings, turns: &[TurnRecord]) -> Result<Recorded, RecorderError> {
    let recorder = Recorder::new(settings)?;
    let same = recorder.compare(TITLE, turns)?.failed() == 0;
    let folder = tempfile::tempdir()
        .map_err(|source| RecorderError::File { path: std::env::temp_dir(), source })?;
    let file = folder.path().join(NAME).with_extension("chat");
    recorder.write(TITLE, turns, &file)?;
    Ok(Recorded { transcript: read(&file)?, cars: read(&file.with_extension("csv"))?, same })
}

fn read(file: &Path) -> Result<RecordedFile, RecorderError> {
    let text = fs::read_to_string(file)
        .map_err(|source| RecorderError::File { path: file.to_owned(), source })?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(RecordedFile { name: name.unwrap_or_default(), text })
}
