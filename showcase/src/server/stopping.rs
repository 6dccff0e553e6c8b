//! The process itself: its log, and when it is asked to stop.

use tokio::signal;
use tracing::level_filters::LevelFilter;

/// Writes the log to standard error, from `RUST_LOG` (a level such as `debug`) or else `info` up.
pub(crate) fn start_log() {
    let level = std::env::var("RUST_LOG")
        .ok()
        .and_then(|level| level.parse().ok());
    tracing_subscriber::fmt()
        .with_max_level(level.unwrap_or(LevelFilter::INFO))
        .with_writer(std::io::stderr)
        .init();
}

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn asked_to() {
    let interrupt = async {
        if signal::ctrl_c().await.is_err() {
            // Without the signal there is only the other way.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = interrupt => {}
        () = terminate() => {}
    }
}

#[cfg(unix)]
async fn terminate() {
    match signal::unix::signal(signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            terminated.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "SIGTERM will not be noticed");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}
