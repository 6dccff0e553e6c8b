//! Other sites' pages, with and without a visitor's cookies: what they may not do.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use tokio_tungstenite::tungstenite::Error;

use super::raw_client::RawClient;
use super::ws::{connect_with, frame};
use super::*;
use crate::server::{AccessConfig, Cookies, WsEndpoint, same_origin};

const COOKIE: (&str, &str) = ("cookie", "session=secret");
const EVIL: (&str, &str) = ("origin", "https://evil.example");

/// A server with `/sse`, `/ws`, and `/post`, which publishes and counts as being run.
async fn start(cookies: Cookies) -> TestServer {
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            cookies,
            public_origins: vec!["https://app.example".parse().unwrap()],
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let publisher = hub.clone();
    let routes = Router::new()
        .route("/ws", get(WsEndpoint::new(&hub).topics([topic("a")])))
        .route(
            "/post",
            post(move || async move {
                publish(&publisher, "a", "posted").await;
            }),
        );
    let layer = from_fn_with_state(hub.clone(), same_origin);
    TestServer::start_layered(hub, routes, |app| app.layer(layer)).await
}

async fn refusal(server: &TestServer, headers: &[(&'static str, &str)]) -> Option<u16> {
    match connect_with(server, headers).await {
        Ok(_) => None,
        Err(Error::Http(response)) => Some(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn s01_a_foreign_page_opens_no_socket_with_the_visitors_cookie() {
    let server = start(Cookies::Authenticate).await;
    assert_eq!(refusal(&server, &[COOKIE, EVIL]).await, Some(403));
    assert_eq!(refusal(&server, &[COOKIE]).await, Some(403));
    let own = format!("http://{}", server.address);
    let mut socket = connect_with(&server, &[COOKIE, ("origin", &own)]).await.unwrap();
    assert!(frame(&mut socket).await.starts_with("{\"ll:heartbeat\""));
    let stats = server.hub.stats();
    assert_eq!(
        (
            stats.ws_connections,
            stats.refused["foreign_origin"],
            stats.refused["missing_origin"]
        ),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn s03_without_a_list_of_origins_only_the_own_one_passes() {
    let server = TestServer::start(
        Hub::default(),
        Router::new().route("/ws", get(WsEndpoint::new(Hub::default()))),
    )
    .await;
    let own = format!("http://{}", server.address);
    assert_eq!(refusal(&server, &[("origin", &own)]).await, None);
    assert_eq!(
        refusal(&server, &[("origin", "https://app.example")]).await,
        Some(403)
    );
    assert_eq!(
        refusal(&server, &[("origin", "http://localhost")]).await,
        Some(403)
    );
}

#[tokio::test]
async fn s04_a_post_with_cookies_needs_an_origin_of_this_site() {
    let server = start(Cookies::Authenticate).await;
    let own = format!("http://{}", server.address);
    let cases: [(&[(&str, &str)], u16); 8] = [
        (&[COOKIE], 403),
        (&[COOKIE, EVIL], 403),
        (&[EVIL], 403),
        (&[COOKIE, ("sec-fetch-site", "same-site")], 403),
        (&[COOKIE, ("origin", &own)], 200),
        (&[COOKIE, ("sec-fetch-site", "same-origin")], 200),
        (
            &[
                COOKIE,
                ("origin", "https://app.example"),
                ("sec-fetch-site", "cross-site"),
            ],
            200,
        ),
        (&[], 200),
    ];
    for (headers, status) in cases {
        let answer = RawClient::request(server.address, "POST", "/post", headers, "").await;
        assert_eq!(answer.status(), status, "{headers:?}");
    }
    assert_eq!(server.hub.stats().published, 4, "a refused post runs no handler");
    // The layer lets links from elsewhere through; a stream checks for itself.
    let headers = [COOKIE, ("sec-fetch-site", "cross-site")];
    assert_eq!(
        RawClient::get(server.address, "/stop", &headers).await.status(),
        204
    );
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &headers)
            .await
            .status(),
        403
    );
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &[COOKIE])
            .await
            .status(),
        200
    );
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &[COOKIE, EVIL])
            .await
            .status(),
        403
    );
}

#[tokio::test]
async fn s06_cookies_are_refused_until_the_app_says_what_they_mean() {
    let own = |server: &TestServer| format!("http://{}", server.address);
    let server = start(Cookies::Undeclared).await;
    let stream = RawClient::get(server.address, "/sse?topic=a", &[COOKIE]).await;
    assert_eq!(stream.status(), 403);
    let told = stream.text().await;
    assert!(
        told.contains("Cookies::Authenticate") && told.contains("Cookies::Ignored"),
        "{told}"
    );
    assert_eq!(
        refusal(&server, &[COOKIE, ("origin", &own(&server))]).await,
        Some(403)
    );
    let headers = [COOKIE, ("sec-fetch-site", "same-origin")];
    let posted = RawClient::request(server.address, "POST", "/post", &headers, "").await;
    assert_eq!(posted.status(), 403);
    assert_eq!(server.hub.stats().refused["cookies_undeclared"], 3);
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &[]).await.status(),
        200
    );

    // Cookies of which the app knows nothing do no harm and are shown to nobody.
    let server = start(Cookies::Ignored).await;
    assert_eq!(
        RawClient::get(server.address, "/sse?topic=a", &[COOKIE])
            .await
            .status(),
        200
    );
    let (parts, ()) = http::Request::get("/")
        .header(COOKIE.0, COOKIE.1)
        .body(())
        .unwrap()
        .into_parts();
    assert!(server.hub.client(&parts).unwrap().headers().is_empty());
}

#[tokio::test]
async fn s07_no_answer_lets_another_origin_read_it() {
    let server = start(Cookies::Authenticate).await;
    for origin in ["https://evil.example", "https://app.example", "null"] {
        for (method, path) in [
            ("GET", "/sse?topic=a"),
            ("GET", "/stop"),
            ("GET", "/ws"),
            ("POST", "/post"),
            ("OPTIONS", "/sse?topic=a"),
            ("GET", "/sse?topic=a&topic=a&last-event-id=x"),
        ] {
            for headers in [&[("origin", origin)][..], &[("origin", origin), COOKIE]] {
                let answer = RawClient::request(server.address, method, path, headers, "").await;
                assert!(
                    !answer.head.contains("access-control-"),
                    "{method} {path}: {}",
                    answer.head
                );
            }
        }
    }
}
