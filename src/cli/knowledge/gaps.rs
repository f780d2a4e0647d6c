//! `kavak-bot knowledge gaps`: what customers asked and did not get answered, or not well.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Verdict;
use crate::cli::serve::{OPERATOR_KEY_FILE, STORE_FOLDER};
use crate::cli::server::{self, Answered, ServerError};
use crate::config::Settings;
use crate::conversation::{self, Gap};
use crate::http::{GAPS_PATH, Key, KeyError, OperatorToken};
use crate::store::{SledStore, StoreError};

/// List the questions that got "no lo sé" or 👎, most frequent first
#[derive(Debug, Args)]
pub(in crate::cli) struct Gaps {
    /// How many questions
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Print them as JSON, one object a line
    #[arg(long)]
    json: bool,
}

/// Why the gaps cannot be told.
#[derive(Debug, thiserror::Error)]
enum GapsError {
    #[error("there is no store in {}: is DATA_DIR right?", .0.display())]
    NoStore(PathBuf),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the server holds the store, and the operator's door needs its key: {0}")]
    Key(#[from] KeyError),
    #[error("a process holds the store; the server at {address}: {source}")]
    Server { address: std::net::SocketAddr, source: ServerError },
    #[error(
        "the server at {address} answers with status {status}: is it the one that uses this \
         DATA_DIR?"
    )]
    Refused { address: std::net::SocketAddr, status: u16 },
    #[error("the server's answer cannot be read: {0}")]
    Answer(#[from] serde_json::Error),
}

impl Gaps {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        match gaps(settings) {
            Ok(gaps) => {
                for gap in gaps.iter().take(self.limit) {
                    println!("{}", if self.json { json(gap) } else { line(gap) });
                }
                if !self.json {
                    println!("questions: {}", gaps.len());
                }
                Verdict::Fine
            }
            Err(error) => {
                eprintln!("{error}");
                Verdict::Wrong
            }
        }
    }
}

/// The gaps from the store itself or, where a server holds it, from the server.
fn gaps(settings: &Settings) -> Result<Vec<Gap>, GapsError> {
    let folder = settings.data_dir.join(STORE_FOLDER);
    if !folder.exists() {
        return Err(GapsError::NoStore(folder));
    }
    match SledStore::open(&folder) {
        Ok(store) => Ok(conversation::gaps(&store)?),
        Err(StoreError::Locked { .. }) => served(settings),
        Err(error) => Err(error.into()),
    }
}

fn served(settings: &Settings) -> Result<Vec<Gap>, GapsError> {
    let token = OperatorToken::new(&Key::load(&settings.data_dir.join(OPERATOR_KEY_FILE))?);
    let address = server::address(settings);
    match server::get(settings, GAPS_PATH, Some(token.secret())) {
        Ok(Answered { status: 200, body }) => Ok(serde_json::from_str(&body)?),
        Ok(Answered { status, .. }) => Err(GapsError::Refused { address, status }),
        Err(source) => Err(GapsError::Server { address, source }),
    }
}

fn json(gap: &Gap) -> String {
    serde_json::to_string(gap).expect("a gap is JSON")
}

/// `  3  2026-11-28  “¿motos?” no lo sé 2, 👎 1 (kavak/que-es)`.
fn line(gap: &Gap) -> String {
    let Gap { question, refused, disliked, passages, last } = gap;
    let mut parts = Vec::new();
    if *refused > 0 {
        parts.push(format!("no lo sé {refused}"));
    }
    if *disliked > 0 {
        parts.push(format!("👎 {disliked} ({})", passages.join(", ")));
    }
    format!("{:>4}  {}  “{question}”  {}", gap.count(), last.strftime("%F"), parts.join(", "))
}
