//! A store with many customers in it, and a catalogue with many cars.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use kavak_bot::message::{Channel, Content, Inbound, TurnRecord, UserId};
use kavak_bot::store::{Commit, Mail, Outcome, SledStore, Store as _, Stored, Version};

/// Commits that wait for the disk together.
const AT_ONCE: usize = 256;

/// Copies the one customer of the store in `folder`, who is in the middle of a purchase, so that
/// there are `sessions` of them.
pub(crate) fn sessions(folder: &Path, model: &UserId, from: usize, sessions: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    let store = Arc::new(SledStore::open(folder).expect("no server holds it"));
    let Stored::Found(session) = store.load(model).expect("it reads").session else {
        panic!("the model has no session");
    };
    let record = store.history(model, 1).expect("it reads").turns.pop().expect("a turn");
    runtime.block_on(async {
        for first in (from..sessions).step_by(AT_ONCE) {
            let copies = (first..(first + AT_ONCE).min(sessions)).map(|number| {
                let store = Arc::clone(&store);
                let (session, record) = (session.clone(), copy(&record, number));
                tokio::spawn(async move {
                    let now = record.inbound.at;
                    let outcome = Outcome::Keep(session);
                    let (expected, mail) = (Version::NEW, Mail::default());
                    store.commit(&Commit { expected, outcome, record, mail, replies: 0, now }).await
                })
            });
            for copied in copies.collect::<Vec<_>>() {
                copied.await.expect("no task panics").expect("the store writes");
            }
        }
    });
}

fn copy(record: &TurnRecord, number: usize) -> TurnRecord {
    let inbound = Inbound {
        user: customer(number),
        id: format!("SMseed{number}").parse().ok(),
        content: Content::Text("1".to_owned()),
        at: record.inbound.at,
    };
    TurnRecord { inbound, ..record.clone() }
}

/// A customer who is stored.
pub(crate) fn customer(number: usize) -> UserId {
    UserId::new(Channel::Twilio, &format!("5255{number:08}")).expect("a short key")
}

/// The project's catalogue over and over, until it has so many cars.
pub(crate) fn catalog(cars: usize) -> String {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/catalog.csv");
    let own = std::fs::read_to_string(own).expect("the project's catalogue");
    let (head, rows) = own.split_once('\n').expect("a head");
    let mut csv = format!("{head}\n");
    for (number, row) in (0..cars).zip(rows.lines().cycle()) {
        let (_, rest) = row.split_once(',').expect("a stock id and more");
        // Writing to a `String` cannot fail.
        let _ = writeln!(csv, "{},{rest}", 1_000_000 + number);
    }
    csv
}
