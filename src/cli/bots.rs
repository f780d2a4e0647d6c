//! The bots that transcripts talk to, made of the settings' files and the transcripts' own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::assemble::{self, Assembled, Files};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::check::{Blueprint, Tried};
use crate::knowledge::Knowledge;
use crate::shelf::Shelf;
use crate::transcript::{self, Bot, Setting};

/// Makes bots. What is dear to make and the same in all of them is made once: whoever changes a file
/// has it forgotten.
pub(super) struct Bots<'a> {
    settings: &'a Settings,
    /// By context file.
    knowledge: Shelf<PathBuf, Made<Knowledge>>,
    /// By folder of flows.
    blueprints: Shelf<PathBuf, Made<Blueprint>>,
    /// By catalogue.
    dealers: Shelf<PathBuf, Made<Assembled>>,
    /// What of the wording was tried out, by catalogue and folder of flows.
    tried: Shelf<(PathBuf, PathBuf), Arc<Mutex<Tried>>>,
}

/// A part that bots share, or why there is none.
type Made<T> = Result<Arc<T>, String>;

impl<'a> Bots<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        let (knowledge, blueprints, dealers, tried) = Default::default();
        Self { settings, knowledge, blueprints, dealers, tried }
    }

    /// The bot for a transcript's setting, or why there is none.
    pub(super) fn build(&self, setting: &Setting) -> Result<Bot<Dealer>, String> {
        let models =
            setting.model.as_deref().map(transcript::scripted).transpose()?.unwrap_or_default();
        let dealer = self.dealer(self.catalog(setting))?;
        let blueprint = self.blueprint(self.flows(setting))?;
        let knowledge = self.knowledge(&self.settings.context_path)?;
        let files = (self.catalog(setting).to_owned(), self.flows(setting).to_owned());
        let tried = self.tried.get(&files, |_| Arc::default());
        let mut tried = tried.lock().unwrap_or_else(PoisonError::into_inner);
        let bot = assemble::bot(&dealer, &blueprint, &mut tried, knowledge);
        let bot = bot.map_err(|error| error.to_string())?;
        Ok(Bot { models, ..bot })
    }

    /// The files and folders that the bot for a setting is made of.
    pub(super) fn sources<'s>(&'s self, setting: &'s Setting) -> impl Iterator<Item = &'s Path> {
        let Settings { policy_path, dealer_path, context_path, .. } = self.settings;
        let own = [self.catalog(setting), self.flows(setting)];
        let shared = [policy_path, dealer_path, context_path].map(PathBuf::as_path);
        own.into_iter().chain(shared).chain(setting.model.as_deref())
    }

    /// Forgets what was made of files and folders that are `outdated`.
    pub(super) fn forget(&self, outdated: impl Fn(&Path) -> bool) {
        let Settings { policy_path, dealer_path, .. } = self.settings;
        let all_dealers = outdated(policy_path) || outdated(dealer_path);
        self.dealers.forget(|catalog| all_dealers || outdated(catalog));
        self.tried.forget(|(catalog, _)| all_dealers || outdated(catalog));
        self.blueprints.forget(|folder| outdated(folder));
        self.knowledge.forget(|context| outdated(context));
    }

    /// The cars of a setting.
    pub(super) fn catalog<'s>(&'s self, setting: &'s Setting) -> &'s Path {
        setting.catalog.as_ref().unwrap_or(&self.settings.catalog_path)
    }

    /// The folder of a setting's flows.
    pub(super) fn flows<'s>(&'s self, setting: &'s Setting) -> &'s Path {
        setting.flows.as_ref().unwrap_or(&self.settings.flows_dir)
    }

    fn dealer(&self, catalog: &Path) -> Made<Assembled> {
        made(&self.dealers, catalog, |catalog| {
            let files = Files { catalog: catalog.to_owned(), ..Files::of(self.settings) };
            let assembled = assemble::dealer_of(&files, self.settings.retention_days);
            assembled.map(Assembled::remembering)
        })
    }

    fn blueprint(&self, folder: &Path) -> Made<Blueprint> {
        made(&self.blueprints, folder, assemble::blueprint)
    }

    fn knowledge(&self, context: &Path) -> Made<Knowledge> {
        made(&self.knowledge, context, Knowledge::load)
    }
}

/// What `make` makes of a path, where it is not on the shelf.
fn made<T, E: ToString>(
    shelf: &Shelf<PathBuf, Made<T>>,
    path: &Path,
    make: impl Fn(&Path) -> Result<T, E>,
) -> Made<T> {
    shelf.get(&path.to_owned(), |path| make(path).map(Arc::new).map_err(|error| error.to_string()))
}
