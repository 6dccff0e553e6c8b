//! What a component may ask the server for while it renders.
//!
//! The trait stands here, between the layers, so that components read the hub's head without
//! importing the server.

use std::fmt;
use std::sync::Arc;

use super::Position;

/// What the page that is being rendered was rendered from.
///
/// ```
/// use std::sync::Arc;
/// use leptos::prelude::*;
/// use leptos_live::{Epoch, LiveRenderSource, Position, RenderSource};
///
/// /// What pages are rendered from in a test.
/// struct Fixed(Position);
///
/// impl RenderSource for Fixed {
///     fn head(&self) -> Position {
///         self.0
///     }
/// }
///
/// # Owner::new().with(|| {
/// let head = Position { epoch: Epoch(0xfeed), offset: 42 };
/// provide_context(LiveRenderSource(Arc::new(Fixed(head))));
/// # });
/// ```
pub trait RenderSource: Send + Sync {
    /// The hub's head as it was before any of the page's data was read.
    ///
    /// It is the same for the whole request: components render several times and out of order,
    /// and a later head would skip the events in between.
    fn head(&self) -> Position;
}

/// The [`RenderSource`] of a request, as provided in Leptos' context by `server::provide_live`, or as in the example there.
#[derive(Clone)]
pub struct LiveRenderSource(pub Arc<dyn RenderSource>);

impl LiveRenderSource {
    /// The head, for a stream at this address. A position of this hub means nothing to another host, and would stand in
    /// its logs.
    pub fn head_for(&self, url: &str) -> Option<Position> {
        let is_elsewhere = url.contains("://") || url.starts_with("//");
        (!is_elsewhere).then(|| self.0.head())
    }
}

impl fmt::Debug for LiveRenderSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiveRenderSource(head {})", self.0.head())
    }
}
