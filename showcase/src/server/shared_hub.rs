//! The site's hub: in memory, or on the engine that the environment names, so that several processes are one site.

use std::env;
use std::error::Error;

use leptos_live::server::{Hub, HubConfig};

/// The variable with the address of the engine.
const BROKER: &str = "LEPTOS_LIVE_BROKER";

/// The hub.
///
/// # Errors
/// An engine that does not answer, or one for which this program was not built.
pub(crate) async fn connect(config: HubConfig) -> Result<Hub, Box<dyn Error>> {
    let url = env::var(BROKER).unwrap_or_default();
    if url.is_empty() {
        return Ok(Hub::new(config));
    }
    #[cfg(feature = "redis")]
    if url.starts_with("redis:") {
        use leptos_live::server::{RedisBroker, RedisConfig};
        let broker = RedisBroker::connect(RedisConfig::new(url)).await?;
        return Ok(Hub::with_broker(config, broker));
    }
    #[cfg(feature = "nats")]
    if url.starts_with("nats:") {
        use leptos_live::server::{NatsBroker, NatsConfig};
        let broker = NatsBroker::connect(NatsConfig::new(url)).await?;
        return Ok(Hub::with_broker(config, broker));
    }
    let expected = "`redis://…` and the feature `redis`, or `nats://…` and the feature `nats`";
    Err(
        format!("{BROKER}: expected {expected}, found another address or a program without that feature")
            .into(),
    )
}

/// Whether this process feeds the site: of several on one engine, one does.
pub(crate) fn is_fed_here() -> bool {
    !env::var("LEPTOS_LIVE_FEEDS").is_ok_and(|value| value == "0")
}
