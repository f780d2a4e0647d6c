//! The parts of the bot, put together from the settings.

use std::path::Path;
use std::sync::Arc;

use crate::catalog::{Catalog, LoadError, RowProblem, Words};
use crate::config::Settings;
use crate::conversation::Conversation;
use crate::credit::{Policy, PolicyError};
use crate::dealer::{Dealer, Profile, ProfileError};
use crate::engine::check::CheckError;
use crate::engine::{Engine, RenderError, check};
use crate::knowledge::{self, Knowledge};
use crate::store::Store;

/// A part that cannot be had. Each says the file, what is wrong and what would be right.
#[derive(Debug, thiserror::Error)]
pub(super) enum AssembleError {
    #[error(transparent)]
    Catalog(#[from] LoadError),
    #[error(transparent)]
    Policy(#[from] PolicyError),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Flows(#[from] CheckError),
    #[error(transparent)]
    Texts(#[from] RenderError),
    #[error("{0}")]
    Knowledge(#[from] knowledge::LoadError),
}

/// The dealer, with what its catalogue had to leave out.
pub(super) struct Assembled {
    pub(super) dealer: Dealer,
    pub(super) profile: Profile,
    pub(super) rejected: Vec<RowProblem>,
}

/// The dealer of the settings.
pub(super) fn dealer(settings: &Settings) -> Result<Assembled, AssembleError> {
    dealer_of(&settings.catalog_path, settings)
}

/// The dealer of the settings, with the cars of another catalogue.
pub(super) fn dealer_of(catalog: &Path, settings: &Settings) -> Result<Assembled, AssembleError> {
    let loaded = Catalog::load(catalog, Words::built_in())?;
    let policy = Policy::load(&settings.policy_path)?;
    let profile = Profile::load(&settings.dealer_path)?;
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    Ok(Assembled { dealer, profile, rejected: loaded.rejected })
}

/// The engine for the flows in `folder`.
pub(super) fn engine(folder: &Path, dealer: Dealer) -> Result<Engine<Dealer>, AssembleError> {
    let flows = check::load(folder, &dealer)?;
    Ok(Engine::new(flows, dealer)?)
}

/// The whole bot over `store`.
pub(super) fn conversation(
    settings: &Settings,
    dealer: Dealer,
    store: Arc<dyn Store>,
) -> Result<Conversation<Dealer>, AssembleError> {
    let engine = engine(&settings.flows_dir, dealer)?;
    let knowledge = Knowledge::load(&settings.context_path)?;
    Ok(Conversation::new(engine, knowledge, store))
}
