//! One client's connection: requests in, the app's answers out, until it ends, is upgraded, or is told to.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::{Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::guarded_io::GuardedIo;
use super::message_watch::MessageWatch;
use super::orders::Order;
use super::paced_body::PacedBody;
use super::seats::Seat;
use super::{ServeConfig, socket_options};

/// What all connections are served with.
#[derive(Debug)]
pub(super) struct Http {
    app: Router,
    builder: http1::Builder,
    config: ServeConfig,
}

impl Http {
    pub(super) fn new(app: Router, config: &ServeConfig) -> Self {
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(config.header_timeout)
            .max_header_size(config.max_header_bytes);
        Self {
            // Once for all connections what the router would otherwise do for each request.
            app: app.with_state(()),
            builder,
            config: config.clone(),
        }
    }

    /// Serves a client to its end.
    pub(super) async fn serve(&self, stream: TcpStream, client: SocketAddr, seat: Seat) {
        socket_options::set(&stream, &self.config);
        let orders = seat.orders().clone();
        let (app, body_timeout) = (self.app.clone(), self.config.body_timeout);
        let io = GuardedIo::new(stream, seat, self.config.write_idle);
        let watch = io.watch().clone();
        let service =
            service_fn(move |request| answer(app.clone(), request, client, body_timeout, watch.clone()));
        let io = TokioIo::new(io);
        let mut connection = pin!(self.builder.serve_connection(io, service).with_upgrades());
        let mut is_draining = false;
        let ended = poll_fn(|cx| {
            match orders.poll(cx.waker()) {
                Order::Cut => return Poll::Ready(Ok(())),
                Order::Drain if !is_draining => {
                    is_draining = true;
                    connection.as_mut().graceful_shutdown();
                }
                Order::Drain | Order::Serve => {}
            }
            connection.as_mut().poll(cx)
        });
        if let Err(error) = ended.await {
            tracing::trace!(%client, %error, "serve: a connection has ended early");
        }
    }
}

async fn answer(
    mut app: Router,
    mut request: Request<Incoming>,
    client: SocketAddr,
    body_timeout: Duration,
    watch: MessageWatch,
) -> Result<Response, Infallible> {
    let is_upgrade = request.headers().contains_key(header::UPGRADE);
    if is_upgrade {
        watch.begin();
        request.extensions_mut().insert(watch.clone());
    }
    request.extensions_mut().insert(ConnectInfo(client));
    let request = request.map(|body| PacedBody::new(body, body_timeout));
    let response = app.call(request).await?;
    if is_upgrade && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        watch.end();
    }
    Ok(response)
}
