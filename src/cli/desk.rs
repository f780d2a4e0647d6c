//! How an operator's command is answered: by the store itself or, where a server holds it, by the
//! server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock;
use super::serve::OPERATOR_KEY_FILE;
use super::server::{self, Answered, ServerError};
use crate::config::Settings;
use crate::conversation::{Desk, Errand, ErrandError};
use crate::http::{Key, KeyError, OperatorToken, operator_path};
use crate::store::{self, Newest, SledStore, StoreError, Watch};

/// Where sled keeps its files, in the store's folder.
pub(super) const STORE_FOLDER: &str = "store";

/// A store that does not open, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("{error}{advice}")]
    Store { error: StoreError, advice: String },
    #[error("a restore into {} broke off: run it again", .0.display())]
    BrokeOff(PathBuf),
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeskError {
    #[error("there is no store in {}: is DATA_DIR right?", .0.display())]
    NoStore(PathBuf),
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Errand(#[from] ErrandError),
    #[error("this machine: {0}")]
    Runtime(#[from] std::io::Error),
    #[error("the server holds the store, and the operator's door needs its key: {0}")]
    Key(#[from] KeyError),
    #[error("a process holds the store; the server at {address}: {source}")]
    Server { address: SocketAddr, source: ServerError },
    #[error(
        "the server at {address} answers with status {status}: is it the one that uses this \
         DATA_DIR?"
    )]
    Refused { address: SocketAddr, status: u16 },
    #[error("the server at {address}: {reason}")]
    Failed { address: SocketAddr, reason: String },
    #[error("the server's answer cannot be read: {0}")]
    Answer(#[from] serde_json::Error),
}

/// Opens the store of the settings, and makes it where there is none.
fn open(settings: &Settings) -> Result<SledStore, OpenError> {
    open_watched(settings, Arc::new(()))
}

/// The same, with somebody who is told of each group of commits.
pub(super) fn open_watched(
    settings: &Settings,
    watch: Arc<dyn Watch>,
) -> Result<SledStore, OpenError> {
    let folder = settings.data_dir.join(STORE_FOLDER);
    if store::broke_off(&folder) {
        return Err(OpenError::BrokeOff(folder));
    }
    SledStore::open_watched(&folder, watch).map_err(|error| {
        let damaged = matches!(error, StoreError::Damaged { .. });
        let advice = if damaged { advice(&settings.data_dir) } else { String::new() };
        OpenError::Store { error, advice }
    })
}

/// How a damaged store is replaced.
fn advice(data_dir: &Path) -> String {
    let Some(Newest(backup)) = Newest::find(data_dir) else {
        return "; no backup was ever written from here".to_owned();
    };
    let (file, at) = (backup.file.display(), backup.at.strftime("%F %H:%M:%SZ"));
    let gone = if backup.file.exists() { "" } else { ", which is not there any more" };
    format!(
        "\nThe newest backup is {file} of {at}{gone}:\n  kavak-bot restore \"{file}\" --force \
         --data-dir \"{}\"",
        data_dir.display()
    )
}

/// Has an errand done.
pub(super) fn ask<E: Errand>(settings: &Settings, errand: E) -> Result<E::Answer, DeskError> {
    let folder = settings.data_dir.join(STORE_FOLDER);
    if !folder.exists() {
        return Err(DeskError::NoStore(folder));
    }
    match open(settings) {
        Ok(store) => {
            let desk = Desk::new(Arc::new(store), settings.data_dir.clone(), clock::now);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            Ok(runtime.block_on(errand.run(&desk))?)
        }
        Err(OpenError::Store { error: StoreError::Locked { .. }, .. }) => {
            ask_server(settings, &errand)
        }
        Err(error) => Err(error.into()),
    }
}

fn ask_server<E: Errand>(settings: &Settings, errand: &E) -> Result<E::Answer, DeskError> {
    let token = OperatorToken::new(&Key::load(&settings.data_dir.join(OPERATOR_KEY_FILE))?);
    let address = server::address(settings);
    let body = serde_json::to_vec(errand)?;
    let path = operator_path::<E>();
    match server::post(settings, &path, token.secret(), body, E::PATIENCE) {
        Ok(Answered { status: 200, body }) => Ok(serde_json::from_str(&body)?),
        Ok(Answered { status: 503, body }) => {
            Err(DeskError::Failed { address, reason: reason(&body) })
        }
        Ok(Answered { status, .. }) => Err(DeskError::Refused { address, status }),
        Err(source) => Err(DeskError::Server { address, source }),
    }
}

/// What the server says of an errand that failed.
fn reason(body: &str) -> String {
    let told: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let message = told.as_ref().and_then(|told| told["error"]["message"].as_str());
    message.unwrap_or("it cannot be done").to_owned()
}
