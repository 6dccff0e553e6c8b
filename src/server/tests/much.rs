//! Connections that carry very much: thousands of topics, and payloads of up to a mebibyte.

use axum::Router;

use super::changing_topics::at;
use super::raw_client::RawClient;
use super::ws::{connect, html};
use super::*;
use crate::server::{HubConfig, WsEndpoint};

#[tokio::test]
async fn r28_two_thousand_topics_on_one_connection() {
    let hub = Hub::new(HubConfig {
        max_topics: 2_001,
        ..HubConfig::default()
    });
    let names: Vec<_> = (0..2_000).map(|n| format!("t{n}")).collect();
    let mut reader = hub.subscribe(names.iter().map(topic), Resume::Start).unwrap();
    let mut expected = vec!["heartbeat(0)".to_owned()];
    // Backwards, so that no order but that of the events can be theirs.
    for (n, name) in names.iter().rev().enumerate() {
        publish(&hub, name, name).await;
        expected.push(format!("{name}@{}", n + 1));
    }
    assert_eq!(ready(&mut reader).await, expected.join(" "));
    reader.add(topic("one more"), Resume::Start).unwrap();
    publish(&hub, "one more", "x").await;
    publish(&hub, "t0", "y").await;
    assert_eq!(ready(&mut reader).await, "x@2001 y@2002");
    for name in &names {
        assert!(reader.remove(&topic(name)));
    }
    publish(&hub, "t0", "unseen").await;
    publish(&hub, "one more", "z").await;
    assert_eq!(ready(&mut reader).await, "z@2004");
    // And back: one resumption of all of them.
    let mut again = hub.subscribe(names.iter().map(topic), at(&hub, 0)).unwrap();
    expected[0] = "heartbeat(0)".to_owned();
    expected.extend(["y@2002".to_owned(), "unseen@2003".to_owned()]);
    assert_eq!(ready(&mut again).await, expected.join(" "));
}

#[tokio::test]
async fn r28_payloads_of_all_sizes_are_the_same_on_both_ends() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub).topics([topic("a")]);
    let server = TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await;
    let mut stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let mut socket = connect(&server).await;
    stream.next().await;
    for size in [
        1 << 10,
        (1 << 12) + 1,
        (1 << 16) - 1,
        1 << 16,
        (1 << 16) + 1,
        (1 << 18) + 7,
        1 << 20,
    ] {
        // Every character is another, of one to four bytes, and none is a carriage return.
        let all = (0_u32..).filter_map(|n| char::from_u32(0x20 + n % 0xf000));
        let mut payload = String::new();
        for c in all {
            if payload.len() + c.len_utf8() > size {
                break;
            }
            payload.push(c);
        }
        payload.extend(std::iter::repeat_n('.', size - payload.len()));
        publish(&server.hub, "a", &payload).await;
        assert!(
            stream.next_event().await.unwrap().data == payload,
            "{size} by a stream"
        );
        assert!(html(&mut socket).await == payload, "{size} by a socket");
    }
}
