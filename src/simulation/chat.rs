//! A failing conversation as a transcript.

use jiff::Timestamp;

use super::breach::Breach;
use super::moves::Move;
use crate::transcript::Draft;

/// Under the title of a transcript that passes.
const PLAYED_ONCE: &str =
    "a transcript is played once, and this one passes: the simulation shows it";

/// Before the amount of a line of which nobody knows what it should be.
pub(super) const UNKNOWN: &str = "$?";

/// Under the title where one stands.
const NOTHING_KNOWN: &str =
    "`$?` marks an amount that nothing known comes to: mend the bot, and write what is right";

/// What a transcript is written of.
pub(super) struct Failing<'a> {
    pub(super) title: &'a str,
    pub(super) start: Timestamp,
    pub(super) moves: &'a [Move],
    /// The replies of each answer before the last.
    pub(super) replies: &'a [usize],
    pub(super) breach: &'a Breach,
}

impl Failing<'_> {
    /// The transcript. It fails for as long as the rule does not hold, where one playing can show that.
    pub(super) fn chat(&self) -> String {
        let Self { title, start, moves, replies, breach } = self;
        let mut chat = Draft::new(title, *start);
        chat.note(&breach.to_string());
        if breach.rule.takes_two_playings() {
            chat.note(PLAYED_ONCE);
        }
        if breach.expected.iter().any(|line| line.contains(UNKNOWN)) {
            chat.note(NOTHING_KNOWN);
        }
        let mut replies = replies.iter();
        for (index, happens) in moves.iter().enumerate() {
            let is_last = index + 1 == moves.len();
            happens.write(&mut chat);
            let came = match happens {
                Move::Say(_) | Move::Tap(_) => replies.next().copied().unwrap_or_default(),
                Move::Duplicate => {
                    replies.next();
                    0
                }
                Move::Wait(_) | Move::Restart => 0,
            };
            for _ in 0..if is_last { 0 } else { came } {
                chat.reply("{...}");
            }
        }
        for line in &breach.expected {
            chat.line(line);
        }
        chat.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::breach::Rule;

    #[test]
    fn a_transcript_that_passes_says_so() {
        let chat = |rule| {
            let breach = Breach::of(rule, "", "played again, it gives other bytes");
            let start = Timestamp::UNIX_EPOCH;
            Failing { title: "T", start, moves: &[], replies: &[], breach: &breach }.chat()
        };
        assert!(chat(Rule::SameBytes).contains(PLAYED_ONCE));
        assert!(!chat(Rule::Figure).contains(PLAYED_ONCE));
    }
}
