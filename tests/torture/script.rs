//! What every customer here says, over and over: a purchase in which each message changes what the
//! next one is answered.

/// Asks for the last answer again and changes nothing, so that nobody would miss it.
pub(crate) const REPEAT: &str = "repite";

/// Shows the next page, so that every time counts.
pub(crate) const MORE: &str = "más";

/// One round. The last message puts the talk back to where the first one expects it.
pub(crate) const ROUND: [&str; 19] = [
    "hola",
    "busco una camioneta",
    MORE,
    MORE,
    MORE,
    REPEAT,
    "el 17",
    "a crédito",
    "2",
    "48",
    "mes por mes",
    MORE,
    MORE,
    REPEAT,
    "el plan",
    "100 mil de enganche",
    "deshacer",
    REPEAT,
    "reiniciar",
];

/// The message of a turn, the first of which is turn 0.
pub(crate) fn message(turn: usize) -> &'static str {
    ROUND[turn % ROUND.len()]
}
