//! The address of a client, also of one behind proxies.
//!
//! What a request says about itself is only as good as whoever wrote it: a proxy appends the address that it was connected
//! from to what the client may have made up. So the list is read from its end, and only as long as its writers are trusted.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, header};
use thiserror::Error;

/// The most proxies in a row that are looked through.
const MAX_HOPS: usize = 32;

/// Some addresses: `10.0.0.0/8`, `::1`.
///
/// ```
/// use leptos_live::server::Network;
///
/// let inside: Network = "10.0.0.0/8".parse()?;
/// assert!(inside.contains([10, 1, 2, 3].into()));
/// assert!("10.0.0.0/33".parse::<Network>().is_err());
/// # Ok::<(), leptos_live::server::InvalidNetwork>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

/// Text that is not a [`Network`].
///
/// ```
/// use leptos_live::server::Network;
///
/// let error = "10.0.0.0/33".parse::<Network>().unwrap_err();
/// assert_eq!(error.found, "10.0.0.0/33");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "network: expected an address such as `10.0.0.1`, or a network such as `10.0.0.0/8`, found {found:?}"
)]
pub struct InvalidNetwork {
    /// The text found, cut to its first 64 characters.
    pub found: String,
}

impl Network {
    /// Whether the address lies in it. An IPv4 address counts as one also where it is written as IPv6.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differing = own.to_bits() ^ other.to_bits();
                differing.leading_zeros() >= u32::from(self.prefix)
            }
            _ => false,
        }
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        let address = address.to_canonical();
        Self {
            address,
            prefix: if address.is_ipv4() { 32 } else { 128 },
        }
    }
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        parse_network(text).ok_or_else(|| InvalidNetwork {
            found: text.chars().take(64).collect(),
        })
    }
}

fn parse_network(text: &str) -> Option<Network> {
    let Some((address, prefix)) = text.split_once('/') else {
        return text.parse::<IpAddr>().ok().map(Network::from);
    };
    let address: IpAddr = address.parse().ok()?;
    let prefix: u8 = prefix.parse().ok()?;
    let longest = if address.is_ipv4() { 32 } else { 128 };
    (prefix <= longest).then_some(Network { address, prefix })
}

/// Where a proxy writes whom it was connected from.
///
/// ```
/// use leptos_live::server::{ForwardingHeader, TrustedProxies};
///
/// assert_eq!(TrustedProxies::default().header, ForwardingHeader::XForwardedFor);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ForwardingHeader {
    /// `X-Forwarded-For: client, proxy`, the usual one.
    #[default]
    XForwardedFor,
    /// `Forwarded: for=client, for=proxy` (RFC 7239).
    Forwarded,
}

/// The proxies in front of this server. Which of the two headers they write has to be said, since a client could send the
/// other one, and they would pass it on.
///
/// ```
/// use leptos_live::server::{AccessConfig, Hub, HubConfig, TrustedProxies};
///
/// // nginx on this machine, and a load balancer's network.
/// let networks = vec!["127.0.0.1".parse()?, "10.0.0.0/8".parse()?];
/// let trusted_proxies = TrustedProxies { networks, ..TrustedProxies::default() };
/// let access = AccessConfig { trusted_proxies, ..AccessConfig::default() };
/// let hub = Hub::new(HubConfig { access, ..HubConfig::default() });
/// # let _ = hub;
/// # Ok::<(), leptos_live::server::InvalidNetwork>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    /// Their addresses; none by default, and then the headers are not looked at.
    pub networks: Vec<Network>,
    /// The header that they write.
    pub header: ForwardingHeader,
}

impl TrustedProxies {
    /// The address of whoever has sent the request: the nearest one that is no trusted proxy.
    pub(super) fn client_address(&self, request: &Parts) -> Option<IpAddr> {
        let peer = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
        let mut nearest = peer.0.ip().to_canonical();
        if !self.trusts(nearest) {
            return Some(nearest);
        }
        for hop in self.hops(&request.headers).into_iter().rev().take(MAX_HOPS) {
            // A proxy that hides where it was connected from is the best that is known.
            let Some(address) = hop else { break };
            nearest = address.to_canonical();
            if !self.trusts(nearest) {
                break;
            }
        }
        Some(nearest)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(address))
    }

    /// The addresses in the header, the client's claim first; `None` for what is no address.
    fn hops(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let (name, read): (_, fn(&str) -> Option<IpAddr>) = match self.header {
            ForwardingHeader::XForwardedFor => {
                (header::HeaderName::from_static("x-forwarded-for"), read_address)
            }
            ForwardingHeader::Forwarded => (header::FORWARDED, read_forwarded),
        };
        let lines = headers.get_all(name).iter();
        lines
            .flat_map(|line| match line.to_str() {
                Ok(line) => line.split(',').map(read).collect(),
                Err(_) => vec![None],
            })
            .collect()
    }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse::<IpAddr>().ok();
    address.or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// The `for` of one element of `Forwarded`.
fn read_forwarded(element: &str) -> Option<IpAddr> {
    let value = element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(value.trim())
    })?;
    let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    read_address(quoted.unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use http::Request;
    use proptest::prelude::*;

    use super::*;

    fn proxies(networks: &[&str], header: ForwardingHeader) -> TrustedProxies {
        TrustedProxies {
            networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
            header,
        }
    }

    fn address(proxies: &TrustedProxies, peer: &str, headers: &[(&str, &str)]) -> String {
        let mut request = Request::get("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let peer: IpAddr = peer.parse().unwrap();
        parts.extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        proxies.client_address(&parts).unwrap().to_string()
    }

    #[test]
    fn s22_only_trusted_proxies_are_believed() {
        let trusting = proxies(&["10.0.0.0/8", "::1"], ForwardingHeader::XForwardedFor);
        for (peer, forwarded, expected) in [
            ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("::1", "198.51.100.7:4711", "198.51.100.7"),
            ("10.0.0.1", "[2001:db8::7]:80", "2001:db8::7"),
            ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
            // What the client has made up stands before what the proxy has appended.
            ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "1.1.1.1, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("10.0.0.1", "nonsense, 198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"),
            ("10.0.0.1", "10.9.9.9, 10.0.0.2", "10.9.9.9"),
            ("10.0.0.1", "", "10.0.0.1"),
        ] {
            let found = address(&trusting, peer, &[("x-forwarded-for", forwarded)]);
            assert_eq!(found, expected, "{peer}: {forwarded}");
        }
        let twice = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "198.51.100.7"),
        ];
        assert_eq!(address(&trusting, "10.0.0.1", &twice), "198.51.100.7");
        assert_eq!(
            address(&trusting, "10.0.0.1", &[("forwarded", "for=1.1.1.1")]),
            "10.0.0.1"
        );
        assert_eq!(
            address(&TrustedProxies::default(), "10.0.0.1", &twice),
            "10.0.0.1"
        );
    }

    #[test]
    fn s22_the_standard_header_is_read_where_it_is_named() {
        let trusting = proxies(&["10.0.0.1"], ForwardingHeader::Forwarded);
        for (forwarded, expected) in [
            ("for=198.51.100.7", "198.51.100.7"),
            ("for=1.1.1.1, For=\"198.51.100.7:80\";proto=https", "198.51.100.7"),
            ("proto=https;for=\"[2001:db8::7]:80\"", "2001:db8::7"),
            ("for=_hidden", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ] {
            assert_eq!(
                address(&trusting, "10.0.0.1", &[("forwarded", forwarded)]),
                expected
            );
        }
        assert_eq!(
            address(&trusting, "10.0.0.1", &[("x-forwarded-for", "1.1.1.1")]),
            "10.0.0.1"
        );
    }

    #[test]
    fn networks_are_read_and_bad_ones_refused() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("0.0.0.0/0", "203.0.113.1", "::1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(inside.parse().unwrap()));
            assert!(!network.contains(outside.parse().unwrap()));
        }
        for bad in [
            "",
            "10.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/-1",
            "example.org",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_header_is_read(text in any::<String>(), words in r#"(for=|"|\[|\]|::1|1\.2\.3\.4|,|;|:80| ){0,12}"#) {
            for text in [text, words] {
                read_address(&text);
                read_forwarded(&text);
                let _ = text.parse::<Network>();
            }
        }
    }
}
