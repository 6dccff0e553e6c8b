//! `POST /answer`: a response that is a stream of events and ends, or for a plain form a redirection.

use std::iter::once;
use std::time::Duration;

use axum::Form;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use http::{HeaderMap, HeaderName, StatusCode, header};
use leptos_live::server::Fragment;
use leptos_live::{EventName, encode_event};
use serde::Deserialize;
use showcase::demos::{answer_beginning, answer_word};
use showcase::reply::reply;

use super::posts::back;

/// The longest question that is taken, in characters.
const MOST_CHARS: usize = 200;

/// How long one word takes.
const PACE: Duration = Duration::from_millis(60);

const EVENT_STREAM: &str = "text/event-stream";

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Question {
    #[serde(default)]
    question: String,
    #[serde(default)]
    fate: String,
}

/// The handler.
pub(crate) async fn answer(headers: HeaderMap, Form(asked): Form<Question>) -> Response {
    let question: String = asked.question.trim().chars().take(MOST_CHARS).collect();
    if question.is_empty() {
        return (StatusCode::UNPROCESSABLE_ENTITY, "expected a question").into_response();
    }
    if asked.fate == "refuse" {
        return (StatusCode::SERVICE_UNAVAILABLE, "refused, as was asked for").into_response();
    }
    if accepts_streams(&headers) {
        word_by_word(&question, asked.fate == "break")
    } else {
        back("/answer", "question", &question).into_response()
    }
}

/// A browser that submits a form by itself knows nothing of streams.
fn accepts_streams(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains(EVENT_STREAM))
}

fn word_by_word(question: &str, breaks: bool) -> Response {
    let words: Vec<String> = reply(question).split_whitespace().map(str::to_owned).collect();
    let count = words.len();
    let first = Fragment::render(|| answer_beginning(question, count));
    let others = words.into_iter().zip(1..).map(move |(word, so_far)| {
        if breaks && so_far > count / 2 {
            // Whatever a body fails with, its reader sees a connection that is lost.
            return Err("broken off, as was asked for");
        }
        Ok(Fragment::render(|| answer_word(&word, so_far, count)))
    });
    let fragments = stream::iter(once(Ok(first)).chain(others));
    event_stream(fragments.then(|fragment| async {
        tokio::time::sleep(PACE).await;
        fragment
    }))
}

/// A response whose messages are these fragments, and which ends with the last.
fn event_stream(fragments: impl Stream<Item = Result<Fragment, &'static str>> + Send + 'static) -> Response {
    let unnamed = EventName::default();
    let messages = fragments.map_ok(move |fragment| encode_event(&unnamed, None, fragment.as_str()));
    let headers = [
        (header::CONTENT_TYPE, EVENT_STREAM),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that gathers the response would show it in one piece.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(messages)).into_response()
}
