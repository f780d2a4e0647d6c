//! `@`: the scene of a conversation.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::mistake::Mistake;
use crate::engine::MEXICO_CITY_OFFSET_HOURS;

/// The moment of a transcript that names none: a Monday morning, far from any change of year.
const DEFAULT_CLOCK: &str = "2026-03-02 10:00";

/// What can be set.
const NAMES: [&str; 5] = ["clock", "catalog", "flows", "model", "session"];

/// One thing of the scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SceneLine {
    /// The moment of the first message.
    Clock(Timestamp),
    /// The catalogue.
    Catalog(PathBuf),
    /// The folder of flows.
    Flows(PathBuf),
    /// A stored session to begin with.
    Session(PathBuf),
    /// No model.
    ModelOff,
    /// A model that follows this script.
    Model(PathBuf),
}

impl SceneLine {
    /// What is set.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Clock(_) => "clock",
            Self::Catalog(_) => "catalog",
            Self::Flows(_) => "flows",
            Self::Session(_) => "session",
            Self::ModelOff | Self::Model(_) => "model",
        }
    }

    /// Reads what stands after the mark.
    ///
    /// # Errors
    ///
    /// A name that is none, or a value that is none for it.
    pub(super) fn parse(words: &str) -> Result<Self, Mistake> {
        let (name, value) = super::parse::head(words);
        match name {
            _ if !NAMES.contains(&name) => Err(Mistake::unknown("scene", "setting", name, NAMES)),
            _ if value.is_empty() => {
                let message = format!("`{name}` needs a value");
                let advice = "write it like `@ clock 2026-03-02 10:00` or `@ catalog cars.csv`";
                Err(Mistake::new("scene", name, message, advice))
            }
            "clock" => moment(value).map(Self::Clock).ok_or_else(|| {
                let advice = "write it like `@ clock 2026-03-02 10:00`, in Mexico City's time";
                Mistake::new("clock", value, format!("`{value}` is no moment"), advice)
            }),
            "catalog" => Ok(Self::Catalog(value.into())),
            "flows" => Ok(Self::Flows(value.into())),
            "session" => Ok(Self::Session(value.into())),
            _ if value == "off" => Ok(Self::ModelOff),
            _ => Ok(Self::Model(value.into())),
        }
    }
}

/// The clock where none is set.
pub(super) fn default_clock() -> Timestamp {
    moment(DEFAULT_CLOCK).expect("the default clock is a moment")
}

/// A moment as it is read, to the minute.
pub(super) fn written(moment: Timestamp) -> String {
    moment.to_zoned(mexico_city()).strftime("%F %H:%M").to_string()
}

/// A moment in Mexico City.
fn moment(text: &str) -> Option<Timestamp> {
    let moment: DateTime = text.parse().ok()?;
    moment.to_zoned(mexico_city()).ok().map(|moment| moment.timestamp())
}

fn mexico_city() -> TimeZone {
    jiff::tz::offset(MEXICO_CITY_OFFSET_HOURS).to_time_zone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_that_of_mexico_city() {
        let clock = SceneLine::parse("clock 2026-03-02 10:00").unwrap();
        assert_eq!(clock, SceneLine::Clock("2026-03-02T16:00:00Z".parse().unwrap()));
        assert_eq!(clock, SceneLine::Clock(default_clock()));
        assert_eq!(written(default_clock()), DEFAULT_CLOCK);
    }
}
