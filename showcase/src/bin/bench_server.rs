//! A server of the hub and its endpoints and nothing else, for measuring them from outside.
//!
//! `GET /sub/{topic}` is an event stream that resumes from `Last-Event-ID`, `POST /pub/{topic}` publishes its body as one
//! event's data, and `GET /ws/{topic}` is a socket that carries the topic and publishes to it what clients send.
//! Pages of any origin may read the streams: there are no cookies here and nothing private.

use std::error::Error;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::{Listener, ListenerExt};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use leptos_live::server::{Hub, HubConfig, Resume, SocketConfig, WsEndpoint};
use leptos_live::{EventName, Topic};
use tokio::net::TcpListener;

/// The largest event that is read; the hub refuses less.
const MOST_BYTES: usize = 8 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let port = port()?;
    let hub = Hub::new(HubConfig {
        max_connections: 200_000,
        socket: SocketConfig {
            // Whoever measures is a program.
            allow_missing_origin: true,
            ..SocketConfig::default()
        },
        ..HubConfig::default()
    });
    let app = Router::new()
        .route("/sub/{topic}", get(subscribe))
        .route(
            "/pub/{topic}",
            post(publish).layer(DefaultBodyLimit::max(MOST_BYTES)),
        )
        .route("/ws/{topic}", get(socket))
        .with_state(hub);
    let listener = TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tracing::info!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// The number after `--port`; 0 lets the system choose one.
fn port() -> Result<u16, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--port"), Some(port)) => Ok(port
            .parse()
            .map_err(|_| format!("expected a port, found `{port}`"))?),
        (None, None) => Ok(0),
        _ => Err("expected `--port P` and nothing else".into()),
    }
}

/// Why a request was refused, as text.
type Refusal = (StatusCode, String);

fn topic(name: &str) -> Result<Topic, Refusal> {
    Topic::new(name).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

async fn subscribe(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    resume: Resume,
) -> Result<Response, Refusal> {
    let mut response = hub.sse([topic(&name)?], resume).into_response();
    response
        .headers_mut()
        .insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

async fn publish(State(hub): State<Hub>, Path(name): Path<String>, body: String) -> Result<String, Refusal> {
    let published = hub.publish(&topic(&name)?, &EventName::default(), body).await;
    let position = published.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    Ok(position.to_string())
}

async fn socket(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let topic = topic(&name)?;
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic.clone()])
        .on_message(move |_, message| {
            let (hub, topic) = (hub.clone(), topic.clone());
            async move {
                let text = message.value("text").unwrap_or_default().to_owned();
                let _ = hub.publish(&topic, &EventName::default(), text).await;
            }
        });
    Ok(endpoint.upgrade(upgrade, &parts))
}
