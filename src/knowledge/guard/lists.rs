//! The word lists of the guard: `data/knowledge/guard.toml`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::phrase::Phrase;
use crate::knowledge::lexicon::Lexicon;
use crate::text::fold;

/// The lists this program is built with.
pub(super) static LISTS: LazyLock<Lists> =
    LazyLock::new(|| Lists::parse(include_str!("../../../data/knowledge/guard.toml")));

/// The stems and synonyms that questions are read with.
pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::bundled);

/// Everything the guard knows of Spanish.
pub(super) struct Lists {
    /// The pictures an answer may have one of.
    pub(super) emoji: HashSet<char>,
    /// Words that say nothing by themselves: `el`, `de`, `que`.
    pub(super) function_words: HashSet<String>,
    /// Stems of the words that a rewording may bring.
    pub(super) fillers: HashSet<String>,
    /// Stems that mean the same in a rewording, to the first of their group.
    pub(super) kin: HashMap<String, String>,
    /// Courtesy that is not looked into.
    pub(super) polite: Vec<Phrase>,
    /// What may only be repeated.
    pub(super) guarded: Vec<Guarded>,
    /// Places and makes, in lower case too.
    pub(super) names: Vec<Phrase>,
    /// Names that need no passage.
    pub(super) own_names: HashSet<String>,
    /// Words that turn the clause they stand in.
    pub(super) negators: HashSet<String>,
    /// Words that turn the few words behind them.
    pub(super) near_negators: HashSet<String>,
    /// After these a negator turns nothing: `no solo`.
    pub(super) not_negating: HashSet<String>,
    /// Behind these a negator turns the few words behind it alone: `el día que no circula`.
    pub(super) subordinating: HashSet<String>,
    /// Words that open a clause of their own.
    pub(super) joints: HashSet<String>,
    /// Words that open what belongs to the next clause: `para eso, …`.
    pub(super) openers: HashSet<String>,
    /// Behind these a dot ends no sentence.
    pub(super) abbreviations: HashSet<String>,
    /// Words that point back at the sentence before.
    pub(super) pointers: HashSet<String>,
    /// A sentence that opens with these leaves its subject to the one before.
    pub(super) subjectless: HashSet<String>,
    /// Words that say what comes first.
    pub(super) orders: HashSet<String>,
    /// What is measured, and in what.
    pub(super) units: Vec<Unit>,
    /// Words for what an amount measures; those of a group stand for one another.
    pub(super) measures: Vec<Vec<Phrase>>,
    /// Between two numbers of one unit: `36 o 48`.
    pub(super) joiners: HashSet<String>,
    /// Ordinals by their value.
    pub(super) ordinals: Vec<Phrase>,
    /// At least that much.
    pub(super) lower: Bounds,
    /// At most that much.
    pub(super) upper: Bounds,
}

/// Phrases of one kind. Of `alike` one stands for the other.
pub(super) struct Guarded {
    /// As it is told: `a promise`.
    pub(super) kind: String,
    /// Whether `no` before it makes it another claim.
    pub(super) turns: bool,
    pub(super) alike: Vec<Vec<Phrase>>,
    pub(super) verbatim: Vec<Phrase>,
}

/// A unit and how many of its class it makes: a year is 12 of `months`.
pub(super) struct Unit {
    pub(super) class: String,
    pub(super) times: u32,
    pub(super) plus: u32,
    pub(super) words: Vec<Phrase>,
}

/// Words before a figure that bound it.
pub(super) struct Bounds {
    /// They say more than the bare figure.
    pub(super) strict: Vec<Phrase>,
    /// They may stand before a bare figure too.
    pub(super) loose: Vec<Phrase>,
}

impl Lists {
    fn parse(text: &str) -> Self {
        let file: File = toml::from_str(text).expect("a test reads the bundled word lists");
        let stem = |word: &String| LEXICON.forms(&fold(word)).0;
        let mut kin = HashMap::new();
        for group in &file.kin {
            let first = stem(&group[0]);
            kin.extend(group.iter().map(|word| (stem(word), first.clone())));
        }
        let guarded = file.guarded.into_iter().map(|(kind, lists)| Guarded {
            kind,
            turns: lists.turns,
            alike: lists.alike.iter().map(|alike| phrases(alike)).collect(),
            verbatim: phrases(&lists.verbatim),
        });
        Self {
            emoji: file.emoji.chars().collect(),
            function_words: words(&file.function_words),
            fillers: file
                .fillers
                .iter()
                .flat_map(|line| line.split(' '))
                .map(|word| stem(&word.to_owned()))
                .collect(),
            kin,
            polite: phrases(&file.polite),
            guarded: guarded.collect(),
            names: phrases(&file.names),
            own_names: words(&file.own_names),
            negators: words(&file.negation.clause),
            near_negators: words(&file.negation.near),
            not_negating: words(&file.negation.not_before),
            subordinating: words(&file.negation.subordinating),
            joints: words(&file.clauses.joints),
            openers: words(&file.clauses.openers),
            abbreviations: words(&file.clauses.abbreviations),
            pointers: words(&file.clauses.pointers),
            subjectless: words(&file.clauses.subjectless),
            orders: words(&file.clauses.orders),
            units: file.units.into_iter().map(Unit::from).collect(),
            measures: file.figures.measures.iter().map(|group| phrases(group)).collect(),
            joiners: words(&file.figures.joiners),
            ordinals: phrases(&file.figures.ordinals),
            lower: Bounds::from(&file.figures.lower),
            upper: Bounds::from(&file.figures.upper),
        }
    }
}

impl From<FileUnit> for Unit {
    fn from(unit: FileUnit) -> Self {
        let FileUnit { class, times, plus, words } = unit;
        Self { class, times, plus, words: phrases(&words) }
    }
}

impl From<&FileBounds> for Bounds {
    fn from(bounds: &FileBounds) -> Self {
        Self { strict: phrases(&bounds.strict), loose: phrases(&bounds.loose) }
    }
}

fn phrases(patterns: &[String]) -> Vec<Phrase> {
    patterns.iter().flat_map(|pattern| Phrase::all(pattern)).collect()
}

/// Folded words; one string may hold several.
fn words(lines: &[String]) -> HashSet<String> {
    lines.iter().flat_map(|line| line.split(' ')).map(fold).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    emoji: String,
    function_words: Vec<String>,
    fillers: Vec<String>,
    kin: Vec<Vec<String>>,
    polite: Vec<String>,
    names: Vec<String>,
    own_names: Vec<String>,
    negation: FileNegation,
    clauses: FileClauses,
    figures: FileFigures,
    units: Vec<FileUnit>,
    guarded: BTreeMap<String, FileGuarded>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileNegation {
    clause: Vec<String>,
    near: Vec<String>,
    not_before: Vec<String>,
    subordinating: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileClauses {
    joints: Vec<String>,
    openers: Vec<String>,
    abbreviations: Vec<String>,
    pointers: Vec<String>,
    subjectless: Vec<String>,
    orders: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFigures {
    measures: Vec<Vec<String>>,
    joiners: Vec<String>,
    ordinals: Vec<String>,
    lower: FileBounds,
    upper: FileBounds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBounds {
    strict: Vec<String>,
    loose: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileUnit {
    class: String,
    #[serde(default = "one")]
    times: u32,
    #[serde(default)]
    plus: u32,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileGuarded {
    #[serde(default)]
    turns: bool,
    #[serde(default)]
    alike: Vec<Vec<String>>,
    #[serde(default)]
    verbatim: Vec<String>,
}

const fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_lists_can_be_used() {
        assert!(LISTS.guarded.len() > 5 && LISTS.emoji.contains(&'🙂'));
    }
}
