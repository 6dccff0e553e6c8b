//! Showcase.
