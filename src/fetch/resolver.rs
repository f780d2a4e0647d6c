//! Names to addresses, without those that may not be asked.
//!
//! The client connects to nothing but what comes out of here, so there is no moment between the
//! check of a name and its use in which it could point elsewhere. An address that stands in a URL
//! as such never comes here: the fetcher looks at it before each hop.

use std::net::IpAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::AddressRule;

/// The addresses of one name that are looked at.
const MAX_ADDRESSES: usize = 16;

/// A name all of whose addresses are refused.
#[derive(Debug, thiserror::Error)]
#[error("it points to {address}")]
pub(super) struct RefusedName {
    /// One of them.
    pub(super) address: IpAddr,
}

/// The system's resolver behind a rule.
pub(super) struct Resolver {
    pub(super) rule: AddressRule,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = self.rule.clone();
        Box::pin(async move {
            // The port is the client's to set.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let (admitted, refused): (Vec<_>, Vec<_>) =
                found.take(MAX_ADDRESSES).partition(|address| rule.admits(address.ip()));
            match refused.first() {
                Some(refused) if admitted.is_empty() => {
                    Err(RefusedName { address: refused.ip() }.into())
                }
                _ => Ok(Box::new(admitted.into_iter()) as Addrs),
            }
        })
    }
}
