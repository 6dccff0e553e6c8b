//! Topics that a connection has left: nothing of them follows, neither for a slow reader nor on a slow socket.

use axum::Router;
use tokio::net::TcpSocket;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, client_async};

use super::changing_topics::reader;
use super::serve::Served;
use super::ws::{html, say};
use super::*;
use crate::server::{ServeConfig, WsEndpoint};

/// What had been read of a topic for a slow client, up to a batch, was written long after the topic was taken away.
#[tokio::test(start_paused = true)]
async fn r15_what_was_read_of_a_topic_does_not_outlive_it() {
    let hub = Hub::default();
    let mut reader = reader(&hub, &["a", "b"]);
    for n in 1..=6 {
        publish(&hub, if n % 2 == 0 { "a" } else { "b" }, &n.to_string()).await;
    }
    let words = [reader.next().await, reader.next().await].map(|found| word(&found.unwrap()));
    assert_eq!(words, ["heartbeat(0)", "1@1"]);
    reader.remove(&topic("b"));
    assert_eq!(ready(&mut reader).await, "2@2 4@4 6@6");
    assert_eq!(reader.position(), hub.head());
    // The last of a batch: the reader moves on all the same, and what was taken is counted.
    reader.add(topic("b"), Resume::Start).unwrap();
    publish(&hub, "a", "7").await;
    publish(&hub, "b", "8").await;
    assert_eq!(reader.next().await.map(|found| word(&found)).unwrap(), "7@7");
    reader.remove(&topic("b"));
    assert_eq!(ready(&mut reader).await, "");
    assert_eq!(reader.position(), hub.head());
    assert_eq!(hub.stats().delivered, 5);
}

/// The same as a client sees it: nothing of a room comes after the answer that says that it was left.
#[tokio::test]
async fn r15_nothing_of_a_topic_is_written_after_the_answer_that_says_that_it_is_left() {
    let hub = Hub::default();
    hub.declare(topic("room"), Retention::Latest);
    for n in 0..300 {
        let name = EventName::new(format!("value-{n}")).unwrap();
        let value = format!("room {n:0200}");
        hub.publish(&topic("room"), &name, value).await.unwrap();
    }
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room"), topic("site")])
        .tag("slow")
        .on_message(|session, _| async move {
            assert!(session.unsubscribe(&topic("room")));
            session.send("left").await.unwrap();
        });
    let config = ServeConfig {
        send_buffer: Some(4 << 10),
        ..ServeConfig::default()
    };
    let served = Served::start(hub, Router::new().route("/rooms", get(endpoint)), config).await;
    let address = served.server.address;
    // A client that takes little, and at first nothing: the server stands in the middle of what it has read.
    let slow = TcpSocket::new_v4().unwrap();
    slow.set_recv_buffer_size(4 << 10).unwrap();
    let mut request = format!("ws://{address}/rooms").into_client_request().unwrap();
    let origin = format!("http://{address}").parse().unwrap();
    request.headers_mut().insert("origin", origin);
    let connected = slow.connect(address).await.unwrap();
    let (mut socket, _) = client_async(request, MaybeTlsStream::Plain(connected))
        .await
        .unwrap();
    say(&mut socket, "{}").await;
    let hub = &served.server.hub;
    eventually("the room is left", || {
        hub.connections("slow")
            .iter()
            .all(|slow| slow.topics() == [topic("site")])
    })
    .await;
    let mut of_room = 0;
    loop {
        match &*html(&mut socket).await {
            "left" => break,
            other => of_room += usize::from(other.starts_with("room")),
        }
    }
    publish(hub, "site", "open").await;
    assert_eq!(html(&mut socket).await, "open");
    assert!(of_room > 0, "the server was not in the middle of it");
    assert!(of_room < 256, "all {of_room} of a batch were written");
}
