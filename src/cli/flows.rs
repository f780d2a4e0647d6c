//! `kavak-bot flows`: checking, drawing and showing the conversation.

use clap::{Args, Subcommand};

use super::{Verdict, assemble};
use crate::config::Settings;
use crate::dealer::Dealer;
use crate::engine::{Engine, check, graph, schema};
use crate::text::closest;

/// How alike a misspelled step must be to be suggested.
const NEAR: f64 = 0.5;

/// Check, draw or show the conversation
#[derive(Debug, Subcommand)]
pub(super) enum Flows {
    /// Report every mistake in flows and texts
    #[command(after_help = "Example: kavak-bot flows check --flows flows")]
    Check(Check),
    /// Print the flows as a Mermaid flowchart
    #[command(after_help = "Example: kavak-bot flows graph > flows.mmd")]
    Graph,
    /// Print the JSON Schema of the flow files
    #[command(after_help = "Example: kavak-bot flows schema > flows.schema.json")]
    Schema,
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
            Self::Schema => {
                println!("{:#}", schema::schemas());
                Ok(())
            }
            Self::Check(check) => check.run(settings),
            Self::Graph => draw(settings),
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
    fn run(&self, settings: &Settings) -> Result<(), String> {
        let engine = engine(settings)?;
        let flows = engine.flows();
        println!(
            "{}: {} flows, {} steps, {} texts: all in order",
            settings.flows_dir.display(),
            flows.flows.len(),
            flows.steps().count(),
            flows.texts.len(),
        );
        if self.lock {
            check::publish(&settings.flows_dir).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

fn draw(settings: &Settings) -> Result<(), String> {
    print!("{}", graph::mermaid(engine(settings)?.flows()));
    Ok(())
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
        println!("{}", engine.preview(step, super::clock::now()));
        Verdict::Fine
    }
}
