//! Everything that an app may call at once, and app code that panics: nobody waits for ever, and nobody else notices.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::task::JoinSet;

use super::ws::{connect, frame, html, say};
use super::*;
use crate::server::random::random_u64;
use crate::server::{Fragment, Retention, SubscribeOptions, WsEndpoint};

/// One call of something, on one of few topics, so that they meet.
async fn call_anything(hub: &Hub, readers: &mut Vec<Subscription>) {
    let name = ["a", "b", "c"][(random_u64() % 3) as usize];
    match random_u64() % 12 {
        0..4 => drop(publish(hub, name, "x").await),
        4 => {
            let retention = match random_u64() % 3 {
                0 => Retention::Latest,
                1 => Retention::Transient,
                _ => Retention::default(),
            };
            hub.declare(topic(name), retention);
        }
        5 | 6 => {
            let tag = Some(name.to_owned());
            let options = SubscribeOptions {
                tag,
                ..SubscribeOptions::default()
            };
            let topics = [topic("a"), topic(name)];
            readers.extend(hub.subscribe_with(topics, Resume::At(hub.head()), options));
        }
        7 => {
            for reader in readers.iter_mut() {
                while reader.next().now_or_never().flatten().is_some() {}
            }
        }
        8 => readers.truncate(1),
        9 => drop((hub.stats(), hub.retained(&topic(name)), hub.head())),
        10 => hub.disconnect(name),
        _ => match random_u64() % 20 {
            0 => drop(hub.reset().await.unwrap()),
            1 => hub.disconnect_all(),
            _ => {}
        },
    }
}

/// Loom cannot follow tokio's own locks; here many threads do everything for a while, and a time-out is the judge.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r30_every_entry_point_of_a_hub_at_once() {
    let hub = small_hub(5);
    let is_over = Arc::new(AtomicBool::new(false));
    let mut callers = JoinSet::new();
    for _ in 0..8 {
        let (hub, is_over) = (hub.clone(), is_over.clone());
        callers.spawn(async move {
            let mut readers = Vec::new();
            let mut calls = 0_u64;
            while !is_over.load(Ordering::Relaxed) {
                call_anything(&hub, &mut readers).await;
                calls += 1;
                if calls.is_multiple_of(16) {
                    tokio::task::yield_now().await;
                }
            }
            calls
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    is_over.store(true, Ordering::Relaxed);
    let ended = async {
        let mut calls = 0;
        while let Some(caller) = callers.join_next().await {
            calls += caller.unwrap();
        }
        calls
    };
    let calls = tokio::time::timeout(Duration::from_secs(20), ended)
        .await
        .expect("no deadlock");
    assert!(calls > 1_000, "{calls}");
    assert_eq!(hub.stats().subscriptions, 0);
    // It still does what it is for.
    let mut reader = hub.subscribe([topic("d")], Resume::At(hub.head())).unwrap();
    publish(&hub, "d", "well").await;
    assert!(ready(&mut reader).await.contains("well@"));
}

#[tokio::test]
async fn r23_a_handler_that_panics_ends_its_own_socket_and_no_other() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(|session, message| async move {
            assert_eq!(message.value("panic"), None, "the app's mistake");
            session.send(Fragment::text("well")).await.unwrap();
        });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let (mut ann, mut bob) = (connect(&server).await, connect(&server).await);
    say(&mut ann, r#"{"panic":"now"}"#).await;
    let ended = async {
        loop {
            let next = frame(&mut ann).await;
            if next == "gone" || next.starts_with("error") || next.starts_with("close") {
                return;
            }
        }
    };
    ended.await;
    say(&mut bob, r#"{"x":"y"}"#).await;
    assert_eq!(html(&mut bob).await, "well");
    publish(&server.hub, "room", "for all").await;
    assert_eq!(html(&mut bob).await, "for all");
    let hub = server.hub.clone();
    eventually("nothing is left of the other", || {
        let stats = hub.stats();
        (stats.ws_connections, stats.tasks, stats.subscriptions) == (1, 1, 1)
    })
    .await;
    // Whoever comes back is served.
    let mut again = connect(&server).await;
    say(&mut again, r#"{"x":"y"}"#).await;
    assert_eq!(html(&mut again).await, "well");
}
