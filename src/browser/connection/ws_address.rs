//! Where a socket is and how to ask for it.

/// What the binary frames of a socket are to scripts (CFG-02).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{BinaryKind, WsSource};
///
/// #[component]
/// fn Board() -> impl IntoView {
///     view! { <WsSource connect="/board" binary_type=BinaryKind::ArrayBuffer>"…"</WsSource> }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BinaryKind {
    /// A `Blob`, as in htmx by default (WSC-10).
    #[default]
    Blob,
    /// An `ArrayBuffer`.
    ArrayBuffer,
}

/// Where a socket is and how to ask for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SocketAddress {
    /// As written; a path takes the page's host (WSC-05).
    pub(crate) url: String,
    /// Sub-protocols to offer (WSC-10).
    pub(crate) protocols: Vec<String>,
    /// Whether to keep this connection to oneself.
    pub(crate) private: bool,
    pub(crate) binary: BinaryKind,
}

impl SocketAddress {
    /// What two addresses have in common if one socket serves both.
    pub(crate) fn sharing_key(&self) -> String {
        let binary = match self.binary {
            BinaryKind::Blob => "",
            BinaryKind::ArrayBuffer => "arraybuffer",
        };
        format!("{} {binary} {}", self.protocols.join(","), self.url)
    }
}
