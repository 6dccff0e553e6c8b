//! The hub as a monitoring system sees it: scraped over a socket; and what the log says of a connection.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::io::AsyncReadExt;
use tracing_subscriber::fmt::format::FmtSpan;

use super::raw_client::RawClient;
use super::ws::{connect, frame, say};
use super::*;
use crate::server::{
    AccessConfig, Broker, BrokerError, BrokerFuture, Cookies, HubConfig, MemoryBroker, Publication,
    PublishOptions, Published, WsEndpoint,
};
use crate::wire::IdempotencyKey;

/// What `GET /metrics` answers, line by line.
async fn scrape(server: &TestServer) -> Vec<String> {
    let close = [("connection", "close")];
    let mut socket = RawClient::send(server.address, "/metrics", &close).await;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let lines = answer.lines().filter(|line| line.starts_with("leptos_live"));
    lines.map(str::to_owned).collect()
}

/// What of the lines and of the numbers was not found.
fn missing<'a>(lines: &[String], expected: &[&'a str], at_least: &[(&'a str, f64)]) -> Vec<&'a str> {
    let number = |name| {
        let text = lines.iter().find_map(|line| line.strip_prefix(name))?;
        text.trim().parse::<f64>().ok()
    };
    let absent = expected
        .iter()
        .filter(|expected| !lines.iter().any(|line| line == *expected));
    let low = at_least
        .iter()
        .filter(|(name, least)| number(name).is_none_or(|found| found < *least))
        .map(|(name, _)| name);
    absent.chain(low).copied().collect()
}

fn exporting(handle: PrometheusHandle) -> Router {
    let render = move || {
        let text = handle.render();
        async move { text }
    };
    Router::new().route("/metrics", get(render))
}

// One thread, so that the recorder is that of everything which runs here and of nothing else.
#[tokio::test(flavor = "current_thread")]
async fn what_a_hub_does_can_be_scraped() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let routes = exporting(recorder.handle());
    let _recording = metrics::set_default_local_recorder(&recorder);
    let hub = Hub::new(HubConfig {
        heartbeat: Duration::from_millis(100),
        retention: Retention::Log {
            max_events: 2,
            max_bytes: 1 << 20,
            max_age: Duration::from_secs(300),
        },
        max_payload_bytes: 100,
        transient_events: 1,
        max_topics: 2,
        ..HubConfig::default()
    });
    hub.declare(topic("moment"), Retention::Transient);
    let endpoint = WsEndpoint::new(&hub).topics([topic("a")]);
    let server = TestServer::start(hub, routes.route("/ws", get(endpoint))).await;
    let hub = &server.hub;

    let first = publish(hub, "a", "1").await;
    publish(hub, "a", "2").await;
    let id = first.to_string();
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[("Last-Event-ID", &id)]).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    for data in ["3", "4"] {
        publish(hub, "a", data).await;
    }
    for expected in ["2", "3", "4"] {
        assert_eq!(client.next_event().await.unwrap().data, expected);
    }
    // A duplicate, a gap, a slow reader, and three refusals.
    for _ in 0..2 {
        let once = PublishOptions::new().key(IdempotencyKey::new("k").unwrap());
        hub.publish_with(&topic("b"), &EventName::default(), "once", once)
            .await
            .unwrap();
    }
    drop(RawClient::get(server.address, "/sse?topic=a", &[("Last-Event-ID", "nonsense")]).await);
    let mut slow = hub.subscribe([topic("moment")], Resume::Start).unwrap();
    for _ in 0..3 {
        publish(hub, "moment", "x").await;
    }
    ready(&mut slow).await;
    let too_long = "x".repeat(101);
    assert!(
        hub.publish(&topic("a"), &EventName::default(), too_long)
            .await
            .is_err()
    );
    RawClient::get(server.address, "/sse?topic=a&topic=b&topic=c", &[]).await;
    say(&mut socket, "no message").await;
    // Somebody has to answer the pings.
    let socket = tokio::spawn(async move { while frame(&mut socket).await != "gone" {} });

    let expected = [
        "leptos_live_connections{transport=\"sse\"} 1",
        "leptos_live_connections{transport=\"ws\"} 1",
        "leptos_live_connections{transport=\"local\"} 1",
        "leptos_live_published_total 8",
        "leptos_live_duplicates_total 1",
        "leptos_live_deliveries_total{transport=\"ws\"} 2",
        "leptos_live_dropped_total 2",
        "leptos_live_gaps_total{reason=\"malformed\"} 1",
        "leptos_live_refused_total{reason=\"payload_too_large\"} 1",
        "leptos_live_refused_total{reason=\"too_many_topics\"} 1",
        "leptos_live_refused_total{reason=\"malformed_message\"} 1",
        "leptos_live_replay_events_count 2",
    ];
    // The reader of the gap may have had what is kept, as well.
    let at_least = [
        ("leptos_live_deliveries_total{transport=\"sse\"}", 3.0),
        ("leptos_live_sent_bytes_total{transport=\"sse\"}", 200.0),
        ("leptos_live_sent_bytes_total{transport=\"ws\"}", 2.0),
        (
            "leptos_live_publish_to_write_seconds_count{transport=\"sse\"}",
            1.0,
        ),
        ("leptos_live_waiting_events_count{transport=\"ws\"}", 1.0),
    ];
    let mut lines = Vec::new();
    for _ in 0..400 {
        lines = scrape(&server).await;
        // The sums of a connection come with a heartbeat, a second later.
        if missing(&lines, &expected, &at_least).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let missing = missing(&lines, &expected, &at_least);
    assert!(missing.is_empty(), "{missing:#?} in {lines:#?}");

    socket.abort();
    drop((client, slow));
    for _ in 0..400 {
        lines = scrape(&server).await;
        let gauges: Vec<_> = lines
            .iter()
            .filter(|line| line.starts_with("leptos_live_connections"))
            .collect();
        if gauges.iter().all(|line| line.ends_with(" 0")) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("expected nobody to be connected, found {lines:#?}");
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "current_thread")]
async fn s33_the_log_names_connections_and_no_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // With one subscriber alone, whether anybody wants a span is decided by the thread that comes to it first, and another
    // test's thread has no subscriber.
    let _another = tracing::Dispatch::new(tracing_subscriber::registry());
    let _logging = tracing::subscriber::set_default(subscriber);
    let hub = Hub::new(HubConfig {
        max_topics: 2,
        access: AccessConfig {
            cookies: Cookies::Authenticate,
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let endpoint =
        WsEndpoint::new(&hub)
            .topics([topic("a")])
            .tag("chat")
            .on_message(|session, _| async move {
                tracing::info!("handled");
                session.send("ok").await.unwrap();
            });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let secret = [
        ("Cookie", "session=hunter2"),
        ("Authorization", "Bearer hunter2"),
        ("Last-Event-ID", "hunter2"),
    ];
    let path = "/sse?topic=a&topic=b&tag=news&token=hunter2";
    let mut client = RawClient::get(server.address, path, &secret).await;
    client.next().await;
    let id = server.hub.connections("news")[0].id();
    RawClient::get(server.address, &format!("{path}&topic=c"), &secret).await;
    let mut socket = connect(&server).await;
    say(&mut socket, r#"{"text":"hunter2","HEADERS":{}}"#).await;
    say(&mut socket, r#"{"text":"hunter2""#).await;
    while frame(&mut socket).await != "ok" {}
    drop((client, socket));
    let hub = server.hub.clone();
    eventually("everybody has left", move || hub.stats().subscriptions == 0).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let ours: Vec<_> = log.lines().filter(|line| line.contains("leptos_live")).collect();
    let says = |words: &[&str]| {
        ours.iter()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    let stream = "live_connection{transport=\"sse\" tag=\"news\" topics=2}";
    assert!(says(&[stream, "opened"]), "{log}");
    assert!(says(&[stream, "gap", "malformed"]), "{log}");
    assert!(says(&[stream, "closed", "deliveries=0"]), "{log}");
    assert!(says(&["refused", "too_many_topics"]), "{log}");
    assert!(
        says(&[
            "live_connection{transport=\"ws\" tag=\"chat\" topics=1}",
            "handled"
        ]),
        "{log}"
    );
    for secret in ["hunter2", "user=ann", &id.to_string()] {
        let found = ours.iter().find(|line| line.contains(secret));
        assert_eq!(found, None, "{secret} does not belong in a log");
    }
}

/// A broker that is away now and then.
#[derive(Debug, Default)]
struct Flaky {
    inner: MemoryBroker,
    is_away: Arc<std::sync::atomic::AtomicBool>,
}

impl Broker for Flaky {
    fn attach(&self, feed: crate::server::Feed) {
        self.inner.attach(feed);
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        if self.is_available() {
            return self.inner.publish(publication);
        }
        let reason = "away".to_owned();
        Box::pin(async {
            Err(BrokerError::Unavailable {
                broker: "flaky",
                reason,
            })
        })
    }

    fn is_available(&self) -> bool {
        !self.is_away.load(std::sync::atomic::Ordering::Relaxed)
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        self.inner.reset()
    }
}

#[tokio::test]
async fn r12_a_hub_is_ready_while_it_takes_readers_and_events() {
    let broker = Flaky::default();
    let is_away = broker.is_away.clone();
    let hub = Hub::with_broker(HubConfig::default(), broker);
    assert!(hub.is_ready());
    is_away.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(!hub.is_ready());
    let publish_once = async || {
        let once = PublishOptions::new().key(IdempotencyKey::new("k").unwrap());
        hub.publish_with(&topic("a"), &EventName::default(), "x", once)
            .await
    };
    assert!(publish_once().await.is_err());
    is_away.store(false, std::sync::atomic::Ordering::Relaxed);
    assert!(hub.is_ready());
    // R09: the attempt that failed has not used up the key.
    assert_eq!(publish_once().await.unwrap().offset, 1);
    hub.shutdown(0);
    assert!(!hub.is_ready());
}
