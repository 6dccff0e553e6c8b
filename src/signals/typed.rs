//! Frames of a socket as values of a type (CON-03).

use std::fmt;

use leptos::prelude::*;
use serde::de::DeserializeOwned;

use crate::browser::diagnostics;
use crate::browser::dom_events::{Detail, dispatch_error};
use crate::browser::ws_codec::{ReadFrame, TextFrame, WsCodec};
use crate::browser::ws_source::WsSource;
use crate::components::calling::call;
use crate::wire::MalformedMessage;

/// The codec of a source whose text frames are JSON values of one Rust type, which its own events and `DataEvent`s can be.
///
/// Each frame is read on its own and handed on in order; nothing is put on the page. htmx has nothing like it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Typed, WsSource};
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Price { cents: u64 }
///
/// #[component]
/// fn Ticker() -> impl IntoView {
///     let price = RwSignal::new(None::<Price>);
///     view! {
///         <WsSource connect="/prices" codec=Typed::new(move |new: Price| price.set(Some(new)))>
///             <p>{move || price.get().map(|price| price.cents)}</p>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
pub struct Typed<T: 'static> {
    take: Callback<T>,
    malformed: Option<Callback<MalformedMessage>>,
}

impl<T: 'static> Typed<T> {
    /// Hands each value to a callback. A signal set in it keeps the newest one; whoever needs each of them must not rely
    /// on a signal, which tells only of the last one of several in a row.
    pub fn new(take: impl Fn(T) + Send + Sync + 'static) -> Self {
        Self {
            take: Callback::new(take),
            malformed: None,
        }
    }

    /// Tells of frames that are no such value; they are also reported and dispatched as `htmx:wsError`.
    pub fn on_malformed(self, told: impl Fn(MalformedMessage) + Send + Sync + 'static) -> Self {
        Self {
            malformed: Some(Callback::new(told)),
            ..self
        }
    }
}

impl<T: 'static> fmt::Debug for Typed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed").finish_non_exhaustive()
    }
}

impl<T: DeserializeOwned + 'static> From<Typed<T>> for WsCodec {
    fn from(codec: Typed<T>) -> Self {
        Self::new(codec)
    }
}

impl<T: DeserializeOwned + 'static> ReadFrame for Typed<T> {
    fn read(&self, source: &WsSource, frame: &TextFrame<'_>) {
        let Some(text) = source.transformed(frame.text) else {
            return;
        };
        // Here the frame is copied, as decoding needs it in wasm memory (decision 16).
        match serde_json::from_str(&String::from(text)) {
            Ok(value) => drop(call(self.take, value)),
            Err(error) => {
                let malformed = MalformedMessage {
                    kind: "typed frame",
                    expected: "JSON of the source's type",
                    found: error.to_string(),
                };
                diagnostics::report(source.element(), &malformed.to_string());
                let detail = Detail::new().with("error", malformed.to_string());
                dispatch_error(source.element(), "htmx:wsError", &detail);
                if let Some(told) = self.malformed {
                    let _ = call(told, malformed);
                }
            }
        }
    }
}
