//! Two processes on one engine behind nginx: one is killed, both are replaced, and each client gets everything once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::Server;
use super::node::{Node, free_address};
use crate::server::tests::nginx::{self, Nginx};
use crate::server::tests::raw_client::RawClient;

/// nginx gives a request that one server does not take to the other. It does not remember failures, or it would believe for
/// seconds that nobody is there when both were replaced quickly.
fn configuration(at: SocketAddr, nodes: [SocketAddr; 2]) -> String {
    let [one, other] = nodes;
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log /dev/null;
        events {{ worker_connections 512; }}
        http {{
            access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            upstream nodes {{
                server {one} max_fails=0;
                server {other} max_fails=0;
            }}
            server {{
                listen {at};
                location / {{
                    proxy_pass http://nodes;
                    proxy_http_version 1.1;
                    proxy_set_header Connection '';
                    proxy_next_upstream error timeout http_503 non_idempotent;
                }}
            }}
        }}"
    )
}

async fn in_front(nodes: [SocketAddr; 2]) -> Option<Nginx> {
    let program = nginx::program()?;
    let address = free_address();
    Some(Nginx::start(&program, address, configuration(address, nodes)).await)
}

/// A reader that comes back whenever its stream ends, from where it was, until it has got so many events.
fn read_all(at: SocketAddr, count: usize, connections: Arc<AtomicUsize>) -> JoinHandle<Vec<String>> {
    tokio::spawn(async move {
        let (mut got, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let headers: Vec<_> = cursor
                .iter()
                .map(|cursor| ("last-event-id", cursor.as_str()))
                .collect();
            let mut stream = RawClient::get(at, "/sse", &headers).await;
            connections.fetch_add(1, Ordering::Relaxed);
            while stream.status() == 200
                && let Some(message) = stream.next().await
            {
                if !message.last_event_id.is_empty() {
                    cursor = Some(message.last_event_id.to_string());
                }
                match &*message.event {
                    "message" => got.push(message.data),
                    "ll:gap" => panic!("{} after {got:?}", message.data),
                    _ => {}
                }
                if got.len() == count {
                    return got;
                }
            }
            sleep(Duration::from_millis(20)).await;
        }
    })
}

/// Publishes until it is taken: one event, however often it is tried.
async fn say(at: SocketAddr, text: &str) {
    let mut answers = Vec::new();
    for _ in 0..200 {
        let answer = RawClient::request(at, "POST", "/publish", &[], text).await;
        if answer.status() == 200 {
            return;
        }
        answers.push(answer.text().await);
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{text} was not taken: {answers:?}");
}

/// Everything once and in order, for every reader; says how many connections that took.
async fn check(readers: Vec<JoinHandle<Vec<String>>>, count: usize) {
    let expected: Vec<String> = (1..=count).map(|n| n.to_string()).collect();
    for reader in readers {
        let got = timeout(Duration::from_secs(20), reader).await;
        let got = got.expect("everything within twenty seconds").unwrap();
        assert_eq!(got, expected);
    }
}

async fn all_are_connected(connections: &AtomicUsize, count: usize) {
    while connections.load(Ordering::Relaxed) < count {
        sleep(Duration::from_millis(5)).await;
    }
}

pub(in crate::server::broker) async fn r10_r17_a_process_that_is_killed_is_missed_by_nobody<S: Server>(
    server: S,
) {
    const READERS: usize = 10;
    const EVENTS: usize = 60;
    let addresses = [free_address(), free_address()];
    let Some(nginx) = in_front(addresses).await else {
        return;
    };
    let mut one = Node::start(addresses[0], &server).await;
    let other = Node::start(addresses[1], &server).await;
    let connections = Arc::<AtomicUsize>::default();
    let readers: Vec<_> = (0..READERS)
        .map(|_| read_all(nginx.address, EVENTS, connections.clone()))
        .collect();
    all_are_connected(&connections, READERS).await;
    for n in 1..=EVENTS {
        // On one, on the other, and on whichever nginx likes.
        let at = match n {
            1..=10 => one.address,
            11..=20 => other.address,
            _ => nginx.address,
        };
        say(at, &n.to_string()).await;
        if n == 30 {
            one.kill();
        }
    }
    check(readers, EVENTS).await;
    let count = connections.load(Ordering::Relaxed);
    assert!(count > READERS, "nobody was at the process that was killed");
}

pub(in crate::server::broker) async fn r17_r32_a_rolling_restart_under_load_loses_nothing<S: Server>(
    server: S,
) {
    const READERS: usize = 20;
    const EVENTS: usize = 200;
    let addresses = [free_address(), free_address()];
    let Some(nginx) = in_front(addresses).await else {
        return;
    };
    let one = Node::start(addresses[0], &server).await;
    let other = Node::start(addresses[1], &server).await;
    let connections = Arc::<AtomicUsize>::default();
    let readers: Vec<_> = (0..READERS)
        .map(|_| read_all(nginx.address, EVENTS, connections.clone()))
        .collect();
    all_are_connected(&connections, READERS).await;
    let at = nginx.address;
    let publisher = tokio::spawn(async move {
        for n in 1..=EVENTS {
            say(at, &n.to_string()).await;
            sleep(Duration::from_millis(5)).await;
        }
    });
    let mut nodes = Vec::new();
    for node in [one, other] {
        let address = node.address;
        node.stop().await;
        nodes.push(Node::start(address, &server).await);
    }
    publisher.await.unwrap();
    check(readers, EVENTS).await;
    let count = connections.load(Ordering::Relaxed);
    assert!(count >= 2 * READERS, "{count} connections");
}
