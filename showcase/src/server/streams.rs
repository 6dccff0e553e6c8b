//! `GET /streams/{name}`: the site's event streams, each a fixed list of topics.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use leptos_live::Topic;
use leptos_live::server::{Hub, SseRequest};
use serde::Deserialize;
use showcase::outages::Outages;

/// Which page load asks; see [`showcase::visit`].
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Visitor {
    #[serde(default)]
    visit: String,
}

impl Visitor {
    /// The visit, cut to the length of those that are given out.
    pub(crate) fn tag(&self) -> String {
        self.visit.chars().take(32).collect()
    }
}

/// The topics of a stream.
fn topics(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "posts" => &["posts"],
        "comments" => &["comments"],
        "albums" => &["albums"],
        "todos" => &["todos"],
        "users" => &["users"],
        "named" => &["posts/named"],
        "kinds" => &[
            "kinds/post",
            "kinds/comment",
            "kinds/album",
            "kinds/todo",
            "kinds/user",
        ],
        "count" => &["count"],
        "orders" => &["orders"],
        "prices" => &["prices", "trades"],
        "hits" => &["hits"],
        "machine" => &["machine"],
        "requests" => &["requests"],
        "chat" => &["chat"],
        _ => return None,
    })
}

/// The handler.
pub(crate) async fn stream(
    State(hub): State<Hub>,
    State(outages): State<Outages>,
    Path(name): Path<String>,
    Query(visitor): Query<Visitor>,
    request: SseRequest,
) -> Response {
    let Some(topics) = topics(&name) else {
        return (StatusCode::NOT_FOUND, "no such stream").into_response();
    };
    let tag = visitor.tag();
    if outages.includes(&tag) {
        return (StatusCode::SERVICE_UNAVAILABLE, "cut off, as was asked for").into_response();
    }
    let topics = topics.iter().filter_map(|name| Topic::new(name).ok());
    hub.sse(topics, request).tag(tag).await
}
