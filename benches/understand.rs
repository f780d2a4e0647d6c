//! Understanding: messages of ten words, and the worst of ten thousand characters, with a
//! catalogue of 600 cars and one of 100,000.
//!
//! The promises: ten words take under 30 µs at the median where the names are spelled right, under
//! 200 µs where they need fuzzy matching; ten thousand characters are understood and answered
//! within 10 ms.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box};
use jiff::Timestamp;
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, Session, check};
use kavak_bot::message::Content;

#[path = "../examples/generate_catalog/generator.rs"]
mod generator;

/// Cars in the catalogue that ships, roughly.
const SMALL: usize = 600;

/// Cars in the same catalogue many times over, at least.
const LARGE: usize = 100_000;

/// Characters of a long message.
const LONG: usize = 10_000;

/// Messages of ten words each.
const TEN_WORDS: [(&str, &str); 6] = [
    ("right: make and model", "hola buenas busco un nissan versa automático de menos de 300"),
    ("right: over-answer", "quiero el mazda 3 con 20% de enganche a 48 meses"),
    ("fuzzy: make and model", "hola busco un volkswagem jettta automatico de menos de 300 mil"),
    (
        "fuzzy: everything",
        "qiero una camionetta toyotta hylux o missan frontierr automatica porfavor varata",
    ),
    ("no names", "quiero una camioneta grande y barata para toda mi familia"),
    ("no names: a question", "oiga y qué garantía tienen los autos que ustedes venden"),
];

/// What the worst long messages repeat.
const REPEATED: [(&str, &str); 21] = [
    ("typos of models", "verssa camrry jettta corrola "),
    ("models", "versa jetta cx5 corolla "),
    ("typos beside makes", "nissan verssa ford explorrer kia sportaje toyota corrola "),
    ("names that need support", "gol uno march "),
    ("kinds", "mini van familiar sedán "),
    ("corrections", "no 3 meses, digo 4, no 50 mil "),
    ("payments", "con 100 mil a 48 doy 20 de enganche "),
    ("digits", "1234567890 "),
    ("short numbers", "3 4 5 "),
    ("number words", "treinta y dos mil cien "),
    ("amounts", "300 mil pesos de enganche "),
    ("commas between numbers", "300,000,"),
    ("y", "y "),
    ("de", "de "),
    ("no", "no "),
    ("cues", "doy enganche a meses el más barato "),
    ("blanks", "      a"),
    ("emoji", "👍🏽😀 "),
    ("punctuation", ".,;!?¿-"),
    ("questions", "¿y la garantía? "),
    ("a giant word", "volkswagen"),
];

/// What is said before a long message: nothing, a list on the screen, a question for an amount.
const BEFORE: [&[&str]; 3] =
    [&[], &["hola", "busco un Versa"], &["hola", "busco un Versa", "1", "a crédito"]];

static SMALL_ENGINE: LazyLock<Engine<Dealer>> = LazyLock::new(|| {
    let loaded = Catalog::load(&file("data/catalog.csv"), Words::built_in());
    engine(loaded.expect("the catalogue").catalog)
});

static LARGE_ENGINE: LazyLock<Engine<Dealer>> = LazyLock::new(|| {
    let csv = generator::catalog(include_str!("../data/catalog/models.toml"), 121).expect("a CSV");
    let loaded = Catalog::parse(&csv, Path::new("generated.csv"), Words::built_in());
    let catalog = loaded.expect("a catalogue").catalog;
    assert!(catalog.len() >= LARGE, "{}", catalog.len());
    engine(catalog)
});

fn main() {
    divan::main();
}

/// Words to what they mean, as the engine hears every message.
#[divan::bench(args = names(&TEN_WORDS), consts = [SMALL, LARGE])]
fn ten_words<const CARS: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let content = Content::Text(found(&TEN_WORDS, name).to_owned());
    bencher.bench(|| of::<CARS>().hear(black_box(&content)));
}

/// Ten thousand characters to what they mean.
#[divan::bench(args = names(&REPEATED), consts = [SMALL, LARGE])]
fn long<const CARS: usize>(bencher: Bencher<'_, '_>, name: &str) {
    let content = long_message(name);
    bencher.bench(|| of::<CARS>().hear(black_box(&content)));
}

/// Ten thousand characters to the words after them, where that takes longest.
#[divan::bench(args = long_talks(), sample_count = 20)]
fn long_understood_and_answered(bencher: Bencher<'_, '_>, (name, before): (&str, usize)) {
    let engine = of::<LARGE>();
    let session = session(engine, BEFORE[before]);
    let content = long_message(name);
    let bencher = bencher.with_inputs(|| session.clone());
    bencher.bench_values(|session| engine.step(session, &engine.hear(black_box(&content)), now()));
}

fn names<const N: usize>(
    messages: &'static [(&str, &str); N],
) -> impl Iterator<Item = &'static str> {
    messages.iter().map(|(name, _)| *name)
}

fn long_talks() -> impl Iterator<Item = (&'static str, usize)> {
    names(&REPEATED).flat_map(|name| (0..BEFORE.len()).map(move |before| (name, before)))
}

fn found(messages: &[(&'static str, &'static str)], name: &str) -> &'static str {
    messages.iter().find(|(known, _)| *known == name).expect("the name of a message").1
}

fn long_message(name: &str) -> Content {
    Content::Text(found(&REPEATED, name).chars().cycle().take(LONG).collect())
}

fn of<const CARS: usize>() -> &'static Engine<Dealer> {
    if CARS == SMALL { &SMALL_ENGINE } else { &LARGE_ENGINE }
}

/// The session once all of `before` was said.
fn session(engine: &Engine<Dealer>, before: &[&str]) -> Session {
    before.iter().fold(Session::default(), |session, words| {
        let heard = engine.hear(&Content::Text((*words).to_owned()));
        engine.step(session, &heard, now()).session
    })
}

/// The flows that ship, reading longer messages than they otherwise would.
fn engine(catalog: Catalog) -> Engine<Dealer> {
    let policy = Policy::load(&file("data/credit_policy.toml")).expect("the policy");
    let profile = Profile::load(&file("data/dealer.toml")).expect("the dealer");
    let dealer = Dealer::new(Arc::new(catalog), policy, &profile);
    let mut flows = check::load(&file("flows"), &dealer).expect("the flows");
    Arc::get_mut(&mut flows).expect("nobody else has them").bot.thresholds.max_characters = LONG;
    Engine::new(flows, dealer)
}

fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn now() -> Timestamp {
    "2026-03-02T16:00:00Z".parse().expect("a moment")
}
