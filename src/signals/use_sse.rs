//! `use_sse()`: opening and closing the stream around it by hand.

use std::rc::Rc;

use leptos::prelude::*;

use crate::browser::connection::state::ConnectionState;
use crate::browser::demand::Demanded;
use crate::browser::sse_source::SseSource;
use crate::components::live_context::{StreamContext, StreamState};

/// A handle on the stream of the `SseSource` around the calling component. Copies are handles on the same stream.
///
/// It may be made anywhere and kept; where there is no source, on the server, and before the page is live, it is inert: it
/// opens and closes nothing, and its state is [`ConnectionState::Idle`].
#[derive(Clone, Copy, Debug)]
pub struct SseHandle {
    stream: Option<StreamContext>,
    state: Signal<ConnectionState>,
}

/// The stream of the [`SseSource`](crate::SseSource) around the calling component.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, use_sse};
///
/// #[component]
/// fn StopButton() -> impl IntoView {
///     let stream = use_sse();
///     view! {
///         <button on:click=move |_| stream.close() disabled=move || !stream.state().get().is_open()>"Stop"</button>
///     }
/// }
///
/// #[component]
/// fn News() -> impl IntoView {
///     view! { <SseSource connect="/news"><StopButton/></SseSource> }
/// }
/// # fn main() {}
/// ```
pub fn use_sse() -> SseHandle {
    let state = use_context::<StreamState>();
    SseHandle {
        stream: use_context::<StreamContext>(),
        state: match state {
            Some(StreamState(known)) => known.into(),
            None => Signal::stored(ConnectionState::Idle),
        },
    }
}

impl SseHandle {
    /// Whether there is a source around, for what is used inside and outside of one. The same on the server and in the
    /// browser.
    pub fn has_source(&self) -> bool {
        self.stream.is_some()
    }

    /// The state of the connection, to be followed.
    pub fn state(&self) -> Signal<ConnectionState> {
        self.state
    }

    /// Connects as if the source's trigger had come: for the first time, again after it was closed or has ended, or at
    /// once where it waits to reconnect. A finite stream that runs is ended for the new one; any other goes on.
    ///
    /// While `connect_when` says no, or the source is paused, it waits for that; and where the server has asked for a pause,
    /// until that is over, which [`state`](Self::state) tells.
    pub fn open(&self) {
        if let Some(source) = self.source() {
            source.call();
        }
    }

    /// Closes the source's stream until it is opened again, which then goes on from where it was.
    pub fn close(&self) {
        if let Some(source) = self.source() {
            source.dismiss();
        }
    }

    fn source(&self) -> Option<Rc<SseSource>> {
        self.stream.and_then(StreamContext::source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::rendered;
    use crate::{SseSource, WsSource};

    #[component]
    fn Probe() -> impl IntoView {
        let stream = use_sse();
        stream.open();
        stream.close();
        view! { <i>{stream.state().get_untracked().as_str()} {stream.has_source()}</i> }
    }

    #[test]
    fn ssx_08_a_handle_is_inert_on_the_server() {
        let html = rendered(|| {
            view! {
                <Probe/>
                <SseSource connect="/a"><WsSource connect="/b"><Probe/></WsSource></SseSource>
            }
        });
        assert_eq!(
            html,
            concat!(
                "<i>idlefalse</i>",
                r#"<div hx-sse="connect:/a" data-state="idle"><div hx-ws="connect:/b" data-state="idle">"#,
                "<i>idletrue</i></div></div>"
            )
        );
    }
}
