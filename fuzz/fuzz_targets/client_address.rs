//! `Forwarded` and `X-Forwarded-For`: whatever a client writes into them, what a trusted proxy appends decides.

#![no_main]

use std::net::IpAddr;

use http::Method;
use leptos_live::server::{AccessConfig, Cookies, ForwardingHeader, Network, TrustedProxies};
use leptos_live_fuzz::requests::{from, hub, request};
use libfuzzer_sys::fuzz_target;

const PROXY: &str = "10.0.0.1";
const CLIENT: &str = "198.51.100.7";

fn address(header: ForwardingHeader, peer: &str, lines: &[&[u8]]) -> Option<IpAddr> {
    let hub = hub(AccessConfig {
        cookies: Cookies::Ignored,
        trusted_proxies: TrustedProxies {
            networks: vec![PROXY.parse().expect("a network")],
            header,
        },
        ..AccessConfig::default()
    });
    let name = match header {
        ForwardingHeader::XForwardedFor => "x-forwarded-for",
        ForwardingHeader::Forwarded => "forwarded",
    };
    let headers: Vec<_> = lines.iter().map(|line| (name, *line)).collect();
    let request = request(Method::GET, "/", &headers)?;
    let request = from(peer.parse().expect("an address"), request);
    hub.client(&request)
        .expect("a request that changes nothing")
        .address()
}

fuzz_target!(|input: (bool, Vec<&[u8]>, &str)| {
    let (is_standard, lines, text) = input;
    let (header, appended) = if is_standard {
        (ForwardingHeader::Forwarded, format!("for={CLIENT}"))
    } else {
        (ForwardingHeader::XForwardedFor, CLIENT.to_owned())
    };
    // Some lines cannot be sent.
    if let Some(found) = address(header, CLIENT, &lines) {
        assert_eq!(
            found.to_string(),
            CLIENT,
            "a client that is no proxy is not believed"
        );
    }
    let in_a_line_of_its_own: Vec<_> = lines.iter().copied().chain([appended.as_bytes()]).collect();
    if let Some(found) = address(header, PROXY, &in_a_line_of_its_own) {
        assert_eq!(found.to_string(), CLIENT, "{lines:?}");
    }
    let last = lines.last().copied().unwrap_or_default();
    let in_the_same_line = [last, b", ", appended.as_bytes()].concat();
    if let Some(found) = address(header, PROXY, &[&in_the_same_line]) {
        // A line that is no text is no list of addresses.
        let expected = if in_the_same_line.is_ascii() {
            CLIENT
        } else {
            PROXY
        };
        assert!([expected, CLIENT].contains(&&*found.to_string()), "{last:?}");
    }
    if let (Ok(network), Ok(own)) = (text.parse::<Network>(), text.parse::<IpAddr>()) {
        assert!(network.contains(own));
    }
});
