//! Stopping the process: open streams must not hold it up, and readers must not come back at once.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use axum::Router;

use super::raw_client::RawClient;
use super::*;
use crate::server::SubscribeError;
use crate::wire::Control;

#[tokio::test]
async fn r17_idle_streams_end_within_a_second_and_the_server_with_them() {
    let server = TestServer::start(Hub::default(), Router::new()).await;
    let mut clients = Vec::new();
    for _ in 0..10 {
        let mut client = RawClient::get(server.address, "/sse?topic=a", &[]).await;
        client.next().await;
        clients.push(client);
    }
    let began = Instant::now();
    server.hub.shutdown(2_000);
    let mut delays = HashSet::new();
    for client in &mut clients {
        let Control::Retry(delay) = client.next_control().await else {
            panic!("expected a delay");
        };
        assert!((2_000..=4_000).contains(&delay), "{delay}");
        delays.insert(delay);
        assert_eq!(client.next().await, None);
    }
    assert!(delays.len() > 1, "no jitter: {delays:?}");
    let hub = server.hub.clone();
    let task = &server.task;
    // axum waits for connections, not only for responses.
    drop(clients);
    eventually("the server has ended", || task.is_finished()).await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(hub.stats().sse_connections, 0);
}

#[tokio::test]
async fn r17_new_readers_are_refused_and_a_second_shutdown_changes_nothing() {
    let hub = Hub::default();
    let mut reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    publish(&hub, "a", "x").await;
    hub.shutdown(0);
    hub.shutdown(60_000);
    assert_eq!(ready(&mut reader).await, "heartbeat(0) retry(0) end");
    assert_eq!(reader.next().await, None);
    let refused = hub.subscribe([topic("a")], Resume::Start).err();
    assert_eq!(refused, Some(SubscribeError::ShuttingDown));
    let response = stream(&hub, &["a"], "").await;
    assert_eq!(response.status(), 503);
    assert_eq!(hub.stats().refused.get("shutting_down"), Some(&1));
    // Others may still be draining, and publishers are not disturbed.
    publish(&hub, "a", "y").await;
}

#[tokio::test(start_paused = true)]
async fn r15_a_reset_ends_the_streams_and_begins_an_epoch() {
    let hub = Hub::default();
    let mut reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    let seen = publish(&hub, "a", "x").await;
    assert_eq!(ready(&mut reader).await, "heartbeat(0) x@1");
    let head = hub.reset().await.unwrap();
    assert_eq!(ready(&mut reader).await, "end");
    assert_eq!((hub.head(), head.offset), (head, 0));
    assert_ne!(head.epoch, seen.epoch);
    publish(&hub, "a", "y").await;
    let mut reader = hub.subscribe([topic("a")], Resume::At(seen)).unwrap();
    assert_eq!(
        ready(&mut reader).await,
        "heartbeat(0) gap(epoch,0,1) snapshot(1) y@1 live(1)"
    );
}
