//! The test kit: what `src/docs/testkit.md` of the library describes, for measuring from outside.

use axum::body::Bytes;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Path, Query, RawQuery, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use http::request::Parts;
use http::{Method, StatusCode};
use leptos::prelude::*;
use leptos_live::server::{
    Decision, Fragment, Hub, HubStats, PublishError, PublishOptions, Retention, Revocation, SseRequest,
    WsEndpoint,
};
use leptos_live::{EventName, FormMessage, IdempotencyKey, InvalidName, Topic};
use serde::Deserialize;
use serde_json::{Value, json};

use super::private::{self, Revoked};
use super::{AppState, publish as publish_fragment};

/// The largest body that is read; the hub refuses less.
const MOST_BYTES: usize = 8 << 20;

/// The name and value pairs of a query, in order.
type Pairs = Query<Vec<(String, String)>>;

/// The routes.
///
/// # Errors
/// None in practice: the name of the room is written here.
pub(crate) fn routes(hub: &Hub) -> Result<Router<AppState>, InvalidName> {
    Ok(Router::new()
        .route(
            "/testkit/publish",
            post(publish).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/testkit/sse", get(sse))
        .route("/testkit/ws", get(socket(hub)?))
        .route("/testkit/private/{user}", get(private_stream))
        .route("/testkit/private/{user}/socket", get(private_socket))
        .route("/testkit/revoke", post(revoke))
        .route("/testkit/rule", post(rule))
        .route("/testkit/restore", post(restore))
        .route("/testkit/stats", get(stats))
        .route("/testkit/answer", any(answer)))
}

/// The layer that hides the test kit unless the environment asks for it.
pub(crate) async fn gate(request: Request, next: Next) -> Response {
    let first = request.uri().path().split('/').nth(1);
    if matches!(first, Some("testkit" | "bench")) && !is_on() {
        return StatusCode::NOT_FOUND.into_response();
    }
    next.run(request).await
}

/// Whether the environment asks for the test kit.
pub(crate) fn is_on() -> bool {
    std::env::var_os("LEPTOS_LIVE_TESTKIT").is_some_and(|value| value == "1")
}

/// Why a request was refused, as text.
type Refusal = (StatusCode, String);

fn refuse(reason: impl ToString) -> Refusal {
    (StatusCode::BAD_REQUEST, reason.to_string())
}

async fn publish(State(hub): State<Hub>, Query(pairs): Pairs, body: Bytes) -> Result<Json<Value>, Refusal> {
    let named = |name| {
        pairs
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value)
    };
    let topic = named("topic").ok_or_else(|| refuse("expected a topic, found none"))?;
    let topic = known_topic(&hub, topic)?;
    let event = named("event").map_or_else(|| Ok(EventName::default()), EventName::new);
    let event = event.map_err(refuse)?;
    let data = String::from_utf8(body.into()).map_err(|_| refuse("expected a body in UTF-8"))?;
    let key = named("key")
        .map(IdempotencyKey::new)
        .transpose()
        .map_err(refuse)?;
    let options = key.map_or_else(PublishOptions::new, |key| PublishOptions::new().key(key));
    let published = hub.publish_with(&topic, &event, data, options).await;
    let position = published.map_err(|error| match error {
        // The hub may be asked again, or another process of the site.
        PublishError::Broker(_) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
        refused => refuse(refused),
    })?;
    Ok(Json(json!({ "position": position.to_string() })))
}

/// A topic of this name; some names ask for a retention other than the usual.
fn known_topic(hub: &Hub, name: &str) -> Result<Topic, Refusal> {
    let topic = Topic::new(name).map_err(refuse)?;
    if name.starts_with("testkit/latest/") {
        hub.declare(topic.clone(), Retention::Latest);
    }
    Ok(topic)
}

async fn sse(State(hub): State<Hub>, Query(pairs): Pairs, request: SseRequest) -> Result<Response, Refusal> {
    let topics = pairs.iter().filter(|(name, _)| name == "topic");
    let topics: Vec<_> = topics
        .map(|(_, topic)| known_topic(&hub, topic))
        .collect::<Result<_, _>>()?;
    if topics.is_empty() {
        return Err(refuse("expected a topic, found none"));
    }
    Ok(hub.sse(topics, request).await)
}

/// The stream of a user's own topic.
async fn private_stream(
    State(hub): State<Hub>,
    Path(user): Path<String>,
    request: SseRequest,
) -> Result<Response, Refusal> {
    let topic = private::topic_of(&user).map_err(refuse)?;
    Ok(hub.sse([topic], request).await)
}

/// The socket of a user's own topic.
async fn private_socket(
    State(hub): State<Hub>,
    Path(user): Path<String>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let topic = private::socket_topic_of(&user).map_err(refuse)?;
    Ok(WsEndpoint::new(&hub)
        .topics([topic])
        .upgrade(upgrade, &parts)
        .await)
}

/// A user, and what they are told.
#[derive(Debug, Deserialize)]
struct Revoking {
    user: String,
    #[serde(default)]
    told: String,
}

impl Revoking {
    fn decision(&self) -> Result<Decision, Refusal> {
        match &*self.told {
            "" | "forbidden" => Ok(Decision::Forbidden),
            "unauthenticated" => Ok(Decision::Unauthenticated),
            _ => Err(refuse("told: expected `forbidden` or `unauthenticated`")),
        }
    }
}

async fn revoke(
    State(hub): State<Hub>,
    State(revoked): State<Revoked>,
    Query(revoking): Query<Revoking>,
) -> Result<StatusCode, Refusal> {
    // First the rule, then the readers, who are asked by it.
    revoked.revoke(&revoking.user, revoking.decision()?);
    hub.revoke(&Revocation::user(revoking.user));
    Ok(StatusCode::NO_CONTENT)
}

/// The rule alone, and nobody is asked by it: what a process of several reads from the database that they share.
async fn rule(
    State(revoked): State<Revoked>,
    Query(revoking): Query<Revoking>,
) -> Result<StatusCode, Refusal> {
    revoked.revoke(&revoking.user, revoking.decision()?);
    Ok(StatusCode::NO_CONTENT)
}

async fn restore(
    State(revoked): State<Revoked>,
    Query(Revoking { user, .. }): Query<Revoking>,
) -> StatusCode {
    revoked.restore(&user);
    StatusCode::NO_CONTENT
}

async fn stats(State(hub): State<Hub>) -> Json<Value> {
    let HubStats {
        sse_connections,
        ws_connections,
        topics,
        published,
        delivered,
        replayed,
        gaps,
        dropped,
        coalesced,
        refused,
        tasks,
        ..
    } = hub.stats();
    let topics: serde_json::Map<_, _> = topics
        .into_iter()
        .map(|(topic, stats)| {
            let numbers = json!({
                "subscribers": stats.subscribers,
                "published": stats.published,
                "retained": stats.retained,
            });
            (topic.to_string(), numbers)
        })
        .collect();
    Json(json!({
        "sse_connections": sse_connections,
        "ws_connections": ws_connections,
        "topics": topics,
        "published": published,
        "delivered": delivered,
        "replayed": replayed,
        "gaps": gaps,
        "dropped": dropped,
        "coalesced": coalesced,
        "refused": refused,
        "tasks": tasks,
    }))
}

fn socket(hub: &Hub) -> Result<WsEndpoint, InvalidName> {
    let room = Topic::new("testkit/room")?;
    let hub = hub.clone();
    let endpoint = WsEndpoint::new(&hub).topics([room.clone()]);
    Ok(endpoint.on_message(move |session, message| {
        let (hub, room) = (hub.clone(), room.clone());
        async move {
            let line = in_room(&message);
            // Whoever has gone needs no answer.
            let _ = session.send(echoed(&message)).await;
            publish_fragment(&hub, &room, &EventName::default(), line).await;
        }
    }))
}

/// The whole message, back to whoever sent it.
fn echoed(message: &FormMessage) -> Fragment {
    let values = Value::Object(message.values.clone()).to_string();
    let headers = Value::Object(message.headers.clone()).to_string();
    Fragment::render(|| view! { <div id="echo" data-headers=headers>{values}</div> })
}

/// The message's text for everybody, or all values where it has none.
fn in_room(message: &FormMessage) -> Fragment {
    let text = message.value("text").map(str::to_owned);
    let text = text.unwrap_or_else(|| Value::Object(message.values.clone()).to_string());
    Fragment::render(|| {
        view! {
            <div id="room" hx-swap-oob="beforeend">
                <p>{text}</p>
            </div>
        }
    })
}

/// Says what was asked, with any method.
async fn answer(method: Method, RawQuery(query): RawQuery, body: Bytes) -> Html<String> {
    let (method, query) = (method.to_string(), query.unwrap_or_default());
    let body = String::from_utf8_lossy(&body).into_owned();
    let html = Fragment::render(|| {
        view! {
            <p class="answer" data-method=method.clone() data-query=query data-body=body>
                {method.clone()}
                " answered"
            </p>
        }
    });
    Html(html.into_string())
}
