//! For those who watch over the site: whether it lives, whether it is ready, and its numbers.
//!
//! On a site of your own, serve these where only your monitoring reads them.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{StatusCode, header};
use leptos_live::server::Hub;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use super::AppState;

/// The text form of Prometheus.
const TEXT_FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Where the buckets of histograms end.
const SECONDS: [f64; 9] = [0.000_1, 0.000_5, 0.002, 0.01, 0.05, 0.2, 1.0, 5.0, 20.0];
const EVENTS: [f64; 6] = [0.0, 1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// Begins to record.
///
/// # Errors
/// [`BuildError`] when something else records already.
pub(crate) fn record() -> Result<PrometheusHandle, BuildError> {
    let suffix = |suffix: &str| Matcher::Suffix(suffix.to_owned());
    PrometheusBuilder::new()
        .set_buckets_for_metric(suffix("_seconds"), &SECONDS)?
        .set_buckets_for_metric(suffix("_events"), &EVENTS)?
        .install_recorder()
}

/// Sorts samples into their buckets from time to time, also when nobody asks for them.
pub(crate) fn keep_up(meters: PrometheusHandle) {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            meters.run_upkeep();
        }
    });
}

/// `GET /live`, `GET /ready` and `GET /metrics`.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/live", get(async || "live"))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
}

async fn ready(State(hub): State<Hub>) -> impl IntoResponse {
    if hub.is_ready() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    }
}

async fn metrics(State(meters): State<PrometheusHandle>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, TEXT_FORM)], meters.render())
}
