//! `kavak-bot test`: QA's transcripts.

mod bots;
mod changes;
mod desk;
mod run;
mod watch;

pub(super) use run::Run as Test;
