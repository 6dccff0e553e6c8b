//! The hub and its endpoints as a client sees them: over real TCP sockets, byte by byte.
//!
//! Where no socket is involved the tests read a subscription and write down what it brings in one
//! line, so that an order can be compared at a glance.

mod access;
mod black_hole;
mod breaks;
mod broken_frames;
mod changing_topics;
mod client_limits;
mod cross_site;
mod drain;
mod entry_points;
mod interleavings;
mod left_topics;
mod monitoring;
mod much;
mod nginx;
mod openings;
mod pipelining;
mod publishing;
pub(super) mod raw_client;
mod ready_answers;
mod refusals;
mod resume;
mod revocation;
pub(super) mod schedules;
mod serve;
mod serve_streams;
mod shutdown;
mod slow_reader;
#[cfg(unix)]
mod soak;
mod sse;
mod storm;
mod topic_races;
mod ws;
mod ws_codecs;
mod ws_limits;
// Elsewhere the kernel does not tell what a client has confirmed.
pub(super) mod woken;
#[cfg(target_os = "linux")]
mod write_idle;
mod xss;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Delivery, Hub, HubConfig, Resume, Retention, SseRequest, SseResponse, Subscription};
use crate::wire::{EventName, Position, SseDecoder, Topic};

/// A server on a port of its own; it stops when this is dropped.
struct TestServer {
    hub: Hub,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TestServer {
    /// Serves `/sse?topic=…`, `/stop`, and the given routes.
    async fn start(hub: Hub, more: Router) -> Self {
        Self::start_layered(hub, more, |app| app).await
    }

    /// The same with layers around everything.
    async fn start_layered(hub: Hub, more: Router, layers: impl FnOnce(Router) -> Router) -> Self {
        let app = layers(routes(&hub, more));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = {
            let hub = hub.clone();
            async move {
                // A hub that refuses readers is one that shuts down.
                while hub.subscribe([], Resume::Start).is_ok() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        };
        let task = tokio::spawn(async move {
            let app = app.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, app)
                .with_graceful_shutdown(stop)
                .await
                .unwrap();
        });
        Self { hub, address, task }
    }
}

fn routes(hub: &Hub, more: Router) -> Router {
    Router::new()
        .route("/sse", get(any_topics))
        .route("/stop", get(async || SseResponse::stop()))
        .with_state(hub.clone())
        .merge(more)
}

async fn any_topics(State(hub): State<Hub>, RawQuery(query): RawQuery, request: SseRequest) -> Response {
    let query = query.unwrap_or_default();
    let values = |key: &str| {
        let prefix = format!("{key}=");
        query
            .split('&')
            .filter_map(|pair| pair.strip_prefix(&prefix))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let topics: Vec<Topic> = values("topic").iter().map(topic).collect();
    let response = hub.sse(topics, request);
    let response = if values("only_allowed").is_empty() {
        response
    } else {
        response.only_allowed()
    };
    match values("tag").first() {
        Some(tag) => response.tag(tag.clone()).await,
        None => response.await,
    }
}

/// What a request with this cursor is answered with, without a connection.
pub(super) async fn stream(hub: &Hub, topics: &[&str], cursor: &str) -> Response {
    let request = http::Request::get("/").header("last-event-id", cursor);
    let (parts, ()) = request.body(()).unwrap().into_parts();
    hub.sse(topics.iter().map(topic), SseRequest::new(parts)).await
}

pub(super) fn topic(name: impl AsRef<str>) -> Topic {
    Topic::new(name).unwrap()
}

pub(super) async fn publish(hub: &Hub, to: &str, data: &str) -> Position {
    hub.publish(&topic(to), &EventName::default(), data)
        .await
        .unwrap()
}

/// Publishes an event whose name and data are the same.
async fn publish_named(hub: &Hub, to: &str, name: &str) -> Position {
    hub.publish(&topic(to), &EventName::new(name).unwrap(), name)
        .await
        .unwrap()
}

/// Everything that is ready, one word each: `data@offset` for an event (without the offset where
/// it has no id), and for control events `name(offsets)`.
pub(super) async fn ready(subscription: &mut Subscription) -> String {
    let mut words = Vec::new();
    while let Ok(delivery) = tokio::time::timeout(Duration::from_millis(1), subscription.next()).await {
        match delivery {
            Some(delivery) => words.push(word(&delivery)),
            None => {
                words.push("end".to_owned());
                break;
            }
        }
    }
    words.join(" ")
}

pub(super) fn word(delivery: &Delivery) -> String {
    match delivery {
        Delivery::Event { bytes, .. } => {
            let message = SseDecoder::default().push(bytes).remove(0);
            match message.last_event_id.split_once('-') {
                Some((_, offset)) => format!("{}@{offset}", message.data),
                None => message.data,
            }
        }
        Delivery::Control(crate::Control::Latest) => "latest".to_owned(),
        Delivery::Control(control) => {
            let name = control.kind().event_name().trim_start_matches("ll:");
            let numbers: Vec<String> = control
                .to_string()
                .split(' ')
                .map(|word| word.rsplit('-').next().unwrap().to_owned())
                .collect();
            format!("{name}({})", numbers.join(","))
        }
    }
}

/// A hub whose undeclared topics keep this many events.
fn small_hub(max_events: usize) -> Hub {
    Hub::new(HubConfig {
        retention: Retention::Log {
            max_events,
            max_bytes: 1 << 20,
            max_age: Duration::from_secs(300),
        },
        ..HubConfig::default()
    })
}

/// Waits until the condition holds.
#[track_caller]
pub(super) fn eventually(what: &str, condition: impl Fn() -> bool) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    let what = what.to_owned();
    async move {
        for _ in 0..400 {
            if condition() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{place}: expected within 4 s: {what}");
    }
}
