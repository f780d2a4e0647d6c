//! `kavak-bot flows`: checking, drawing and showing the conversation.

use std::path::PathBuf;
use std::{fs, io};

use clap::{Args, Subcommand, ValueEnum};

use super::Verdict;
use super::assemble::{self, AssembleError};
use crate::cli::out::{out, outln};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::check::{self, CheckError};
use crate::engine::document::Position;
use crate::engine::flow::Flows as Graph;
use crate::engine::problem::Problem;
use crate::engine::{Engine, graph, schema};
use crate::text::closest;

/// How alike a misspelled step must be to be suggested.
const NEAR: f64 = 0.5;

/// Check, draw or show the conversation
#[derive(Debug, Subcommand)]
pub(super) enum Flows {
    /// Report every mistake in flows and texts
    #[command(after_help = "Example: kavak-bot flows check --flows flows")]
    Check(Check),
    /// Print the flows as a Mermaid flowchart, or write a page that draws them
    #[command(after_help = "Examples: kavak-bot flows graph > flows.mmd\n          \
                            kavak-bot flows graph --html flows.html")]
    Graph(Drawing),
    /// Print the JSON Schemas of the flow files, or write one file for each kind
    #[command(after_help = "Example: kavak-bot flows schema --to .schemas")]
    Schema(Schema),
    /// Print the exact reply of a step, with sample data
    #[command(after_help = "Example: kavak-bot flows preview purchase.plan")]
    Preview(Preview),
}

/// Report every mistake in flows and texts
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Publish the present structure in flows.lock: a later change of it asks for a new version
    #[arg(long)]
    lock: bool,
    /// How mistakes are told: for people, or for editors and CIs
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How mistakes are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the line and what to do, to standard error
    Text,
    /// A JSON array, to standard output: file, line, column and `end_column` from 1, rule, message,
    /// hint, excerpt
    Json,
}

/// Print the flows as a Mermaid flowchart, or write a page that draws them
#[derive(Debug, Args)]
pub(super) struct Drawing {
    /// Write a page in Spanish that draws each flow and lists its texts; it needs no network
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

/// Print the JSON Schemas of the flow files
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Write `bot.schema.json`, `flow.schema.json` and `texts.schema.json` to this folder, for
    /// editors
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Print the exact reply of a step, with sample data
#[derive(Debug, Args)]
pub(super) struct Preview {
    /// `flow.step`
    step: String,
}

impl Flows {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let done = match self {
            Self::Schema(schema) => schema.run(),
            Self::Check(check) => return check.run(settings),
            Self::Graph(drawing) => drawing.run(settings),
            Self::Preview(preview) => return preview.run(settings),
        };
        match done {
            Ok(()) => Verdict::Fine,
            Err(problem) => {
                eprintln!("{problem}");
                Verdict::Wrong
            }
        }
    }
}

impl Check {
    fn run(&self, settings: &Settings) -> Verdict {
        let checked = assemble::dealer(settings)
            .and_then(|assembled| assemble::engine(&settings.flows_dir, assembled.dealer));
        match (checked, self.format) {
            (Err(AssembleError::Flows(CheckError::Refused(report))), Format::Json) => {
                super::print_json(&report.problems());
                return Verdict::Wrong;
            }
            (Err(error), Format::Json) => {
                let file = settings.flows_dir.display().to_string();
                let whole =
                    Problem::new(&file, "", Position::START, "unreadable", error.to_string());
                super::print_json(&[whole]);
                return Verdict::Wrong;
            }
            (Err(error), Format::Text) => return super::wrong(&error),
            (Ok(_), Format::Json) => drop(super::print_json(&[(); 0])),
            (Ok(engine), Format::Text) => tell_counts(settings, engine.flows()),
        }
        if self.lock
            && let Err(error) = check::publish(&settings.flows_dir)
        {
            return super::wrong(&error);
        }
        Verdict::Fine
    }
}

fn tell_counts(settings: &Settings, flows: &Graph) {
    outln!(
        "{}: {} flows, {} steps, {} texts: all in order",
        settings.flows_dir.display(),
        flows.flows.len(),
        flows.steps().count(),
        flows.texts.len(),
    );
}

impl Schema {
    fn run(&self) -> Result<(), String> {
        let schemas = schema::schemas();
        let Some(folder) = &self.to else {
            outln!("{schemas:#}");
            return Ok(());
        };
        let error = |error: io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(error)?;
        for (kind, schema) in schemas.as_object().into_iter().flatten() {
            let file = folder.join(format!("{kind}.schema.json"));
            fs::write(file, format!("{schema:#}\n")).map_err(error)?;
        }
        Ok(())
    }
}

impl Drawing {
    fn run(&self, settings: &Settings) -> Result<(), String> {
        let engine = engine(settings)?;
        let Some(file) = &self.html else {
            out!("{}", graph::mermaid(engine.flows()));
            return Ok(());
        };
        fs::write(file, graph::page(engine.flows()))
            .map_err(|error| format!("{}: {error}", file.display()))
    }
}

fn engine(settings: &Settings) -> Result<Engine<Dealer>, String> {
    let assembled = assemble::dealer(settings).map_err(|error| error.to_string())?;
    assemble::engine(&settings.flows_dir, assembled.dealer).map_err(|error| error.to_string())
}

impl Preview {
    fn run(&self, settings: &Settings) -> Verdict {
        let engine = match engine(settings) {
            Ok(engine) => engine,
            Err(problem) => {
                eprintln!("{problem}");
                return Verdict::Wrong;
            }
        };
        let Some(step) = engine.flows().find(&self.step) else {
            let names = engine.flows().steps().map(|(_, step)| step.name.as_str());
            let near = closest(&self.step, names, NEAR);
            let hint = near.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
            eprintln!("there is no step `{}`{hint}", self.step);
            return Verdict::Misused;
        };
        outln!("{}", engine.preview(step, super::clock::now()));
        Verdict::Fine
    }
}
