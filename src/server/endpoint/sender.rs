//! Which streams the page has open that a request comes from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;

use crate::server::hub::MAX_EXCEPT;
use crate::wire::{CONNECTION_HEADER, ConnectionId};

/// The connections of the page that has sent a request, to be left out when its doing is published.
///
/// An axum extractor. It reads the `LL-Connection` header, which holds the ids that
/// [`SseResponse::announced`](crate::server::SseResponse::announced) streams have told their page, separated
/// by commas. A request without the header, or with something else in it, has no sender: everybody
/// gets what it publishes. Nothing else may rest on it, as any client can send any header.
///
/// ```
/// use axum::{Form, extract::State};
/// use leptos_live::server::{Fragment, Hub, PublishOptions, PublishError, Sender};
/// use leptos_live::{EventName, Topic};
///
/// async fn publish_to_others(hub: &Hub, page: Sender, board: &Topic) -> Result<(), PublishError> {
///     let moved = Fragment::text("a card was moved");
///     let others = PublishOptions::new().except(page);
///     hub.publish_with(board, &EventName::default(), moved, others).await?;
///     Ok(())
/// }
/// ```
///
/// In a server function: `let page: Sender = leptos_axum::extract().await?`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    connections: Vec<ConnectionId>,
}

impl Sender {
    /// The connections.
    pub fn connections(&self) -> &[ConnectionId] {
        &self.connections
    }
}

impl IntoIterator for Sender {
    type Item = ConnectionId;
    type IntoIter = std::vec::IntoIter<ConnectionId>;

    fn into_iter(self) -> Self::IntoIter {
        self.connections.into_iter()
    }
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(CONNECTION_HEADER).into_iter();
        let words = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        // A hostile list is not read to its end.
        let ids = words.take(MAX_EXCEPT).filter_map(|word| word.trim().parse().ok());
        Ok(Self {
            connections: ids.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Request};

    use super::*;

    async fn check(headers: &[&[u8]], expected: &[u128]) {
        let mut request = Request::get("/");
        for header in headers {
            request = request.header("LL-Connection", HeaderValue::from_bytes(header).unwrap());
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let Ok(sender) = Sender::from_request_parts(&mut parts, &()).await;
        let expected: Vec<_> = expected.iter().copied().map(ConnectionId::from_bits).collect();
        assert_eq!(sender.connections(), expected, "{headers:?}");
    }

    #[tokio::test]
    async fn s31_a_sender_is_what_the_header_names_and_no_more() {
        let id = "0000000000000000000000000000000a";
        check(&[], &[]).await;
        check(&[id.as_bytes()], &[10]).await;
        check(&[format!("{id}, {id}").as_bytes(), id.as_bytes()], &[10, 10, 10]).await;
        check(&[b""], &[]).await;
        check(&[b"\xff\xfe"], &[]).await;
        check(&[format!("me,{id},,*").as_bytes()], &[10]).await;
        check(&[format!("{id},").repeat(200).as_bytes()], &[10; 16]).await;
    }
}
