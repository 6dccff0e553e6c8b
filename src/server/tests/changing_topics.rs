//! Topics that an open connection gains and loses, word by word.

use axum::Router;

use super::raw_client::RawClient;
use super::ws::{connect, frame, html, say};
use super::*;
use crate::server::{HubConfig, SocketFrames, SubscribeError, WsEndpoint};
use crate::wire::Control;

pub(super) fn reader(hub: &Hub, topics: &[&str]) -> Subscription {
    hub.subscribe(topics.iter().map(topic), Resume::Start).unwrap()
}

pub(super) fn at(hub: &Hub, offset: u64) -> Resume {
    let epoch = hub.head().epoch;
    Resume::At(Position { epoch, offset })
}

#[tokio::test(start_paused = true)]
async fn r15_an_added_topic_begins_at_the_head() {
    let hub = Hub::default();
    publish(&hub, "b", "1").await;
    let mut reader = reader(&hub, &["a"]);
    publish(&hub, "a", "2").await;
    publish(&hub, "b", "3").await;
    let joined = reader.add(topic("b"), Resume::Start).unwrap();
    assert_eq!(joined, hub.head());
    publish(&hub, "b", "4").await;
    publish(&hub, "a", "5").await;
    // It was behind when the topic was added: what is older of the others comes first, and nothing of the new one.
    assert_eq!(ready(&mut reader).await, "heartbeat(1) 2@2 4@4 5@5");
    publish(&hub, "b", "6").await;
    assert_eq!(ready(&mut reader).await, "6@6");
    assert_eq!(hub.stats().topics[&topic("b")].subscribers, 1);
}

#[tokio::test(start_paused = true)]
async fn r15_what_is_older_comes_where_it_is_asked_for() {
    let hub = small_hub(3);
    hub.declare(topic("latest"), Retention::Latest);
    let mut reader = reader(&hub, &["a"]);
    for (to, name) in [
        ("latest", "x"), // 1
        ("latest", "y"), // 2
        ("log", "l3"),
        ("log", "l4"),
        ("a", "a5"),
        ("log", "l6"),
        ("latest", "x"), // 7
    ] {
        publish_named(&hub, to, name).await;
    }
    // The newest values, and after them everything in order.
    reader.add(topic("latest"), Resume::Start).unwrap();
    publish_named(&hub, "a", "a8").await;
    publish_named(&hub, "latest", "y").await; // 9
    // A value that was replaced meanwhile comes as the new one.
    assert_eq!(
        ready(&mut reader).await,
        "heartbeat(0) a5@5 added(7) x live(7) a8@8 y@9"
    );
    // All that is kept after a position.
    reader.add(topic("log"), at(&hub, 3)).unwrap();
    assert_eq!(ready(&mut reader).await, "added(9) l4 l6 live(9)");
    // Nothing is older: nothing is said.
    reader.add(topic("never"), at(&hub, 0)).unwrap();
    reader.add(topic("log"), at(&hub, 0)).unwrap();
    publish_named(&hub, "log", "l10").await;
    assert_eq!(ready(&mut reader).await, "l10@10");
    assert_eq!(reader.position(), hub.head());
    // A position that is too old, and one that is none, are gaps of that topic.
    for (resume, expected) in [
        (at(&hub, 2), "added(10) gap(evicted,3,2) l4 l6 l10 live(10)"),
        (Resume::Malformed, "added(10) gap(malformed,3) l4 l6 l10 live(10)"),
    ] {
        assert!(reader.remove(&topic("log")));
        assert_eq!(hub.stats().topics[&topic("log")].retained, 3);
        reader.add(topic("log"), resume).unwrap();
        assert_eq!(ready(&mut reader).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn r15_the_last_intention_counts() {
    let hub = Hub::default();
    hub.declare(topic("b"), Retention::Latest);
    publish_named(&hub, "b", "x").await;
    let mut reader = reader(&hub, &["a"]);
    ready(&mut reader).await;
    let connection = reader.connection();
    // On, off.
    connection.subscribe(topic("b"), Resume::Start).unwrap();
    assert!(connection.unsubscribe(&topic("b")));
    assert!(!connection.unsubscribe(&topic("b")));
    publish_named(&hub, "b", "y").await;
    assert_eq!(ready(&mut reader).await, "");
    assert_eq!(connection.topics(), [topic("a")]);
    // Off, on: it begins anew, and an event is not read twice.
    connection.subscribe(topic("b"), Resume::Start).unwrap();
    connection.unsubscribe(&topic("a"));
    connection.subscribe(topic("a"), Resume::Start).unwrap();
    publish(&hub, "a", "a3").await;
    assert_eq!(ready(&mut reader).await, "added(2) x y live(2) a3@3");
    // Off while older events are on their way: they do not arrive, and the passage is closed.
    publish_named(&hub, "c", "c4").await;
    connection.subscribe(topic("c"), at(&hub, 0)).unwrap();
    assert_eq!(reader.next().await.map(|found| word(&found)).unwrap(), "added(4)");
    connection.unsubscribe(&topic("c"));
    publish_named(&hub, "c", "c5").await;
    assert_eq!(ready(&mut reader).await, "live(4)");
    // Very often, and nobody reads meanwhile.
    for _ in 0..10_000 {
        connection.subscribe(topic("c"), Resume::Start).unwrap();
        connection.unsubscribe(&topic("c"));
    }
    assert_eq!(ready(&mut reader).await, "");
    assert_eq!(connection.topics(), [topic("a"), topic("b")]);
}

#[tokio::test(start_paused = true)]
async fn r15_more_than_a_batch_of_older_events_and_a_topic_that_leaves_among_them() {
    let hub = Hub::default();
    for n in 1..=700 {
        publish(&hub, "b", &n.to_string()).await;
    }
    let mut reader = reader(&hub, &["a"]);
    ready(&mut reader).await;
    reader.add(topic("b"), at(&hub, 0)).unwrap();
    let expected: Vec<_> = (1..=700).map(|n| n.to_string()).collect();
    let words = format!("added(700) {} live(700)", expected.join(" "));
    assert_eq!(ready(&mut reader).await, words);
    reader.remove(&topic("b"));
    reader.add(topic("b"), at(&hub, 0)).unwrap();
    for _ in 0..100 {
        reader.next().await;
    }
    reader.remove(&topic("b"));
    publish(&hub, "a", "701").await;
    let found = ready(&mut reader).await;
    assert_eq!(found, "live(700) 701@701");
}

#[tokio::test(start_paused = true)]
async fn r15_what_is_refused_leaves_nothing_behind() {
    let hub = Hub::new(HubConfig {
        max_topics: 2,
        ..HubConfig::default()
    });
    let mut reader = reader(&hub, &["a"]);
    let connection = reader.connection();
    reader.add(topic("b"), Resume::Start).unwrap();
    let too_many = reader.add(topic("c"), Resume::Start);
    assert_eq!(too_many, Err(SubscribeError::TooManyTopics { limit: 2 }));
    reader.remove(&topic("b"));
    reader.add(topic("c"), Resume::Start).unwrap();
    assert_eq!(connection.topics(), [topic("a"), topic("c")]);
    assert_eq!(hub.stats().topics.len(), 2);
    // The connection ends while somebody subscribes for it.
    drop(reader);
    let closed = connection.subscribe(topic("d"), Resume::Start);
    assert_eq!(closed, Err(SubscribeError::Closed));
    assert!(!connection.unsubscribe(&topic("a")));
    assert_eq!(hub.stats().topics.len(), 0);
    let reader = hub.subscribe([topic("a")], Resume::Start).unwrap();
    hub.shutdown(0);
    let refused = reader.connection().subscribe(topic("b"), Resume::Start);
    assert_eq!(refused, Err(SubscribeError::ShuttingDown));
}

#[tokio::test(start_paused = true)]
async fn r15_a_reset_brings_the_topics_of_the_last_changes() {
    let hub = Hub::default();
    let mut reader = reader(&hub, &["a"]);
    ready(&mut reader).await;
    reader.add(topic("b"), Resume::Start).unwrap();
    reader.remove(&topic("a"));
    let broker_reset = hub.reset().await.unwrap();
    assert_eq!(broker_reset.offset, 0);
    // A reset ends the stream; its successor begins with what its handler says.
    assert_eq!(ready(&mut reader).await, "end");
    drop(reader);
    assert_eq!(hub.stats().topics.len(), 0);
}

#[tokio::test]
async fn r15_a_socket_enters_and_leaves_rooms() {
    let hub = Hub::default();
    hub.declare(topic("room/7"), Retention::Latest);
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("site")])
        .frames(SocketFrames::Envelope)
        .on_message(|session, message| async move {
            if let Some(room) = message.value("enter") {
                session.subscribe(topic(room), Resume::Start).await.unwrap();
            }
            if let Some(room) = message.value("leave") {
                assert!(session.unsubscribe(&topic(room)));
            }
            session.send("ok").await.unwrap();
        });
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    publish_named(&server.hub, "room/7", "seats").await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    let site = publish(&server.hub, "site", "open").await;
    let open = format!(r#"{{"event":"message","position":"{site}","content":"open"}}"#);
    assert_eq!(html(&mut socket).await, open);
    // Older than what the page has seen, so without a position: the page takes it all the same.
    say(&mut socket, r#"{"enter":"room/7","HEADERS":{}}"#).await;
    let frames = [html(&mut socket).await, html(&mut socket).await];
    assert!(frames.contains(&"ok".to_owned()), "{frames:?}");
    let seats = r#"{"event":"seats","content":"seats"}"#.to_owned();
    assert!(frames.contains(&seats), "{frames:?}");
    let moved = publish_named(&server.hub, "room/7", "moved").await;
    let frame_of_it = format!(r#"{{"event":"moved","position":"{moved}","content":"moved"}}"#);
    assert_eq!(html(&mut socket).await, frame_of_it);
    say(&mut socket, r#"{"leave":"room/7","HEADERS":{}}"#).await;
    assert_eq!(html(&mut socket).await, "ok");
    publish_named(&server.hub, "room/7", "unseen").await;
    publish(&server.hub, "site", "closed").await;
    assert!(html(&mut socket).await.ends_with(r#""content":"closed"}"#));
    drop(socket);
    let hub = server.hub.clone();
    eventually("nobody is in the room", move || {
        let stats = hub.stats();
        stats.subscriptions == 0 && stats.topics.values().all(|topic| topic.subscribers == 0)
    })
    .await;
}

#[tokio::test]
async fn r15_a_stream_gains_topics_by_its_id_and_by_its_tag() {
    let server = TestServer::start(Hub::default(), Router::new()).await;
    let mut client = RawClient::get(server.address, "/sse?topic=a&tag=ann", &[]).await;
    client.next().await;
    let connections = server.hub.connections("ann");
    assert_eq!(connections.len(), 1);
    assert!(server.hub.connections("bob").is_empty());
    let by_id = server.hub.connection(connections[0].id()).unwrap();
    assert_eq!((by_id.tag(), by_id.topics()), (Some("ann"), vec![topic("a")]));
    publish(&server.hub, "b", "before").await;
    let joined = by_id.subscribe(topic("b"), at(&server.hub, 0)).unwrap();
    assert_eq!(client.next_control().await, Control::Added(joined));
    let old = client.next().await.unwrap();
    assert_eq!(old.data, "before");
    assert_ne!(
        &*old.last_event_id,
        joined.to_string(),
        "it does not move the reader"
    );
    assert_eq!(client.next_control().await, Control::Live(joined));
    let new = publish(&server.hub, "b", "after").await;
    let event = client.next().await.unwrap();
    assert_eq!(
        (&*event.data, &*event.last_event_id),
        ("after", &*new.to_string())
    );
    by_id.disconnect();
    assert_eq!(client.next().await, None);
    let hub = server.hub.clone();
    eventually("it is forgotten", move || hub.connections("ann").is_empty()).await;
    assert!(server.hub.connection(by_id.id()).is_none());
}
