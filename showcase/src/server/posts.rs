//! Plain requests: what the forms post without JavaScript, and what the triggers fetch.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use leptos_live::server::{Fragment, Hub};
use leptos_live::{EventName, Topic};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use showcase::demos::chat_line;

use super::clock::time_of_day;
use super::{AppState, answers, cards, publish};

/// The longest name and the longest text that the room takes, in characters.
const MOST_NAME: usize = 24;
const MOST_TEXT: usize = 500;

#[derive(Debug, Default, Deserialize)]
struct Line {
    #[serde(default)]
    name: String,
    #[serde(default)]
    text: String,
}

#[derive(Debug, Default, Deserialize)]
struct Message {
    #[serde(default)]
    message: String,
}

#[derive(Debug, Default, Deserialize)]
struct Note {
    #[serde(default)]
    note: String,
}

/// The routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/page/random", get(random))
        .route("/chat/say", post(chat))
        .route("/answer", post(answers::answer))
        .route("/echo", post(echo))
        .route("/reconnect", post(note))
}

/// Says something in the room; the one handler behind all ways in. What has no name or no text is
/// left out, as the form does not send it.
pub(crate) async fn say(hub: &Hub, name: &str, text: &str) {
    let cut = |text: &str, most| text.trim().chars().take(most).collect::<String>();
    let (name, text) = (cut(name, MOST_NAME), cut(text, MOST_TEXT));
    if name.is_empty() || text.is_empty() {
        return;
    }
    if let (Ok(topic), Ok(event)) = (Topic::new("chat"), EventName::new("line")) {
        let line = Fragment::render(|| chat_line(&name, &text, &time_of_day()));
        publish(hub, &topic, &event, line).await;
    }
}

async fn chat(State(hub): State<Hub>, Form(line): Form<Line>) -> Redirect {
    say(&hub, &line.name, &line.text).await;
    back("/chat", "name", &line.name)
}

async fn echo(Form(message): Form<Message>) -> Redirect {
    back("/echo", "message", &message.message)
}

async fn note(Form(note): Form<Note>) -> Redirect {
    back("/reconnect", "note", &note.note)
}

async fn random() -> Response {
    Html(cards::random_page().into_string()).into_response()
}

/// To the page again, with what the form held in the address.
pub(crate) fn back(path: &str, name: &str, value: &str) -> Redirect {
    let value: String = value.chars().take(MOST_TEXT).collect();
    let value = utf8_percent_encode(&value, NON_ALPHANUMERIC);
    Redirect::to(&format!("{path}?{name}={value}"))
}
