//! One client's connection: requests in, the app's answers out, until it ends, is upgraded, or is told to.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::{Method, Request, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tower_service::Service as _;

use super::answers::Answers;
use super::event_stream::{EventStream, HandOver};
use super::guarded_io::GuardedIo;
use super::message_watch::MessageWatch;
use super::orders::Order;
use super::paced_body::PacedBody;
use super::seats::Seat;
use super::{ServeConfig, event_stream, socket_options};

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
        match self.answer_requests(stream, client, seat).await {
            Ok(None) => {}
            Ok(Some(stream)) => drop(tokio::spawn(stream)),
            Err(error) => tracing::trace!(%client, %error, "serve: a connection has ended early"),
        }
    }

    /// Lets hyper read requests and write answers, until the connection ends or carries an event stream.
    async fn answer_requests(
        &self,
        stream: TcpStream,
        client: SocketAddr,
        seat: Seat,
    ) -> Result<Option<EventStream>, hyper::Error> {
        let orders = seat.order_watch();
        let (hand_over, answers) = (Arc::new(HandOver::default()), Answers::default());
        let patience = self.config.write_idle;
        let io = GuardedIo::new(stream, seat, hand_over.clone(), answers.clone(), patience);
        let service = {
            let (app, body_timeout) = (self.app.clone(), self.config.body_timeout);
            let asked = Asked {
                client,
                hand_over: hand_over.clone(),
                answers: answers.clone(),
                watch: io.watch().clone(),
            };
            service_fn(move |request| answer(app.clone(), request, body_timeout, asked.clone()))
        };
        let connection = self.builder.serve_connection(TokioIo::new(io), service);
        // Boxed, so that a stream does not hold the room for it.
        let mut connection = Box::new(connection.with_upgrades());
        let mut is_draining = false;
        let body = poll_fn(|cx| {
            match orders.poll(cx.waker()) {
                Order::Cut => return Poll::Ready(Ok(None)),
                Order::Drain if !is_draining => {
                    is_draining = true;
                    Pin::new(connection.as_mut()).graceful_shutdown();
                }
                Order::Drain | Order::Serve => {}
            }
            match Pin::new(connection.as_mut()).poll(cx) {
                Poll::Ready(ended) => Poll::Ready(ended.map(|()| None)),
                Poll::Pending => {
                    if answers.are_overdue() {
                        cx.waker().wake_by_ref();
                    }
                    hand_over
                        .take()
                        .map_or(Poll::Pending, |body| Poll::Ready(Ok(Some(body))))
                }
            }
        });
        let ended = body.await;
        if matches!(ended, Ok(None)) {
            return Ok(None);
        }
        // None where hyper has given it to somebody else.
        let Some(mut io) = connection.into_parts().map(|parts| parts.io.into_inner()) else {
            return ended.map(|_| None);
        };
        if ended.is_err() {
            // It is the last request that has failed, and not the ones before it.
            let _ = poll_fn(|cx| io.poll_send_rest(cx)).await;
        }
        Ok(ended?.map(|body| EventStream::new(io, body)))
    }
}

/// What belongs to the connection over which a request has come.
#[derive(Clone)]
struct Asked {
    client: SocketAddr,
    hand_over: Arc<HandOver>,
    answers: Answers,
    watch: MessageWatch,
}

async fn answer(
    mut app: Router,
    mut request: Request<Incoming>,
    body_timeout: Duration,
    asked: Asked,
) -> Result<Response, Infallible> {
    asked.answers.begin();
    let may_stream = event_stream::may_stream(&request);
    let is_upgrade = request.headers().contains_key(header::UPGRADE);
    let may_leave_hyper = is_upgrade || request.method() == Method::CONNECT;
    if is_upgrade {
        asked.watch.begin();
        request.extensions_mut().insert(asked.watch.clone());
    }
    request.extensions_mut().insert(ConnectInfo(asked.client));
    let request = request.map(|body| PacedBody::new(body, body_timeout));
    let response = app.call(request).await?;
    if may_leave_hyper {
        // hyper does not forget that it was asked, also where the answer is no: it lets go of the connection without looking
        // whether everything was sent, be it after many more requests.
        asked.answers.end_for_ever();
    }
    if is_upgrade && response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return Ok(response);
    }
    if is_upgrade {
        asked.watch.end();
    }
    let response = if may_stream {
        asked.hand_over.divert(response)
    } else {
        response
    };
    asked.answers.end(&response);
    Ok(response)
}
