//! How long, how much and how often is too much, whatever the step.

use jiff::SignedDuration;

/// The numbers of `bot.yaml` that a turn is measured by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Hours of silence after which a customer is welcomed back.
    pub expires_after_hours: u32,
    /// The longest message that is read, in characters.
    pub max_characters: usize,
    /// Open questions in a row before a person is offered.
    pub digression_limit: u8,
}

/// What a turn measures by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// The silence before a message.
    Silence(SignedDuration),
    /// The characters of a message.
    Characters(usize),
    /// The open questions in a row.
    Digressions(u8),
}

impl Thresholds {
    /// Whether it is too much.
    #[must_use]
    pub fn are_passed_by(&self, measure: Measure) -> bool {
        match measure {
            Measure::Silence(silence) => {
                silence > SignedDuration::from_hours(i64::from(self.expires_after_hours))
            }
            Measure::Characters(characters) => characters > self.max_characters,
            Measure::Digressions(digressions) => digressions >= self.digression_limit,
        }
    }
}
