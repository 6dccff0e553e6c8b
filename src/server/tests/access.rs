//! Who may read and publish what: asked when a connection begins, when it comes back, and when a right ends or is revoked.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::routing::post;

use super::raw_client::RawClient;
use super::ws::{Socket, connect_with, frame, html, say};
use super::*;
use crate::server::{
    AccessConfig, Action, Authorize, Client, Decision, DecisionFuture, Denied, Policy, PublishError,
    Revocation, UserId, WsEndpoint,
};

/// What the tests' policy goes by: everybody reads `open/…`, a user reads what is named after them, and whoever is banned
/// does nothing.
#[derive(Clone, Default)]
struct Rules {
    banned: Arc<Mutex<HashSet<String>>>,
    until: Arc<Mutex<Option<SystemTime>>>,
    asked: Arc<AtomicUsize>,
}

impl Rules {
    fn ban(&self, user: &str) {
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
async fn who(mut request: Request, next: Next) -> Response {
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
async fn start(rules: &Rules) -> TestServer {
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

async fn read(server: &TestServer, path: &str, user: &str) -> RawClient {
    RawClient::get(server.address, path, &[("x-user", user)]).await
}

async fn socket(server: &TestServer, user: &str) -> Socket {
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

#[tokio::test]
async fn s15_a_policy_that_hangs_lets_nothing_through() {
    let is_hanging = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let hangs = is_hanging.clone();
    let hub = Hub::new(HubConfig {
        heartbeat: Duration::from_millis(40),
        access: AccessConfig {
            policy_timeout: Duration::from_millis(300),
            policy: Policy::new(move |_: &Client, _: Action, _: &Topic| {
                let hangs = hangs.load(Ordering::Relaxed);
                async move {
                    if hangs {
                        std::future::pending::<()>().await;
                    }
                    Decision::Allowed
                }
            }),
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
