//! Where an answer goes, as it is written down until it is sent.

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::inbound::Received;
use crate::message::Route;

/// Where an answer goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The customer, exactly as received.
    pub to: Address,
    /// The business's number that the customer wrote to, where Meta says which.
    pub from: Option<String>,
}

impl Received {
    /// The route of the answer.
    #[must_use]
    pub fn route(&self) -> Route {
        let destination =
            Destination { to: self.reply_to.clone(), from: self.phone_number_id.clone() };
        Route(serde_json::to_string(&destination).expect("an address is JSON"))
    }
}

impl Destination {
    /// The destination that a route of this channel names; none for any other text.
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
        let to = Address::of("5215512345678").unwrap();
        let destination = Destination { to, from: Some("1066".to_owned()) };
        let route = Route(serde_json::to_string(&destination).unwrap());
        assert_eq!(Destination::of(&route), Some(destination));
        assert_eq!(Destination::of(&Route("whatsapp:+52".to_owned())), None);
    }
}
