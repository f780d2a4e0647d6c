//! Picks from a list: `el 2`, `la segunda`, `opción tres`, `2️⃣`, `el último`, `el de en medio`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use super::lists::{self, Phrases, Slips, WordMap, WordSet};
use super::numeral::Numeral;
use super::quantity::Quantity;
use super::unit::Unit;
use crate::text::{Text, Token, TokenKind, fold};

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ordinal {
    /// The first is 1.
    Nth(u32),
    /// The last one.
    Last,
    /// So many before the last one: 1 for `el penúltimo`.
    BeforeLast(u32),
    /// The one in the middle.
    Middle,
}

/// `el 30` may pick; a greater number after an article is an amount or the name of a car.
const MAX_AFTER_ARTICLE: u32 = 30;

/// Letters from which on a word is known with a slip in it. Most plurals are of something else: `3
/// segundos`.
const SLIP_LETTERS: usize = 6;

/// What closes a keycap: `2️⃣`.
const KEYCAP: char = '\u{20e3}';

/// Every pick of a message, in order.
pub(super) fn read_all(
    text: &Text,
    numerals: &[Numeral],
    quantities: &[Quantity],
) -> Vec<(Ordinal, Range<usize>)> {
    let reader = Reader { text, tokens: text.tokens(), numerals, quantities };
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        if let Some(((), end)) = ORDINALS.idioms.longest(reader.tokens, at) {
            at = end;
            continue;
        }
        match reader.read(at) {
            Some((ordinal, tokens)) => {
                at = tokens.end;
                found.push((ordinal, tokens));
            }
            None => at += 1,
        }
    }
    found
}

struct Reader<'a> {
    text: &'a Text,
    tokens: &'a [Token],
    numerals: &'a [Numeral],
    quantities: &'a [Quantity],
}

impl Reader<'_> {
    fn read(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        if let Some((place, end)) = ORDINALS.places.longest(self.tokens, at) {
            return Some((place, at..end));
        }
        let token = &self.tokens[at];
        match token.kind {
            TokenKind::Digits => self.suffixed(at).or_else(|| self.keycap(at)),
            _ => self.word(at).or_else(|| self.announced(at)),
        }
    }

    /// `segunda`, `vigésimo primero`, `última`, 🥇.
    fn word(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        let token = &self.tokens[at];
        if ORDINALS.last.contains(&token.text) {
            return Some((Ordinal::Last, at..at + 1));
        }
        if let Some(back) = ORDINALS.before_last.get(&token.text) {
            return Some((Ordinal::BeforeLast(*back), at..at + 1));
        }
        let Some(value) = ORDINALS.words.get(&token.text).copied() else {
            return self.mistyped(at);
        };
        // "un cuarto" and "tres quintos" are parts of a whole.
        let next = self.numerals.partition_point(|numeral| numeral.tokens.end <= at);
        if self.numerals.get(next).is_some_and(|numeral| numeral.tokens.start <= at) {
            return None;
        }
        let mut sum = value;
        let mut end = at + 1;
        // vigésimo primero, centésimo vigésimo quinto
        while let Some(more) = self.tokens.get(end).and_then(|next| ORDINALS.words.get(&next.text))
            && *more < open_place(sum)
        {
            sum += more;
            end += 1;
        }
        Some((Ordinal::Nth(sum), at..end))
    }

    /// `el segndo`: a slip counts where nothing else can be meant.
    fn mistyped(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        let is_article = |before: usize| ORDINALS.articles.contains(&self.tokens[before].text);
        let is_announced = self.tokens.len() == 1 || at.checked_sub(1).is_some_and(is_article);
        let meant = || ORDINALS.slips.meaning(&self.tokens[at].text);
        let value = is_announced.then(meant)??;
        Some((Ordinal::Nth(value), at..at + 1))
    }

    /// `2da`, `30º`.
    fn suffixed(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        let suffix = self.tokens.get(at + 1).filter(|next| next.glued)?;
        let glued_digits = self
            .tokens
            .get(at + 2)
            .is_some_and(|next| next.glued && next.kind == TokenKind::Digits);
        let value: u32 = self.tokens[at].text.parse().ok()?;
        // "30° C" is a temperature.
        let degrees = suffix.kind == TokenKind::Symbol
            && self.tokens.get(at + 2).is_some_and(|next| ORDINALS.scales.contains(&next.text));
        let fits =
            ORDINALS.suffixes.contains(&suffix.text) && !glued_digits && !degrees && self.free(at);
        (fits && value > 0).then_some((Ordinal::Nth(value), at..at + 2))
    }

    /// `2️⃣`.
    fn keycap(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        let token = &self.tokens[at];
        let value: u32 = token.text.parse().ok().filter(|value| *value > 0)?;
        self.text.spelled(token).contains(KEYCAP).then_some((Ordinal::Nth(value), at..at + 1))
    }

    /// `el 2`, `la dos`, `opción tres`, `#2`, `el número 2`.
    fn announced(&self, at: usize) -> Option<(Ordinal, Range<usize>)> {
        let is_article = ORDINALS.articles.contains(&self.tokens[at].text);
        let hour = at > 0 && ORDINALS.not_before_article.contains(&self.tokens[at - 1].text);
        if is_article && hour {
            return None;
        }
        let noun_at = if is_article { at + 1 } else { at };
        let noun = ORDINALS.nouns.longest(self.tokens, noun_at);
        let number_at = noun.map_or(noun_at, |((), end)| end);
        if number_at == at {
            return None;
        }
        let found = self.quantities.binary_search_by_key(&number_at, |q| q.tokens.start).ok()?;
        let quantity = &self.quantities[found];
        let value = quantity.value.fract().is_zero().then(|| quantity.value.to_u32())??;
        let bare = quantity.unit == Unit::Plain && (1..=MAX_AFTER_ARTICLE).contains(&value);
        let amount = ORDINALS.not_followed_by.longest(self.tokens, quantity.tokens.end).is_some();
        (bare && !amount).then_some((Ordinal::Nth(value), at..quantity.tokens.end))
    }

    /// Not glued to letters before it, as in a name.
    fn free(&self, at: usize) -> bool {
        !self.tokens[at].glued || at == 0 || self.tokens[at - 1].kind != TokenKind::Word
    }
}

/// A smaller ordinal joins one before it when it fits its noughts.
fn open_place(value: u32) -> u32 {
    match value {
        1000.. if value.is_multiple_of(1000) => 1000,
        100.. if value.is_multiple_of(100) => 100,
        10.. if value.is_multiple_of(10) => 10,
        _ => 1,
    }
}

static ORDINALS: LazyLock<Ordinals> =
    LazyLock::new(|| Ordinals::new(&lists::load(include_str!("../../data/spanish/ordinals.toml"))));

struct Ordinals {
    words: WordMap<u32>,
    /// The long ones, which are known with a slip in them.
    slips: Slips<u32>,
    last: WordSet,
    before_last: WordMap<u32>,
    suffixes: WordSet,
    /// What degrees are counted on.
    scales: WordSet,
    articles: WordSet,
    not_before_article: WordSet,
    nouns: Phrases<()>,
    /// Places that are told without a number.
    places: Phrases<Ordinal>,
    idioms: Phrases<()>,
    not_followed_by: Phrases<()>,
}

impl Ordinals {
    fn new(file: &File) -> Self {
        let lists = [&file.units, &file.tens, &file.emoji];
        let mut places = Phrases::of(&file.rules.top, Ordinal::Nth(1));
        places.add(&file.rules.middle, Ordinal::Middle);
        places.add(&file.rules.bottom, Ordinal::Last);
        let is_long =
            |(word, _): &(String, u32)| word.len() >= SLIP_LETTERS && !word.ends_with('s');
        Self {
            slips: Slips::of(numbered(&file.units).filter(is_long), &file.words.look_alikes),
            words: lists.into_iter().flat_map(numbered).collect(),
            last: lists::words(&file.words.last),
            before_last: numbered(&file.before_last).collect(),
            scales: lists::words(&file.words.scales),
            suffixes: lists::words(&file.words.suffixes),
            articles: lists::words(&file.words.articles),
            not_before_article: lists::words(&file.words.not_before_article),
            nouns: Phrases::of(&file.words.nouns, ()),
            places,
            idioms: Phrases::of(&file.rules.idioms, ()),
            not_followed_by: Phrases::of(&file.rules.not_followed_by, ()),
        }
    }
}

/// The words of a list whose keys are numbers, each with its number.
fn numbered(list: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (String, u32)> {
    list.iter().flat_map(|(value, words)| {
        let value = value.parse().expect("the keys of the ordinals are whole numbers");
        words.iter().map(move |word| (fold(word), value))
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    units: BTreeMap<String, Vec<String>>,
    tens: BTreeMap<String, Vec<String>>,
    emoji: BTreeMap<String, Vec<String>>,
    before_last: BTreeMap<String, Vec<String>>,
    words: Words,
    rules: Rules,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    last: Vec<String>,
    suffixes: Vec<String>,
    scales: Vec<String>,
    articles: Vec<String>,
    not_before_article: Vec<String>,
    look_alikes: Vec<String>,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    top: Vec<String>,
    middle: Vec<String>,
    bottom: Vec<String>,
    idioms: Vec<String>,
    not_followed_by: Vec<String>,
}
