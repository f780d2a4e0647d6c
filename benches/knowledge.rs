//! Answering open questions from the bundled context file, and from one of 10,000 passages.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use divan::{Bencher, black_box};
use kavak_bot::knowledge::Knowledge;

static BUNDLED: LazyLock<Knowledge> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kavak_context.txt");
    Knowledge::load(&path).expect("the bundled file")
});

static LARGE: LazyLock<Knowledge> =
    LazyLock::new(|| Knowledge::parse(&large()).expect("a generated file"));

/// Fewer where nothing is measured: `make bench-check` runs each bench once, unoptimised.
const PASSAGES: usize = if cfg!(debug_assertions) { 500 } else { 10_000 };

/// Syllables that every generated word is made of, so that words resemble each other as in speech.
const SYLLABLES: [&str; 16] = [
    "ma", "to", "ri", "ca", "lu", "ne", "so", "pa", "di", "ve", "go", "ta", "mi", "ro", "be", "sa",
];

/// Words that any passage may have, as in speech too.
const COMMON: [&str; 8] =
    ["auto", "garantía", "precio", "crédito", "factura", "seguro", "placas", "sucursal"];

/// A file of [`PASSAGES`] passages, each with three examples: a linear congruential generator with
/// the constants of Knuth's MMIX, so that it is the same everywhere.
fn large() -> String {
    let mut state: u64 = 42;
    let mut next = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % below).expect("a small number")
    };
    let mut word = move || {
        if next(4) == 0 {
            return COMMON[next(8)].to_owned();
        }
        (0..3).map(|_| SYLLABLES[next(16)]).collect::<String>()
    };
    let mut file = "# Todo\n".to_owned();
    for passage in 0..PASSAGES {
        let mut say = |words: usize| (0..words).map(|_| word()).collect::<Vec<_>>().join(" ");
        writeln!(
            file,
            "## pasaje/p{passage}: {}\nfuente: x\npreguntas: ¿Qué {}? ¿Cuánto {}? ¿Cómo {}?\n{}",
            say(3),
            say(4),
            say(4),
            say(4),
            say(40)
        )
        .expect("a string takes all");
    }
    file
}

fn main() {
    divan::main();
}

fn ask(bencher: Bencher<'_, '_>, knowledge: &Knowledge, question: &str, answered: bool) {
    // This also learns, which only the first question waits for.
    assert_eq!(knowledge.answer(question).is_some(), answered, "{question}");
    bencher.bench(|| knowledge.answer(black_box(question)).map(|passage| passage.name.len()));
}

#[divan::bench]
fn answered(bencher: Bencher<'_, '_>) {
    ask(bencher, &BUNDLED, "¿qué papeles necesito para vender mi coche?", true);
}

#[divan::bench]
fn with_typos(bencher: Bencher<'_, '_>) {
    ask(bencher, &BUNDLED, "que papeles nesesito pa bender mi carro", true);
}

#[divan::bench]
fn refused(bencher: Bencher<'_, '_>) {
    ask(bencher, &BUNDLED, "¿me pasas una receta de pozole para el domingo?", false);
}

#[divan::bench]
fn long(bencher: Bencher<'_, '_>) {
    let question = "Buenas tardes, fíjese que mi hijo me pasó este número porque anda buscando un \
                    coche y la verdad nos da un poco de miedo comprar por internet; ¿qué garantía \
                    dan si a los dos meses se descompone?";
    ask(bencher, &BUNDLED, question, true);
}

#[divan::bench]
fn of_10_000_passages(bencher: Bencher<'_, '_>) {
    let question = "¿cuánto cuesta la garantía del auto con crédito y placas?";
    let large = &*LARGE;
    large.learn();
    bencher.bench(|| large.answer(black_box(question)).is_some());
}

#[divan::bench]
fn of_10_000_passages_with_typos(bencher: Bencher<'_, '_>) {
    let question = "cuanto sale la garntia del matorica y el lunesso kon placs";
    let large = &*LARGE;
    large.learn();
    bencher.bench(|| large.answer(black_box(question)).is_some());
}

#[divan::bench(sample_count = 20)]
fn load(bencher: Bencher<'_, '_>) {
    let file = include_str!("../kavak_context.txt");
    bencher.bench(|| Knowledge::parse(black_box(file)).is_ok());
}

#[divan::bench(sample_count = 3)]
fn load_10_000_passages(bencher: Bencher<'_, '_>) {
    let file = large();
    bencher.bench(|| Knowledge::parse(black_box(&file)).is_ok());
}
