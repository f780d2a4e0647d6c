//! What customers say when they look for a car, and what we say: `data/dealer/words.toml`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::catalog::{Body, Bounds, Feature, Sort, Transmission};
use crate::money::Money;
use crate::text::Text;

/// The word lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Bodies: how we name them, how they are asked for.
    pub bodies: Vec<BodyWords>,
    /// Words for several bodies at once.
    pub body_groups: Vec<BodyGroup>,
    /// Features.
    pub features: Vec<FeatureWords>,
    /// Transmissions.
    pub transmissions: Vec<TransmissionWords>,
    /// Orders.
    pub sorts: Vec<SortWords>,
    /// Words that tell what a number or a name is for.
    pub cues: Cues,
    /// How a search is told back.
    pub summary: Summary,
    /// How a condition is called where it could be given up.
    pub conditions: Conditions,
}

/// A run of words, each in plain form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Run(pub Vec<String>);

impl From<String> for Run {
    fn from(run: String) -> Self {
        let text = Text::new(&run);
        Self(text.tokens().iter().map(|token| token.text.clone()).collect())
    }
}

/// A body's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyWords {
    /// Which.
    pub body: Body,
    /// How we name it.
    pub name: String,
    /// How it is asked for.
    pub says: Vec<Run>,
}

/// Words for several bodies at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyGroup {
    /// How they are asked for.
    pub says: Vec<Run>,
    /// Which.
    pub bodies: Vec<Body>,
    /// How we name them.
    pub name: String,
}

/// A feature's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureWords {
    /// Which.
    pub feature: Feature,
    /// How we name it.
    pub name: String,
    /// How it is asked for.
    pub says: Vec<Run>,
}

/// A transmission's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransmissionWords {
    /// Which.
    pub transmission: Transmission,
    /// How we name it.
    pub name: String,
    /// How it is asked for.
    pub says: Vec<Run>,
}

/// An order's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortWords {
    /// Which.
    pub sort: Sort,
    /// How we name it.
    pub name: String,
    /// How it is asked for.
    pub says: Vec<Run>,
}

/// Words that tell what a number or a name is for; see the file's own notes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the word list explains each of them where it is edited")]
pub struct Cues {
    pub search: Vec<Run>,
    pub fresh: Vec<Run>,
    pub refine: Vec<Run>,
    pub not: Vec<Run>,
    pub monthly: Vec<Run>,
    pub down_payment: Vec<Run>,
    pub quote_price: Vec<Run>,
    pub quote: Vec<Run>,
    pub term: Vec<Run>,
    pub longest: Vec<Run>,
    pub shortest: Vec<Run>,
    pub minimum_down: Vec<Run>,
    pub no_down: Vec<Run>,
    pub pointing: Vec<Run>,
    pub list: Vec<Run>,
    pub cheapest_of_list: Vec<Run>,
    pub newest_of_list: Vec<Run>,
    pub least_km_of_list: Vec<Run>,
}

/// How a search is told back; `{}` is the value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the wording of the condition of the same name")]
pub struct Summary {
    pub anything: String,
    pub year_min: String,
    pub year_max: String,
    pub year_one: String,
    pub price_min: String,
    pub price_max: String,
    pub price_under: String,
    pub price_between: String,
    pub price_over: String,
    pub km_min: String,
    pub km_max: String,
    pub length_max: String,
    pub monthly_payment: String,
    pub not: String,
}

/// What a run of words is for, where it stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// One of these bodies: an index into [`Words::bodies`].
    Body(usize),
    /// Several bodies: an index into [`Words::body_groups`].
    BodyGroup(usize),
    /// A feature.
    Feature(Feature),
    /// A transmission.
    Transmission(Transmission),
    /// An order.
    Sort(Sort),
    /// A cue.
    Cue(Cue),
}

/// A list of [`Cues`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the word list explains each of them where it is edited")]
pub enum Cue {
    Search,
    Fresh,
    Refine,
    Not,
    Monthly,
    DownPayment,
    QuotePrice,
    Quote,
    Term,
    Longest,
    Shortest,
    MinimumDown,
    NoDown,
    Pointing,
    List,
    CheapestOfList,
    NewestOfList,
    LeastKmOfList,
}

impl Cues {
    fn lists(&self) -> [(Cue, &[Run]); 18] {
        [
            (Cue::Search, &self.search),
            (Cue::Fresh, &self.fresh),
            (Cue::Refine, &self.refine),
            (Cue::Not, &self.not),
            (Cue::Monthly, &self.monthly),
            (Cue::DownPayment, &self.down_payment),
            (Cue::QuotePrice, &self.quote_price),
            (Cue::Quote, &self.quote),
            (Cue::Term, &self.term),
            (Cue::Longest, &self.longest),
            (Cue::Shortest, &self.shortest),
            (Cue::MinimumDown, &self.minimum_down),
            (Cue::NoDown, &self.no_down),
            (Cue::Pointing, &self.pointing),
            (Cue::List, &self.list),
            (Cue::CheapestOfList, &self.cheapest_of_list),
            (Cue::NewestOfList, &self.newest_of_list),
            (Cue::LeastKmOfList, &self.least_km_of_list),
        ]
    }
}

/// Something said: what it is for, and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it is for.
    pub meaning: Meaning,
    /// Its tokens, as indices into [`Text::tokens`].
    pub tokens: Range<usize>,
}

/// Every run of the word lists by its first word, so that a message is read in one pass.
type Lexicon = HashMap<String, Vec<(Run, Meaning)>>;

/// How a condition is called where it could be given up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the name of the condition of the same name")]
pub struct Conditions {
    pub length: String,
    pub bluetooth: String,
    pub car_play: String,
    pub transmission: String,
    pub km: String,
    pub year: String,
    pub price: String,
    pub body: String,
    pub model: String,
    pub make: String,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| lexicon(Words::built_in()));

fn lexicon(words: &Words) -> Lexicon {
    let mut lexicon = Lexicon::new();
    let mut add = |runs: &[Run], meaning: Meaning| {
        for run in runs {
            if let Some(first) = run.0.first() {
                lexicon.entry(first.clone()).or_default().push((run.clone(), meaning));
            }
        }
    };
    for (index, body) in words.bodies.iter().enumerate() {
        add(&body.says, Meaning::Body(index));
    }
    for (index, group) in words.body_groups.iter().enumerate() {
        add(&group.says, Meaning::BodyGroup(index));
    }
    for feature in &words.features {
        add(&feature.says, Meaning::Feature(feature.feature));
    }
    for transmission in &words.transmissions {
        add(&transmission.says, Meaning::Transmission(transmission.transmission));
    }
    for sort in &words.sorts {
        add(&sort.says, Meaning::Sort(sort.sort));
    }
    for (cue, runs) in words.cues.lists() {
        add(runs, Meaning::Cue(cue));
    }
    lexicon
}

static BUILT_IN: LazyLock<Words> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/dealer/words.toml"))
        .expect("data/dealer/words.toml is well formed: a test reads it")
});

impl Words {
    /// The lists that the project ships.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Everything of the lists that stands in a message, in order.
    #[must_use]
    pub fn read(text: &Text) -> Vec<Said> {
        let tokens = text.tokens();
        let mut said = Vec::new();
        for (start, token) in tokens.iter().enumerate() {
            for (run, meaning) in LEXICON.get(&token.text).into_iter().flatten() {
                let end = start + run.0.len();
                let here = tokens.get(start..end).unwrap_or_default();
                let same = here.len() == run.0.len()
                    && here.iter().zip(&run.0).all(|(token, word)| token.text == *word);
                if same {
                    said.push(Said { meaning: *meaning, tokens: start..end });
                }
            }
        }
        said
    }

    /// How we name a range of prices.
    #[must_use]
    pub fn price_band(&self, price: Bounds<Money>) -> String {
        match price {
            Bounds { min: Some(min), max: Some(max) } => self
                .summary
                .price_between
                .replacen("{}", &min.short(), 1)
                .replacen("{}", &max.short(), 1),
            Bounds { min: Some(min), max: None } => self.summary.price_over.replace("{}", &min.short()),
            Bounds { max, .. } => {
                let max = max.map(Money::short).unwrap_or_default();
                self.summary.price_under.replace("{}", &max)
            }
        }
    }

    /// How we name a transmission.
    #[must_use]
    pub fn transmission(&self, transmission: Transmission) -> String {
        let known = self.transmissions.iter().find(|known| known.transmission == transmission);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    /// How we name a feature.
    #[must_use]
    pub fn feature(&self, feature: Feature) -> String {
        let known = self.features.iter().find(|known| known.feature == feature);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    /// How we name a body.
    #[must_use]
    pub fn body(&self, body: Body) -> &str {
        self.bodies.iter().find(|known| known.body == body).map_or("", |known| &known.name)
    }

    /// How we name several bodies: the word that means just these, else all of them.
    #[must_use]
    pub fn bodies_named(&self, bodies: &[Body]) -> String {
        let group = self.body_groups.iter().find(|group| group.bodies == bodies);
        let each = || bodies.iter().map(|body| self.body(*body)).collect::<Vec<_>>().join(" o ");
        group.map_or_else(each, |group| group.name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_read_and_no_run_is_empty() {
        let words = Words::built_in();
        let runs = words.bodies.iter().flat_map(|body| &body.says).chain(&words.cues.search);
        assert!(runs.into_iter().all(|run| !run.0.is_empty()));
        assert_eq!(words.bodies.len(), 8);
    }
}
