//! Who asks, from where, and what they may do.
//!
//! A request becomes a [`Client`]; the app's [`Policy`] says what that client may read and publish, when it connects, each
//! time it comes back, and whenever a right is revoked. Which sites' pages may ask at all is settled before.
//!
//! Invariant: this folder delivers no events and answers no request. It decides; `endpoint` and `hub` act on it. Nothing in
//! it allows a write that the app has not allowed.

mod authorize;
mod client;
mod client_address;
mod client_limits;
mod config;
mod cookies;
mod cross_site;
mod decision;
mod origin;
mod policy;
mod publish_as;
mod same_origin;

pub use authorize::{Action, Authorize, DecisionFuture};
pub use client::{Client, UserId};
pub use client_address::{ForwardingHeader, InvalidNetwork, Network, TrustedProxies};
pub(crate) use client_limits::{ClientCounts, ClientGuard};
pub use config::AccessConfig;
pub use cookies::Cookies;
pub(crate) use cross_site::{check_handshake, check_stream};
pub use decision::{Decision, Denied};
pub use origin::{InvalidOrigin, Origin};
pub(crate) use policy::Asking;
pub use policy::Policy;
pub use same_origin::same_origin;
