//! Every rule of the checker against a flow that breaks it: `tests/flow_rules/RULE/` holds the
//! files that differ from `tests/flow_rules/good/`, mostly the small flow `extra.yaml`, and
//! `report.txt` what the author then reads. `texts/extra.yaml` is the end of the file of texts.

mod flow_rules {
    pub(crate) mod tea_shop;
}

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use flow_rules::tea_shop::TeaShop;
use kavak_bot::engine::check::{Blueprint, Sources, Tried, check};
use kavak_bot::engine::graph::{mermaid, page};
use kavak_bot::engine::problem::{Problem, Report};
use kavak_bot::engine::vocabulary::Vocabulary as _;

const REPORT: &str = "report.txt";
const TEXTS: &str = "texts/es-MX.yaml";
const EXTRA_TEXTS: &str = "texts/extra.yaml";

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/flow_rules").join(name)
}

/// The files below a folder, by their name within it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            let inner = self::files(&path).into_iter();
            files.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            files.insert(name, fs::read_to_string(path).expect("a text"));
        }
    }
    files
}

/// The good flows with the files of one rule over them.
fn sources(rule: &str) -> Sources {
    let mut sources = Sources { folder: "flows".to_owned(), files: files(&folder("good")) };
    sources.files.extend(files(&folder(rule)));
    sources.files.remove(REPORT);
    let extra = sources.files.remove(EXTRA_TEXTS).expect("texts of the extra flow");
    sources.files.get_mut(TEXTS).expect("texts").push_str(&extra);
    sources
}

#[test]
fn the_good_flows_are_good() {
    let found = check(&sources("good"), &TeaShop::default()).map_err(Report::new);
    assert!(found.is_ok(), "{}", found.expect_err("a report"));
}

#[test]
fn the_graph_draws_every_step_and_is_always_the_same() {
    let flows = check(&sources("good"), &TeaShop::default()).expect("good flows");
    let chart = mermaid(&flows);
    assert_eq!(chart, mermaid(&flows));
    for line in [
        "subgraph flow_tea[\"tea\"]",
        "{\"heard_tea: size?\"}",
        "[[\"brew: brew\"]]",
        "([\"choose\"])",
        "-->|\"refused: sold_out\"|",
        "-->|\"label.small<br>label.large\"|",
        "anywhere -->|\"heard: tea\"|",
    ] {
        assert!(chart.contains(line), "{line} is not in\n{chart}");
    }
}

#[test]
fn the_page_draws_every_step_and_stands_by_itself() {
    let flows = check(&sources("good"), &TeaShop::default()).expect("good flows");
    let drawn = page(&flows);
    assert_eq!(drawn, page(&flows), "the same flows give the same bytes");
    for (_, step) in flows.steps() {
        let box_of_step = format!("<g id=\"step-{}\"", step.name.replace('_', "_5f_"));
        assert_eq!(drawn.matches(&box_of_step).count(), 1, "{}", step.name);
        assert!(drawn.contains(&format!("<title>{} (", step.name)), "{}", step.name);
    }
    for foreign in ["http:", "https:", "src=", "@import", "url(", "<script", "<link"] {
        let rest = drawn.replace("http://www.w3.org/2000/svg", "");
        assert!(!rest.contains(foreign), "{foreign}");
    }
}

#[test]
fn ways_into_other_flows_lead_to_their_steps() {
    let flows = check(&sources("good"), &TeaShop::default()).expect("good flows");
    let drawn = page(&flows);
    let links: Vec<&str> = drawn.split("<a class=\"stub plain\" href=\"#").skip(1).collect();
    assert!(!links.is_empty(), "a flow of the shop leads into another");
    for link in links {
        let anchor = link.split('"').next().expect("a link");
        assert!(drawn.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}

#[test]
fn words_of_the_author_cannot_break_the_page() {
    let mut sources = sources("good");
    let mut replace = |file: &str, old: &str, new: &str| {
        let text = sources.files.get_mut(file).expect("a file");
        assert!(text.contains(old), "{old} is in {file}");
        *text = text.replace(old, new);
    };
    replace(TEXTS, "¿Seguimos?", "<script>alert(1)</script> & \"</td>");
    replace("tea.yaml", "otro tamaño", "<b>otro");
    let drawn = page(&check(&sources, &TeaShop::default()).expect("good flows"));
    assert!(!drawn.contains("<script") && !drawn.contains("<b>"), "{drawn}");
    assert!(drawn.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;&lt;/td&gt;"));
    assert!(drawn.contains("&lt;b&gt;otro"));
}

#[test]
fn one_blueprint_is_checked_with_what_each_shop_shows() {
    let shops = [TeaShop::default(), TeaShop::called(&"Té".repeat(1_000)), TeaShop::default()];
    let blueprint = Blueprint::of(&sources("good"), shops[0].offers());
    let verdicts =
        shops.map(|shop| blueprint.check(&shop).map(drop).map_err(|found| found[0].rule));
    assert_eq!(verdicts, [Ok(()), Err("text-limit"), Ok(())]);
}

#[test]
fn what_was_tried_before_hides_nothing_of_what_is_wrong_now() {
    let wrong = fs::read_dir(folder("")).expect("a folder").map(|entry| {
        let path = entry.expect("an entry").path();
        let rule = path.file_name().expect("a name").to_string_lossy().into_owned();
        path.is_dir().then(|| (sources(&rule), rule))
    });
    // What makes a question too long is written elsewhere; a slot is not known where it was.
    let long = format!("{{{{ item.name }}}} {}", "té ".repeat(130));
    let edits = [
        (TEXTS, "{{ item.name }}", long.as_str()),
        (TEXTS, "large: Grande", "large: \"{{ tea.name }}\""),
        ("tea.yaml", "depends: {tea: [cups, bill], cups: [bill]}", "depends: {}"),
        ("tea.yaml", "values: [small, large]", "values: [small]"),
        ("tea.yaml", "next: cups", "next: bill"),
        ("tea.yaml", "cups: {type: cups}", "cups: {type: tea}"),
        (TEXTS, "small: Chico", "small: Chico o chiquito"),
    ];
    // As long as it may be, with its labels.
    let mut good = sources("good");
    let text = good.files.get_mut(TEXTS).expect("a file");
    *text = text.replace("¡Hola!", &"¡Hola! ".repeat(140));
    *text =
        text.replace("{{ cups }} tazas", &format!("{{{{ cups }}}} {}tazas", "ricas ".repeat(140)));
    let edited = edits.map(|(file, old, new)| {
        let mut sources = good.clone();
        let text = sources.files.get_mut(file).expect("a file");
        assert!(text.contains(old), "{old} is in {file}");
        *text = text.replace(old, new);
        (sources, old.to_owned())
    });
    let shop = TeaShop::default();
    let good = Blueprint::of(&good, shop.offers());
    let (mut tried, mut refused) = (Tried::default(), 0);
    for (sources, name) in wrong.flatten().chain(edited) {
        assert!(good.check_untried(&shop, &mut tried).is_ok(), "before {name}");
        let blueprint = Blueprint::of(&sources, shop.offers());
        let told = |checked: Result<_, Vec<Problem>>| {
            checked.err().map(|problems| Report::new(problems).to_string())
        };
        let again = told(blueprint.check_untried(&shop, &mut tried));
        refused += usize::from(again.is_some());
        assert_eq!(again, told(blueprint.check(&shop)), "{name}");
    }
    assert!(refused > edits.len());
}

#[test]
fn without_its_files_a_bot_says_which_are_missing() {
    let empty = Sources { folder: "flows".to_owned(), ..Sources::default() };
    let problems = check(&empty, &TeaShop::default()).expect_err("nothing there");
    let missing: Vec<_> = problems.iter().map(|p| (p.file.as_str(), p.rule)).collect();
    let files = ["flows/bot.yaml", "flows/texts/es-MX.yaml"];
    assert_eq!(missing, files.map(|file| (file, "missing-file")));
}

#[test]
fn each_rule_says_what_is_wrong_where_and_what_to_do() {
    let mut different = Vec::new();
    for entry in fs::read_dir(folder("")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let rule = path.file_name().expect("a name").to_string_lossy().into_owned();
        if !path.is_dir() || rule == "good" {
            continue;
        }
        let report = match check(&sources(&rule), &TeaShop::default()) {
            Ok(_) => "no problem was found".to_owned(),
            Err(problems) => Report::new(problems).to_string(),
        };
        let expected = fs::read_to_string(path.join(REPORT)).unwrap_or_default();
        if report.trim_end() != expected.trim_end() {
            different.push(format!("=== {rule}/{REPORT} should be, or should not be:\n{report}\n"));
        }
    }
    assert!(different.is_empty(), "\n{}", different.join("\n"));
}
