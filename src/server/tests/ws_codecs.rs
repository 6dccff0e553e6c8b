//! What frames can be, in both directions: envelopes, values, bytes, acknowledgements, sub-protocols.

use axum::Router;
use futures_util::SinkExt;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::ws::{Socket, connect, frame, html, say};
use super::*;
use crate::server::{FormFile, Fragment, Payload, SocketFrames, WsEndpoint};
use crate::wire::{DataEvent, Envelope, FormMessage, FrameFormat};

async fn start(hub: Hub, endpoint: WsEndpoint) -> TestServer {
    TestServer::start(hub, Router::new().route("/ws", get(endpoint))).await
}

/// An endpoint that answers each message of a form by a function of it.
fn answering(
    hub: &Hub,
    answer: impl Fn(&FormMessage) -> Payload + Copy + Send + Sync + 'static,
) -> WsEndpoint {
    WsEndpoint::new(hub).on_message(move |session, message| async move {
        session.send(answer(&message)).await.unwrap();
    })
}

#[tokio::test]
async fn srv_07_con_05_every_format_is_read_over_a_socket() {
    let hub = Hub::default();
    let endpoint = answering(&hub, |message| {
        let value = message.value("text").unwrap_or_default();
        format!("{value} {}", message.header("HX-Request").unwrap_or_default()).into()
    });
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    let message = FormMessage::parse(r#"{"text":"hi","HEADERS":{"HX-Request":"true"}}"#).unwrap();
    for format in FrameFormat::ALL {
        say(&mut socket, &message.to_text_as(format)).await;
        assert_eq!(html(&mut socket).await, "hi true", "{format:?}");
    }
}

#[tokio::test]
async fn con_03_events_in_envelopes_carry_their_position() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .frames(SocketFrames::Envelope);
    let server = start(hub, endpoint).await;
    let mut sockets = [connect(&server).await, connect(&server).await];
    for socket in &mut sockets {
        frame(socket).await;
    }
    let html_of = Fragment::render(|| "a \"b\" <c>");
    let position = server
        .hub
        .publish(&topic("room"), &EventName::new("said").unwrap(), html_of)
        .await
        .unwrap();
    for socket in &mut sockets {
        let text = html(socket).await;
        assert!(text.contains(r#""event":"said""#), "{text}");
        let envelope = Envelope::parse(&text).unwrap();
        assert_eq!(envelope.position, Some(position));
        assert_eq!(envelope.content, r#"a "b" &lt;c&gt;"#);
    }
}

#[tokio::test]
async fn con_03_values_are_published_and_read_as_they_were() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .frames(SocketFrames::Data);
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    let name = EventName::new("price").unwrap();
    for value in [(1, "one"), (2, "two")] {
        let payload = Payload::json(&value).unwrap();
        let position = server.hub.publish(&topic("room"), &name, payload).await.unwrap();
        let text = html(&mut socket).await;
        let event: DataEvent<(u32, String)> = serde_json::from_str(&text).unwrap();
        assert_eq!((event.name, event.position), (name.clone(), position));
        assert_eq!((event.data.0, event.data.1.as_str()), value);
    }
}

#[tokio::test]
async fn two_endpoints_write_one_topic_in_two_forms() {
    let hub = Hub::default();
    let plain = WsEndpoint::new(&hub).topics([topic("room")]);
    let data = plain.clone().frames(SocketFrames::Data);
    let routes = Router::new()
        .route("/ws", get(plain.frames(SocketFrames::Envelope)))
        .route("/data", get(data));
    let server = TestServer::start(hub, routes).await;
    let mut enveloped = connect(&server).await;
    let mut valued = open(&server, "/data", None).await.unwrap();
    for socket in [&mut enveloped, &mut valued] {
        frame(socket).await;
    }
    for payload in ["1", "2"] {
        publish(&server.hub, "room", payload).await;
        assert!(
            html(&mut enveloped)
                .await
                .contains(&format!(r#""content":"{payload}""#))
        );
        assert!(html(&mut valued).await.contains(&format!(r#""data":{payload}"#)));
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Move {
    from: String,
    to: String,
}

#[tokio::test]
async fn con_03_typed_messages_go_both_ways() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub).on_json(|session, played: Move| async move {
        let back = Move {
            from: played.to,
            to: played.from,
        };
        session.send(Payload::json(&back).unwrap()).await.unwrap();
    });
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    say(&mut socket, r#"{"from":"e2"}"#).await;
    for text in [
        r#"{"from":"e2","to":"e4"}"#,
        // What a form sends has a field more.
        r#"{"from":"e2","to":"e4","HEADERS":{"HX-Request":"true"}}"#,
    ] {
        say(&mut socket, text).await;
        assert_eq!(html(&mut socket).await, r#"{"from":"e4","to":"e2"}"#);
    }
    assert_eq!(server.hub.stats().refused["malformed_message"], 1);
}

#[tokio::test]
async fn wsm_13_bytes_go_both_ways() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub)
        .on_message(|session, _| async move { session.send("text").await.unwrap() })
        .on_binary(|session, bytes| async move {
            let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
            session.send_binary(reversed).await.unwrap();
        });
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    socket.send(Message::binary(vec![0, 1, 255])).await.unwrap();
    let expected = format!("{:?}", Message::binary(vec![255, 1, 0]));
    assert_eq!(frame(&mut socket).await, expected);
    say(&mut socket, "{}").await;
    assert_eq!(html(&mut socket).await, "text");
}

#[tokio::test]
async fn wsm_21_wss_29_a_message_is_acknowledged_by_its_id() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub).on_message(|session, message| async move {
        if message.value("answer").is_some() {
            let answer = Envelope::from(Fragment::text("<done>")).answering(&message);
            session.send(answer).await.unwrap();
        } else {
            session.acknowledge(&message).await.unwrap();
        }
        session.send("after").await.unwrap();
    });
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    frame(&mut socket).await;
    for (message, expected) in [
        (
            r#"{"HEADERS":{"HX-Request-ID":"3f-1"}}"#,
            Some(r#"{"ll:ack":"3f-1"}"#),
        ),
        // In the betas of htmx 4 it stands elsewhere.
        (
            r#"{"headers":{"HX-Request-ID":"a"},"body":{}}"#,
            Some(r#"{"ll:ack":"a"}"#),
        ),
        (
            r#"{"answer":"1","HEADERS":{"HX-Request-ID":"3f-2"}}"#,
            Some(r#"{"content":"&lt;done&gt;","request_id":"3f-2"}"#),
        ),
        // Nobody waits, and what cannot be echoed safely is no id.
        ("{}", None),
        (r#"{"HEADERS":{"HX-Request-ID":"a\"},\"x\":{\""}}"#, None),
    ] {
        say(&mut socket, message).await;
        if let Some(expected) = expected {
            assert_eq!(frame(&mut socket).await, expected);
        }
        assert_eq!(frame(&mut socket).await, "after", "{message}");
    }
}

#[tokio::test]
async fn wss_28_a_file_arrives() {
    let hub = Hub::default();
    let endpoint = answering(&hub, |message| match FormFile::all(message, "doc") {
        Ok(files) => format!("{} {:?}", files[0].name, files[0].data).into(),
        Err(error) => error.to_string().into(),
    });
    let server = start(hub, endpoint).await;
    let mut socket = connect(&server).await;
    say(
        &mut socket,
        r#"{"doc":{"name":"a.txt","type":"text/plain","size":2,"data":"aGk="}}"#,
    )
    .await;
    assert_eq!(html(&mut socket).await, r#"a.txt b"hi""#);
    say(&mut socket, r#"{"doc":"a.txt"}"#).await;
    assert!(
        html(&mut socket)
            .await
            .starts_with("file in a form message: expected an object")
    );
}

/// Connects to a path as a page of this origin, with sub-protocols.
async fn open(server: &TestServer, path: &str, protocols: Option<&str>) -> Result<Socket, Error> {
    let mut request = format!("ws://{}{path}", server.address)
        .into_client_request()
        .unwrap();
    let origin = format!("http://{}", server.address);
    request.headers_mut().insert("origin", origin.parse().unwrap());
    if let Some(protocols) = protocols {
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocols.parse().unwrap());
    }
    let (socket, response) = connect_async(request).await?;
    let chosen = response.headers().get("sec-websocket-protocol");
    assert_eq!(chosen.is_some(), protocols.is_some());
    Ok(socket)
}

#[tokio::test]
async fn wsc_10_a_sub_protocol_is_chosen() {
    let hub = Hub::default();
    let endpoint = WsEndpoint::new(&hub)
        .protocols(["chat.v2", "chat.v1"])
        .on_message(|session, _| async move {
            let protocol = session.protocol().unwrap_or("none").to_owned();
            session.send(protocol).await.unwrap();
        });
    let server = start(hub, endpoint).await;
    for (offered, expected) in [
        (Some("chat.v1"), "chat.v1"),
        (Some("chat.v0, chat.v1, chat.v2"), "chat.v2"),
        (None, "none"),
    ] {
        let mut socket = open(&server, "/ws", offered).await.unwrap();
        say(&mut socket, "{}").await;
        assert_eq!(html(&mut socket).await, expected);
    }
    // As a browser does, this client takes no answer for a failure.
    assert!(open(&server, "/ws", Some("other")).await.is_err());
}

#[tokio::test]
async fn a_refusal_is_seen_through_a_sub_protocol() {
    let hub = Hub::new(crate::server::HubConfig {
        max_topics: 1,
        ..Default::default()
    });
    let endpoint = WsEndpoint::new(&hub)
        .protocols(["chat"])
        .topics([topic("a"), topic("b")]);
    let server = start(hub, endpoint).await;
    let mut socket = open(&server, "/ws", Some("chat")).await.unwrap();
    assert_eq!(frame(&mut socket).await, "close 4400 too many topics");
}
