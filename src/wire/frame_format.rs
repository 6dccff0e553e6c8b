//! How a message from a form is laid out in a frame (CON-05).

/// The frames that versions of htmx send, for servers that were written for one of them.
///
/// This crate's own server reads all three.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{FrameFormat, WsSource};
///
/// #[component]
/// fn Chat() -> impl IntoView {
///     view! { <WsSource connect="/chat" format=FrameFormat::FlatHeaders>"…"</WsSource> }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FrameFormat {
    /// `{…values, "HEADERS": {…}}`, as htmx 1.9 and 2 send it (WSS-03).
    #[default]
    Flat,
    /// `{"headers": {…}, "body": {…values}}`, as the betas of htmx 4 send it (WSS-23).
    HeadersAndBody,
    /// `{…values, "headers": {…}}`, as htmx 4 sends it (WSS-23).
    FlatHeaders,
}

impl FrameFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Flat, Self::HeadersAndBody, Self::FlatHeaders];

    /// The name under which the headers stand.
    pub(crate) fn headers_key(self) -> &'static str {
        match self {
            Self::Flat => "HEADERS",
            Self::HeadersAndBody | Self::FlatHeaders => "headers",
        }
    }

    /// Whether elements are named as htmx 4 does it: `HX-Source` and `HX-Target` as `tag#id`.
    pub(crate) fn is_of_htmx_4(self) -> bool {
        self != Self::Flat
    }
}
