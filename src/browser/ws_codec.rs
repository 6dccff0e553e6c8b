//! What a source makes of the text frames of its socket (CON-03).
//!
//! A codec is given to its source as a value, so that an app links the ones that it names.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use js_sys::JsString;
use web_sys::Element;

use super::dom;
use super::swap::{WhenSettled, place_by_id, tell_lost};
use super::ws_source::WsSource;

/// How a source reads the text frames of its socket: [`HtmlById`] by default, `JsonEnvelope`, or `Typed` values.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{JsonEnvelope, WsSource};
///
/// #[component]
/// fn Log() -> impl IntoView {
///     view! { <WsSource connect="/log" codec=JsonEnvelope>"…"</WsSource> }
/// }
/// # fn main() {}
/// ```
#[derive(Clone)]
pub struct WsCodec(Arc<dyn ReadFrame>);

impl WsCodec {
    pub(crate) fn new(codec: impl ReadFrame + 'static) -> Self {
        Self(Arc::new(codec))
    }

    pub(crate) fn read(&self, source: &WsSource, frame: &TextFrame<'_>) {
        self.0.read(source, frame);
    }
}

impl Default for WsCodec {
    fn default() -> Self {
        HtmlById.into()
    }
}

impl fmt::Debug for WsCodec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WsCodec")
    }
}

/// The part of a codec that reads. It is a component's property, and so has to be one that servers can carry about.
pub(crate) trait ReadFrame: Send + Sync {
    /// Takes a frame that the source wants.
    fn read(&self, source: &WsSource, frame: &TextFrame<'_>);
}

/// A text frame on its way through the sources that share its socket.
#[derive(Debug)]
pub(crate) struct TextFrame<'a> {
    pub(crate) text: &'a JsString,
    /// The elements that own the socket.
    pub(crate) owners: &'a [Element],
    pub(crate) settled: &'a WhenSettled,
    is_placed_by_id: Cell<bool>,
    is_opened: Cell<bool>,
}

impl<'a> TextFrame<'a> {
    pub(crate) fn new(text: &'a JsString, owners: &'a [Element], settled: &'a WhenSettled) -> Self {
        Self {
            text,
            owners,
            settled,
            is_placed_by_id: Cell::default(),
            is_opened: Cell::default(),
        }
    }

    /// Whether nobody has placed the frame's elements by their ids yet; from now on somebody has. They have their places
    /// in the whole page, and a second time would append them twice (WSM-29).
    pub(crate) fn is_first_by_id(&self) -> bool {
        !self.is_placed_by_id.replace(true)
    }

    /// The same for what an envelope says by itself.
    pub(crate) fn is_first_opened(&self) -> bool {
        !self.is_opened.replace(true)
    }
}

/// Each frame is HTML, and each element at its top goes to the place that its `hx-swap-oob` names, or replaces the
/// element of the page with the same id (WSM-01, CON-22).
///
/// ```
/// use leptos_live::{HtmlById, WsCodec};
///
/// // What a source has unless its `codec` says otherwise.
/// let codec: WsCodec = HtmlById.into();
/// # let _ = codec;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HtmlById;

impl From<HtmlById> for WsCodec {
    fn from(codec: HtmlById) -> Self {
        Self::new(codec)
    }
}

impl ReadFrame for HtmlById {
    fn read(&self, source: &WsSource, frame: &TextFrame<'_>) {
        if frame.is_first_by_id()
            && let Some(html) = source.transformed(frame.text)
        {
            let placed = place_by_id(&html, frame.owners, Some(frame.settled));
            if placed.is_none() {
                tell_lost(source.element(), dom::REFUSED.to_owned());
            }
        }
    }
}
