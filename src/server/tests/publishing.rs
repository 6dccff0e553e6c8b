//! Publishing once however often it is tried, and to all but the sender.

use std::collections::HashSet;

use axum::Router;
use axum::routing::post;

use super::raw_client::RawClient;
use super::ws::{connect, frame, html, say};
use super::*;
use crate::server::{
    AccessConfig, Action, Client, Decision, HubConfig, Policy, PublishOptions, Sender, WsEndpoint,
};
use crate::wire::{Control, IdempotencyKey};

fn once(key: &str) -> PublishOptions {
    PublishOptions::new().key(IdempotencyKey::new(key).unwrap())
}

async fn publish_once(hub: &Hub, to: &str, data: &str, key: &str) -> Position {
    hub.publish_with(&topic(to), &EventName::default(), data, once(key))
        .await
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn r09_a_key_is_published_once_within_its_window() {
    let hub = Hub::new(HubConfig {
        idempotency_window: Duration::from_secs(60),
        max_idempotency_keys: 2,
        ..HubConfig::default()
    });
    let mut reader = hub.subscribe([topic("a"), topic("b")], Resume::Start).unwrap();
    let first = publish_once(&hub, "a", "one", "k").await;
    assert_eq!(publish_once(&hub, "a", "other words", "k").await, first);
    assert_eq!(hub.head(), first);
    // Another topic, another key, and no key at all.
    publish_once(&hub, "b", "two", "k").await;
    publish(&hub, "a", "three").await;
    assert_eq!(ready(&mut reader).await, "heartbeat(0) one@1 two@2 three@3");
    assert_eq!(hub.stats().published, 3);
    // The window has passed.
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_ne!(publish_once(&hub, "a", "four", "k").await, first);
    // The keys are too many: the oldest is forgotten.
    publish_once(&hub, "a", "five", "l").await;
    publish_once(&hub, "a", "six", "m").await;
    publish_once(&hub, "a", "seven", "k").await;
    publish_once(&hub, "a", "nobody", "m").await;
    assert_eq!(ready(&mut reader).await, "four@4 five@5 six@6 seven@7");
    // A history that is lost is lost with its keys.
    hub.reset().await.unwrap();
    assert_eq!(publish_once(&hub, "a", "again", "m").await.offset, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r09_attempts_that_race_are_one_event() {
    let hub = Hub::default();
    let mut reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    let attempts = (0..400).map(|n| {
        let hub = hub.clone();
        tokio::spawn(async move {
            let key = format!("{}", n % 20);
            (n % 20, publish_once(&hub, "a", &key, &key).await)
        })
    });
    let mut positions = HashSet::new();
    for attempt in attempts.collect::<Vec<_>>() {
        positions.insert(attempt.await.unwrap());
    }
    assert_eq!(positions.len(), 20, "each key has one position");
    assert_eq!(hub.head().offset, 20);
    let found = ready(&mut reader).await;
    assert_eq!(found.split(' ').count(), 21, "{found}");
}

#[tokio::test]
async fn s34_a_form_that_is_sent_twice_is_one_event() {
    let hub = Hub::default();
    let publisher = hub.clone();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(move |_, message| {
            let hub = publisher.clone();
            async move {
                let text = message.value("text").unwrap().to_owned();
                let id = message.request_id().unwrap();
                publish_once(&hub, "room", &text, id).await;
            }
        });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut socket = connect(&server).await;
    let message = |text: &str, id: &str| {
        format!(r#"{{"text":"{text}","HEADERS":{{"HX-Request":"true","HX-Request-ID":"{id}"}}}}"#)
    };
    say(&mut socket, &message("bought", "3f-1")).await;
    // The page has not heard of it and tries again.
    say(&mut socket, &message("bought", "3f-1")).await;
    say(&mut socket, &message("done", "3f-2")).await;
    assert_eq!(html(&mut socket).await, "bought");
    assert_eq!(html(&mut socket).await, "done");
}

#[tokio::test(start_paused = true)]
async fn whoever_is_left_out_moves_past_the_event_without_a_gap() {
    let hub = Hub::default();
    let subscribe = |topics: &[&str]| hub.subscribe(topics.iter().map(topic), Resume::Start).unwrap();
    let (mut mine, mut theirs) = (subscribe(&["a", "b"]), subscribe(&["a"]));
    let id = mine.connection().id();
    let to_others = |data: &'static str| {
        let hub = hub.clone();
        async move {
            let others = PublishOptions::new().except([id]);
            hub.publish_with(&topic("a"), &EventName::default(), data, others)
                .await
                .unwrap()
        }
    };
    to_others("1").await;
    assert_eq!(ready(&mut theirs).await, "heartbeat(0) 1@1");
    // The cursor is told at once, so that a reconnection does not bring the event.
    assert_eq!(ready(&mut mine).await, "heartbeat(0) heartbeat(1)");
    publish(&hub, "b", "2").await;
    to_others("3").await;
    publish(&hub, "a", "4").await;
    assert_eq!(ready(&mut mine).await, "2@2 4@4");
    assert_eq!(ready(&mut theirs).await, "3@3 4@4");
    // More of them than a batch holds, and something to read behind.
    for _ in 0..600 {
        to_others("x").await;
    }
    publish(&hub, "b", "last").await;
    let found = ready(&mut mine).await;
    assert!(found.ends_with(" last@605") || found == "last@605", "{found}");
    assert!(!found.contains('x'), "{found}");
    assert_eq!(mine.position(), hub.head());
    let stats = hub.stats();
    assert_eq!((stats.gaps, stats.dropped), (0, 0));
    // It is the connection that is left out: another one of the same page gets what it has missed.
    let epoch = hub.head().epoch;
    let mut again = hub
        .subscribe([topic("a")], Resume::At(Position { epoch, offset: 2 }))
        .unwrap();
    assert!(ready(&mut again).await.starts_with("heartbeat(2) 3@3 4@4"));
}

#[tokio::test]
async fn a_socket_publishes_to_the_others() {
    let everything = Policy::new(|_: &Client, _: Action, _: &Topic| Decision::Allowed);
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            policy: everything,
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(|session, message| async move {
            let text = message.value("text").unwrap().to_owned();
            let event = EventName::default();
            session
                .publish_to_others(&topic("room"), &event, text)
                .await
                .unwrap();
            session.send("told them").await.unwrap();
        });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let (mut ann, mut bob) = (connect(&server).await, connect(&server).await);
    frame(&mut ann).await;
    frame(&mut bob).await;
    say(&mut ann, r#"{"text":"hello","HEADERS":{}}"#).await;
    assert_eq!(html(&mut bob).await, "hello");
    assert_eq!(html(&mut ann).await, "told them");
    publish(&server.hub, "room", "to all").await;
    assert_eq!(html(&mut ann).await, "to all");
    assert_eq!(html(&mut bob).await, "to all");
}

/// `GET /announced` is a stream that tells its page its id, and `POST /say` tells everybody but the page that it
/// comes from.
fn announcing(hub: &Hub) -> Router {
    let (streams, publisher) = (hub.clone(), hub.clone());
    let announced =
        move |request: SseRequest| async move { streams.sse([topic("a")], request).announced().await };
    let say = move |page: Sender, body: String| async move {
        let others = PublishOptions::new().except(page);
        let event = EventName::default();
        let published = publisher.publish_with(&topic("a"), &event, body, others).await;
        published.unwrap().to_string()
    };
    Router::new()
        .route("/announced", get(announced))
        .route("/say", post(say))
}

async fn post_as(server: &TestServer, connection: &str, body: &str) {
    let headers = [("LL-Connection", connection)];
    let answer = RawClient::request(server.address, "POST", "/say", &headers, body).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn a_page_is_left_out_of_what_it_has_done() {
    let hub = Hub::default();
    let routes = announcing(&hub);
    let server = TestServer::start(hub, routes).await;
    let (mut mine, mut theirs) = (
        RawClient::get(server.address, "/announced", &[]).await,
        RawClient::get(server.address, "/announced", &[]).await,
    );
    let mut ids = Vec::new();
    for client in [&mut mine, &mut theirs] {
        assert_eq!(client.next_control().await, Control::Heartbeat(server.hub.head()));
        let Control::Connection(id) = client.next_control().await else {
            panic!("expected the name of the connection");
        };
        assert!(server.hub.connection(id).is_some());
        ids.push(id.to_string());
    }
    assert_ne!(ids[0], ids[1]);
    post_as(&server, &ids[0], "moved").await;
    assert_eq!(theirs.next().await.unwrap().data, "moved");
    assert_eq!(mine.next_control().await, Control::Heartbeat(server.hub.head()));
    // What is no id leaves nobody out.
    post_as(&server, "me, *", "for all").await;
    assert_eq!(mine.next().await.unwrap().data, "for all");
    assert_eq!(theirs.next().await.unwrap().data, "for all");
}

#[tokio::test]
async fn r28_an_event_is_written_once_for_everybody() {
    let hub = Hub::default();
    let subscribe = || hub.subscribe([topic("a")], Resume::Start).unwrap();
    let mut readers: Vec<_> = (0..100).map(|_| subscribe()).collect();
    publish(&hub, "a", "x").await;
    let mut places = HashSet::new();
    for reader in &mut readers {
        reader.next().await;
        let Some(Delivery::Event { bytes, .. }) = reader.next().await else {
            panic!("expected an event");
        };
        places.insert(bytes.as_ptr());
    }
    assert_eq!(places.len(), 1, "all of them hold the same bytes");
}
