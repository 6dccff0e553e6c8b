//! What an event stream is opened from: who asks, from where, and where the reader left off.

use std::convert::Infallible;
use std::fmt;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;

use super::Rejection;
use crate::server::Resume;

/// The longest cursor that is looked at; a position has at most 37 bytes.
const MAX_CURSOR_BYTES: usize = 256;

/// The query parameter of a first connection, for which a browser's `EventSource` sets no header.
const PARAMETER: &str = "last-event-id";

/// A request for an event stream, as an axum handler takes it and hands it to [`Hub::sse`](crate::server::Hub::sse), which
/// checks it.
///
/// The reader goes on from the `Last-Event-ID` header, else from the `last-event-id` query parameter. The header wins: a
/// browser that reconnects by itself sends it together with the URL of its first connection, whose parameter is older.
/// Anything that is not a position is [`Resume::Malformed`]; only a cursor of more than 256 bytes is refused.
///
/// ```
/// use http::Request;
/// use leptos_live::server::{Resume, SseRequest};
///
/// let (parts, ()) = Request::get("/news?last-event-id=000000000000feed-42").body(())?.into_parts();
/// assert!(matches!(SseRequest::new(parts).resume()?, Resume::At(position) if position.offset == 42));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SseRequest {
    pub(super) parts: Parts,
}

impl SseRequest {
    /// For a handler that has taken the request apart.
    pub fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// Where the reader left off.
    ///
    /// # Errors
    /// [`Rejection::CursorTooLong`].
    pub fn resume(&self) -> Result<Resume, Rejection> {
        let parts = &self.parts;
        let header = parts.headers.get("last-event-id");
        if let Some(header) = header.filter(|header| !header.is_empty()) {
            check_length(header.len())?;
            return Ok(header.to_str().map_or(Resume::Malformed, Resume::from_text));
        }
        let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri) else {
            return Ok(Resume::Malformed);
        };
        let Some((_, value)) = pairs.iter().find(|(name, _)| name == PARAMETER) else {
            return Ok(Resume::Start);
        };
        check_length(value.len())?;
        Ok(Resume::from_text(value))
    }
}

impl<S: Sync> FromRequestParts<S> for SseRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::new(parts.clone()))
    }
}

impl fmt::Debug for SseRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The request holds cookies and tokens, which do not belong in a log.
        f.debug_struct("SseRequest")
            .field("resume", &self.resume())
            .finish_non_exhaustive()
    }
}

fn check_length(found: usize) -> Result<(), Rejection> {
    if found > MAX_CURSOR_BYTES {
        return Err(Rejection::CursorTooLong {
            limit: MAX_CURSOR_BYTES,
            found,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;
    use crate::wire::{Epoch, Position};

    #[track_caller]
    fn check(uri: &str, header: Option<&[u8]>, expected: Result<Resume, &str>) {
        let mut request = Request::get(uri);
        if let Some(header) = header {
            request = request.header("last-event-id", HeaderValue::from_bytes(header).unwrap());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let found = SseRequest::new(parts).resume();
        let found = found.map_err(|rejection| rejection.reason());
        assert_eq!(found, expected, "{uri} {header:?}");
    }

    #[test]
    fn r04_the_header_wins_over_the_parameter() {
        let at = |offset| {
            Ok(Resume::At(Position {
                epoch: Epoch(1),
                offset,
            }))
        };
        let one = "0000000000000001-1";
        check("/", None, Ok(Resume::Start));
        check("/?last-event-id=", None, Ok(Resume::Start));
        check(&format!("/?topic=a&last-event-id={one}"), None, at(1));
        check("/?last-event-id=0000000000000001%2D7", None, at(7));
        let with_latest = at(1).map(|resume| match resume {
            Resume::At(at) => Resume::AtWithLatest(at),
            other => other,
        });
        check(&format!("/?last-event-id={one},latest"), None, with_latest);
        // A request by `fetch` says it in the header.
        check("/", Some(b"0000000000000001-1,latest"), with_latest);
        check(
            &format!("/?last-event-id={one}"),
            Some(b"0000000000000001-2"),
            at(2),
        );
        check(&format!("/?last-event-id={one}"), Some(b""), at(1));
        check(
            &format!("/?last-event-id={one}"),
            Some(b"nonsense"),
            Ok(Resume::Malformed),
        );
    }

    #[test]
    fn s25_hostile_cursors_are_malformed_or_refused() {
        let malformed = Ok(Resume::Malformed);
        check("/?last-event-id=-1", None, malformed);
        check("/?last-event-id=,latest", None, malformed);
        check("/?last-event-id=%00%ff%0a", None, malformed);
        check("/", Some(b"\xff\xfe"), malformed);
        check("/", Some(b"0000000000000001-1, 2"), malformed);
        check("/", Some(&[b'9'; 256]), malformed);
        check("/", Some(&[b'9'; 257]), Err("cursor_too_long"));
        let long = format!("/?last-event-id={}", "9".repeat(5000));
        check(&long, None, Err("cursor_too_long"));
    }
}
