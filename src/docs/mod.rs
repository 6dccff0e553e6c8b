//! Long prose, whose code is compiled like any other.

#[doc = include_str!("architecture.md")]
pub mod architecture {}

#[doc = include_str!("events.md")]
pub mod events {}

#[doc = include_str!("guarantees.md")]
pub mod guarantees {}

#[doc = include_str!("style.md")]
pub mod style {}

#[doc = include_str!("changelog.md")]
pub mod changelog {}

#[doc = include_str!("parity.md")]
pub mod parity {}

#[doc = include_str!("testkit.md")]
pub mod testkit {}
