//! The parts of the bot, put together from the settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use crate::catalog::{Catalog, LoadError, RowProblem, Words};
use crate::config::{ModelSettings, Settings};
use crate::conversation::{Allowance, Conversation, Meaning, Models, Terms, Watch, Wording};
use crate::credit::{Policy, PolicyError};
use crate::dealer::{self, Dealer, Profile, ProfileError};
use crate::engine::Engine;
use crate::engine::check::{self, Blueprint, CheckError, Tried};
use crate::knowledge::{self, Knowledge};
use crate::llm::{
    Client, ClientError, DEFAULT_BASE_URL, DEFAULT_MODEL, Embed, Endpoint, Price, Prices,
};
use crate::store::{CallLimits, Store};
use crate::transcript::Bot;

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
    #[error("{0}")]
    Knowledge(#[from] knowledge::LoadError),
    #[error(transparent)]
    Model(#[from] ClientError),
}

/// The dealer, with what its catalogue had to leave out. The profile is the dealer file's with
/// the settings laid over it.
pub(super) struct Assembled {
    pub(super) dealer: Arc<Dealer>,
    pub(super) profile: Profile,
    pub(super) rejected: Vec<RowProblem>,
}

impl Assembled {
    /// The same, whose dealer remembers messages: see [`Dealer::remember`].
    pub(super) fn remembering(mut self) -> Self {
        Arc::get_mut(&mut self.dealer).expect("nobody else has him yet").remember();
        self
    }
}

/// The files that a bot is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) catalog: PathBuf,
    pub(super) flows: PathBuf,
    pub(super) policy: PathBuf,
    pub(super) dealer: PathBuf,
    pub(super) context: PathBuf,
}

impl Files {
    /// Those of the settings.
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            catalog: settings.catalog_path.clone(),
            flows: settings.flows_dir.clone(),
            policy: settings.policy_path.clone(),
            dealer: settings.dealer_path.clone(),
            context: settings.context_path.clone(),
        }
    }
}

/// The dealer of the settings.
pub(super) fn dealer(settings: &Settings) -> Result<Assembled, AssembleError> {
    dealer_of(&Files::of(settings), settings.retention_days)
}

/// The dealer of these files, who remembers a silent user so many days: those of his profile where
/// nothing is said.
pub(super) fn dealer_of(
    files: &Files,
    retention_days: Option<u16>,
) -> Result<Assembled, AssembleError> {
    let loaded = Catalog::load(&files.catalog, Words::built_in())?;
    let policy = Policy::load(&files.policy)?;
    let mut profile = Profile::load(&files.dealer)?;
    // Decided here and nowhere else: what is promised to customers is what is done.
    if let Some(days) = retention_days {
        profile.retention_days = days;
    }
    let dealer = Arc::new(Dealer::new(Arc::new(loaded.catalog), policy, &profile));
    Ok(Assembled { dealer, profile, rejected: loaded.rejected })
}

/// What becomes flows in `folder`, for every dealer.
pub(super) fn blueprint(folder: &Path) -> Result<Blueprint, AssembleError> {
    Ok(Blueprint::read(folder, &dealer::offers())?)
}

/// The bot of a dealer and this blueprint of his flows, without its memory and without models. Of the
/// wording, only what was not `tried` with this dealer is tried out.
pub(super) fn bot(
    assembled: &Assembled,
    blueprint: &Blueprint,
    tried: &mut Tried,
    knowledge: Arc<Knowledge>,
) -> Result<Bot<Dealer>, AssembleError> {
    let Assembled { dealer, profile, .. } = assembled;
    let flows = blueprint.check_untried(&**dealer, tried).map_err(CheckError::from)?;
    let engine = Arc::new(Engine::new(flows, Arc::clone(dealer)));
    Ok(Bot { engine, knowledge, models: Models::default(), retention: profile.retention() })
}

/// What open questions are answered from.
pub(super) fn knowledge(files: &Files) -> Result<Arc<Knowledge>, AssembleError> {
    Ok(Arc::new(Knowledge::load(&files.context)?))
}

/// The engine for the flows in `folder`.
pub(super) fn engine(folder: &Path, dealer: Arc<Dealer>) -> Result<Engine<Dealer>, AssembleError> {
    let flows = check::load(folder, &*dealer)?;
    Ok(Engine::new(flows, dealer))
}

/// All of a bot but its store.
pub(super) struct Mind {
    engine: Engine<Dealer>,
    knowledge: Knowledge,
    models: Models,
    retention: SignedDuration,
    watch: Arc<dyn Watch>,
}

/// The mind of a bot that somebody watches. Tells the log what the catalogue had to leave out.
pub(super) fn mind(
    settings: &Settings,
    assembled: Assembled,
    watch: Arc<dyn Watch>,
) -> Result<Mind, AssembleError> {
    for problem in &assembled.rejected {
        tracing::warn!(row = %problem, "a row of the catalogue was left out");
    }
    let engine = engine(&settings.flows_dir, assembled.dealer)?;
    let knowledge = Knowledge::load(&settings.context_path)?;
    let models = models(&settings.model, &watch)?;
    let retention = assembled.profile.retention();
    Ok(Mind { engine, knowledge, models, retention, watch })
}

impl Mind {
    /// The whole bot, which remembers in `store`.
    pub(super) fn over(self, store: Arc<dyn Store>) -> Conversation<Dealer> {
        let Self { engine, knowledge, models, retention, watch } = self;
        Conversation::new(engine, knowledge, models, store, retention).watched(watch)
    }
}

/// What a model's tokens cost where neither the price is set nor the model's own is known: more
/// than any model does that would be put to this work, so that the cap is reached early and not
/// late.
const UNKNOWN_PRICES: Prices = Prices { input: Price(10_000), output: Price(40_000) };

/// What the tokens of [`DEFAULT_MODEL`] cost: 0.15 and 0.60 dollars a million.
const DEFAULT_PRICES: Prices = Prices { input: Price(150), output: Price(600) };

/// The models of the settings; none where there is no key.
pub(super) fn models(
    settings: &ModelSettings,
    watch: &Arc<dyn Watch>,
) -> Result<Models, AssembleError> {
    let Some(client) = client(settings)?.map(Arc::new) else { return Ok(Models::default()) };
    let limits = CallLimits {
        user_a_day: settings.user_daily_limit,
        all_a_day: settings.daily_limit,
        nanodollars_a_month: settings.monthly_cap,
    };
    let meaning = settings.embedding_name.is_some().then(|| {
        let terms =
            Terms { prices: embedding_prices(settings), limits, floor: settings.embedding_floor };
        let meaning = Meaning::new(Arc::clone(&client) as Arc<dyn Embed>, terms);
        Arc::new(meaning.watched(Arc::clone(watch)))
    });
    let budget = Duration::from_secs(settings.timeout_seconds.into());
    let allowance = Allowance { prices: prices(settings), limits, budget };
    let wording = Wording::new(client, allowance).watched(Arc::clone(watch));
    Ok(Models { wording: Some(Arc::new(wording)), meaning })
}

/// The model's server; none where there is no key.
fn client(settings: &ModelSettings) -> Result<Option<Client>, AssembleError> {
    let Some(key) = settings.api_key.clone() else { return Ok(None) };
    let endpoint = Endpoint {
        base_url: settings.base_url.clone().unwrap_or_else(|| DEFAULT_BASE_URL.to_owned()),
        key,
        model: model_name(settings).to_owned(),
        embedding_model: settings.embedding_name.clone(),
        token_field: settings.token_field,
    };
    Ok(Some(Client::new(endpoint)?))
}

/// The model that is asked.
pub(super) fn model_name(settings: &ModelSettings) -> &str {
    settings.name.as_deref().unwrap_or(DEFAULT_MODEL)
}

/// Whether it is known what the model's tokens cost.
pub(super) fn has_known_prices(settings: &ModelSettings) -> bool {
    let is_set = settings.input_price.is_some() && settings.output_price.is_some();
    is_set || model_name(settings) == DEFAULT_MODEL
}

fn prices(settings: &ModelSettings) -> Prices {
    let usual = if model_name(settings) == DEFAULT_MODEL { DEFAULT_PRICES } else { UNKNOWN_PRICES };
    Prices {
        input: settings.input_price.map_or(usual.input, Price),
        output: settings.output_price.map_or(usual.output, Price),
    }
}

/// What an embedded token costs where no price is set: ten times what small models of this kind do.
const UNKNOWN_EMBEDDING_PRICE: Price = Price(200);

fn embedding_prices(settings: &ModelSettings) -> Prices {
    let input = settings.embedding_price.map_or(UNKNOWN_EMBEDDING_PRICE, Price);
    Prices { input, output: Price(0) }
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
            let Assembled { dealer, profile, .. } = super::dealer(&settings).unwrap();
            assert_eq!(profile.retention_days, days);
            assert_eq!(dealer.globals()["dealer"]["retention_days"], days);
        }
    }
}
