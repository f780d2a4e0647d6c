//! `kavak-bot test`: QA's transcripts.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::FalseyValueParser;

use super::{Verdict, assemble};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::knowledge::Knowledge;
use crate::transcript::{self, Bot, Options, Report, Setting};

/// Run conversations written as text files
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Transcripts (`NAME.chat`), or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Only those whose path, id or title holds this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Write the replies that came into the files; read them before you commit
    #[arg(long)]
    bless: bool,
    /// Write the results as `JUnit` XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// A CI runs this: nothing is blessed there
    #[arg(long, env = "CI", hide = true, num_args = 0..=1, value_parser = FalseyValueParser::new())]
    ci: bool,
}

impl Test {
    pub(super) fn run(self, settings: &Settings) -> Verdict {
        let Self { paths, filter, bless, junit, ci } = self;
        let options = Options { filter, bless, ci };
        let report = match transcript::run(&paths, &options, |setting| bot(settings, setting)) {
            Ok(report) => report,
            Err(error) => {
                eprintln!("{error}");
                return Verdict::Misused;
            }
        };
        println!("{report}");
        if let Some(path) = junit
            && let Err(error) = std::fs::write(&path, report.junit())
        {
            eprintln!("{}: {error}", path.display());
            return Verdict::Misused;
        }
        verdict(&report)
    }
}

fn verdict(report: &Report) -> Verdict {
    if report.failed() == 0 { Verdict::Fine } else { Verdict::Wrong }
}

/// The bot for a transcript's setting.
pub(super) fn bot(settings: &Settings, setting: &Setting) -> Result<Bot<Dealer>, String> {
    let catalog = setting.catalog.as_ref().unwrap_or(&settings.catalog_path);
    let flows = setting.flows.as_ref().unwrap_or(&settings.flows_dir);
    let assembled = assemble::dealer_of(catalog, settings).map_err(|error| error.to_string())?;
    let retention = assembled.profile.retention();
    let engine = assemble::engine(flows, assembled.dealer).map_err(|error| error.to_string())?;
    let knowledge = Knowledge::load(&settings.context_path).map_err(|error| error.to_string())?;
    let models =
        setting.model.as_deref().map(transcript::scripted).transpose()?.unwrap_or_default();
    Ok(Bot { engine: Arc::new(engine), knowledge: Arc::new(knowledge), models, retention })
}
