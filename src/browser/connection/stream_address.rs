//! Where a stream is and how to ask for it.

use crate::browser::page;
use crate::wire::{Position, WITH_LATEST};

/// What makes two streams the same, and how a first connection names its position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StreamAddress {
    /// Passed to the browser as it is (SSE-05).
    pub(crate) url: String,
    /// Whether cookies go to another origin (SSE-07).
    pub(crate) with_credentials: bool,
    /// The query parameter that carries the position of a first connection; `None` adds nothing.
    pub(crate) position_parameter: Option<String>,
    /// Whether to keep this connection to oneself.
    pub(crate) private: bool,
}

impl StreamAddress {
    /// The same address, independent of the page's own, which navigation changes.
    pub(crate) fn resolved(&self) -> Self {
        Self {
            url: page::resolve(&self.url),
            ..self.clone()
        }
    }

    /// The address that resumes from a position (decision 4), and asks for newest values besides.
    pub(crate) fn resuming_at(&self, position: Option<Position>, with_latest: bool) -> String {
        match (&self.position_parameter, position) {
            (Some(parameter), Some(position)) => {
                let besides = if with_latest { WITH_LATEST } else { "" };
                with_parameter(&self.url, parameter, &format!("{position}{besides}"))
            }
            _ => self.url.clone(),
        }
    }

    /// What connections of this address share.
    pub(crate) fn key(&self) -> String {
        let parameter = self.position_parameter.as_deref().unwrap_or_default();
        format!("{} {parameter} {}", self.with_credentials, self.url)
    }
}

/// Adds a query parameter in front of the fragment.
fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let (address, fragment) = match url.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (url, None),
    };
    let separator = if address.contains('?') { '&' } else { '?' };
    let fragment = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    format!("{address}{separator}{name}={value}{fragment}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decision_4_the_position_is_added_to_the_address() {
        for (url, expected) in [
            ("/news", "/news?p=1-2"),
            ("/news?a=b", "/news?a=b&p=1-2"),
            ("/news#top", "/news?p=1-2#top"),
            ("https://x.example/n?a#b#c", "https://x.example/n?a&p=1-2#b#c"),
        ] {
            assert_eq!(with_parameter(url, "p", "1-2"), expected);
        }
    }

    #[test]
    fn sse_05_without_a_position_the_address_is_unchanged() {
        let address = |parameter: Option<&str>| StreamAddress {
            url: "/n?x=%20#y".to_owned(),
            with_credentials: false,
            position_parameter: parameter.map(str::to_owned),
            private: false,
        };
        let position = "0000000000000001-2".parse().ok();
        assert_eq!(address(Some("p")).resuming_at(None, true), "/n?x=%20#y");
        assert_eq!(address(None).resuming_at(position, true), "/n?x=%20#y");
        let expected = "/n?x=%20&p=0000000000000001-2,latest#y";
        assert_eq!(address(Some("p")).resuming_at(position, true), expected);
    }
}
