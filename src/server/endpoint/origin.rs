//! Which pages may open a socket.
//!
//! A browser sends a page's cookies with a socket's handshake whatever site the page is from, and
//! does not ask the server first; the `Origin` header is the only thing that tells them apart.

use std::fmt;
use std::str::FromStr;

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use thiserror::Error;

use super::Rejection;
use crate::server::SocketConfig;

/// An origin as browsers send it: scheme, host, and a port unless it is the scheme's own.
///
/// ```
/// use leptos_live::server::Origin;
///
/// let origin: Origin = "https://Example.com:443".parse()?;
/// assert_eq!(origin.to_string(), "https://example.com");
/// assert!("https://example.com/path".parse::<Origin>().is_err());
/// # Ok::<(), leptos_live::server::InvalidOrigin>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    /// `None` where it is the scheme's own.
    port: Option<u16>,
}

/// Text that is not an [`Origin`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("origin: expected `scheme://host[:port]` in ASCII and nothing more, found {found:?}")]
pub struct InvalidOrigin {
    /// The text found, cut to its first 64 characters.
    pub found: String,
}

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        parse(text).ok_or_else(|| InvalidOrigin {
            found: text.chars().take(64).collect(),
        })
    }
}

fn parse(text: &str) -> Option<Origin> {
    let (scheme, authority) = text.split_once("://")?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    let scheme = scheme.to_ascii_lowercase();
    let (host, port) = parse_authority(authority)?;
    is_scheme.then(|| Origin {
        port: port.filter(|port| Some(*port) != default_port(&scheme)),
        host,
        scheme,
    })
}

/// Host and port, with no user and no path; anything that a browser would not send is `None`.
fn parse_authority(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.rfind(']') {
        Some(end) => text.split_at_checked(end.checked_add(1)?)?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        None if port.is_empty() => None,
        _ => return None,
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))
        }
    };
    is_host.then(|| (host.to_ascii_lowercase(), port))
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

impl Origin {
    /// Whether this is the origin of the server that was addressed as `host`.
    ///
    /// The scheme is the origin's own: behind a proxy that ends TLS the server cannot know it.
    fn is_of_host(&self, host: &str) -> bool {
        let Some(own) = default_port(&self.scheme) else {
            return false;
        };
        parse_authority(host)
            .is_some_and(|(host, port)| host == self.host && port.unwrap_or(own) == self.port.unwrap_or(own))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// Whether the page that sent this handshake may open a socket.
pub(super) fn check(request: &Parts, config: &SocketConfig) -> Result<(), Rejection> {
    let mut origins = request.headers.get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (None, _) if config.allow_missing_origin => return Ok(()),
        (None, _) => return Err(Rejection::MissingOrigin),
        (Some(origin), None) => origin,
        (Some(_), Some(_)) => return Err(Rejection::ForeignOrigin),
    };
    let origin = origin.to_str().ok().and_then(parse);
    let origin = origin.ok_or(Rejection::ForeignOrigin)?;
    let mut hosts = request.headers.get_all(HOST).iter();
    // HTTP/2 names the host in the request line instead.
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        (Some(_), Some(_)) => None,
        (None, _) => request.uri.authority().map(|authority| authority.as_str()),
    };
    if host.is_some_and(|host| origin.is_of_host(host)) || config.public_origins.contains(&origin) {
        return Ok(());
    }
    Err(Rejection::ForeignOrigin)
}

#[cfg(test)]
mod tests {
    use http::Request;
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_origin(origins: &[&str], host: &str, expected: Result<(), Rejection>) {
        let mut request = Request::get("/ws").header(HOST, host);
        for origin in origins {
            let value = http::HeaderValue::from_bytes(origin.as_bytes()).unwrap();
            request = request.header(ORIGIN, value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let config = SocketConfig {
            public_origins: vec!["https://app.example".parse().unwrap()],
            ..SocketConfig::default()
        };
        assert_eq!(check(&parts, &config), expected, "{origins:?} at {host}");
    }

    #[test]
    fn s02_only_the_exact_origin_passes() {
        let foreign = Err(Rejection::ForeignOrigin);
        check_origin(&["http://localhost:3000"], "localhost:3000", Ok(()));
        check_origin(&["http://LOCALHOST:3000"], "localhost:3000", Ok(()));
        check_origin(&["https://a.example"], "a.example", Ok(()));
        check_origin(&["https://a.example"], "a.example:443", Ok(()));
        check_origin(&["https://a.example:443"], "a.example", Ok(()));
        check_origin(&["http://a.example"], "A.Example:80", Ok(()));
        check_origin(&["http://[::1]:3000"], "[::1]:3000", Ok(()));
        check_origin(&["https://app.example"], "10.0.0.1:8080", Ok(()));
        check_origin(&["https://APP.example:443"], "10.0.0.1:8080", Ok(()));

        check_origin(&["http://app.example"], "10.0.0.1:8080", foreign);
        check_origin(&["https://app.example.evil.io"], "a.example", foreign);
        check_origin(&["https://sub.a.example"], "a.example", foreign);
        check_origin(&["https://a.example:444"], "a.example", foreign);
        check_origin(&["http://a.example"], "a.example:443", foreign);
        check_origin(&["https://a.example@evil.io"], "a.example", foreign);
        check_origin(&["https://evil.io/a.example"], "a.example", foreign);
        check_origin(&["https://a.example/"], "a.example", foreign);
        check_origin(&["https://a.example."], "a.example", foreign);
        check_origin(&["https://а.example"], "a.example", foreign);
        check_origin(&["null"], "null", foreign);
        check_origin(&["file://"], "a.example", foreign);
        check_origin(&["ftp://a.example"], "a.example", foreign);
        check_origin(&[""], "a.example", foreign);
        check_origin(&["https://a.example:99999"], "a.example", foreign);
        check_origin(&["https://a.example:"], "a.example", foreign);
        check_origin(&["https://a.example", "https://a.example"], "a.example", foreign);
        check_origin(&[], "a.example", Err(Rejection::MissingOrigin));
    }

    #[test]
    fn s02_an_absent_origin_passes_only_where_it_is_allowed() {
        let (parts, ()) = Request::get("/ws").body(()).unwrap().into_parts();
        let config = SocketConfig {
            allow_missing_origin: true,
            ..SocketConfig::default()
        };
        assert_eq!(check(&parts, &config), Ok(()));
    }

    proptest! {
        #[test]
        fn any_text_is_answered(
            text in any::<String>(),
            words in r"(https?|://|:|/|@|\[|\]|::1|a|B|\.|80|443|99999|é){0,9}",
        ) {
            for text in [text, words] {
                if let Ok(origin) = text.parse::<Origin>() {
                    prop_assert_eq!(origin.to_string().parse(), Ok(origin));
                }
            }
        }
    }
}
