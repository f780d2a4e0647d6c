//! How sessions, turn records and message ids become bytes, and come back.
//!
//! Each value starts with the number of its format. A session goes on with version (8 bytes) and
//! the time of its last turn (8 bytes, milliseconds since 1970), so that both can be read without
//! the session; a message id with the time of its turn and one letter, which says what follows.
//! The rest is JSON. Numbers have their highest byte first.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{StoreError, Unreadable};
use crate::message::Answer;

/// The largest value that is stored, in bytes. It keeps one record well under the size from which
/// sled moves a page out of its log.
pub const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Room that is made for a value before it is written: few need more, and it is asked for once.
const USUAL_BYTES: usize = 4 * 1024;

const FORMAT: u8 = 1;
const IN_TURN: u8 = b't';
const WAITS: u8 = b'w';
const KEPT: u8 = b'a';

/// What stands in front of a stored session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// How many turns led to it.
    pub(super) version: u64,
    /// When the last of them was.
    pub(super) at: Timestamp,
}

/// Where the answer to a message is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum AnswerPlace {
    /// In the record of the turn that led to this version.
    Turn(u64),
    /// Here: its turn record was erased.
    Kept(Box<Answer>),
    /// Nowhere yet: the message waits for its turn.
    Waiting,
}

/// The bytes of a session.
pub(super) fn of_session(head: Head, session: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![FORMAT];
    bytes.extend_from_slice(&head.version.to_be_bytes());
    bytes.extend_from_slice(&head.at.as_millisecond().to_be_bytes());
    with_json(bytes, session, "session")
}

/// What stands in front of a session, and the bytes of the session itself.
pub(super) fn head(bytes: &[u8]) -> Result<(Head, &[u8]), Unreadable> {
    let (version, rest) = number(known_format(bytes)?)?;
    let (at, json) = moment(rest)?;
    Ok((Head { version, at }, json))
}

/// The bytes of a turn record.
pub(super) fn of_record(record: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    with_json(vec![FORMAT], record, "turn record")
}

/// A turn record out of its bytes.
pub(super) fn record<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    json(known_format(bytes)?)
}

/// The bytes of the mark of a turn with a gap.
pub(super) fn of_gap(at: Timestamp) -> Vec<u8> {
    dated(at)
}

/// When a turn with a gap was.
pub(super) fn gap_time(bytes: &[u8]) -> Result<Timestamp, Unreadable> {
    moment(known_format(bytes)?).map(|(at, _)| at)
}

/// The bytes of what calls of a model came to.
pub(super) fn of_calls(calls: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    with_json(vec![FORMAT], calls, "account of calls")
}

/// What calls of a model came to, out of its bytes.
pub(super) fn calls<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    json(known_format(bytes)?)
}

/// The bytes of how many replies left on the day of `at`.
pub(super) fn of_count(at: Timestamp, count: u64) -> Vec<u8> {
    let mut bytes = dated(at);
    bytes.extend_from_slice(&count.to_be_bytes());
    bytes
}

/// How many replies left, and a moment of the day on which they did.
pub(super) fn count(bytes: &[u8]) -> Result<(Timestamp, u64), Unreadable> {
    let (at, rest) = moment(known_format(bytes)?)?;
    Ok((at, number(rest)?.0))
}

/// The bytes of a cached value.
pub(super) fn of_cached(at: Timestamp, value: &[u8]) -> Result<Vec<u8>, StoreError> {
    let bytes = [dated(at).as_slice(), value].concat();
    bounded(bytes, "cached value")
}

/// When a cached value was found out, and the value.
pub(super) fn cached(bytes: &[u8]) -> Result<(Timestamp, &[u8]), Unreadable> {
    moment(known_format(bytes)?)
}

/// The bytes of a message id whose answer is in the turn that led to `version`.
pub(super) fn of_message(at: Timestamp, version: u64) -> Vec<u8> {
    let mut bytes = message_start(at, IN_TURN);
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes
}

/// The bytes of a message id whose message waits at `place`.
pub(super) fn of_waiting_message(at: Timestamp, place: u64) -> Vec<u8> {
    let mut bytes = message_start(at, WAITS);
    bytes.extend_from_slice(&place.to_be_bytes());
    bytes
}

/// The bytes of a message that waits, or of a reply.
pub(super) fn of_mail(mail: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    with_json(vec![FORMAT], mail, "mail")
}

/// A message that waits, or a reply, out of its bytes.
pub(super) fn mail<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    json(known_format(bytes)?)
}

/// The bytes of a message id that holds its answer.
pub(super) fn of_kept_message(at: Timestamp, answer: &Answer) -> Result<Vec<u8>, StoreError> {
    with_json(message_start(at, KEPT), answer, "answer")
}

/// When a message was answered.
pub(super) fn message_time(bytes: &[u8]) -> Result<Timestamp, Unreadable> {
    moment(known_format(bytes)?).map(|(at, _)| at)
}

/// The place at which the message of a message id waits, if it does.
pub(super) fn waiting_place(bytes: &[u8]) -> Option<u64> {
    let (_, place) = moment(known_format(bytes).ok()?).ok()?;
    let (&WAITS, place) = place.split_first()? else { return None };
    number(place).ok().map(|(place, _)| place)
}

/// Where the answer to a message is.
pub(super) fn message(bytes: &[u8]) -> Result<AnswerPlace, Unreadable> {
    let (_, place) = moment(known_format(bytes)?)?;
    match place.split_first().ok_or(Unreadable::Short)? {
        (&IN_TURN, version) => Ok(AnswerPlace::Turn(number(version)?.0)),
        (&WAITS, _) => Ok(AnswerPlace::Waiting),
        (&KEPT, answer) => json(answer).map(|answer| AnswerPlace::Kept(Box::new(answer))),
        (&other, _) => Err(Unreadable::Format(other)),
    }
}

/// A value out of the JSON that is all of `bytes`.
pub(super) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(bytes)
        .map_err(|error| Unreadable::Json { category: error.classify(), column: error.column() })
}

fn message_start(at: Timestamp, place: u8) -> Vec<u8> {
    let mut bytes = dated(at);
    bytes.push(place);
    bytes
}

fn dated(at: Timestamp) -> Vec<u8> {
    let mut bytes = vec![FORMAT];
    bytes.extend_from_slice(&at.as_millisecond().to_be_bytes());
    bytes
}

fn with_json(
    mut bytes: Vec<u8>,
    value: &impl Serialize,
    what: &'static str,
) -> Result<Vec<u8>, StoreError> {
    bytes.reserve(USUAL_BYTES);
    serde_json::to_writer(&mut bytes, value)
        .map_err(|source| StoreError::Unwritable { what, source })?;
    bounded(bytes, what)
}

fn bounded(bytes: Vec<u8>, what: &'static str) -> Result<Vec<u8>, StoreError> {
    if bytes.len() > MAX_VALUE_BYTES {
        return Err(StoreError::TooLarge { what, bytes: bytes.len() });
    }
    Ok(bytes)
}

fn known_format(bytes: &[u8]) -> Result<&[u8], Unreadable> {
    match bytes.split_first().ok_or(Unreadable::Short)? {
        (&FORMAT, rest) => Ok(rest),
        (&other, _) => Err(Unreadable::Format(other)),
    }
}

fn number(bytes: &[u8]) -> Result<(u64, &[u8]), Unreadable> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Unreadable::Short)?;
    Ok((u64::from_be_bytes(*number), rest))
}

fn moment(bytes: &[u8]) -> Result<(Timestamp, &[u8]), Unreadable> {
    let (millisecond, rest) = bytes.split_first_chunk().ok_or(Unreadable::Short)?;
    let at = Timestamp::from_millisecond(i64::from_be_bytes(*millisecond))
        .map_err(|_| Unreadable::Time)?;
    Ok((at, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_head_comes_back(version: u64, millisecond in -10_000_000_000_i64..10_000_000_000_000) {
            let at = Timestamp::from_millisecond(millisecond).unwrap();
            let bytes = of_session(Head { version, at }, &"kept").unwrap();
            let (found, rest) = head(&bytes).unwrap();
            prop_assert_eq!(found, Head { version, at });
            prop_assert_eq!(json::<String>(rest).unwrap(), "kept");
        }

        #[test]
        fn a_message_id_comes_back(version: u64, millisecond in 0..10_000_000_000_000_i64) {
            let at = Timestamp::from_millisecond(millisecond).unwrap();
            let bytes = of_message(at, version);
            prop_assert_eq!(message(&bytes), Ok(AnswerPlace::Turn(version)));
            prop_assert_eq!(message_time(&bytes), Ok(at));
        }

        #[test]
        fn any_bytes_give_a_value_or_a_reason(mut bytes: Vec<u8>, known_format: bool) {
            if let Some(format) = bytes.first_mut().filter(|_| known_format) {
                *format = FORMAT;
            }
            let _ = head(&bytes);
            let _ = message(&bytes);
            let _ = record::<serde_json::Value>(&bytes);
        }
    }

    #[test]
    fn the_limit_is_exact_and_the_error_names_the_size() {
        let fits = "x".repeat(MAX_VALUE_BYTES - 3); // one byte of format, two quotes
        assert_eq!(of_record(&fits).unwrap().len(), MAX_VALUE_BYTES);
        let error = of_record(&(fits + "x")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the turn record has 65537 bytes, and a stored value at most 65536"
        );
    }

    #[test]
    fn a_reason_never_quotes_what_was_stored() {
        let reason = json::<u64>(br#""55 1234 5678""#).unwrap_err();
        assert!(matches!(reason, Unreadable::Json { .. }));
        assert!(!reason.to_string().contains("1234"));
    }

    #[test]
    fn another_format_is_named() {
        assert_eq!(head(&[9, 0, 0]), Err(Unreadable::Format(9)));
        assert_eq!(head(&[]), Err(Unreadable::Short));
        assert_eq!(head(&[FORMAT, 0, 0]), Err(Unreadable::Short));
    }
}
