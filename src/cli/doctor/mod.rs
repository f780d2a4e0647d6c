//! `kavak-bot doctor`: what an operator should know before customers do.

mod finding;
mod machine;
mod network;

use clap::Args;

use super::Verdict;
use super::assemble::{self, AssembleError};
use crate::cli::out::outln;
use crate::config::Settings;
use finding::Finding;

/// Look at settings, credentials, public address, disk, clock and backups, and say what to do
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Ask nobody over the network
    #[arg(long)]
    offline: bool,
}

impl Doctor {
    pub(super) fn run(&self, settings: &Settings) -> Verdict {
        let mut findings = vec![files(settings)];
        findings.extend(secrets(settings));
        findings.extend(machine::look(settings));
        if !self.offline {
            findings.extend(network::ask(settings));
        }
        for finding in &findings {
            outln!("{finding}");
        }
        let wrong = findings.iter().filter(|finding| finding.is_wrong()).count();
        outln!("{} looked at, {wrong} wrong", findings.len());
        if wrong == 0 { Verdict::Fine } else { Verdict::Wrong }
    }
}

/// Whether a server would start on the files that the settings name.
fn files(settings: &Settings) -> Finding {
    let checked = || -> Result<usize, AssembleError> {
        let assembled = assemble::dealer(settings)?;
        let cars = assembled.dealer.catalog().len();
        assemble::engine(&settings.flows_dir, assembled.dealer)?;
        Ok(cars)
    };
    match checked() {
        Ok(cars) => Finding::fine("files", format!("flows and {cars} cars can be used")),
        Err(error) => Finding::wrong("files", error, "mend that file"),
    }
}

/// What a missing secret leaves open or shut.
fn secrets(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let exposed = settings.exposed();
    if !settings.twilio.checks() {
        let state = if exposed { "shut" } else { "open on this machine, and shut once exposed" };
        let todo = "set TWILIO_AUTH_TOKEN, if Twilio is used";
        findings.push(Finding::look("twilio", format!("its webhook is {state}"), todo));
    } else if settings.public_base_url.is_none() {
        let what = "signatures are checked against the address that each request names";
        findings.push(Finding::look("twilio", what, "set PUBLIC_BASE_URL to the webhook's host"));
    }
    if settings.twilio.account_sid.is_some() && !settings.twilio.checks() {
        let todo = "set TWILIO_AUTH_TOKEN";
        findings.push(Finding::wrong("twilio", "an account without its token cannot send", todo));
    }
    let meta = &settings.meta;
    let given = [
        ("META_APP_SECRET", meta.app_secret.is_some()),
        ("META_VERIFY_TOKEN", meta.verify_token.is_some()),
        ("META_ACCESS_TOKEN", meta.access_token.is_some()),
        ("META_PHONE_NUMBER_ID", meta.phone_number_id.is_some()),
    ];
    let missing: Vec<&str> = given.iter().filter(|(_, set)| !set).map(|(name, _)| *name).collect();
    if !missing.is_empty() && missing.len() < given.len() {
        let todo = format!("set {}", missing.join(", "));
        findings.push(Finding::wrong("meta", "only part of its settings is there", todo));
    }
    if exposed && settings.api_token.is_none() {
        let what = "/chat and /metrics are shut to everybody";
        findings.push(Finding::look("api", what, "set API_TOKEN, if they are used"));
    }
    findings
}
