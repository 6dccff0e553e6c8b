//! nginx in front, as Debian ships it and with its default buffering: events pass at once, streams and sockets stay open
//! beyond its idle time-out, and origins are those that the browser sees.
//!
//! The program is the one that the variable `NGINX` names, or one on PATH or in `/usr/sbin`. Where there is none nothing
//! is tested, and that is said.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use futures_util::stream;
use http::header;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::raw_client::RawClient;
use super::serve::Served;
use super::ws::{Socket, html, say};
use super::*;
use crate::server::{Fragment, HubConfig, ServeConfig, WsEndpoint};

/// Everything else is as nginx does it by itself. It gives an idle server up after a minute; a test has no minute.
fn configuration(port: u16, app: SocketAddr) -> String {
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr;
        events {{ worker_connections 128; }}
        http {{
            access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            gzip on;
            map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://{app};
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                    proxy_read_timeout 2s;
                }}
                location /zipped/ {{
                    proxy_pass http://{app}/;
                    proxy_http_version 1.1;
                    gzip_types *;
                }}
            }}
        }}"
    )
}

/// A running nginx; it ends when this is dropped.
struct Nginx {
    process: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Nginx {
    /// At this address, with the text of its configuration.
    async fn start(program: &Path, address: SocketAddr, configuration: String) -> Self {
        let folder = std::env::temp_dir().join(format!("leptos-live-nginx-{}", address.port()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("nginx.conf");
        std::fs::write(&file, configuration).unwrap();
        let process = Command::new(program)
            .args(["-e", "stderr", "-p"])
            .arg(&folder)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let nginx = Self {
            process,
            address,
            folder,
        };
        let began = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            assert!(began.elapsed() < Duration::from_secs(10), "nginx does not answer");
            sleep(Duration::from_millis(10)).await;
        }
        nginx
    }
}

fn program() -> Option<PathBuf> {
    let named = std::env::var_os("NGINX").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|folder| folder.join("nginx"))
        .find(|file| file.is_file());
    let program = named.or(found);
    if program.is_none() {
        eprintln!("!!! SKIPPED: no nginx on this machine; `apt-get install nginx-light`, or set NGINX");
    }
    program
}

/// The showcase's situation: nginx at a public address, the app behind it, which knows that address.
async fn behind_nginx() -> Option<(Nginx, Served)> {
    let program = program()?;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut config = HubConfig {
        heartbeat: Duration::from_secs(1),
        ..HubConfig::default()
    };
    config.access.public_origins = vec![format!("http://{address}").parse().unwrap()];
    let hub = Hub::new(config);
    let chat = WsEndpoint::new(&hub)
        .topics([topic("room")])
        .on_message(|session, message| async move {
            let echo = Fragment::text(message.value("echo").unwrap_or_default());
            let _ = session.send(echo).await;
        });
    let more = Router::new()
        .route("/chat", get(chat))
        .route("/plain", get(plain_stream));
    let served = Served::start(hub, more, ServeConfig::default()).await;
    let configuration = configuration(address.port(), served.server.address);
    Some((Nginx::start(&program, address, configuration).await, served))
}

/// An event stream as a program would write it that knows nothing of proxies.
async fn plain_stream() -> impl IntoResponse {
    let ticks = stream::unfold((), |()| async {
        sleep(Duration::from_millis(20)).await;
        Some((Ok::<_, std::convert::Infallible>("data: tick\n\n"), ()))
    });
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(ticks),
    )
}

#[tokio::test]
async fn r20_events_pass_nginx_at_once_and_streams_outlive_its_time_out() {
    let Some((nginx, served)) = behind_nginx().await else {
        return;
    };
    let hub = &served.server.hub;
    let headers = [("Accept-Encoding", "gzip"), ("Accept", "text/event-stream")];
    let mut client = RawClient::get(nginx.address, "/sse?topic=a", &headers).await;
    assert_eq!(client.status(), 200);
    assert!(
        client.has_header("content-type: text/event-stream"),
        "{}",
        client.head
    );
    assert!(!client.head.contains("content-encoding"), "{}", client.head);
    // The header is for nginx, which takes it out.
    assert!(!client.head.contains("x-accel-buffering"), "{}", client.head);
    client.next().await;
    for number in 1..=20 {
        let began = Instant::now();
        publish(hub, "a", &number.to_string()).await;
        assert_eq!(client.next_event().await.unwrap().data, number.to_string());
        assert!(
            began.elapsed() < Duration::from_millis(300),
            "{:?}",
            began.elapsed()
        );
    }
    // More than twice its time-out without an event.
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(4_500) {
        assert_eq!(client.next().await.unwrap().event, "ll:heartbeat");
    }
    publish(hub, "a", "after").await;
    assert_eq!(client.next_event().await.unwrap().data, "after");
    drop(client);
    // nginx tells its server when its client has gone.
    eventually("the stream has ended", || hub.stats().sse_connections == 0).await;
}

#[tokio::test]
async fn r20_without_the_header_nginx_does_hold_events_back() {
    let Some((nginx, _served)) = behind_nginx().await else {
        return;
    };
    // What the other tests prove is worth nothing if nginx did not buffer at all.
    let mut client = RawClient::send(nginx.address, "/plain", &[]).await;
    let mut bytes = [0; 1024];
    let first = timeout(Duration::from_millis(400), client.read(&mut bytes)).await;
    let told = String::from_utf8_lossy(&bytes).matches("tick").count();
    assert!(first.is_err() || told < 5, "{told} events of twenty had passed");
}

#[tokio::test]
async fn r20_compressed_events_pass_at_once_too() {
    let Some((nginx, served)) = behind_nginx().await else {
        return;
    };
    let mut client = RawClient::send(
        nginx.address,
        "/zipped/sse?topic=a",
        &[("Accept-Encoding", "gzip")],
    )
    .await;
    let mut bytes = vec![0; 64 << 10];
    let mut read = String::new();
    // The head and the first heartbeat.
    while !read.contains("\r\n\r\n") {
        let count = client.read(&mut bytes).await.unwrap();
        read += &String::from_utf8_lossy(&bytes[..count]);
    }
    assert!(
        read.to_ascii_lowercase().contains("content-encoding: gzip"),
        "{read}"
    );
    for _ in 0..10 {
        // Whatever was on its way before, a heartbeat among it.
        while timeout(Duration::from_millis(20), client.read(&mut bytes))
            .await
            .is_ok()
        {}
        let random = format!("{:x}", crate::server::random::random_u64());
        publish(&served.server.hub, "a", &random.repeat(20)).await;
        let count = timeout(Duration::from_millis(500), client.read(&mut bytes)).await;
        assert!(count.expect("an event at once").unwrap() > 20);
    }
}

async fn open(nginx: &Nginx, origin: &str) -> Result<Socket, Error> {
    let mut request = format!("ws://{}/chat", nginx.address).into_client_request()?;
    request.headers_mut().insert("origin", origin.parse().unwrap());
    connect_async(request).await.map(|(socket, _)| socket)
}

#[tokio::test]
async fn r20_s02_sockets_pass_nginx_from_the_public_origin_alone() {
    let Some((nginx, served)) = behind_nginx().await else {
        return;
    };
    let foreign = open(&nginx, "https://evil.example").await;
    assert!(
        matches!(foreign, Err(Error::Http(ref response)) if response.status() == 403),
        "{foreign:?}"
    );
    let mut socket = open(&nginx, &format!("http://{}", nginx.address)).await.unwrap();
    let began = Instant::now();
    while began.elapsed() < Duration::from_millis(4_500) {
        say(&mut socket, r#"{"echo":"hello"}"#).await;
        assert_eq!(html(&mut socket).await, "hello");
        // Silent beyond the time-out, but for heartbeats.
        sleep(Duration::from_millis(2_200)).await;
    }
    publish(&served.server.hub, "room", "after").await;
    assert_eq!(html(&mut socket).await, "after");
}
