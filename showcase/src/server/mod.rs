//! What runs on the server only: feeds that publish, endpoints that stream, and the requests besides.
//!
//! Invariant: publishes views that the demos define, and knows no component.

pub(crate) mod answers;
pub(crate) mod cards;
pub(crate) mod clock;
pub(crate) mod data;
pub(crate) mod dice;
pub(crate) mod feeds;
pub(crate) mod health;
pub(crate) mod hits;
pub(crate) mod hostile_text;
pub(crate) mod machine;
pub(crate) mod market;
pub(crate) mod page_context;
pub(crate) mod page_policy;
pub(crate) mod posts;
pub(crate) mod private;
pub(crate) mod request_log;
pub(crate) mod routes;
pub(crate) mod settings;
pub(crate) mod shared_hub;
pub(crate) mod sockets;
pub(crate) mod stopping;
pub(crate) mod streams;
pub(crate) mod testkit;

use axum::extract::FromRef;
use leptos::config::LeptosOptions;
use leptos_live::server::{Fragment, Hub};
use leptos_live::{EventName, Topic};
use metrics_exporter_prometheus::PrometheusHandle;
use showcase::outages::Outages;

/// What the handlers share.
#[derive(Clone, Debug)]
pub(crate) struct AppState {
    pub(crate) options: LeptosOptions,
    pub(crate) hub: Hub,
    pub(crate) outages: Outages,
    pub(crate) revoked: private::Revoked,
    pub(crate) meters: PrometheusHandle,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}

impl FromRef<AppState> for Hub {
    fn from_ref(state: &AppState) -> Self {
        state.hub.clone()
    }
}

impl FromRef<AppState> for Outages {
    fn from_ref(state: &AppState) -> Self {
        state.outages.clone()
    }
}

impl FromRef<AppState> for private::Revoked {
    fn from_ref(state: &AppState) -> Self {
        state.revoked.clone()
    }
}

impl FromRef<AppState> for PrometheusHandle {
    fn from_ref(state: &AppState) -> Self {
        state.meters.clone()
    }
}

/// Publishes, or says in the log why not: nobody waits for what a feed could not tell.
pub(crate) async fn publish(hub: &Hub, topic: &Topic, event: &EventName, fragment: Fragment) {
    if let Err(error) = hub.publish(topic, event, fragment).await {
        tracing::warn!(%topic, %event, %error, "not published");
    }
}
