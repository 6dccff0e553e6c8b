//! Clients that take nothing, and others that take little: whom `ServeConfig::write_idle` closes, and when.

use std::time::{Duration, Instant};

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::serve::Served;
use super::*;
use crate::server::ServeConfig;

const LIMIT: Duration = Duration::from_millis(800);

/// A server whose stream has far more to say than all buffers on the way hold, a client of it with so much room, and when it began
/// to be told.
async fn start(room: u32) -> (Served, TcpStream, Instant) {
    let hub = Hub::default();
    let log = Retention::Log {
        max_events: 100,
        max_bytes: 32 << 20,
        max_age: Duration::from_secs(300),
    };
    hub.declare(topic("a"), log);
    let config = ServeConfig {
        write_idle: LIMIT,
        ..ServeConfig::default()
    };
    let served = Served::start(hub, Router::new(), config).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(room).unwrap();
    let mut client = socket.connect(served.server.address).await.unwrap();
    let request = b"GET /sse?topic=a HTTP/1.1\r\nhost: x\r\n\r\n";
    client.write_all(request).await.unwrap();
    let hub = &served.server.hub;
    eventually("it is connected", || hub.stats().sse_connections == 1).await;
    let began = Instant::now();
    let payload = "x".repeat(512 << 10);
    for _ in 0..8 {
        publish(hub, "a", &payload).await;
    }
    (served, client, began)
}

async fn until_closed(served: &Served) {
    let closed = async {
        while served.refused("write_idle") == 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(20 * LIMIT, closed).await.expect("it is closed");
}

/// The kernel's buffer had some room left, of which nobody was told because it was not much. Each time that the limit was over the
/// next few bytes were tried, found room there, and counted as taken: four to five times, and fourteen with a big buffer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r14_s23_who_takes_nothing_is_closed_before_twice_the_limit() {
    for room in [4 << 10, 128 << 10] {
        let (served, client, began) = start(room).await;
        until_closed(&served).await;
        let took = began.elapsed();
        assert!(
            // A little less than twice as long, and time for a busy machine.
            (LIMIT..5 * LIMIT / 2).contains(&took),
            "{took:?} with room for {room}"
        );
        drop(client);
    }
}

/// A client that takes less than one of the kernel's packets in the time of the limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r14_s23_who_takes_a_little_is_not_closed() {
    let (served, mut client, began) = start(4 << 10).await;
    let mut piece = [0; 4 << 10];
    while began.elapsed() < 4 * LIMIT {
        sleep(LIMIT / 4).await;
        let read = client.read(&mut piece).await;
        assert!(read.is_ok_and(|read| read > 0), "cut after {:?}", began.elapsed());
        assert_eq!(served.refused("write_idle"), 0, "cut after {:?}", began.elapsed());
    }
    let last = Instant::now();
    until_closed(&served).await;
    // Its kernel may have taken nothing since before the last piece was read.
    assert!(last.elapsed() < 2 * LIMIT, "{:?}", last.elapsed());
}
