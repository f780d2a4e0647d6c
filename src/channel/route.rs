//! Where an answer goes, as it is written down until it is sent.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::message::Route;

/// Where an answer goes, with the address of a customer as its channel has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination<A> {
    /// The customer, exactly as received.
    pub to: A,
    /// The business's number that the customer wrote to, where the provider says which.
    pub from: Option<String>,
}

impl<A: Serialize> Destination<A> {
    /// The destination in writing.
    ///
    /// # Panics
    ///
    /// Never, for an address is plain text or names.
    #[must_use]
    pub fn route(&self) -> Route {
        Route(serde_json::to_string(self).expect("an address is JSON"))
    }
}

impl<A: DeserializeOwned> Destination<A> {
    /// The destination that a route names; none for any other text.
    #[must_use]
    pub fn of(Route(route): &Route) -> Option<Self> {
        serde_json::from_str(route).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_leads_back_exactly() {
        let to = "whatsapp:+5215512345678".to_owned();
        let destination = Destination { to, from: Some("whatsapp:+14155238886".to_owned()) };
        assert_eq!(Destination::of(&destination.route()), Some(destination));
        assert_eq!(Destination::<String>::of(&Route("whatsapp:+52".to_owned())), None);
    }
}
