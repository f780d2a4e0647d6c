//! What customers say when they look for a car, and what we say: `data/dealer/words.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

use super::cue::Cues;
use crate::catalog::{Body, Bounds, Condition, Feature, Sort, Transmission};
use crate::money::Money;
use crate::text::{Text, fold};

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
    /// Sizes.
    pub(super) sizes: Vec<SizeWords>,
    /// Common words that are like one for a kind of car and are none.
    pub(super) not_kinds: HashSet<String>,
    /// How a condition is let go of.
    pub(super) release: Release,
    /// Words that tell what a number or a name is for.
    pub(super) cues: Cues,
    /// How a search is told back.
    pub(super) summary: Summary,
    /// What speaks for a car.
    pub(super) reasons: Reasons,
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
    /// It says how a car is, and says nothing beside a body that is named.
    #[serde(default)]
    pub(super) describes: bool,
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

/// A size's words; one of its ends is open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SizeWords {
    /// How it is asked for.
    pub(super) says: Vec<Run>,
    /// The least length in millimetres.
    pub(super) min_mm: Option<u32>,
    /// The most length in millimetres.
    pub(super) max_mm: Option<u32>,
}

/// How conditions are let go of: each frame with each name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    /// With `{}` in the place of the name.
    frames: Vec<String>,
    conditions: Vec<ReleaseWords>,
}

/// A condition and its names.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseWords {
    condition: Condition,
    names: Vec<String>,
}

impl Release {
    /// Every way of letting go of a condition.
    pub(super) fn runs(&self) -> impl Iterator<Item = (Run, Condition)> {
        self.conditions.iter().flat_map(|words| {
            let frames = self.frames.iter();
            let runs = frames.flat_map(|frame| {
                words.names.iter().map(|name| Run::from(frame.replace("{}", name)))
            });
            runs.map(|run| (run, words.condition))
        })
    }
}

/// What speaks for a car.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reasons {
    pub(super) price: String,
    pub(super) km: String,
    pub(super) year: String,
    /// Two of them.
    pub(super) joined: String,
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
    pub(super) price_band: String,
    pub(super) price_between: String,
    pub(super) price_over: String,
    pub(super) km_min: String,
    pub(super) km_max: String,
    pub(super) length: String,
    pub(super) length_min: String,
    pub(super) length_max: String,
    pub(super) monthly_payment: String,
    pub(super) months: String,
    pub(super) down_payment: String,
    pub(super) affordable: String,
    pub(super) not: String,
    pub(super) neither: String,
    /// Between the last two of several that will do.
    pub(super) or: String,
    /// The same before an o.
    pub(super) or_before_o: String,
    /// Words with which a condition follows the kind of car without a comma.
    pub(super) attached: Vec<String>,
}

impl Summary {
    /// A kind of car with its conditions: `SUV 2019 de hasta $400,000, sin Kia`; `SUV, automático`.
    pub(super) fn sentence(&self, subject: Option<String>, conditions: &[String]) -> String {
        let Some(mut told) = subject else { return conditions.join(", ") };
        let mut named = true;
        for condition in conditions {
            let first = condition.split(' ').next().unwrap_or_default();
            let is_year = first.starts_with(|sign: char| sign.is_ascii_digit());
            let attached = is_year || self.attached.iter().any(|word| word == first);
            told.push_str(if named && attached { " " } else { ", " });
            told.push_str(condition);
            named &= is_year;
        }
        told
    }
}

/// How a condition is called where it could be given up.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conditions {
    pub(super) length: String,
    pub(super) bluetooth: String,
    pub(super) car_play: String,
    pub(super) four_wheel_drive: String,
    pub(super) diesel: String,
    pub(super) transmission: String,
    pub(super) km: String,
    pub(super) year: String,
    pub(super) price: String,
    pub(super) body: String,
    pub(super) model: String,
    pub(super) make: String,
    /// More than one.
    pub(super) several: String,
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

    /// How we name a range of prices.
    pub(super) fn price_band(&self, price: Bounds<Money>) -> String {
        match price {
            Bounds { min: Some(min), max: Some(max) } => {
                fill_two(&self.summary.price_band, &min.short(), &max.short())
            }
            Bounds { min: Some(min), max: None } => {
                self.summary.price_over.replace("{}", &min.short())
            }
            Bounds { max, .. } => {
                let max = max.map(Money::short).unwrap_or_default();
                self.summary.price_under.replace("{}", &max)
            }
        }
    }

    /// How we say a range of prices within a sentence.
    pub(super) fn price_between(&self, min: Money, max: Money) -> String {
        fill_two(&self.summary.price_between, &min.short(), &max.short())
    }

    /// How we say two reasons.
    pub(super) fn both_reasons(&self, one: &str, other: &str) -> String {
        fill_two(&self.reasons.joined, one, other)
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
        let each = || bodies.iter().map(|body| self.body(*body)).collect::<Vec<_>>();
        group.map_or_else(|| self.any_of(&each()), |group| group.name.clone())
    }

    /// Any of these: `Versa, Jetta u Onix`.
    pub(super) fn any_of(&self, names: &[impl AsRef<str>]) -> String {
        let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
        let Some((last, others)) = names.split_last().filter(|(_, others)| !others.is_empty())
        else {
            return names.concat();
        };
        let sounds_like_o = ["o", "ho"].iter().any(|start| fold(last).starts_with(start));
        let or = if sounds_like_o { &self.summary.or_before_o } else { &self.summary.or };
        format!("{}{or}{last}", others.join(", "))
    }
}

/// A wording with its two values in place.
fn fill_two(template: &str, first: &str, second: &str) -> String {
    template.replacen("{}", first, 1).replacen("{}", second, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_several_is_named_as_spanish_does() {
        let any_of = |names: &[&str]| Words::built_in().any_of(names);
        assert_eq!(any_of(&[]), "");
        assert_eq!(any_of(&["Versa"]), "Versa");
        assert_eq!(any_of(&["Versa", "Jetta"]), "Versa o Jetta");
        assert_eq!(any_of(&["Versa", "Jetta", "Onix"]), "Versa, Jetta u Onix");
        assert_eq!(any_of(&["Mazda", "Honda"]), "Mazda u Honda");
    }

    #[test]
    fn the_lists_read_and_no_run_is_empty() {
        let words = Words::built_in();
        let cues = words.cues.lists().flat_map(|(_, runs)| runs);
        let runs = words.bodies.iter().flat_map(|body| &body.says).chain(cues);
        assert!(runs.into_iter().all(|run| !run.0.is_empty()));
        assert_eq!(words.bodies.len(), 8);
    }
}
