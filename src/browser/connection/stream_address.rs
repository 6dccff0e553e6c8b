//! Where a stream is and how to ask for it.

use super::source_request::SourceRequest;
use crate::browser::page;
use crate::browser::query::with_query;
use crate::wire::{Position, WITH_LATEST};

/// What makes two streams the same, and how a connection names its position.
#[derive(Clone, Debug)]
pub(crate) struct StreamAddress {
    /// Passed to the browser as it is (SSE-05).
    pub(crate) url: String,
    /// Whether cookies go to another origin (SSE-07).
    pub(crate) with_credentials: bool,
    /// The query parameter that carries the position of an `EventSource`'s first connection; `None` adds nothing.
    pub(crate) position_parameter: Option<String>,
    /// Whether to keep this connection to oneself.
    pub(crate) private: bool,
    /// What is said besides, in a request of our own.
    pub(crate) request: Option<SourceRequest>,
}

impl StreamAddress {
    /// An address as raw markup gives it.
    pub(crate) fn of(url: &str) -> Self {
        Self {
            url: url.to_owned(),
            with_credentials: false,
            position_parameter: Some("last-event-id".to_owned()),
            private: false,
            request: None,
        }
    }

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
            (Some(parameter), Some(position)) => with_query(
                &self.url,
                &format!("{parameter}={}", position_text(position, with_latest)),
            ),
            _ => self.url.clone(),
        }
    }

    /// Whether the stream is over when the server ends it.
    pub(crate) fn is_finite(&self) -> bool {
        self.request.as_ref().is_some_and(SourceRequest::is_finite)
    }

    /// What connections of this address share; `None` where each source has its own.
    pub(crate) fn key(&self) -> Option<String> {
        let parameter = self.position_parameter.as_deref().unwrap_or_default();
        let request = match &self.request {
            None => "EventSource".to_owned(),
            Some(request) => request.key()?,
        };
        let key = format!("{} {parameter} {} {request}", self.with_credentials, self.url);
        Some(key).filter(|_| !self.private)
    }
}

/// A position as a request names it.
pub(crate) fn position_text(position: Position, with_latest: bool) -> String {
    let besides = if with_latest { WITH_LATEST } else { "" };
    format!("{position}{besides}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StreamRequest;

    #[test]
    fn decision_4_the_position_is_added_to_the_address() {
        for (url, expected) in [
            ("/news", "/news?p=1-2"),
            ("/news?a=b", "/news?a=b&p=1-2"),
            ("/news#top", "/news?p=1-2#top"),
            ("https://x.example/n?a#b#c", "https://x.example/n?a&p=1-2#b#c"),
        ] {
            assert_eq!(with_query(url, "p=1-2"), expected);
        }
    }

    #[test]
    fn sse_05_without_a_position_the_address_is_unchanged() {
        let address = |parameter: Option<&str>| StreamAddress {
            position_parameter: parameter.map(str::to_owned),
            ..StreamAddress::of("/n?x=%20#y")
        };
        let position = "0000000000000001-2".parse().ok();
        assert_eq!(address(Some("p")).resuming_at(None, true), "/n?x=%20#y");
        assert_eq!(address(None).resuming_at(position, true), "/n?x=%20#y");
        let expected = "/n?x=%20&p=0000000000000001-2,latest#y";
        assert_eq!(address(Some("p")).resuming_at(position, true), expected);
    }
    #[test]
    fn decision_5_what_is_asked_for_alike_is_shared() {
        let plain = StreamAddress::of("/n");
        let with = |request: StreamRequest| StreamAddress {
            request: Some(request.into()),
            ..plain.clone()
        };
        let token = |token: &str| with(StreamRequest::get().header("Authorization", token));
        assert_eq!(plain.key(), StreamAddress::of("/n").key());
        assert_eq!(token("a").key(), token("a").key());
        let different = [
            plain.key(),
            StreamAddress::of("/m").key(),
            token("a").key(),
            token("b").key(),
            with(StreamRequest::get()).key(),
            with(StreamRequest::post()).key(),
            StreamAddress {
                with_credentials: true,
                ..plain.clone()
            }
            .key(),
        ];
        for (index, key) in different.iter().enumerate() {
            assert!(key.is_some());
            assert!(!different[..index].contains(key), "{key:?}");
        }
        let private = StreamAddress {
            private: true,
            ..plain.clone()
        };
        assert_eq!(private.key(), None);
        assert_eq!(with(StreamRequest::get().finite()).key(), None);
    }
}
