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

/// The dealer, with what its catalogue had to leave out. The profile is the dealer file's with
/// the settings laid over it.
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
    let mut profile = Profile::load(&settings.dealer_path)?;
    // Decided here and nowhere else: what is promised to customers is what is done.
    if let Some(days) = settings.retention_days {
        profile.retention_days = days;
    }
    let dealer = Dealer::new(Arc::new(loaded.catalog), policy, &profile);
    Ok(Assembled { dealer, profile, rejected: loaded.rejected })
}

/// The engine for the flows in `folder`.
pub(super) fn engine(folder: &Path, dealer: Dealer) -> Result<Engine<Dealer>, AssembleError> {
    let flows = check::load(folder, &dealer)?;
    Ok(Engine::new(flows, dealer)?)
}

/// The whole bot over `store`. Tells the log what the catalogue had to leave out.
pub(super) fn conversation(
    settings: &Settings,
    assembled: Assembled,
    store: Arc<dyn Store>,
) -> Result<Conversation<Dealer>, AssembleError> {
    for problem in &assembled.rejected {
        tracing::warn!(row = %problem, "a row of the catalogue was left out");
    }
    let engine = engine(&settings.flows_dir, assembled.dealer)?;
    let knowledge = Knowledge::load(&settings.context_path)?;
    Ok(Conversation::new(engine, knowledge, store, assembled.profile.retention()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::vocabulary::Vocabulary as _;

    #[test]
    fn the_setting_goes_over_the_dealer_s_retention_for_customers_too() {
        for (set, days) in [(None, 30), (Some("9"), 9)] {
            let vars = |name: &str| set.filter(|_| name == "RETENTION_DAYS").map(str::to_owned);
            let settings = Settings::read(vars).unwrap();
            let fixture = Path::new("tests/fixtures/small.csv");
            let Assembled { dealer, profile, .. } = dealer_of(fixture, &settings).unwrap();
            assert_eq!(profile.retention_days, days);
            assert_eq!(dealer.globals()["dealer"]["retention_days"], days);
        }
    }
}
