//! `use_sse()`: opening and closing the stream around it by hand.

use leptos::prelude::*;

use crate::browser::connection::state::ConnectionState;
use crate::browser::demand::Demanded;
use crate::components::live_context::{StreamContext, StreamState};

/// The source around the present component, to be opened and closed by hand; see [`use_sse`].
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::use_sse;
///
/// /// Nothing outside of a source.
/// fn again_button() -> Option<impl IntoView> {
///     let stream = use_sse()?;
///     let is_open = move || stream.state().get().is_open();
///     Some(view! { <button on:click=move |_| stream.open() disabled=is_open>"Connect"</button> })
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug)]
pub struct SseHandle {
    stream: StreamContext,
    state: RwSignal<ConnectionState>,
}

impl SseHandle {
    /// Connects as if the source's trigger had come: for the first time, again after it was closed or has ended, or at
    /// once where it waits to reconnect. A finite stream that runs is ended for the new one; any other goes on.
    ///
    /// While `connect_when` says no, or the source is paused, it waits for that; and where the server has asked for a pause,
    /// until that is over, which [`state`](Self::state) tells. Does nothing on the server.
    pub fn open(self) {
        if let Some(source) = self.stream.source() {
            source.call();
        }
    }

    /// Closes the source's stream until it is opened again, which then goes on from where it was. Does nothing on the
    /// server.
    pub fn close(self) {
        if let Some(source) = self.stream.source() {
            source.dismiss();
        }
    }

    /// The state of the source.
    pub fn state(self) -> Signal<ConnectionState> {
        self.state.into()
    }
}

/// The [`SseSource`](crate::SseSource) around the present component; `None` outside of one.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, use_sse};
///
/// fn stop_button() -> impl IntoView {
///     let stream = use_sse();
///     let stop = move |_| {
///         if let Some(stream) = stream {
///             stream.close();
///         }
///     };
///     view! { <button on:click=stop>"Stop"</button> }
/// }
///
/// fn news() -> impl IntoView {
///     view! { <SseSource connect="/news">{stop_button()}</SseSource> }
/// }
/// # fn main() {}
/// ```
pub fn use_sse() -> Option<SseHandle> {
    let StreamState(state) = use_context()?;
    Some(SseHandle {
        stream: use_context()?,
        state,
    })
}
