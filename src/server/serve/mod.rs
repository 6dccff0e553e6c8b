//! A server for apps with live pages: what `axum::serve` does, with the limits that connections which stay open need,
//! and an end that does not wait for ever.
//!
//! Invariant: this folder knows TCP and HTTP and nothing of streams and sockets, but for where a frame ends. Whatever is connected has a seat, and
//! gives it back when its TCP connection is closed, also after an upgrade; so the count of seats is the count of
//! connections, and when the last is given back the server has drained.

mod accepting;
mod answers;
mod chunk;
mod config;
mod connection;
mod event_stream;
mod file_limit;
mod guarded_io;
mod message_watch;
mod orders;
mod paced_body;
mod patience;
mod refusal;
mod seats;
mod socket_options;
mod unconfirmed;

use std::fmt;
use std::future::{IntoFuture, pending};
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::time::timeout;

use self::connection::Http;
use self::orders::Order;
use self::refusal::Refusals;
use self::seats::Seats;
use super::Hub;

pub use config::ServeConfig;
pub(super) use message_watch::MessageWatch;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Serves an app over HTTP/1.1, with the limits of [`ServeConfig`].
///
/// It stands in for `axum::serve`, which goes on working with everything in this crate but has no settings: it waits
/// for ever for headers that do not come, takes connections until the process has no file left, does not notice
/// readers that take nothing, and ends only when the last reader has left. Handlers find the client's address as
/// `ConnectInfo<SocketAddr>`, without further ado.
///
/// Requests that a client sends without waiting for answers are answered together, as far as the answers are small and there
/// at once.
///
/// TLS and HTTP/2 are a proxy's task, see [`docs::operations`](crate::docs::operations).
///
/// ```no_run
/// use axum::{Router, routing::get};
/// use leptos_live::{Topic, server::{Hub, ServeConfig, SseRequest, serve}};
/// use tokio::net::TcpListener;
///
/// # async fn asked_to_stop() {}
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::default();
/// let news = Topic::new("news")?;
/// let stream = {
///     let hub = hub.clone();
///     move |request: SseRequest| async move { hub.sse([news], request).await }
/// };
/// let app = Router::new().route("/news", get(stream));
/// let listener = TcpListener::bind("127.0.0.1:3000").await?;
///
/// let drained = serve(listener, app, &hub)
///     .config(ServeConfig { max_connections: Some(10_000), ..ServeConfig::default() })
///     .with_graceful_shutdown(asked_to_stop())
///     .await;
/// println!("stopped; {} connections had to be cut", drained.cut);
/// # Ok(()) }
/// ```
pub fn serve(listener: TcpListener, app: Router, hub: impl Into<Hub>) -> Serve {
    Serve {
        listener,
        app,
        hub: hub.into(),
        config: ServeConfig::default(),
        asked_to_stop: Box::pin(pending()),
    }
}

/// A server that runs while it is awaited; see [`serve()`]. Dropping it closes its connections.
#[must_use = "a server serves nothing until it is awaited"]
pub struct Serve {
    listener: TcpListener,
    app: Router,
    hub: Hub,
    config: ServeConfig,
    asked_to_stop: BoxFuture<()>,
}

/// How a server has ended.
///
/// [`serve()`] has an example.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// The connections that had not ended when [`ServeConfig::drain`] was over.
    pub cut: usize,
}

impl Serve {
    /// The limits, in place of the default ones.
    pub fn config(mut self, config: ServeConfig) -> Self {
        self.config = config;
        self
    }

    /// Stops when this future is ready, such as one that waits for SIGTERM. Without it the server never ends.
    ///
    /// Stopping means: nobody is let in any more; [`Hub::shutdown`] ends streams and sockets, idle ones within a
    /// second, each with a delay of its own after which to come back; open requests are answered; what is still
    /// there after [`ServeConfig::drain`] is cut.
    pub fn with_graceful_shutdown(
        mut self,
        asked_to_stop: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        self.asked_to_stop = Box::pin(asked_to_stop);
        self
    }

    async fn run(self) -> Drained {
        let limit = self.config.connection_limit();
        tracing::debug!(limit, "serve: takes connections");
        let seats = Seats::new(limit, self.hub.counters().clone());
        // Whoever stops waiting for a server wants it gone.
        let _at_the_end = CutOnDrop(seats.clone());
        let http = Arc::new(Http::new(self.app, &self.config));
        let refusals = Refusals::default();
        tokio::select! {
            biased;
            () = self.asked_to_stop => {}
            () = accepting::run(self.listener, &seats, &http, &refusals) => {}
        }
        // The listener is closed by now: new clients reach whoever listens next.
        tracing::debug!(open = seats.taken(), "serve: drains");
        self.hub.shutdown(self.config.come_back_milliseconds());
        seats.order(Order::Drain);
        if timeout(self.config.drain, seats.all_free()).await.is_ok() {
            return Drained { cut: 0 };
        }
        let cut = seats.taken();
        tracing::warn!(cut, "serve: some requests did not end in time");
        seats.order(Order::Cut);
        // For what they hold to be dropped while the process is still there.
        let _ = timeout(CUTTING_TIME, seats.all_free()).await;
        Drained { cut }
    }
}

/// How long connections that were cut may take to notice.
const CUTTING_TIME: std::time::Duration = std::time::Duration::from_millis(200);

struct CutOnDrop(Arc<Seats>);

impl Drop for CutOnDrop {
    fn drop(&mut self) {
        self.0.order(Order::Cut);
    }
}

impl IntoFuture for Serve {
    type Output = Drained;
    type IntoFuture = BoxFuture<Drained>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl fmt::Debug for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve")
            .field("listener", &self.listener)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
