//! The showcase's server: renders the pages, and feeds and serves the streams that they show.

mod server;

use std::error::Error;
use std::time::Duration;

use axum::serve::ListenerExt;
use leptos::config::get_configuration;
use leptos_live::server::Hub;
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use server::{AppState, feeds, health, machine, market, routes, stopping};
use showcase::outages::Outages;

/// Readers of a server that stops come back after a time between this and twice this.
const COME_BACK_MS: u32 = 500;

/// How long open requests may take to end once the server was asked to stop.
const LAST_ORDERS: Duration = Duration::from_millis(1_500);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    stopping::start_log();
    // Before the hub, which asks for its meters when it is made.
    let meters = health::record()?;
    let options = get_configuration(None)?.leptos_options;
    let address = options.site_addr;
    let state = AppState {
        options,
        hub: Hub::default(),
        meters: meters.clone(),
        outages: Outages::default(),
    };
    health::keep_up(meters.clone());
    let hub = state.hub.clone();
    feeds::start(&hub)?;
    machine::start(&hub)?;
    market::start(&hub)?;
    let app = routes::router(state)?;

    // Events are small and must not wait for the next one to fill a packet.
    let listener = TcpListener::bind(address).await?.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    tracing::info!("listening on http://{address}");

    let (stopped, wait) = tokio::sync::oneshot::channel::<()>();
    let served = axum::serve(listener, app).with_graceful_shutdown({
        let hub = hub.clone();
        async move {
            stopping::asked_to().await;
            tracing::info!("stopping");
            // An open stream never ends by itself.
            hub.shutdown(COME_BACK_MS);
            let _ = stopped.send(());
        }
    });
    tokio::select! {
        ended = served => ended?,
        () = async { let _ = wait.await; sleep(LAST_ORDERS).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    // Sockets are no requests any more, so nothing above has waited for their good-byes.
    let silent = async {
        while hub.stats().ws_connections > 0 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    if timeout(Duration::from_millis(300), silent).await.is_err() {
        tracing::debug!("some sockets did not say good-bye");
    }
    Ok(())
}
