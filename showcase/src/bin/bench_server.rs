//! A server of the hub and its endpoints and nothing else, for measuring them from outside.
//!
//! `GET /sub/{topic}` is an event stream that resumes from `Last-Event-ID`, `POST /pub/{topic}` publishes its body as one
//! event's data, and `GET /ws/{topic}` is a socket that carries the topic and publishes to it what clients send. For the
//! measurements: `GET /echo/{topic}` is a socket that answers clients with their own words, `GET /sink/{topic}` is one that
//! only publishes, `POST /script/{topic}` publishes an event for each line (its name, a tab, its data) as fast as it can,
//! `GET /readers/{topic}` and `/published/{topic}` are counts.
//!
//! Pages of any origin may read the streams, those named by `--origin` may open sockets: there are no cookies here and
//! nothing private.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use leptos_live::server::{
    AccessConfig, Hub, HubConfig, Origin, Retention, ServeConfig, SocketConfig, SseRequest, WsEndpoint, serve,
};
use leptos_live::{EventName, Topic};
use tokio::net::TcpListener;

/// The largest event that is read; the hub refuses less.
const MOST_BYTES: usize = 8 << 20;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let Options { port, origins } = options()?;
    let hub = Hub::new(HubConfig {
        max_connections: 200_000,
        max_connections_per_address: 200_000,
        // A script is published faster than any page reads.
        retention: Retention::Log {
            max_events: 200_000,
            max_bytes: 256 << 20,
            max_age: Duration::from_secs(300),
        },
        max_replay_events: 200_000,
        max_replay_bytes: 256 << 20,
        access: AccessConfig {
            public_origins: origins,
            // Whoever measures is a program.
            allow_missing_origin: true,
            ..AccessConfig::default()
        },
        socket: SocketConfig {
            messages_per_second: 1_000_000,
            message_burst: 1_000_000,
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
        .route(
            "/script/{topic}",
            post(publish_lines).layer(DefaultBodyLimit::max(64 << 20)),
        )
        .route("/ws/{topic}", get(socket))
        .route("/echo/{topic}", get(echo))
        .route("/sink/{topic}", get(sink))
        .route("/readers/{topic}", get(readers))
        .route("/published/{topic}", get(published))
        .with_state(hub.clone());
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    let config = ServeConfig {
        max_connections: Some(200_000),
        // Whoever publishes may wait for readers meanwhile.
        header_timeout: Duration::from_secs(120),
        ..ServeConfig::default()
    };
    serve(listener, app, &hub).config(config).await;
    Ok(())
}

struct Options {
    /// 0 lets the system choose one.
    port: u16,
    origins: Vec<Origin>,
}

fn options() -> Result<Options, Box<dyn Error>> {
    let mut options = Options {
        port: 0,
        origins: Vec::new(),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments
            .next()
            .ok_or_else(|| format!("expected a value after `{name}`"))?;
        match name.as_str() {
            "--port" => {
                options.port = value
                    .parse()
                    .map_err(|_| format!("expected a port, found `{value}`"))?
            }
            "--origin" => options.origins.push(value.parse()?),
            _ => return Err(format!("expected `--port` or `--origin`, found `{name}`").into()),
        }
    }
    Ok(options)
}

/// Why a request was refused, as text.
type Refusal = (StatusCode, String);

fn topic(name: &str) -> Result<Topic, Refusal> {
    Topic::new(name).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

async fn subscribe(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    request: SseRequest,
) -> Result<Response, Refusal> {
    let mut response = hub.sse([topic(&name)?], request).await;
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

async fn publish_lines(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    body: String,
) -> Result<(), Refusal> {
    let topic = topic(&name)?;
    for line in body.lines() {
        let (event, data) = line.split_once('\t').unwrap_or(("", line));
        let event = EventName::new(event).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
        let published = hub.publish(&topic, &event, data).await;
        published.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?;
    }
    Ok(())
}

async fn socket(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let topic = topic(&name)?;
    let endpoint = publishing(&hub, topic.clone()).topics([topic]);
    Ok(endpoint.upgrade(upgrade, &parts).await)
}

async fn sink(
    State(hub): State<Hub>,
    Path(name): Path<String>,
    parts: Parts,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    let topic = topic(&name)?;
    // A topic in which nothing happens, so that readers can be counted.
    let quiet = self::topic(&format!("{name}/sink"))?;
    Ok(publishing(&hub, topic)
        .topics([quiet])
        .upgrade(upgrade, &parts)
        .await)
}

async fn echo(State(hub): State<Hub>, parts: Parts, upgrade: WebSocketUpgrade) -> Response {
    let endpoint = WsEndpoint::new(&hub).on_message(|session, message| async move {
        let text = message.value("text").unwrap_or_default();
        // The client has gone, and with it whoever would have heard it.
        let _ = session.send(text).await;
    });
    endpoint.upgrade(upgrade, &parts).await
}

fn publishing(hub: &Hub, topic: Topic) -> WsEndpoint {
    let hub = hub.clone();
    WsEndpoint::new(&hub).on_message(move |_, message| {
        let (hub, topic) = (hub.clone(), topic.clone());
        async move {
            let text = message.value("text").unwrap_or_default().to_owned();
            if let Err(error) = hub.publish(&topic, &EventName::default(), text).await {
                tracing::warn!(%error, "not published");
            }
        }
    })
}

async fn readers(State(hub): State<Hub>, Path(name): Path<String>) -> String {
    let topics = hub.stats().topics;
    let of = |name: &str| {
        let topic = Topic::new(name).ok()?;
        Some(topics.get(&topic)?.subscribers)
    };
    let count = of(&name).unwrap_or_default() + of(&format!("{name}/sink")).unwrap_or_default();
    count.to_string()
}

async fn published(State(hub): State<Hub>, Path(name): Path<String>) -> String {
    let topic = Topic::new(&name).ok();
    let topics = hub.stats().topics;
    let published = topic.and_then(|topic| Some(topics.get(&topic)?.published));
    published.unwrap_or_default().to_string()
}
