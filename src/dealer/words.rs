//! What customers say when they look for a car, and what we say: `data/dealer/words.toml`.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

pub(super) use super::cue::{Cue, Cues};
use crate::catalog::{Body, Bounds, Feature, Sort, Transmission};
use crate::money::Money;
use crate::text::Text;

/// The word lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    /// Bodies: how we name them, how they are asked for.
    pub(super) bodies: Vec<BodyWords>,
    /// Words for several bodies at once.
    pub(super) body_groups: Vec<BodyGroup>,
    /// Features.
    pub(super) features: Vec<FeatureWords>,
    /// Transmissions.
    pub(super) transmissions: Vec<TransmissionWords>,
    /// Orders.
    pub(super) sorts: Vec<SortWords>,
    /// Words that tell what a number or a name is for.
    pub(super) cues: Cues,
    /// How a search is told back.
    pub(super) summary: Summary,
    /// How a condition is called where it could be given up.
    pub(super) conditions: Conditions,
}

/// A run of words, each in plain form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(super) struct Run(pub(super) Vec<String>);

impl From<String> for Run {
    fn from(run: String) -> Self {
        let text = Text::new(&run);
        Self(text.tokens().iter().map(|token| token.text.clone()).collect())
    }
}

/// A body's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BodyWords {
    /// Which.
    pub(super) body: Body,
    /// How we name it.
    pub(super) name: String,
    /// How it is asked for.
    pub(super) says: Vec<Run>,
}

/// Words for several bodies at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BodyGroup {
    /// How they are asked for.
    pub(super) says: Vec<Run>,
    /// Which.
    pub(super) bodies: Vec<Body>,
    /// How we name them.
    pub(super) name: String,
}

/// A feature's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeatureWords {
    /// Which.
    pub(super) feature: Feature,
    /// How we name it.
    pub(super) name: String,
    /// How it is asked for.
    pub(super) says: Vec<Run>,
}

/// A transmission's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TransmissionWords {
    /// Which.
    pub(super) transmission: Transmission,
    /// How we name it.
    pub(super) name: String,
    /// How it is asked for.
    pub(super) says: Vec<Run>,
}

/// An order's words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SortWords {
    /// Which.
    pub(super) sort: Sort,
    /// How we name it.
    pub(super) name: String,
    /// How it is asked for.
    pub(super) says: Vec<Run>,
}

/// How a search is told back; `{}` is the value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Summary {
    pub(super) anything: String,
    pub(super) year_min: String,
    pub(super) year_max: String,
    pub(super) year_one: String,
    pub(super) price_min: String,
    pub(super) price_max: String,
    pub(super) price_under: String,
    pub(super) price_between: String,
    pub(super) price_over: String,
    pub(super) km_min: String,
    pub(super) km_max: String,
    pub(super) length: String,
    pub(super) length_min: String,
    pub(super) length_max: String,
    pub(super) monthly_payment: String,
    pub(super) not: String,
}

/// What a run of words is for, where it stands in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
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

/// Something said: what it is for, and its tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// What it is for.
    pub(super) meaning: Meaning,
    /// Its tokens, as indices into [`Text::tokens`].
    pub(super) tokens: Range<usize>,
}

/// Every run of the word lists by its first word, so that a message is read in one pass.
type Lexicon = HashMap<String, Vec<(Run, Meaning)>>;

/// How a condition is called where it could be given up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conditions {
    pub(super) length: String,
    pub(super) bluetooth: String,
    pub(super) car_play: String,
    pub(super) transmission: String,
    pub(super) km: String,
    pub(super) year: String,
    pub(super) price: String,
    pub(super) body: String,
    pub(super) model: String,
    pub(super) make: String,
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
    pub(super) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Everything of the lists that stands in a message, in order.
    pub(super) fn read(text: &Text) -> Vec<Said> {
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
    pub(super) fn price_band(&self, price: Bounds<Money>) -> String {
        match price {
            Bounds { min: Some(min), max: Some(max) } => self
                .summary
                .price_between
                .replacen("{}", &min.short(), 1)
                .replacen("{}", &max.short(), 1),
            Bounds { min: Some(min), max: None } => {
                self.summary.price_over.replace("{}", &min.short())
            }
            Bounds { max, .. } => {
                let max = max.map(Money::short).unwrap_or_default();
                self.summary.price_under.replace("{}", &max)
            }
        }
    }

    /// How we name a transmission.
    pub(super) fn transmission(&self, transmission: Transmission) -> String {
        let known = self.transmissions.iter().find(|known| known.transmission == transmission);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    /// How we name an order.
    pub(super) fn sort(&self, sort: Sort) -> String {
        let known = self.sorts.iter().find(|known| known.sort == sort);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    /// How we name a feature.
    pub(super) fn feature(&self, feature: Feature) -> String {
        let known = self.features.iter().find(|known| known.feature == feature);
        known.map(|known| known.name.clone()).unwrap_or_default()
    }

    /// How we name a body.
    pub(super) fn body(&self, body: Body) -> &str {
        self.bodies.iter().find(|known| known.body == body).map_or("", |known| &known.name)
    }

    /// How we name several bodies: the word that means just these, else all of them.
    pub(super) fn bodies_named(&self, bodies: &[Body]) -> String {
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
