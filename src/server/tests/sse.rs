//! The event-stream endpoint: what a client gets to read, and what is counted.

use std::time::Duration;

use axum::Router;

use super::raw_client::RawClient;
use super::*;
use crate::server::{Fragment, HubConfig, PublishError, Retention};
use crate::wire::Control;

async fn start(config: HubConfig) -> TestServer {
    TestServer::start(Hub::new(config), Router::new()).await
}

fn with_heartbeat(milliseconds: u64) -> HubConfig {
    HubConfig {
        heartbeat: Duration::from_millis(milliseconds),
        ..HubConfig::default()
    }
}

#[tokio::test]
async fn r03_headers_and_first_bytes() {
    // SRV-01, SRV-04
    let server = start(HubConfig::default()).await;
    publish(&server.hub, "a", "before").await;
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(client.status(), 200);
    for line in [
        "content-type: text/event-stream",
        "cache-control: no-store",
        "x-accel-buffering: no",
        "transfer-encoding: chunked",
    ] {
        assert!(client.has_header(line), "{line} in {}", client.head);
    }
    // Without a cursor: the heartbeat, then what comes and nothing that was.
    let head = server.hub.head();
    let heartbeat = client.next().await.unwrap();
    assert_eq!(heartbeat.event, "ll:heartbeat");
    assert_eq!(&*heartbeat.last_event_id, head.to_string());
    assert_eq!(heartbeat.data, head.to_string());
    let position = publish_named(&server.hub, "a", "news").await;
    let event = client.next().await.unwrap();
    assert_eq!((&*event.event, &*event.data), ("news", "news"));
    assert_eq!(&*event.last_event_id, position.to_string());
    assert!(!String::from_utf8_lossy(&client.body).contains("retry:"));
}

#[tokio::test]
async fn r03_a_204_tells_the_reader_to_stop() {
    // SRV-02
    let server = start(HubConfig::default()).await;
    let client = RawClient::get(server.address, "/stop", &[]).await;
    assert_eq!(client.status(), 204);
    assert!(client.has_header("cache-control: no-store"));
    assert_eq!(server.hub.stats().sse_connections, 0);
}

#[tokio::test]
async fn r13_a_silent_stream_has_a_heartbeat_that_moves_the_cursor() {
    let server = start(with_heartbeat(60)).await;
    let mut client = RawClient::get(server.address, "/sse?topic=quiet", &[]).await;
    assert_eq!(client.next_control().await, Control::Heartbeat(server.hub.head()));
    let other = publish(&server.hub, "other", "x").await;
    assert_eq!(client.next_control().await, Control::Heartbeat(other));
    assert_eq!(&*client.next().await.unwrap().last_event_id, other.to_string());
    let mine = publish(&server.hub, "quiet", "y").await;
    assert_eq!(client.next().await.unwrap().data, "y");
    assert_eq!(client.next_control().await, Control::Heartbeat(mine));
}

#[tokio::test]
async fn s09_published_text_cannot_forge_fields() {
    let server = start(HubConfig::default()).await;
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    client.next().await;
    let forged = "x\n\nevent: ll:close\nid: 9\r\rdata: y\r\nretry: 1";
    publish(&server.hub, "a", forged).await;
    publish(&server.hub, "a", "after").await;
    let event = client.next().await.unwrap();
    assert_eq!(event.event, "message");
    assert_eq!(event.data, forged.replace("\r\n", "\n").replace('\r', "\n"));
    assert_eq!(client.next().await.unwrap().data, "after");
}

#[tokio::test]
async fn s27_a_fragment_arrives_escaped() {
    // SRV-08
    let server = start(HubConfig::default()).await;
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    client.next().await;
    let html = Fragment::text("<script>\nalert(1)</script>");
    server
        .hub
        .publish(&topic("a"), &EventName::default(), &html)
        .await
        .unwrap();
    assert_eq!(
        client.next().await.unwrap().data,
        "&lt;script&gt;\nalert(1)&lt;/script&gt;"
    );
}

#[tokio::test]
async fn r19_a_configured_delay_is_told_to_browser_and_page() {
    let server = start(HubConfig {
        retry: Some(Duration::from_millis(1_500)),
        ..HubConfig::default()
    })
    .await;
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(client.next_control().await, Control::Heartbeat(server.hub.head()));
    assert_eq!(client.next_control().await, Control::Retry(1_500));
    assert!(String::from_utf8_lossy(&client.body).contains("\nretry: 1500\n"));
}

#[tokio::test]
async fn r29_a_stream_says_which_version_it_speaks_after_what_was_lost() {
    let server = start(HubConfig::default()).await;
    server.hub.declare(topic("newest"), Retention::Latest);
    publish(&server.hub, "newest", "x").await;
    let order = |text: &str| -> Vec<String> {
        let events = text.lines().filter_map(|line| line.strip_prefix("event: "));
        events.map(str::to_owned).collect()
    };
    let version = format!("event: ll:version\ndata: {}\n\n", crate::WIRE_VERSION);
    for (cursor, expected) in [
        (
            "",
            vec![
                "ll:heartbeat",
                "ll:latest",
                "ll:version",
                "ll:snapshot",
                "ll:live",
            ],
        ),
        (
            "&last-event-id=0000000000000001-1",
            vec![
                "ll:heartbeat",
                "ll:latest",
                "ll:gap",
                "ll:version",
                "ll:snapshot",
                "ll:live",
            ],
        ),
    ] {
        let path = format!("/sse?topic=newest{cursor}");
        let mut client = RawClient::get(server.address, &path, &[]).await;
        client.next_event().await;
        client.next_control().await;
        let text = String::from_utf8_lossy(&client.body).into_owned();
        assert_eq!(order(&text), expected);
        assert!(text.contains(&version), "{text}");
    }
}

#[tokio::test]
async fn r28_a_long_payload_arrives_whole() {
    let server = start(HubConfig::default()).await;
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    client.next().await;
    let long = "0123456789abcde\n".repeat(1 << 16);
    publish(&server.hub, "a", &long).await;
    assert!(client.next().await.unwrap().data == long);
    publish(&server.hub, "a", "short").await;
    assert_eq!(client.next().await.unwrap().data, "short");
    let too_long = server
        .hub
        .publish(&topic("a"), &EventName::default(), format!("{long}x"))
        .await;
    assert_eq!(
        too_long,
        Err(PublishError::PayloadTooLarge {
            limit: 1 << 20,
            found: (1 << 20) + 1
        })
    );
    assert_eq!(server.hub.stats().refused.get("payload_too_large"), Some(&1));
}

#[tokio::test]
async fn r16_connections_are_counted_and_forgotten() {
    // SRV-05
    let server = start(HubConfig::default()).await;
    let mut clients = Vec::new();
    for _ in 0..20 {
        clients.push(RawClient::get(server.address, "/sse?topic=a&topic=b", &[]).await);
    }
    publish(&server.hub, "a", "x").await;
    for client in &mut clients {
        assert_eq!(client.next_event().await.unwrap().data, "x");
    }
    let stats = server.hub.stats();
    assert_eq!((stats.sse_connections, stats.tasks), (20, 0));
    assert_eq!((stats.published, stats.delivered, stats.replayed), (1, 20, 0));
    assert_eq!(stats.topics[&topic("a")].subscribers, 20);
    assert_eq!(stats.topics[&topic("a")].retained, 1);
    drop(clients);
    let hub = server.hub.clone();
    eventually("nobody is connected", move || {
        let stats = hub.stats();
        // The topic that had events is remembered, the one that had none is not.
        (stats.sse_connections, stats.subscriptions) == (0, 0)
            && stats.topics.len() == 1
            && stats.topics.values().all(|topic| topic.subscribers == 0)
    })
    .await;
}

#[tokio::test]
async fn r15_streams_end_when_they_are_disconnected() {
    let server = start(HubConfig::default()).await;
    let mut mine = RawClient::get(server.address, "/sse?topic=a&tag=mine", &[]).await;
    let mut other = RawClient::get(server.address, "/sse?topic=a&tag=other", &[]).await;
    mine.next().await;
    other.next().await;
    server.hub.disconnect("mine");
    assert_eq!(mine.next().await, None);
    publish(&server.hub, "a", "x").await;
    assert_eq!(other.next().await.unwrap().data, "x");
    server.hub.disconnect_all();
    assert_eq!(other.next().await, None);
    // It was no shutdown: whoever comes back is let in.
    let again = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(again.status(), 200);
}

#[tokio::test]
async fn s18_too_much_is_refused_and_counted() {
    let server = start(HubConfig {
        max_topics: 2,
        max_connections: 1,
        ..HubConfig::default()
    })
    .await;
    let get = |path: &'static str| RawClient::get(server.address, path, &[]);
    assert_eq!(get("/sse?topic=a&topic=b&topic=c").await.status(), 400);
    let allowed = get("/sse?topic=a&topic=b&topic=a&topic=b").await;
    assert_eq!(allowed.status(), 200);
    let full = get("/sse?topic=a").await;
    assert_eq!(full.status(), 503);
    assert!(full.has_header("retry-after: 5"));
    let long = "9".repeat(300);
    let refused = RawClient::get(server.address, "/sse?topic=a", &[("Last-Event-ID", &long)]).await;
    assert_eq!(refused.status(), 400);
    let refused = server.hub.stats().refused;
    assert_eq!(refused.get("too_many_topics"), Some(&1));
    assert_eq!(refused.get("too_many_connections"), Some(&1));
    assert_eq!(server.hub.stats().sse_connections, 1);
}

#[tokio::test]
async fn latest_values_come_as_a_snapshot() {
    let server = start(HubConfig::default()).await;
    server.hub.declare(topic("cpu"), Retention::Latest);
    publish_named(&server.hub, "cpu", "load").await;
    publish_named(&server.hub, "cpu", "heat").await;
    publish_named(&server.hub, "cpu", "load").await;
    let head = server.hub.head();
    let mut client = RawClient::get(server.address, "/sse?topic=cpu", &[]).await;
    assert!(matches!(client.next_control().await, Control::Heartbeat(_)));
    assert_eq!(client.next_control().await, Control::Latest);
    assert_eq!(client.next_control().await, Control::Snapshot(head));
    assert_eq!(client.next().await.unwrap().data, "heat");
    assert_eq!(client.next().await.unwrap().data, "load");
    assert_eq!(client.next_control().await, Control::Live(head));
}

#[tokio::test]
async fn r14_a_stream_that_is_never_silent_has_heartbeats_all_the_same() {
    // A page hears only the names that it listens to: of a stream full of others it would hear nothing at all.
    let server = start(HubConfig {
        heartbeat: Duration::from_millis(200),
        ..HubConfig::default()
    })
    .await;
    let hub = server.hub.clone();
    let busy = tokio::spawn(async move {
        loop {
            publish(&hub, "a", "x").await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let (mut beats, mut last) = (0, 0);
    while beats < 4 {
        let message = client.next().await.unwrap();
        let offset = message.last_event_id.parse::<Position>().unwrap().offset;
        if message.event == "ll:heartbeat" {
            assert!(offset >= last, "a heartbeat never speaks of the past");
            beats += 1;
        } else {
            assert_eq!(offset, last.max(offset), "in order");
            last = offset;
        }
    }
    assert!(last > 20, "the stream was busy");
    busy.abort();
}
