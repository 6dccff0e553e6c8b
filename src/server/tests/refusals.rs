//! What hostile input is answered with, and what the answers give away.

use super::client_limits::start;
use super::raw_client::RawClient;
use super::*;
use crate::server::{AccessConfig, Cookies, Denied, Rejection};

#[tokio::test]
async fn s10_s18_names_that_may_not_be_are_errors_and_never_reach_a_reader() {
    for name in [
        "ll:close",
        "ll:",
        "LL:x\n",
        "a\r\nevent: b",
        "",
        &"x".repeat(256),
        "%6c%6c:close\0",
    ] {
        assert!(EventName::new(name).is_err(), "{name:?}");
    }
    // A name is not decoded anywhere, so an encoded one is just another name.
    assert!(EventName::new("%6c%6c:close").is_ok());
    assert!(crate::Topic::new("x".repeat(256)).is_err());
}

#[tokio::test]
async fn s25_hostile_cursors_are_gaps_and_nothing_more() {
    let server = start(HubConfig::default()).await;
    publish(&server.hub, "a", "kept").await;
    let head = server.hub.head();
    let foreign = head.to_string().replacen(|_: char| true, "f", 16);
    for cursor in [
        "-1",
        "18446744073709551616",
        "{\"a\":{\"a\":1}}",
        "../../etc/passwd",
        "<script>",
        "0-0-0",
        "ffffffffffffffff-18446744073709551615",
        &foreign,
        "%00",
        "é",
    ] {
        let mut client = RawClient::get(server.address, "/sse?topic=a", &[("last-event-id", cursor)]).await;
        assert_eq!(client.status(), 200, "{cursor}");
        let event = client.next_event().await.unwrap();
        assert_eq!(event.data, "kept", "{cursor}");
        assert!(!String::from_utf8_lossy(&client.body).contains("passwd"));
    }
    assert_eq!(server.hub.stats().gaps, 10);
}

#[tokio::test]
async fn s26_refusals_say_what_was_expected_and_nothing_about_the_inside() {
    let all = [
        Rejection::CursorTooLong {
            limit: 256,
            found: 300,
        },
        Rejection::TooManyTopics { limit: 100 },
        Rejection::TooManyConnections { limit: 1 },
        Rejection::TooManyConnectionsOfUser { limit: 1 },
        Rejection::TooManyConnectionsOfAddress { limit: 1 },
        Rejection::ShuttingDown,
        Rejection::MissingOrigin,
        Rejection::ForeignOrigin,
        Rejection::CookiesUndeclared,
        Rejection::Denied(Denied::Unauthenticated),
        Rejection::Denied(Denied::Forbidden),
        Rejection::Denied(Denied::Undecided),
    ];
    for refused in all {
        let response = axum::response::IntoResponse::into_response(refused);
        assert!(response.status().is_client_error() || response.status().is_server_error());
        assert_eq!(response.headers()["cache-control"], "no-store");
        let retry = response.headers().contains_key("retry-after");
        assert_eq!(
            retry,
            matches!(response.status().as_u16(), 429 | 503),
            "{refused}"
        );
        let body = axum::body::to_bytes(response.into_body(), 1_024).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(body.contains("expected"), "{body}");
        for inside in [
            ".rs",
            "src/",
            "panicked",
            "tokio",
            "axum",
            "Topic(",
            "/home",
            "127.0.0.1",
        ] {
            assert!(!body.contains(inside), "{body}");
        }
    }
}

#[tokio::test]
async fn s33_secrets_are_shown_by_no_debug_output() {
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            cookies: Cookies::Authenticate,
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let request = http::Request::get("/sse?token=hunter2")
        .header("cookie", "session=hunter2")
        .header("authorization", "Bearer hunter2");
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let client = hub.client(&parts).unwrap();
    let request = SseRequest::new(parts);
    let response = hub.sse([topic("a")], request.clone());
    let shown = format!("{client:?} {request:?} {response:?} {hub:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    // No token is read from an address: there is nobody who would tell a user from it.
    assert_eq!(client.user(), None);
}
