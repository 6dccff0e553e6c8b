//! What an app says that its cookies mean.

/// Whether cookies say who a visitor is. A browser sends them whatever site's page makes the request, so this decides which
/// pages' requests may be trusted; the app has to say it, as nobody else can know.
///
/// ```
/// use leptos_live::server::{AccessConfig, Cookies, Hub, HubConfig};
///
/// let access = AccessConfig { cookies: Cookies::Authenticate, ..AccessConfig::default() };
/// let hub = Hub::new(HubConfig { access, ..HubConfig::default() });
/// # let _ = hub;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cookies {
    /// The app has not said. Streams, sockets and posts with cookies are refused with 403, and the refusal says so.
    #[default]
    Undeclared,
    /// They identify visitors: requests that carry them are taken from pages of this site only.
    Authenticate,
    /// Nothing depends on them, they are an analytics script's for example. They are kept from handlers and policies.
    Ignored,
}
