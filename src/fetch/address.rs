//! Which IP addresses may be asked.
//!
//! A page's address may come from a link of somebody else, and a name may point anywhere: whoever
//! reads public pages must not be led to what listens inside.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// What an IP address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Anybody's: the internet.
    Public,
    /// This machine.
    Loopback,
    /// A network of one's own, or of a carrier.
    Private,
    /// The cable alone; in clouds also what hands out keys.
    LinkLocal,
    /// Many at once, documentation, measurements, the future: no page can be there.
    Reserved,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Loopback => "this machine itself",
            Self::Private => "in a private network",
            Self::LinkLocal => "link-local",
            Self::Reserved => "reserved",
        })
    }
}

/// What is not public in IPv4, from the registry of special-purpose addresses (RFC 6890 and its
/// updates): first address, bits of the prefix, what it is for.
const NOT_PUBLIC: [([u8; 4], u32, Range); 14] = [
    ([0, 0, 0, 0], 8, Range::Reserved),
    ([10, 0, 0, 0], 8, Range::Private),
    ([100, 64, 0, 0], 10, Range::Private),
    ([127, 0, 0, 0], 8, Range::Loopback),
    ([169, 254, 0, 0], 16, Range::LinkLocal),
    ([172, 16, 0, 0], 12, Range::Private),
    ([192, 0, 0, 0], 24, Range::Reserved),
    ([192, 0, 2, 0], 24, Range::Reserved),
    ([192, 88, 99, 0], 24, Range::Reserved),
    ([192, 168, 0, 0], 16, Range::Private),
    ([198, 18, 0, 0], 15, Range::Reserved),
    ([198, 51, 100, 0], 24, Range::Reserved),
    ([203, 0, 113, 0], 24, Range::Reserved),
    // Multicast, what is kept for later, and broadcast.
    ([224, 0, 0, 0], 3, Range::Reserved),
];

/// What `address` is for. An IPv6 address that stands for an IPv4 address is what that one is.
#[must_use]
pub fn range(address: IpAddr) -> Range {
    match address {
        IpAddr::V4(address) => range_v4(address),
        IpAddr::V6(address) => range_v6(address),
    }
}

fn range_v4(address: Ipv4Addr) -> Range {
    let found = NOT_PUBLIC.iter().find(|(first, bits, _)| {
        let mask = u32::MAX << (u32::BITS - bits);
        address.to_bits() & mask == Ipv4Addr::from(*first).to_bits()
    });
    found.map_or(Range::Public, |(.., range)| *range)
}

fn range_v6(address: Ipv6Addr) -> Range {
    if address.is_loopback() {
        return Range::Loopback;
    }
    if let Some(embedded) = embedded(address) {
        return range_v4(embedded);
    }
    match address.segments() {
        [0xfc00..=0xfdff, ..] => Range::Private,
        [0xfe80..=0xfebf, ..] => Range::LinkLocal,
        // Protocol assignments (Teredo among them) and documentation, within what is public.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Range::Reserved,
        [0x2000..=0x3fff, ..] => Range::Public,
        _ => Range::Reserved,
    }
}

/// The IPv4 address that a packet to `address` may end at: mapped (`::ffff:…`), NAT64
/// (`64:ff9b::…`), 6to4 (`2002:…`).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let ([0, 0, 0, 0, 0, 0xffff, high, low]
    | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
    | [0x2002, high, low, ..]) = address.segments()
    else {
        return None;
    };
    Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

/// Which addresses a fetcher may connect to.
#[derive(Clone)]
pub struct AddressRule(Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl AddressRule {
    /// Public addresses alone.
    #[must_use]
    pub fn public() -> Self {
        Self::new(|address| range(address) == Range::Public)
    }

    /// Also this machine and private networks, for a page of one's own. Link-local addresses stay
    /// refused: no page is there, but the keys of a cloud machine are.
    #[must_use]
    pub fn with_private() -> Self {
        Self::new(|address| {
            matches!(range(address), Range::Public | Range::Loopback | Range::Private)
        })
    }

    /// The addresses that `admits` says.
    #[must_use]
    pub fn new(admits: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(admits))
    }

    /// Whether `address` may be connected to.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        (self.0)(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range_of(address: &str) -> Range {
        range(address.parse().expect("an address"))
    }

    #[test]
    fn each_range_ends_where_it_ends() {
        for (inside, outside, expected) in [
            (["0.0.0.0", "0.255.255.255"], "1.0.0.0", Range::Reserved),
            (["10.0.0.0", "10.255.255.255"], "11.0.0.0", Range::Private),
            (["100.64.0.0", "100.127.255.255"], "100.128.0.0", Range::Private),
            (["127.0.0.1", "127.255.255.255"], "128.0.0.0", Range::Loopback),
            (["169.254.0.0", "169.254.169.254"], "169.255.0.0", Range::LinkLocal),
            (["172.16.0.0", "172.31.255.255"], "172.32.0.0", Range::Private),
            (["192.0.0.0", "192.0.0.255"], "192.0.1.0", Range::Reserved),
            (["192.0.2.0", "192.0.2.255"], "192.0.3.0", Range::Reserved),
            (["192.168.0.0", "192.168.255.255"], "192.169.0.0", Range::Private),
            (["198.18.0.0", "198.19.255.255"], "198.20.0.0", Range::Reserved),
            (["198.51.100.0", "203.0.113.255"], "203.0.114.0", Range::Reserved),
            (["224.0.0.1", "255.255.255.255"], "223.255.255.255", Range::Reserved),
            (["fc00::1", "fdff:ffff::1"], "2600::1", Range::Private),
            (["fe80::1", "febf::1"], "2600::1", Range::LinkLocal),
            (["2001:db8::1", "2001::1"], "2001:200::1", Range::Reserved),
            (["ff02::1", "3fff::1"], "2a00::1", Range::Reserved),
            (["::", "::7f00:1"], "2606:4700::1111", Range::Reserved),
        ] {
            for address in inside {
                assert_eq!(range_of(address), expected, "{address}");
            }
            assert_eq!(range_of(outside), Range::Public, "{outside}");
        }
        assert_eq!(range_of("::1"), Range::Loopback);
    }

    #[test]
    fn an_address_within_an_address_is_found() {
        assert_eq!(range_of("::ffff:127.0.0.1"), Range::Loopback);
        assert_eq!(range_of("::ffff:169.254.169.254"), Range::LinkLocal);
        assert_eq!(range_of("64:ff9b::10.0.0.1"), Range::Private);
        assert_eq!(range_of("2002:7f00:1::1"), Range::Loopback);
        assert_eq!(range_of("2002:c0a8:101::"), Range::Private);
        assert_eq!(range_of("::ffff:8.8.8.8"), Range::Public);
    }

    #[test]
    fn a_page_of_one_s_own_network_is_no_way_to_a_cloud_s_keys() {
        let rule = AddressRule::with_private();
        let admits = |address: &str| rule.admits(address.parse().expect("an address"));
        assert!(admits("127.0.0.1") && admits("192.168.1.4") && admits("fd00::1"));
        assert!(!admits("169.254.169.254") && !admits("::ffff:169.254.169.254"));
        assert!(!admits("0.0.0.0") && !admits("fe80::1"));
    }
}
