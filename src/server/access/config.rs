//! The settings of access, all with defaults that are safe to run with.

use std::time::Duration;

use super::{Cookies, Origin, Policy, TrustedProxies};

/// Who may come in and what they may do; part of [`HubConfig`](crate::server::HubConfig).
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{AccessConfig, Action, Client, Cookies, Decision, Hub, HubConfig, Policy};
///
/// let hub = Hub::new(HubConfig {
///     access: AccessConfig {
///         cookies: Cookies::Authenticate,
///         policy: Policy::new(|client: &Client, _: Action, _: &Topic| match client.user() {
///             Some(_) => Decision::Allowed,
///             None => Decision::Unauthenticated,
///         }),
///         ..AccessConfig::default()
///     },
///     ..HubConfig::default()
/// });
/// # let _ = hub;
/// ```
#[derive(Clone, Debug)]
pub struct AccessConfig {
    /// Who may read and publish what; by default handlers decide what is read, and clients publish nothing.
    pub policy: Policy,
    /// How long the policy may take; 10 seconds. Later, it has refused (503, on sockets the close code 1013).
    pub policy_timeout: Duration,
    /// What cookies mean; requests that carry any are refused until it is said.
    pub cookies: Cookies,
    /// Origins that count as this site's own besides the one that the `Host` header names. Needed where a proxy changes
    /// `Host`.
    pub public_origins: Vec<Origin>,
    /// Whether a socket's handshake without an `Origin` header is accepted; not by default. Browsers always send one, so this
    /// lets in programs, and only matters where cookies authenticate.
    pub allow_missing_origin: bool,
    /// The proxies whose word for a client's address is taken; none by default.
    pub trusted_proxies: TrustedProxies,
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            policy_timeout: Duration::from_secs(10),
            cookies: Cookies::default(),
            public_origins: Vec::new(),
            allow_missing_origin: false,
            trusted_proxies: TrustedProxies::default(),
        }
    }
}
