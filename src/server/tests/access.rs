//! Who may read and publish what: asked when a connection begins and when it comes back.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::post;

use super::raw_client::RawClient;
use super::ws::{Socket, connect_with, frame, html, say};
use super::*;
use crate::server::{
    AccessConfig, Action, Authorize, Client, Decision, DecisionFuture, Denied, Policy, PublishError, UserId,
    WsEndpoint,
};

/// What the tests' policy goes by: everybody reads `open/…`, a user reads what is named after them, and whoever is banned
/// does nothing.
#[derive(Clone, Default)]
pub(super) struct Rules {
    banned: Arc<Mutex<HashSet<String>>>,
    pub(super) until: Arc<Mutex<Option<SystemTime>>>,
    pub(super) asked: Arc<AtomicUsize>,
}

impl Rules {
    pub(super) fn ban(&self, user: &str) {
        self.banned.lock().unwrap().insert(user.to_owned());
    }

    fn forgive(&self) {
        self.banned.lock().unwrap().clear();
    }

    fn decide(&self, client: &Client, action: Action, topic: &Topic) -> Decision {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let Some(user) = client.user() else {
            return match (action, topic.as_str().starts_with("open/")) {
                (Action::Read, true) => Decision::Allowed,
                _ => Decision::Unauthenticated,
            };
        };
        let is_theirs = topic.as_str().starts_with("open/") || topic.as_str().ends_with(&format!("/{user}"));
        if self.banned.lock().unwrap().contains(user) || !is_theirs {
            return Decision::Forbidden;
        }
        match *self.until.lock().unwrap() {
            Some(until) => Decision::AllowedUntil(until),
            None => Decision::Allowed,
        }
    }
}

impl Authorize for Rules {
    fn authorize<'a>(&'a self, client: &'a Client, action: Action, topic: &'a Topic) -> DecisionFuture<'a> {
        Box::pin(async move {
            // As a policy that asks a database.
            tokio::task::yield_now().await;
            self.decide(client, action, topic)
        })
    }
}

/// The app's layer: here a header is believed.
pub(super) async fn who(mut request: Request, next: Next) -> Response {
    if let Some(user) = request.headers().get("x-user") {
        let user = UserId::new(user.to_str().unwrap());
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

async fn post_line(client: Client, State(hub): State<Hub>, line: String) -> Result<String, String> {
    match hub
        .publish_as(&client, &topic("open/room"), &EventName::default(), line)
        .await
    {
        Ok(position) => Ok(position.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// A server whose `/ws` carries `open/room` and the user's own topic, and publishes what it is sent.
pub(super) async fn start(rules: &Rules) -> TestServer {
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            policy: Policy::new(rules.clone()),
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let endpoint = WsEndpoint::new(&hub)
        .topics([topic("open/room"), topic("user/ann")])
        .tag("chat")
        .on_message(|session, message| async move {
            let to = topic(message.value("to").unwrap_or_default());
            let published = session.publish(&to, &EventName::default(), "said").await;
            let answer = match published {
                Ok(_) => "published".to_owned(),
                Err(error) => error.to_string(),
            };
            let _ = session.send(answer).await;
        });
    let routes = Router::new()
        .route("/ws", get(endpoint))
        .route("/post", post(post_line))
        .with_state(hub.clone());
    TestServer::start_layered(hub, routes, |app| app.layer(from_fn(who))).await
}

pub(super) async fn read(server: &TestServer, path: &str, user: &str) -> RawClient {
    RawClient::get(server.address, path, &[("x-user", user)]).await
}

pub(super) async fn socket(server: &TestServer, user: &str) -> Socket {
    let own = format!("http://{}", server.address);
    connect_with(server, &[("origin", &own), ("x-user", user)])
        .await
        .unwrap()
}

#[tokio::test]
async fn s12_nobody_reads_what_is_somebody_elses() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let anonymous = RawClient::get(server.address, "/sse?topic=user/ann", &[]).await;
    assert_eq!(anonymous.status(), 401);
    assert!(anonymous.has_header("www-authenticate: bearer"));
    assert!(anonymous.has_header("cache-control: no-store"));
    assert_eq!(read(&server, "/sse?topic=user/ann", "bob").await.status(), 403);
    // One that is not theirs spoils the others; there are no patterns, so a star is a name like any other.
    assert_eq!(
        read(&server, "/sse?topic=open/room&topic=user/ann", "bob")
            .await
            .status(),
        403
    );
    assert_eq!(read(&server, "/sse?topic=user/*", "bob").await.status(), 403);
    assert_eq!(
        read(&server, "/sse?topic=user/bob&topic=user/ann/", "bob")
            .await
            .status(),
        403
    );

    let mut ann = read(&server, "/sse?topic=user/ann", "ann").await;
    assert_eq!(ann.status(), 200);
    publish(&server.hub, "user/ann", "for ann").await;
    assert_eq!(ann.next_event().await.unwrap().data, "for ann");
    let stats = server.hub.stats();
    assert_eq!((stats.sse_connections, stats.delivered), (1, 1));
    assert_eq!(
        (stats.refused["unauthenticated"], stats.refused["forbidden"]),
        (1, 4)
    );
    // What was refused has left nothing behind.
    assert!(!stats.topics.contains_key(&topic("user/*")));
}

#[tokio::test]
async fn s12_a_refused_socket_is_told_by_a_code_not_to_come_back() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let own = format!("http://{}", server.address);
    let mut anonymous = connect_with(&server, &[("origin", &own)]).await.unwrap();
    assert_eq!(frame(&mut anonymous).await, "close 4401 sign in");
    let mut bob = socket(&server, "bob").await;
    assert_eq!(frame(&mut bob).await, "close 4403 forbidden");
    let mut ann = socket(&server, "ann").await;
    assert!(frame(&mut ann).await.starts_with("{\"ll:heartbeat\""));
    assert_eq!(server.hub.stats().ws_connections, 1);
}

#[tokio::test]
async fn s12_a_client_publishes_where_the_policy_lets_it_and_by_default_nowhere() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let mut ann = socket(&server, "ann").await;
    say(&mut ann, r#"{"to":"user/bob"}"#).await;
    assert_eq!(html(&mut ann).await, Denied::Forbidden.to_string());
    say(&mut ann, r#"{"to":"open/room"}"#).await;
    let both = [html(&mut ann).await, html(&mut ann).await];
    assert!(both.contains(&"published".to_owned()) && both.contains(&"said".to_owned()));

    let said = RawClient::request(server.address, "POST", "/post", &[("x-user", "ann")], "hello").await;
    assert_eq!(said.status(), 200);
    assert_eq!(html(&mut ann).await, "hello");
    let refused = RawClient::request(server.address, "POST", "/post", &[], "hello").await;
    assert_eq!(refused.text().await, Denied::Unauthenticated.to_string());

    let hub = Hub::default();
    let (request, ()) = http::Request::get("/").body(()).unwrap().into_parts();
    let client = hub.client(&request).unwrap();
    let refused = hub
        .publish_as(&client, &topic("open/room"), &EventName::default(), "x")
        .await;
    assert_eq!(refused, Err(PublishError::Denied(Denied::Forbidden)));
    assert_eq!(hub.stats().refused["publish_denied"], 1);
}

#[tokio::test]
async fn s13_s14_a_right_that_shrank_is_not_replayed_to() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let mut ann = read(&server, "/sse?topic=user/ann&topic=open/room", "ann").await;
    let seen = ann.next().await.unwrap().last_event_id;
    drop(ann);
    publish(&server.hub, "user/ann", "missed").await;
    publish(&server.hub, "open/room", "missed too").await;

    rules.ban("ann");
    let again = |path: &'static str| {
        let headers = [
            ("x-user".to_owned(), "ann".to_owned()),
            ("last-event-id".to_owned(), seen.to_string()),
        ];
        let server = &server;
        async move {
            let headers = headers
                .each_ref()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            RawClient::get(server.address, path, &headers).await
        }
    };
    assert_eq!(again("/sse?topic=user/ann&topic=open/room").await.status(), 403);
    // By parameter as well.
    let path = format!("/sse?topic=user/ann&last-event-id={seen}");
    assert_eq!(read(&server, &path, "ann").await.status(), 403);
    assert_eq!(server.hub.stats().replayed, 0);

    rules.forgive();
    let mut ann = again("/sse?topic=user/ann&topic=open/room").await;
    assert_eq!(ann.next_event().await.unwrap().data, "missed");
    assert_eq!(ann.next_event().await.unwrap().data, "missed too");
}

#[tokio::test]
async fn s13_where_an_endpoint_says_so_only_what_is_allowed_is_replayed() {
    let rules = Rules::default();
    let server = start(&rules).await;
    let from = server.hub.head();
    publish(&server.hub, "user/ann", "for ann").await;
    publish(&server.hub, "open/room", "for all").await;
    let path = format!("/sse?only_allowed=1&topic=user/ann&topic=open/room&last-event-id={from}");
    let mut bob = read(&server, &path, "bob").await;
    assert_eq!(bob.next_event().await.unwrap().data, "for all");
    let path = "/sse?only_allowed=1&topic=user/ann";
    assert_eq!(read(&server, path, "bob").await.status(), 403);
}

/// A policy that did not answer for one topic in time had that topic left out for as long as the stream lasted.
#[tokio::test]
async fn s13_a_topic_that_nobody_has_decided_about_is_not_left_out() {
    let policy = Policy::new(|_: &Client, _: Action, topic: &Topic| {
        let is_slow = topic.as_str() == "slow";
        async move {
            if is_slow {
                std::future::pending::<()>().await;
            }
            Decision::Allowed
        }
    });
    let hub = Hub::new(HubConfig {
        access: AccessConfig {
            policy,
            policy_timeout: Duration::from_millis(50),
            ..AccessConfig::default()
        },
        ..HubConfig::default()
    });
    let server = TestServer::start(hub, Router::new()).await;
    let path = "/sse?only_allowed=1&topic=open/room&topic=slow";
    let refused = read(&server, path, "ann").await;
    assert_eq!(refused.status(), 503);
    assert!(refused.has_header("retry-after: 5"), "{}", refused.head);
    assert_eq!(server.hub.stats().refused["undecided"], 1);
}
