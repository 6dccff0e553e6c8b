//! What the process serves that is stopped, killed and started anew: the topics of the schedules, from one hub in memory.

use std::io::Read as _;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

use super::super::schedules::truth::TOPICS;
use super::super::{routes, topic};
use super::wanderer::ROOM;
use crate::server::{
    Hub, HubConfig, Resume, Retention, ServeConfig, SocketFrames, SseRequest, WsEndpoint, serve,
};
use crate::wire::EventName;

/// The variables by which whoever starts the process says what it wants.
pub(super) const PORT: &str = "SOAK_SERVER_PORT";
pub(super) const HEARTBEAT: &str = "SOAK_SERVER_HEARTBEAT";

/// More than there are files for: how many are held shall be decided by those who come.
const MOST_CONNECTIONS: usize = 1_000_000;

/// Serves until it is asked to stop, or whoever has started it is gone. Without a port it was not started by a soak, and
/// does nothing.
pub(super) async fn run() {
    let Some(port) = variable(PORT) else { return };
    let heartbeat = Duration::from_millis(variable(HEARTBEAT).unwrap_or(1_000));
    end_with_whoever_started_this();
    let hub = hub(heartbeat);
    let sockets = WsEndpoint::new(&hub)
        .topics(TOPICS.map(topic))
        .frames(SocketFrames::Envelope);
    let more = Router::new()
        .route("/ws", get(sockets))
        .route("/publish", post(publish))
        .route("/render", get(render))
        .route("/wander", get(wander))
        .route("/enter", post(enter))
        .route("/leave", post(leave))
        .route("/stats", get(stats))
        .with_state(hub.clone());
    let mut asked_to_stop = signal(SignalKind::terminate()).unwrap();
    let port = u16::try_from(port).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let drained = serve(listener, routes(&hub, more), &hub)
        .config(ServeConfig {
            header_timeout: Duration::from_secs(3),
            write_idle: Duration::from_secs(5),
            send_buffer: Some(16 << 10),
            max_connections: Some(MOST_CONNECTIONS),
            drain: Duration::from_secs(3),
            ..ServeConfig::default()
        })
        .with_graceful_shutdown(async move {
            asked_to_stop.recv().await;
        })
        .await;
    println!("drained: {drained:?}");
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Whoever has started this process holds the other end of its input.
pub(super) fn end_with_whoever_started_this() {
    std::thread::spawn(|| {
        let mut nothing = Vec::new();
        let _ = std::io::stdin().read_to_end(&mut nothing);
        std::process::exit(1);
    });
}

fn hub(heartbeat: Duration) -> Hub {
    let log = |max_events| Retention::Log {
        max_events,
        max_bytes: 1 << 20,
        max_age: Duration::from_secs(300),
    };
    let hub = Hub::new(HubConfig {
        heartbeat,
        // All come from here.
        max_connections_per_address: MOST_CONNECTIONS,
        max_connections: MOST_CONNECTIONS,
        transient_events: 64,
        ..HubConfig::default()
    });
    // One that is long enough for most breaks, and one that is not.
    hub.declare(topic("log"), log(2_000));
    hub.declare(topic("other-log"), log(20));
    hub.declare(topic("latest"), Retention::Latest);
    hub.declare(topic("moment"), Retention::Transient);
    hub
}

/// A line for each event, `topic name data`; answers with a line for each position.
async fn publish(State(hub): State<Hub>, lines: String) -> String {
    let mut positions = String::new();
    for line in lines.lines() {
        let mut words = line.splitn(3, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (to, name) = (topic(word()), EventName::new(word()).unwrap());
        let position = hub.publish(&to, &name, word()).await.unwrap();
        positions.push_str(&format!("{position}\n"));
    }
    positions
}

/// What a page is rendered with: a position, and the newest values at that place, `name data` each.
async fn render(State(hub): State<Hub>) -> String {
    let retained = hub.retained(&topic("latest"));
    let mut page = format!("{}\n", retained.position);
    for event in retained.events {
        page.push_str(&format!("{} {}\n", event.name, event.data));
    }
    page
}

/// A stream of which the page changes the topics.
async fn wander(State(hub): State<Hub>, request: SseRequest) -> Response {
    hub.sse([topic("log")], request).announced().await
}

/// The connection that is named comes into the room; answers with the place from which on it is there.
async fn enter(State(hub): State<Hub>, connection: String) -> String {
    let connection = connection.parse().ok().and_then(|id| hub.connection(id));
    let entered = connection.and_then(|connection| connection.subscribe(topic(ROOM), Resume::Start).ok());
    entered.map_or_else(String::new, |at| at.to_string())
}

/// It goes out; answers with a place from which on it is there no more.
async fn leave(State(hub): State<Hub>, connection: String) -> String {
    let connection = connection.parse().ok().and_then(|id| hub.connection(id));
    match connection.map(|connection| connection.unsubscribe(&topic(ROOM))) {
        Some(true) => hub.head().to_string(),
        Some(false) | None => String::new(),
    }
}

async fn stats(State(hub): State<Hub>) -> String {
    let stats = hub.stats();
    serde_json::json!({
        "head": hub.head().to_string(),
        "connections": stats.sse_connections + stats.ws_connections,
        "subscriptions": stats.subscriptions,
        "tasks_of_hub": stats.tasks,
        "tasks": Handle::current().metrics().num_alive_tasks(),
        "delivered": stats.delivered,
        "refused": stats.refused,
    })
    .to_string()
}
