//! Waiting while a page is rendered, as for a slow database. Only the server can; in the browser nothing is waited for.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::use_context;

/// Waits; provided by the server for each request.
#[derive(Clone)]
pub struct Slowness(pub Arc<Wait>);

/// A future that takes so long.
pub type Wait = dyn Fn(Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync;

impl fmt::Debug for Slowness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slowness")
    }
}

/// Takes so long on the server, and no time elsewhere.
pub fn wait(time: Duration) -> impl Future<Output = ()> + Send {
    let wait = use_context::<Slowness>().map(|Slowness(wait)| wait(time));
    async move {
        if let Some(wait) = wait {
            wait.await;
        }
    }
}
