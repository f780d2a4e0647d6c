//! What calls of a model come to: how many a day, what they cost a month.
//!
//! A call is booked before it is made, with the most that it should cost, and settled afterwards with
//! what it did. Where a process ends in between, it counts as booked. The one thread that writes also decides, so that calls made at the same moment cannot
//! pass a limit together. Days and months are UTC's, as they are on the bill.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::key::{ALL_CALLS, Day, user_calls};
use super::space::{Space, Writes};
use super::value;
use crate::message::UserId;

/// A call that is about to be made.
#[derive(Debug, Clone)]
pub struct Booking {
    /// Whom it is made for; nobody where the bot makes it for itself.
    pub user: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Whether it counts as one of the user's and the day's calls; its cost always counts.
    pub counts: bool,
    /// The most that it should cost, in billionths of a dollar.
    pub nanodollars: u64,
    /// What it must stay under.
    pub limits: CallLimits,
}

/// How much may be asked of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// Calls for one user on one day.
    pub user_a_day: u64,
    /// Calls for all users on one day.
    pub all_a_day: u64,
    /// What the calls of one month may cost, in billionths of a dollar.
    pub nanodollars_a_month: u64,
}

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// It may, and counts.
    Yes,
    /// It would pass a limit, and does not count.
    No(CallLimit),
}

/// Which limit a call would pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CallLimit {
    /// Calls for this user today.
    #[error("this user's calls of today")]
    UserDay,
    /// Calls for all users today.
    #[error("all calls of today")]
    Day,
    /// The cost of this month.
    #[error("the cost of this month")]
    Month,
}

/// Calls of all users so far, in the day and the month of the newest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Calls {
    /// Year, month and day as one number: 20261128.
    day: i32,
    today: u64,
    /// Since the first of the month, in billionths of a dollar.
    nanodollars: u64,
}

impl Calls {
    /// The same at the moment `now`: a new day or month begins at nothing. A moment of an earlier
    /// day, of a message that comes after one of the next, counts for the newest.
    fn at(self, now: Timestamp) -> Self {
        let day = day(now).max(self.day);
        let today = if self.day == day { self.today } else { 0 };
        let nanodollars = if self.day / 100 == day / 100 { self.nanodollars } else { 0 };
        Self { day, today, nanodollars }
    }

    fn plus(self, counts: bool, nanodollars: u64) -> Self {
        let today = self.today.saturating_add(counts.into());
        Self { today, nanodollars: self.nanodollars.saturating_add(nanodollars), ..self }
    }
}

fn day(now: Timestamp) -> i32 {
    let date = now.to_zoned(TimeZone::UTC).date();
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

/// Whether the call may be made, and what is to be written for it.
pub(super) fn book(space: &impl Space, call: &Booking) -> Result<(Booked, Writes), StoreError> {
    let Booking { user, at, counts, nanodollars, limits } = call;
    let user = user.as_ref().filter(|_| *counts).map(|user| user_calls(Day::of(*at), user));
    let all = read::<Calls>(space, ALL_CALLS)?.at(*at);
    let own: Option<u64> = user.as_deref().map(|key| read(space, key)).transpose()?;
    let limit = if own.is_some_and(|own| own >= limits.user_a_day) {
        Some(CallLimit::UserDay)
    } else if *counts && all.today >= limits.all_a_day {
        Some(CallLimit::Day)
    } else if all.nanodollars.saturating_add(*nanodollars) > limits.nanodollars_a_month {
        Some(CallLimit::Month)
    } else {
        None
    };
    let mut writes = Writes::default();
    if let Some(limit) = limit {
        return Ok((Booked::No(limit), writes));
    }
    writes.put(ALL_CALLS.to_vec(), value::of_calls(&all.plus(*counts, *nanodollars))?);
    if let Some((key, own)) = user.zip(own) {
        writes.put(key, value::of_calls(&own.saturating_add(1))?);
    }
    Ok((Booked::Yes, writes))
}

/// What is to be written where a call booked at `at` with `booked` cost `spent`. Once its month is
/// over nothing is given back: who knows which month it was booked in.
pub(super) fn settle(
    space: &impl Space,
    at: Timestamp,
    booked: u64,
    spent: u64,
) -> Result<Writes, StoreError> {
    let all: Calls = read(space, ALL_CALLS)?;
    let settled = if spent > booked {
        all.at(at).plus(false, spent - booked)
    } else if all.day / 100 == day(at) / 100 {
        Calls { nanodollars: all.nanodollars.saturating_sub(booked - spent), ..all }
    } else {
        all
    };
    let mut writes = Writes::default();
    if settled != all {
        writes.put(ALL_CALLS.to_vec(), value::of_calls(&settled)?);
    }
    Ok(writes)
}

fn read<T: DeserializeOwned + Default>(space: &impl Space, key: &[u8]) -> Result<T, StoreError> {
    let Some(bytes) = space.get(key)? else { return Ok(T::default()) };
    value::calls(&bytes)
        .map_err(|source| StoreError::Unreadable { what: "account of calls", source })
}
