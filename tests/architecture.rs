//! Who may know whom in `src/`, and the other rules of the repository that no compiler holds.
//!
//! The rules are the tables at the head of this file. The code under test is read as tokens, so
//! that comments and strings name what they like; `#[cfg(test)]` code keeps the same edges, for a
//! test that reaches over one is the first sign of its breaking. Only the list of words that the
//! engine must not know leaves tests out: their examples are cars.

mod architecture {
    pub(crate) mod names;
    pub(crate) mod source;
}

use architecture::names::{Name, names};
use architecture::source::{Source, Token, sources};

/// Who may know whom: a module, the names it may use besides its own, and why. Each row names only
/// modules of the rows above it, so that no two can ever know each other.
const EDGES: [(&str, &[&str], &str); 27] = [
    ("message", &[], "it crosses every boundary, so it depends on none"),
    ("money", &[], "an amount is an amount, whatever it buys"),
    ("text", &[], "letters and tokens; no language, no domain"),
    ("config", &[], "the environment is read before anything else stands"),
    ("telemetry", &["config::LogFormat", "message"], "it tells of users, and of no words"),
    ("cores", &[], "threads are started in one way, whatever they do"),
    ("shelf", &[], "what is dear to make is made once, whatever it is"),
    ("https", &[], "one choice for every client, whoever builds it"),
    ("fetch", &[], "a page is read for its words, whatever they are for"),
    ("spanish", &["text", "money"], "it gives values out of words, and knows no context"),
    ("catalog", &["money", "text"], "the cars are found without a chat"),
    ("credit", &["money"], "a payment is computed without a chat"),
    ("engine", &["cores::both", "message", "text"], "it runs any domain's flows, so it knows none"),
    (
        "dealer",
        &["engine", "catalog", "credit", "spanish", "text", "money"],
        "the one place where the engine's names mean cars",
    ),
    ("knowledge", &["spanish", "text"], "the context file is searched whatever the step"),
    (
        "llm",
        &["https", "config::TokenField"],
        "it carries words to a server and back, whatever they are about",
    ),
    (
        "store",
        &["message", "engine::Session"],
        "it keeps what it is given, and understands nothing",
    ),
    ("channel", &["message", "text", "config"], "a door decodes and encodes; it decides nothing"),
    (
        "conversation",
        &["engine", "store", "knowledge", "llm", "message", "telemetry::Journal"],
        "one turn, whatever the door",
    ),
    (
        "delivery",
        &["message", "store", "channel", "https"],
        "it sends what the store holds, in the words of the channel",
    ),
    (
        "metrics",
        &["conversation", "store", "message"],
        "whoever does the work tells whoever watches, and does not know that this is who",
    ),
    (
        "http",
        &[
            "conversation",
            "channel",
            "config",
            "delivery",
            "message",
            "metrics",
            "telemetry::Journal",
        ],
        "doors over the network: they never see a flow or a store",
    ),
    (
        "transcript",
        &[
            "conversation",
            "cores",
            "engine",
            "knowledge",
            "llm",
            "shelf",
            "store",
            "message",
            "money",
            "text",
        ],
        "it plays both sides of a conversation in memory, and is handed the domain",
    ),
    (
        "replay",
        &["transcript::Bot", "conversation", "cores", "engine", "knowledge", "store", "message"],
        "it plays the customers' side to two bots, and is handed the domain",
    ),
    (
        "simulation",
        &[
            "transcript::Bot",
            "transcript::Draft",
            "cores",
            "dealer",
            "catalog",
            "credit",
            "engine",
            "conversation",
            "store",
            "message",
            "money",
            "text",
        ],
        "it plays the customers of this dealer, and computes his figures once more",
    ),
    (
        "cli",
        &[
            "message",
            "money",
            "text",
            "spanish",
            "catalog",
            "credit",
            "engine",
            "dealer",
            "shelf",
            "knowledge",
            "llm",
            "store",
            "conversation",
            "delivery",
            "channel",
            "metrics",
            "http",
            "transcript",
            "replay",
            "simulation",
            "config",
            "telemetry",
            "https",
            "fetch",
        ],
        "the one place where everything is put together",
    ),
    ("main", &["cli"], "arguments to command to exit code"),
];

/// Crates that stand behind few files or folders of ours, so that a change of mind costs those alone.
const CONFINED: [(&str, &[&str], &str); 11] = [
    ("sled", &["src/store"], "no longer kept up; the store's trait is the way to it"),
    ("unic_normal", &["src/text/fold.rs"], "no longer kept up; `text::fold` is the way to it"),
    (
        "rustls",
        &["src/https.rs"],
        "two providers in one process are a panic; `https::install` is the way",
    ),
    ("robotxt", &["src/fetch/robots.rs"], "what a robots.txt means is said there alone"),
    ("scraper", &["src/fetch/readable.rs"], "a page leaves it as a title and sections"),
    (
        "encoding_rs",
        &["src/fetch/charset.rs", "src/transcript/sheet.rs"],
        "a page or a spreadsheet leaves it as text",
    ),
    ("notify", &["src/cli/changes.rs"], "what changed leaves it as paths"),
    ("similar", &["src/cli/knowledge/fetch.rs"], "only one command shows a difference"),
    ("prometheus_client", &["src/metrics"], "what is counted leaves it as text"),
    (
        "rand_chacha",
        &["src/simulation/chance.rs"],
        "one stream for a conversation, and no other way to draw",
    ),
    ("strsim", &["src/text/fuzzy.rs"], "`text::Spelling` and `text::closest` are the way to it"),
];

/// Words of the car trade, none of which may stand in a name or a string of the engine's code.
const CAR_WORDS: [&str; 23] = [
    "car",
    "cars",
    "vehicle",
    "price",
    "prices",
    "plan",
    "credit",
    "loan",
    "payment",
    "catalog",
    "dealer",
    "money",
    "pesos",
    "autos",
    "coche",
    "carro",
    "camioneta",
    "precio",
    "pago",
    "enganche",
    "plazo",
    "mensualidad",
    "cotización",
];

/// Words of the trade in a string alone: in a name `auto` is English (`AutoEscape`).
const CAR_WORDS_IN_STRINGS: [&str; 1] = ["auto"];

/// Lines with code in one file.
const MAX_LINES: usize = 400;

#[test]
fn modules_know_only_whom_they_may() {
    let mut faults = Vec::new();
    for source in sources() {
        faults.extend(forbidden_edges(&source));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_two_modules_can_know_each_other() {
    for (index, (module, known, _)) in EDGES.iter().enumerate() {
        for name in *known {
            let top = name.split("::").next();
            let above = EDGES[..index].iter().any(|(other, ..)| Some(*other) == top);
            assert!(above, "`{module}` may know `{name}`, which has no row above it");
        }
    }
}

#[test]
fn the_map_lists_every_module() {
    let map = sources().into_iter().find(|source| source.path == "src/lib.rs").expect("a map");
    let faults = unlisted(&map);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn crates_stay_behind_their_file() {
    let faults: Vec<String> = sources().iter().flat_map(escaped).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_engine_knows_no_cars() {
    let engine = sources().into_iter().filter(|source| source.module() == "engine");
    let faults: Vec<String> = engine.flat_map(|source| car_words(&source)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let faults: Vec<String> = sources().iter().filter_map(too_long).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The names of other modules that a file uses and its row does not allow.
fn forbidden_edges(source: &Source) -> Vec<String> {
    let module = source.module();
    if module == "lib" {
        return Vec::new();
    }
    let Some((_, allowed, reason)) = EDGES.iter().find(|(name, ..)| *name == module) else {
        let path = &source.path;
        return vec![format!("{path}: `{module}` has no row in EDGES: say whom it may know")];
    };
    let own = |name: &Name| name.parts.first().is_none_or(|top| top == module);
    let known = |name: &Name| {
        let path = name.parts.join("::");
        allowed.iter().any(|allowed| {
            path.strip_prefix(allowed).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    };
    let strangers = names(source).into_iter().filter(|name| !own(name) && !known(name));
    let fault = |name: Name| {
        format!(
            "{}:{}: `{module}` may not know `{}` ({reason}); take it as an argument, move it to \
             where both may know it, or argue for the edge in EDGES",
            source.path,
            name.line,
            name.parts.join("::"),
        )
    };
    strangers.map(fault).collect()
}

/// The modules of the crate that the list in its docs leaves out.
fn unlisted(map: &Source) -> Vec<String> {
    let docs: Vec<&str> = map.text.lines().filter(|line| line.starts_with("//! - ")).collect();
    let listed = |module: &str| docs.iter().any(|line| line.contains(&format!("[`{module}`]")));
    let words: Vec<_> = map.tokens.iter().map(|token| (&token.kind, token.line)).collect();
    let mut faults = Vec::new();
    for pair in words.windows(2) {
        let [(Token::Word(keyword), line), (Token::Word(module), _)] = pair else { continue };
        if keyword == "mod" && !listed(module) {
            faults.push(format!(
                "{}:{line}: `{module}` is not in the reading order of the docs above: say in one \
                 line what it is",
                map.path
            ));
        }
    }
    faults
}

/// Places outside its own file that name a confined crate.
fn escaped(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for placed in &source.tokens {
        let Token::Word(word) = &placed.kind else { continue };
        for (name, homes, reason) in CONFINED {
            let is_home = |home: &str| {
                let folder = format!("{home}/");
                let beside = format!("{home}.rs");
                [home, &beside].contains(&source.path.as_str()) || source.path.starts_with(&folder)
            };
            if word == name && !homes.iter().any(|home| is_home(home)) {
                let (path, line, homes) = (&source.path, placed.line, homes.join(" and "));
                faults.push(format!("{path}:{line}: `{name}` is named outside {homes} ({reason})"));
            }
        }
    }
    faults
}

/// Words of the car trade in the names and strings of a file, tests left out.
fn car_words(source: &Source) -> Vec<String> {
    let mut faults = Vec::new();
    for placed in source.tokens.iter().filter(|placed| !placed.in_test) {
        let (text, more) = match &placed.kind {
            Token::Word(name) => (name, &[][..]),
            Token::Text(words) => (words, &CAR_WORDS_IN_STRINGS[..]),
            Token::Sign(_) => continue,
        };
        for word in words(text) {
            if CAR_WORDS.iter().chain(more).any(|known| *known == word) {
                let (path, line) = (&source.path, placed.line);
                faults.push(format!(
                    "{path}:{line}: the engine knows no cars, and `{word}` is a word of theirs: \
                     let the vocabulary give it by name"
                ));
            }
        }
    }
    faults
}

/// The words of a name (`snake_case`, `CamelCase`) or of a string, in lower case.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for character in text.chars() {
        if !character.is_alphabetic() || (character.is_uppercase() && after_lower) {
            words.push(String::new());
        }
        after_lower = character.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| character.is_alphabetic()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn too_long(source: &Source) -> Option<String> {
    let lines = source.lines_with_code();
    (lines > MAX_LINES).then(|| {
        format!(
            "{}: {lines} lines of code, {MAX_LINES} at most: which two nouns are in this file?",
            source.path
        )
    })
}

/// The rules themselves, on code that breaks them.
mod rules {
    use super::*;

    fn faults(path: &str, code: &str) -> Vec<String> {
        forbidden_edges(&Source::new(path, code))
    }

    #[test]
    fn an_edge_is_found_with_its_line_in_whatever_form_it_is_written() {
        for code in [
            "\nuse crate::dealer::Dealer;",
            "\nuse crate::{message, dealer::{Dealer, Profile}};",
            "\nfn f() { crate::dealer::Dealer::new() }",
            "\npub(crate) use super::dealer;",
            "\nmod a { mod b { use super::super::super::dealer; } }",
            "\nuse super::{super::dealer, check};",
            "\nuse crate::*;",
            "\nuse crate::{self as ours};",
            "\nfn f() -> kavak_bot::dealer::Dealer {}",
            "\n#[cfg(test)] mod tests { use crate::dealer::Dealer; }",
        ] {
            let path = if code.contains("{super::") { "src/engine/a.rs" } else { "src/engine.rs" };
            let found = faults(path, code);
            assert!(!found.is_empty(), "{code}");
            assert!(found[0].starts_with(&format!("{path}:2: `engine` may not know")), "{found:?}");
        }
    }

    #[test]
    fn what_is_allowed_is_let_through() {
        let code = "use crate::engine::check; use super::super::text::fold; // crate::dealer\n\
                    /* crate::dealer /* */ crate::dealer */ use self::super::step;\n\
                    const A: &str = \"crate::dealer\"; const B: &str = r#\"\" crate::dealer\"#;\n\
                    const C: char = '\"'; fn f<'a>() -> crate::message::Source { crate::text::fold }";
        assert_eq!(faults("src/engine/check.rs", code), Vec::<String>::new());
    }

    #[test]
    fn a_part_of_a_module_can_be_all_that_is_allowed() {
        assert!(faults("src/store/key.rs", "use crate::engine::Session;").is_empty());
        assert!(faults("src/store/key.rs", "fn f() { crate::engine::Session::new() }").is_empty());
        for code in ["use crate::engine::SessionView;", "use crate::engine;"] {
            assert_eq!(faults("src/store/key.rs", code).len(), 1, "{code}");
        }
        assert_eq!(faults("src/store/key.rs", "use crate::engine::{Session, Engine};").len(), 1);
    }

    #[test]
    fn a_module_without_a_row_is_told() {
        let found = faults("src/wheel/mod.rs", "");
        assert_eq!(found, ["src/wheel/mod.rs: `wheel` has no row in EDGES: say whom it may know"]);
    }

    #[test]
    fn a_module_that_the_map_leaves_out_is_told() {
        let map =
            "//! - [`text`]: words.\n//! Not in the list: [`money`].\npub mod text;\nmod money;";
        let found = unlisted(&Source::new("src/lib.rs", map));
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("src/lib.rs:4: `money`"), "{found:?}");
    }

    #[test]
    fn a_crate_outside_its_file_is_told() {
        let code = "//! sled\nuse sled::Db;";
        assert!(escaped(&Source::new("src/store/sled.rs", code)).is_empty());
        let found = escaped(&Source::new("src/storehouse.rs", code));
        assert!(found[0].starts_with("src/storehouse.rs:2: `sled`"), "{found:?}");
        assert_eq!(escaped(&Source::new("src/text/token.rs", "strsim::jaro(a, b)")).len(), 1);
    }

    #[test]
    fn a_car_in_the_engine_is_told() {
        let found = |code| car_words(&Source::new("src/engine/flow.rs", code)).len();
        assert_eq!(found("struct CarOffer { min_price: u32 }"), 2);
        assert_eq!(found("say(\"elige tu auto\")"), 1);
        assert_eq!(found("set_auto_escape(AutoEscape::None); // a car\nlet scar = \"carta\";"), 0);
        assert_eq!(found("#[cfg(test)]\nmod tests { let car = 1; }\nfn car() {}"), 1);
    }

    #[test]
    fn a_long_file_is_told_and_its_docs_are_free() {
        let docs = "/// A word.\n\n".repeat(MAX_LINES);
        let code = "fn f() {}\n".repeat(MAX_LINES);
        assert_eq!(too_long(&Source::new("src/a.rs", &format!("{docs}{code}"))), None);
        let more = too_long(&Source::new("src/a.rs", &format!("{code}const A: &str = \"\n\";")));
        assert!(more.is_some_and(|told| told.starts_with("src/a.rs: 402 lines")));
    }
}
