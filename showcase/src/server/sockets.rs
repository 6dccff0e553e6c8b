//! `GET /ws/{name}`: the site's sockets.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use leptos_live::server::{Fragment, Hub, WsEndpoint};
use leptos_live::{InvalidName, Topic};
use showcase::demos::{answer, receipt};
use showcase::outages::Outages;

use super::clock::time_of_day;
use super::feeds::SITE;
use super::posts::say;
use super::streams::Visitor;

/// The handler.
pub(crate) async fn socket(
    State(hub): State<Hub>,
    State(outages): State<Outages>,
    Path(name): Path<String>,
    Query(visitor): Query<Visitor>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Response {
    let tag = visitor.tag();
    if outages.includes(&tag) {
        return (StatusCode::SERVICE_UNAVAILABLE, "cut off, as was asked for").into_response();
    }
    match endpoint(&hub, &name) {
        Ok(Some(endpoint)) => endpoint.tag(tag).upgrade(upgrade, &parts).await,
        Ok(None) => (StatusCode::NOT_FOUND, "no such socket").into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

fn endpoint(hub: &Hub, name: &str) -> Result<Option<WsEndpoint>, InvalidName> {
    let endpoint = WsEndpoint::new(hub);
    Ok(Some(match name {
        "site" => endpoint.topics([Topic::new(SITE)?]),
        "heartbeat" => endpoint.topics([Topic::new("heartbeat")?]),
        "echo" => endpoint.on_message(|session, message| async move {
            let said = message.value("message").unwrap_or_default().to_owned();
            // Whoever has gone needs no answer.
            let _ = session.send(Fragment::render(|| answer(&said))).await;
        }),
        "notes" => endpoint.on_message(|session, message| async move {
            let note = message.value("note").unwrap_or_default().to_owned();
            let _ = session
                .send(Fragment::render(|| receipt(&note, &time_of_day())))
                .await;
        }),
        "chat" => {
            let hub = hub.clone();
            endpoint.on_message(move |_, message| {
                let hub = hub.clone();
                async move {
                    let value = |name| message.value(name).unwrap_or_default();
                    say(&hub, value("name"), value("text")).await;
                }
            })
        }
        _ => return Ok(None),
    }))
}
