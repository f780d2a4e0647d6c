//! One turn: what understanding, the engine's step and the whole way of a message take, with the
//! real flows, catalogue and context file.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp};
use kavak_bot::catalog::{Catalog, Words};
use kavak_bot::conversation::{Conversation, Converse as _, Models};
use kavak_bot::credit::Policy;
use kavak_bot::dealer::{Dealer, Profile};
use kavak_bot::engine::{Engine, Session, check};
use kavak_bot::knowledge::Knowledge;
use kavak_bot::message::{Channel, Content, Inbound, UserId};
use kavak_bot::store::MemoryStore;

/// What was said before, and the message that is measured.
struct Case {
    name: &'static str,
    before: &'static [&'static str],
    message: &'static str,
}

const CASES: [Case; 6] = [
    Case { name: "greeting", before: &[], message: "hola" },
    Case {
        name: "search",
        before: &["hola"],
        message: "busco una camioneta automática de menos de 300 mil",
    },
    Case { name: "more", before: &["hola", "busco un Versa"], message: "más" },
    Case { name: "down_payment", before: UNTIL_THE_DOWN_PAYMENT, message: "20%" },
    Case {
        name: "plan",
        before: &["hola", "busco un Versa", "1", "a crédito", "20%"],
        message: "48",
    },
    Case {
        name: "digression",
        before: UNTIL_THE_DOWN_PAYMENT,
        message: "¿qué garantía tienen los autos?",
    },
];

const UNTIL_THE_DOWN_PAYMENT: &[&str] = &["hola", "busco un Versa", "1", "a crédito"];

static ENGINE: LazyLock<Engine<Dealer>> = LazyLock::new(engine);

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime")
});

fn main() {
    divan::main();
}

/// Words to what they mean, whatever the step.
#[divan::bench(args = cases())]
fn understand(bencher: Bencher<'_, '_>, case: &str) {
    let content = text(found(case).message);
    bencher.bench(|| ENGINE.hear(black_box(&content)));
}

/// A message that is understood already to the session and the words after it.
#[divan::bench(args = cases())]
fn step(bencher: Bencher<'_, '_>, case: &str) {
    let case = found(case);
    let session = session(case);
    let heard = ENGINE.hear(&text(case.message));
    let bencher = bencher.with_inputs(|| session.clone());
    bencher.bench_values(|session| ENGINE.step(session, black_box(&heard), now()));
}

/// Both of them.
#[divan::bench(args = cases())]
fn understand_and_step(bencher: Bencher<'_, '_>, case: &str) {
    let case = found(case);
    let session = session(case);
    let content = text(case.message);
    let bencher = bencher.with_inputs(|| session.clone());
    bencher.bench_values(|session| ENGINE.step(session, &ENGINE.hear(black_box(&content)), now()));
}

/// From the door to the committed answer, in memory.
#[divan::bench(args = cases(), sample_size = 1)]
fn whole_turn(bencher: Bencher<'_, '_>, case: &str) {
    static BOT: LazyLock<Conversation<Dealer>> = LazyLock::new(|| {
        let knowledge = Knowledge::load(&file("kavak_context.txt")).expect("the context file");
        let retention = SignedDuration::from_hours(30 * 24);
        Conversation::new(
            engine(),
            knowledge,
            Models::default(),
            Arc::<MemoryStore>::default(),
            retention,
        )
    });
    let case = found(case);
    let mut users = 0_u32;
    let ready = || {
        users += 1;
        let user = UserId::new(Channel::Chat, &format!("{}-{users}", case.name)).expect("a key");
        for words in case.before {
            RUNTIME.block_on(BOT.turn(inbound(&user, words))).expect("a turn");
        }
        inbound(&user, case.message)
    };
    bencher.with_inputs(ready).bench_local_values(|inbound| RUNTIME.block_on(BOT.turn(inbound)));
}

fn cases() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.name)
}

fn found(name: &str) -> &'static Case {
    CASES.iter().find(|case| case.name == name).expect("the name of a case")
}

/// The session once all that comes before was said.
fn session(case: &Case) -> Session {
    case.before.iter().fold(Session::default(), |session, words| {
        ENGINE.step(session, &ENGINE.hear(&text(words)), now()).session
    })
}

fn engine() -> Engine<Dealer> {
    let catalog = file("data/catalog.csv");
    let catalog = Catalog::load(&catalog, Words::built_in()).expect("the catalogue").catalog;
    let policy = Policy::load(&file("data/credit_policy.toml")).expect("the policy");
    let profile = Profile::load(&file("data/dealer.toml")).expect("the dealer");
    let dealer = Dealer::new(Arc::new(catalog), policy, &profile);
    let flows = check::load(&file("flows"), &dealer).expect("the flows");
    Engine::new(flows, dealer)
}

fn file(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn inbound(user: &UserId, words: &str) -> Inbound {
    Inbound { user: user.clone(), id: None, content: text(words), at: now() }
}

fn text(words: &str) -> Content {
    Content::Text(words.to_owned())
}

fn now() -> Timestamp {
    "2026-03-02T16:00:00Z".parse().expect("a moment")
}
