//! The bots that transcripts talk to, made of the settings' files and the transcripts' own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::assemble::{self, Files};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::check::Blueprint;
use crate::knowledge::Knowledge;
use crate::shelf::Shelf;
use crate::transcript::{self, Bot, Setting};

/// Makes bots. What is dear to make and the same in all of them is made once.
pub(super) struct Bots<'a> {
    settings: &'a Settings,
    /// By context file.
    knowledge: Shelf<PathBuf, Result<Arc<Knowledge>, String>>,
    /// By folder of flows.
    blueprints: Shelf<PathBuf, Result<Arc<Blueprint>, String>>,
}

impl<'a> Bots<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, knowledge: Shelf::default(), blueprints: Shelf::default() }
    }

    /// The bot for a transcript's setting, or why there is none.
    pub(super) fn build(&self, setting: &Setting) -> Result<Bot<Dealer>, String> {
        let (catalog, flows) = (self.catalog(setting).to_owned(), self.flows(setting).to_owned());
        let files = Files { catalog, flows, ..Files::of(self.settings) };
        let models =
            setting.model.as_deref().map(transcript::scripted).transpose()?.unwrap_or_default();
        let (blueprint, knowledge) =
            (self.blueprint(&files.flows)?, self.knowledge(&files.context)?);
        let bot = assemble::bot(&files, &blueprint, knowledge, self.settings.retention_days);
        Ok(Bot { models, ..bot.map_err(|error| error.to_string())? })
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

    fn blueprint(&self, folder: &PathBuf) -> Result<Arc<Blueprint>, String> {
        let read = |folder: &PathBuf| assemble::blueprint(folder).map(Arc::new);
        self.blueprints.get(folder, |folder| read(folder).map_err(|error| error.to_string()))
    }

    fn knowledge(&self, context: &PathBuf) -> Result<Arc<Knowledge>, String> {
        let load = |context: &PathBuf| Knowledge::load(context).map(Arc::new);
        self.knowledge.get(context, |context| load(context).map_err(|error| error.to_string()))
    }
}
