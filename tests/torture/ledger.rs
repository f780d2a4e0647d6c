//! What is in the store once all is over: the turns that were acknowledged, once each, in order.

use std::path::Path;

use kavak_bot::message::Content;
use kavak_bot::store::{SledStore, Store as _};

use crate::customer::Diary;
use crate::script;
use crate::writer::Written;

/// Compares the store in `folder`, which no server holds, with what the customers know.
///
/// # Errors
///
/// The first thing that is not as it should be.
pub(crate) fn check(folder: &Path, diaries: &[Diary]) -> Result<(), String> {
    let store = SledStore::open(folder).map_err(|error| error.to_string())?;
    for diary in diaries {
        let Diary { number, door, acknowledged, .. } = *diary;
        let whose = format!("customer {number} at {door:?}");
        let user = door.user(number);
        let history = store.history(&user, usize::MAX).map_err(|error| error.to_string())?;
        let stored = history.turns.len();
        if stored != acknowledged || history.unreadable > 0 {
            let unreadable = history.unreadable;
            return Err(format!(
                "{whose}: {acknowledged} turns acknowledged, {stored} stored, {unreadable} of \
                 them unreadable"
            ));
        }
        for (turn, record) in history.turns.iter().enumerate() {
            let inbound = &record.inbound;
            let id = inbound.id.as_ref().map_or("none", |id| id.as_str());
            let words = Content::Text(script::message(turn).to_owned());
            if id != door.message_id(turn) || inbound.content != words {
                return Err(format!("{whose}: message {id} is stored as turn {turn}"));
            }
        }
    }
    Ok(())
}

/// The same of what writers were acknowledged.
///
/// # Errors
///
/// The first thing that is not as it should be.
pub(crate) fn check_written(folder: &Path, written: &[Written]) -> Result<(), String> {
    let store = SledStore::open(folder).map_err(|error| error.to_string())?;
    for writer in written {
        let user = writer.user();
        let history = store.history(&user, usize::MAX).map_err(|error| error.to_string())?;
        let said = history.turns.iter().map(|turn| turn.inbound.content.clone());
        let expected = (0..writer.acknowledged).map(|turn| script::message(turn).to_owned());
        if !said.eq(expected.map(Content::Text)) || history.unreadable > 0 {
            let (known, stored) = (writer.acknowledged, history.turns.len());
            return Err(format!("{user:?}: {known} messages acknowledged, {stored} turns stored"));
        }
    }
    Ok(())
}
