//! Rights that end while a client is connected: revoked, or with a token.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::middleware::from_fn;

use super::access::{Rules, read, socket, start, who};
use super::raw_client::RawClient;
use super::ws::{frame, html};
use super::*;
use crate::server::{AccessConfig, Action, Client, Decision, Policy, Revocation};

#[tokio::test]
async fn s15_a_revoked_user_is_out_within_a_second_and_nobody_else() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let mut streams = Vec::new();
    for path in [
        "/sse?topic=user/ann",
        "/sse?topic=open/room",
        "/sse?topic=user/ann&topic=open/room",
    ] {
        streams.push(read(&server, path, "ann").await);
    }
    let mut on_socket = socket(&server, "ann").await;
    let mut bob = read(&server, "/sse?topic=open/room", "bob").await;
    for stream in streams.iter_mut().chain([&mut bob]) {
        stream.next().await;
    }
    frame(&mut on_socket).await;

    rules.ban("ann");
    let began = Instant::now();
    server.hub.revoke(&Revocation::user("ann"));
    // What is published after the revocation reaches nobody who was meant.
    publish(&server.hub, "user/ann", "secret").await;
    publish(&server.hub, "open/room", "open").await;
    for stream in &mut streams {
        assert_eq!(stream.next().await, None);
    }
    assert_eq!(frame(&mut on_socket).await, "close 4403 forbidden");
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    assert_eq!(bob.next().await.unwrap().data, "open");
    assert_eq!(server.hub.stats().refused["access_ended"], 4);
    assert_eq!(read(&server, "/sse?topic=user/ann", "ann").await.status(), 403);
    let hub = server.hub.clone();
    eventually("one is left", move || {
        let stats = hub.stats();
        (stats.sse_connections, stats.ws_connections, stats.subscriptions) == (1, 0, 1)
    })
    .await;
}

#[tokio::test]
async fn s15_whoever_may_stay_stays_and_misses_nothing() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let mut ann = read(&server, "/sse?topic=user/ann", "ann").await;
    let mut on_socket = socket(&server, "ann").await;
    ann.next().await;
    frame(&mut on_socket).await;
    let asked = rules.asked.load(Ordering::Relaxed);
    for (n, revocation) in [
        Revocation::user("ann"),
        Revocation::topic(topic("user/ann")),
        Revocation::user("ann").and_topic(topic("user/ann")),
        Revocation::tag("chat"),
        Revocation::everybody(),
    ]
    .iter()
    .enumerate()
    {
        server.hub.revoke(revocation);
        publish(&server.hub, "user/ann", &n.to_string()).await;
        assert_eq!(ann.next().await.unwrap().data, n.to_string());
        assert_eq!(html(&mut on_socket).await, n.to_string());
    }
    // Four of them mean the stream, and all five the socket, which has two topics.
    assert_eq!(rules.asked.load(Ordering::Relaxed) - asked, 4 + 5 * 2);
    rules.ban("ann");
    for nobody in [
        Revocation::user("bob"),
        Revocation::topic(topic("user/bob")),
        Revocation::user("ann").and_topic(topic("user/bob")),
        Revocation::tag("other"),
    ] {
        server.hub.revoke(&nobody);
        publish(&server.hub, "user/ann", "still").await;
        assert_eq!(ann.next().await.unwrap().data, "still");
    }
}

#[tokio::test]
async fn s15_without_a_policy_readers_end_and_come_back_through_the_handler() {
    let server =
        TestServer::start_layered(Hub::default(), Router::new(), |app| app.layer(from_fn(who))).await;
    let mut ann = read(&server, "/sse?topic=a", "ann").await;
    let mut bob = read(&server, "/sse?topic=a", "bob").await;
    ann.next().await;
    bob.next().await;
    server.hub.revoke(&Revocation::user("ann"));
    assert_eq!(ann.next().await, None);
    publish(&server.hub, "a", "x").await;
    assert_eq!(bob.next().await.unwrap().data, "x");
}

#[tokio::test]
async fn s16_a_stream_ends_with_its_token_and_the_next_request_says_why() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let began = Instant::now();
    let life = Duration::from_millis(400);
    *rules.until.lock().unwrap() = Some(SystemTime::now() + life);
    let mut stream = read(&server, "/sse?topic=user/ann", "ann").await;
    let mut on_socket = socket(&server, "ann").await;
    stream.next().await;
    frame(&mut on_socket).await;
    publish(&server.hub, "user/ann", "in time").await;
    assert_eq!(stream.next().await.unwrap().data, "in time");
    assert_eq!(html(&mut on_socket).await, "in time");
    assert_eq!(stream.next().await, None);
    assert_eq!(html(&mut on_socket).await, "close 4401 sign in");
    let elapsed = began.elapsed();
    assert!(
        elapsed >= life && elapsed < life + Duration::from_millis(600),
        "{elapsed:?}"
    );
    // The page's hook gets its 401, fetches a new token, and is let in again.
    assert_eq!(read(&server, "/sse?topic=user/ann", "ann").await.status(), 401);
    *rules.until.lock().unwrap() = None;
    assert_eq!(read(&server, "/sse?topic=user/ann", "ann").await.status(), 200);
}

#[tokio::test]
async fn s16_a_session_that_was_prolonged_meanwhile_goes_on() {
    let rules = Rules::default();
    let server = start(&rules).await;
    *rules.until.lock().unwrap() = Some(SystemTime::now() + Duration::from_millis(150));
    let mut stream = read(&server, "/sse?topic=user/ann", "ann").await;
    stream.next().await;
    let asked = rules.asked.load(Ordering::Relaxed);
    *rules.until.lock().unwrap() = Some(SystemTime::now() + Duration::from_secs(60));
    let counted = rules.asked.clone();
    eventually("the policy is asked again", move || {
        counted.load(Ordering::Relaxed) > asked
    })
    .await;
    publish(&server.hub, "user/ann", "after").await;
    assert_eq!(stream.next().await.unwrap().data, "after");
}

/// A policy that allows everything, and gives no answer once it hangs.
fn hanging(is_hanging: &Arc<AtomicBool>) -> Policy {
    let hangs = is_hanging.clone();
    Policy::new(move |_: &Client, _: Action, _: &Topic| {
        let hangs = hangs.load(Ordering::Relaxed);
        async move {
            if hangs {
                std::future::pending::<()>().await;
            }
            Decision::Allowed
        }
    })
}

#[tokio::test]
async fn s15_a_policy_that_hangs_lets_nothing_through() {
    let is_hanging = Arc::new(AtomicBool::new(false));
    let hub = Hub::new(HubConfig {
        heartbeat: Duration::from_millis(40),
        access: AccessConfig {
            policy_timeout: Duration::from_millis(300),
            policy: hanging(&is_hanging),
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let server = TestServer::start(hub, Router::new()).await;
    let mut stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    stream.next().await;
    is_hanging.store(true, Ordering::Relaxed);
    server.hub.revoke(&Revocation::everybody());
    publish(&server.hub, "a", "secret").await;
    // Heartbeats go on meanwhile, and do not make the policy begin anew.
    assert_eq!(stream.next_event().await, None);
    let refused = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(refused.status(), 503);
    assert!(refused.has_header("retry-after: 5"));
    assert_eq!(server.hub.stats().refused["undecided"], 1);
}

#[tokio::test]
async fn r17_whoever_is_told_to_end_does_not_wait_for_a_policy() {
    let is_hanging = Arc::new(AtomicBool::new(false));
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            policy: hanging(&is_hanging),
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let server = TestServer::start(hub, Router::new()).await;
    let mut stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    stream.next().await;
    is_hanging.store(true, Ordering::Relaxed);
    server.hub.revoke(&Revocation::everybody());
    publish(&server.hub, "a", "secret").await;
    let began = Instant::now();
    server.hub.shutdown(500);
    assert_eq!(stream.next_event().await, None);
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
}
