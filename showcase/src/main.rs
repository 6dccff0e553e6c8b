//! The showcase's server: renders the pages, and feeds and serves the streams that they show.

mod server;

use std::error::Error;
use std::time::Duration;

use leptos::config::get_configuration;
use leptos_live::server::{ServeConfig, serve};
use tokio::net::TcpListener;

use server::private::Revoked;
use server::{AppState, feeds, health, hits, machine, market, routes, settings, shared_hub, stopping};
use showcase::outages::Outages;

/// How long open requests may take to end once the server was asked to stop. Whoever develops does not like to wait.
const LAST_ORDERS: Duration = Duration::from_millis(1_500);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    stopping::start_log();
    // Before the hub, which asks for its meters when it is made.
    let meters = health::record()?;
    let options = get_configuration(None)?.leptos_options;
    let address = options.site_addr;
    let revoked = Revoked::default();
    let state = AppState {
        options,
        hub: shared_hub::connect(settings::hub(revoked.policy())?).await?,
        meters: meters.clone(),
        outages: Outages::default(),
        revoked,
    };
    health::keep_up(meters.clone());
    let hub = state.hub.clone();
    feeds::start(&hub)?;
    machine::start(&hub)?;
    market::start(&hub)?;
    hits::start(&hub)?;
    let app = routes::router(state)?;

    let listener = TcpListener::bind(address).await?;
    tracing::info!("listening on http://{address}");
    serve(listener, app, &hub)
        .config(ServeConfig {
            drain: LAST_ORDERS,
            ..ServeConfig::default()
        })
        .with_graceful_shutdown(async {
            stopping::asked_to().await;
            tracing::info!("stopping");
        })
        .await;
    Ok(())
}
