//! One turn, bounded in time and safe from whatever happens to the request.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::Doors;
use super::problem::Problem;
use crate::message::{Answer, Inbound};

/// How long a caller waits for a turn. Twilio gives up after 15 seconds in all:
/// <https://www.twilio.com/docs/api/errors/11205>.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

/// Takes one turn in a task of its own: a caller who hangs up or waits no longer leaves no turn
/// half taken, and gets the stored answer when the same message comes again.
pub(super) async fn take(doors: &Doors, inbound: Inbound) -> Result<Answer, Problem> {
    let bot = Arc::clone(&doors.app.bot);
    let channel = inbound.user.channel().as_str();
    let turn = tokio::spawn(async move { bot.turn(inbound).await });
    match timeout(TURN_TIMEOUT, turn).await {
        Ok(Ok(Ok(answer))) => return Ok(answer),
        Ok(Ok(Err(error))) => tracing::error!(channel, %error, "a turn failed"),
        // The panic itself may quote the message.
        Ok(Err(_)) => tracing::error!(channel, "a turn panicked"),
        Err(_) => tracing::error!(channel, "a turn took too long"),
    }
    Err(Problem::Unavailable)
}
