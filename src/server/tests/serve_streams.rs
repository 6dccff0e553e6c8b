//! Event streams under the library's own server, which writes them itself once their head is out.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::response::sse::{Event, Sse};
use bytes::Bytes;
use futures_util::{TryStreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::raw_client::RawClient;
use super::serve::Served;
use super::*;
use crate::server::{ServeConfig, SseRequest};

async fn served(more: Router) -> Served {
    Served::start(Hub::default(), more, ServeConfig::default()).await
}

#[tokio::test]
async fn layers_around_a_stream_stay_around_it() {
    let hub = Hub::default();
    let layered = {
        let hub = hub.clone();
        async move |request: SseRequest| {
            let response = hub.sse([topic("a")], request).await;
            response.map(|body| {
                let changed = |bytes: Bytes| -> Bytes {
                    let bytes = bytes.iter();
                    bytes
                        .map(|byte| if *byte == b'x' { b'y' } else { *byte })
                        .collect()
                };
                Body::from_stream(body.into_data_stream().map_ok(changed))
            })
        }
    };
    let more = Router::new().route("/layered", get(layered));
    let served = Served::start(hub, more, ServeConfig::default()).await;
    let server = &served.server;
    let mut plain = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    let mut layered = RawClient::get(server.address, "/layered", &[]).await;
    for stream in [&plain, &layered] {
        assert!(stream.has_header("transfer-encoding: chunked"), "{}", stream.head);
        // It is not kept for another request, and says so.
        assert!(stream.has_header("connection: close"), "{}", stream.head);
    }
    // One that fits into a small write, and one that the kernel takes in pieces.
    for said in ["x".to_owned(), "x".repeat(500_000)] {
        publish(&server.hub, "a", &said).await;
        assert_eq!(plain.next_event().await.unwrap().data, said);
        assert_eq!(layered.next_event().await.unwrap().data, said.replace('x', "y"));
    }
}

#[tokio::test]
async fn a_stream_of_the_app_s_own_ends_with_its_last_event() {
    let three = async || {
        let events = (0..3).map(|n| Ok::<_, Infallible>(Event::default().data(n.to_string())));
        Sse::new(stream::iter(events))
    };
    let served = served(Router::new().route("/three", get(three))).await;
    let mut stream = RawClient::get(served.server.address, "/three", &[]).await;
    for n in 0..3 {
        assert_eq!(stream.next().await.unwrap().data, n.to_string());
    }
    assert!(stream.next().await.is_none());
    let mut socket = stream.into_socket();
    assert_eq!(
        socket.read(&mut [0; 8]).await.unwrap(),
        0,
        "the connection is closed"
    );
}

#[tokio::test]
async fn a_client_of_http_1_0_gets_a_stream_without_chunks() {
    let served = served(Router::new()).await;
    let server = &served.server;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket
        .write_all(b"GET /sse?topic=a HTTP/1.0\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let mut text = Vec::new();
    let mut read_to = async |end: &str| {
        while !String::from_utf8_lossy(&text).ends_with(end) {
            let read = timeout(Duration::from_secs(10), socket.read_buf(&mut text));
            assert!(read.await.unwrap().unwrap() > 0);
        }
        String::from_utf8_lossy(&text).into_owned()
    };
    read_to("event: ll:version\ndata: 1\n\n").await;
    publish(&server.hub, "a", "x").await;
    let text = read_to("data: x\n\n").await;
    assert!(!text.to_ascii_lowercase().contains("transfer-encoding"), "{text}");
}

#[tokio::test]
async fn what_a_reader_goes_on_to_say_is_not_kept_and_its_leaving_is_noticed() {
    let served = served(Router::new()).await;
    let server = &served.server;
    let stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    assert_eq!(server.hub.stats().sse_connections, 1);
    let mut socket = stream.into_socket();
    let request = b"GET /sse?topic=a HTTP/1.1\r\nhost: x\r\n\r\n".repeat(10_000);
    let written = timeout(Duration::from_secs(10), socket.write_all(&request));
    written.await.expect("it is taken").unwrap();
    assert_eq!(server.hub.stats().sse_connections, 1);
    drop(socket);
    let gone = async {
        while server.hub.stats().sse_connections > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), gone)
        .await
        .expect("it is noticed");
}

/// What is known of a reader is not asked for again with each event: it must not be forgotten either.
#[tokio::test]
async fn a_reader_that_leaves_after_many_events_is_noticed_whatever_it_has_said_between_them() {
    let served = served(Router::new()).await;
    let server = &served.server;
    let mut stream = RawClient::get(server.address, "/sse?topic=a", &[]).await;
    for _ in 0..3 {
        for n in 0..50 {
            publish(&server.hub, "a", &n.to_string()).await;
            assert_eq!(stream.next_event().await.unwrap().data, n.to_string());
        }
        stream.say(b"a word").await;
    }
    drop(stream.into_socket());
    let gone = async {
        while server.hub.stats().sse_connections > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), gone)
        .await
        .expect("it is noticed");
}
