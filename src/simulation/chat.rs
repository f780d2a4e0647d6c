//! A failing conversation as a transcript.

use std::fmt::Write as _;

use jiff::Timestamp;

use super::breach::Breach;
use super::moves::Move;
use crate::engine::MEXICO_CITY_OFFSET_HOURS;

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
    /// The transcript. It fails for as long as the rule does not hold.
    pub(super) fn chat(&self) -> String {
        let Self { title, start, moves, replies, breach } = self;
        let zone = jiff::tz::offset(MEXICO_CITY_OFFSET_HOURS).to_time_zone();
        let clock = start.to_zoned(zone).strftime("%Y-%m-%d %H:%M");
        let mut chat = format!("# {title}\n# {breach}\n@ clock {clock}\n\n");
        let mut replies = replies.iter();
        for (index, happens) in moves.iter().enumerate() {
            let is_last = index + 1 == moves.len();
            writeln!(chat, "{happens}").expect("a String takes every write");
            let came = match happens {
                Move::Say(_) | Move::Tap(_) => replies.next().copied().unwrap_or_default(),
                Move::Duplicate => {
                    replies.next();
                    0
                }
                Move::Wait(_) | Move::Restart => 0,
            };
            if !is_last {
                chat.push_str(&"< {...}\n".repeat(came));
            }
        }
        for line in &breach.expected {
            chat.push_str(line);
            chat.push('\n');
        }
        chat
    }
}
