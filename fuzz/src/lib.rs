//! What the fuzz targets feed: the bot as it ships, and the lines that they feed it.
//!
//! An input of `converse` is written like the customer's side of a transcript, a line for each
//! message or event, so that every finding reads as a conversation and becomes a regression
//! transcript by putting `> ` before its messages.

mod line;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, check};
use kavak_bot::knowledge::Knowledge;

pub use line::Line;

/// The dealer with the catalogue that ships.
#[must_use]
pub fn dealer() -> Dealer {
    let catalog = Catalog::load(&file("data/catalog.csv"), Words::built_in()).expect("a catalogue");
    let policy = Policy::load(&file("data/credit_policy.toml")).expect("a policy");
    let profile = Profile::load(&file("data/dealer.toml")).expect("a dealer");
    Dealer::new(Arc::new(catalog.catalog), policy, &profile)
}

/// The flows that ship, over that dealer.
#[must_use]
pub fn engine() -> Engine<Dealer> {
    let dealer = dealer();
    let flows = check::load(&file("flows"), &dealer).expect("flows without a mistake");
    Engine::new(flows, dealer)
}

/// The context file that ships.
#[must_use]
pub fn knowledge() -> Knowledge {
    Knowledge::load(&file("kavak_context.txt")).expect("a context file")
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
