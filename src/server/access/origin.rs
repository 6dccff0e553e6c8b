//! Origins, as browsers send them and as settings name them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

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
///
/// ```
/// use leptos_live::server::Origin;
///
/// let error = "example.com".parse::<Origin>().unwrap_err();
/// assert_eq!(error.found, "example.com");
/// ```
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
    pub(super) fn is_of_host(&self, host: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
