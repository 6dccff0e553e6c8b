//! Long prose, whose code is compiled like any other.

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("connections.md")]
pub mod connections {}

#[doc = include_str!("events.md")]
pub mod events {}

// It links to the server's items, which the browser's half does not have.
#[doc = include_str!("operations.md")]
pub mod operations {}

#[doc = include_str!("style.md")]
pub mod style {}

#[doc = include_str!("changelog.md")]
pub mod changelog {}

#[doc = include_str!("guarantees.md")]
pub mod guarantees {}

#[doc = include_str!("parity.md")]
pub mod parity {}

#[doc = include_str!("testkit.md")]
pub mod testkit {}
