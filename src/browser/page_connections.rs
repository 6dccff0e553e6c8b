//! The connections of this page that have told it their ids.
//!
//! Requests bring the ids along, so that a server can publish what the page has done to everybody else.

use std::cell::RefCell;

use super::page;
use crate::wire::ConnectionId;

thread_local! {
    static OPEN: RefCell<Vec<ConnectionId>> = const { RefCell::new(Vec::new()) };
}

/// The ids of the streams that this page has open, of those that announce theirs (`SseResponse::announced`);
/// none on the server.
///
/// Requests of triggers and forms bring them along by themselves, in the header `LL-Connection`. To a
/// server function they are handed as an argument:
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{ConnectionId, page_connections};
///
/// #[server]
/// async fn say(text: String, page: Vec<ConnectionId>) -> Result<(), ServerFnError> {
///     // hub.publish_with(&room, &event, line, PublishOptions::new().except(page)).await
///     let _ = (text, page);
///     Ok(())
/// }
///
/// let send = Action::new(|text: &String| say(text.clone(), page_connections()));
/// ```
pub fn page_connections() -> Vec<ConnectionId> {
    if page::is_browser() {
        OPEN.with_borrow(Clone::clone)
    } else {
        Vec::new()
    }
}

/// The value of the header; `None` where there is nothing to say.
pub(crate) fn header_value() -> Option<String> {
    let ids = page_connections();
    let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| ids.join(","))
}

/// Keeps an id known for as long as its connection is open.
#[derive(Debug)]
pub(crate) struct Announced(ConnectionId);

impl Announced {
    pub(crate) fn new(id: ConnectionId) -> Self {
        OPEN.with_borrow_mut(|open| open.push(id));
        Self(id)
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.retain(|id| *id != self.0));
    }
}
