//! One turn, bounded in time.

use std::time::Duration;

use tokio::time::timeout;
use tracing::Instrument as _;

use super::Doors;
use super::problem::Problem;
use crate::conversation::TurnError;
use crate::message::{Answer, Inbound};

/// Takes one turn; Twilio gives up after 15 seconds in all:
/// <https://www.twilio.com/docs/api/errors/11205>. It goes on when nobody waits for it any longer: the same message, sent again,
/// gets the stored answer.
pub(super) async fn take(doors: &Doors, inbound: Inbound) -> Result<Answer, Problem> {
    let patience = Duration::from_secs(doors.app.settings.limits.request_seconds.into());
    let span = doors.app.journal.turn(&inbound.user);
    let turn = timeout(patience, doors.app.bot.turn(inbound)).instrument(span.clone()).await;
    span.in_scope(|| match turn {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error @ TurnError::Overloaded)) => {
            tracing::warn!(%error, "a turn was refused");
            Err(Problem::TooManyRequests)
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "a turn failed");
            Err(Problem::Unavailable)
        }
        Err(_) => {
            tracing::error!("a turn took too long");
            Err(Problem::Unavailable)
        }
    })
}
