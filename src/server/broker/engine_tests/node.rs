//! A node as a process of its own: this test program again, asked for one test that is a server.
//!
//! It serves `GET /sse`, the topic `t`; `POST /publish`, whose body becomes an event with itself as its key; and
//! `GET /ready`. It ends when it is asked to (SIGTERM), and when whoever has started it is gone.

use std::io::Read as _;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;

use super::Server;
use crate::server::broker::contract::config;
use crate::server::tests::raw_client::RawClient;
use crate::server::tests::topic;
use crate::server::{Hub, PublishOptions, ServeConfig, SseRequest, serve};
use crate::wire::{EventName, IdempotencyKey};

/// The variables that say where it listens and where the engine is.
const ADDRESS: &str = "LEPTOS_LIVE_TEST_NODE";
const ENGINE: &str = "LEPTOS_LIVE_TEST_ENGINE";

/// The process's life.
pub(in crate::server::broker) async fn serve_until_told<S: Server>() {
    let address = |name| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<SocketAddr>().ok())
    };
    let (Some(address), Some(engine)) = (address(ADDRESS), address(ENGINE)) else {
        return;
    };
    std::thread::spawn(|| {
        // The other end is closed when the process that holds it has ended, however it did.
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(1);
    });
    let hub = S::connect(engine, config()).await;
    let app = Router::new()
        .route(
            "/sse",
            get(async |State(hub): State<Hub>, request: SseRequest| hub.sse([topic("t")], request).await),
        )
        .route("/publish", post(publish))
        .route("/ready", get(ready))
        .with_state(hub.clone());
    let listener = TcpListener::bind(address).await.unwrap();
    let mut told = signal(SignalKind::terminate()).unwrap();
    serve(listener, app, &hub)
        .config(ServeConfig {
            drain: Duration::from_secs(2),
            come_back: Duration::from_millis(50),
            ..ServeConfig::default()
        })
        .with_graceful_shutdown(async move {
            told.recv().await;
        })
        .await;
}

async fn publish(State(hub): State<Hub>, body: String) -> impl IntoResponse {
    let options = PublishOptions::new().key(IdempotencyKey::new(&body).unwrap());
    match hub
        .publish_with(&topic("t"), &EventName::default(), body, options)
        .await
    {
        Ok(position) => (StatusCode::OK, position.to_string()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}

async fn ready(State(hub): State<Hub>) -> StatusCode {
    if hub.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

/// Such a process; it is killed when this is dropped.
pub(super) struct Node {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Node {
    /// One that listens, at this address.
    pub(super) async fn start<S: Server>(address: SocketAddr, engine: &S) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", S::NODE])
            .env(ADDRESS, address.to_string())
            .env(ENGINE, engine.address().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let node = Self { child, address };
        for _ in 0..500 {
            if tokio::net::TcpStream::connect(address).await.is_ok()
                && RawClient::get(address, "/ready", &[]).await.status() == 200
            {
                return node;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("a node does not start");
    }

    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, and waits until it has.
    pub(super) async fn stop(mut self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.unwrap().success());
        for _ in 0..500 {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("a node does not end");
    }
}

/// An address at which nobody listens.
pub(super) fn free_address() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}
