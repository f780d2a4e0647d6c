//! The bots that transcripts talk to, made of the settings' files and the transcripts' own.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::assemble::{self, Files};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::knowledge::Knowledge;
use crate::transcript::{self, Bot, Setting};

/// Makes bots. What is dear to make and the same in all of them is made once.
pub(super) struct Bots<'a> {
    settings: &'a Settings,
    knowledge: Mutex<Option<Arc<Knowledge>>>,
}

impl<'a> Bots<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, knowledge: Mutex::default() }
    }

    /// The bot for a transcript's setting, or why there is none.
    pub(super) fn build(&self, setting: &Setting) -> Result<Bot<Dealer>, String> {
        let (catalog, flows) = (self.catalog(setting).to_owned(), self.flows(setting).to_owned());
        let files = Files { catalog, flows, ..Files::of(self.settings) };
        let models =
            setting.model.as_deref().map(transcript::scripted).transpose()?.unwrap_or_default();
        let bot = assemble::bot(&files, self.knowledge()?, self.settings.retention_days);
        Ok(Bot { models, ..bot.map_err(|error| error.to_string())? })
    }

    /// The files and folders that the bot for a setting is made of.
    pub(super) fn sources<'s>(&'s self, setting: &'s Setting) -> impl Iterator<Item = &'s Path> {
        let Settings { policy_path, dealer_path, context_path, .. } = self.settings;
        let own = [self.catalog(setting), self.flows(setting)];
        let shared = [policy_path, dealer_path, context_path].map(PathBuf::as_path);
        own.into_iter().chain(shared).chain(setting.model.as_deref())
    }

    /// Forgets what the context file said.
    pub(super) fn forget_knowledge(&self) {
        *self.knowledge.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The context file.
    pub(super) fn context(&self) -> &Path {
        &self.settings.context_path
    }

    /// The cars of a setting.
    pub(super) fn catalog<'s>(&'s self, setting: &'s Setting) -> &'s Path {
        setting.catalog.as_ref().unwrap_or(&self.settings.catalog_path)
    }

    /// The folder of a setting's flows.
    pub(super) fn flows<'s>(&'s self, setting: &'s Setting) -> &'s Path {
        setting.flows.as_ref().unwrap_or(&self.settings.flows_dir)
    }

    fn knowledge(&self) -> Result<Arc<Knowledge>, String> {
        let mut knowledge = self.knowledge.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(knowledge) = &*knowledge {
            return Ok(Arc::clone(knowledge));
        }
        let loaded = Knowledge::load(&self.settings.context_path);
        let loaded = Arc::new(loaded.map_err(|error| error.to_string())?);
        Ok(Arc::clone(knowledge.insert(loaded)))
    }
}
