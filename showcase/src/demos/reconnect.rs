//! What happens when a connection is lost: a stream that misses nothing, and a socket whose messages
//! wait.

use leptos::prelude::*;
use leptos_live::{
    ConnectionState, ConnectionStatus, SendError, SseSource, SseSwap, SwapStyle, WsForm, WsSource, WsSwap,
};
use leptos_router::hooks::use_query_map;

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::trim::{keep_first, keep_last};
use crate::visit::{socket, stream};

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/reconnect",
    title: "Reconnect",
    text: "Drop the connection, or be cut off for ten seconds: the numbers go on without a hole, and \
        what you send meanwhile waits until the socket is back.",
    mirrors: Some("ws-reconnect.html"),
    group: Group::Sockets,
};

const NUMBERS: &str = "numbers";
const RECEIPTS: &str = "receipts";

/// A number of the sequence.
pub fn count(number: u64) -> impl IntoView {
    view! { <li data-seq=number>{number}</li> }
}

/// The socket's answer to a note, as the element that a frame brings.
pub fn receipt(text: &str, time: &str) -> impl IntoView + use<> {
    let (text, time) = (text.to_owned(), time.to_owned());
    view! {
        <ol id="receipts" hx-swap-oob="afterbegin">
            <li>
                <span>{text}</span>
                " "
                <time>{time}</time>
            </li>
        </ol>
    }
}

/// The page.
#[component]
pub fn Reconnect() -> impl IntoView {
    let meter = Meter::default();
    let refused = RwSignal::new(None::<String>);
    let posted = use_query_map().read_untracked().get("note");
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("reconnect.rs") with_outage=true>
            <div class="boxes">
                <SseSource
                    connect=stream("count")
                    class="box"
                    on_open=meter.opened()
                    on_message=meter.event()
                    on_gap=meter.gap()
                >
                    <h2>"A number a second"</h2>
                    <ConnectionStatus class="state" label=in_detail/>
                    <SseSwap
                        tag="ol"
                        id=NUMBERS
                        class="numbers"
                        event="n"
                        swap=SwapStyle::BeforeEnd
                        on_after_swap=|_| keep_last(NUMBERS, 40)
                    />
                </SseSource>
                <WsSource
                    connect=socket("notes")
                    class="box"
                    on_open=meter.opened()
                    on_message=move |frame: String| {
                        meter.frame().run(frame);
                        keep_first(RECEIPTS, 20);
                    }
                >
                    <h2>"A note to the server"</h2>
                    <ConnectionStatus class="state" label=in_detail/>
                    <WsForm
                        action="/reconnect"
                        reset_on_send=true
                        on_error=move |error: SendError| refused.set(Some(error.to_string()))
                    >
                        <label>
                            "Note"
                            <textarea name="note" rows="2" required maxlength="500"></textarea>
                        </label>
                        <button>"Send"</button>
                    </WsForm>
                    <p role="status">{refused}</p>
                    <WsSwap id=RECEIPTS tag="ol" class="receipts">
                        {posted.map(|note| view! { <li>{note}</li> })}
                    </WsSwap>
                </WsSource>
            </div>
        </DemoFrame>
    }
}

/// The state with the numbers that the policy works with.
fn in_detail(state: ConnectionState) -> String {
    match state {
        ConnectionState::Open => "live".to_owned(),
        ConnectionState::Reconnecting { attempt, delay: 0 } => format!("attempt {attempt}: trying now"),
        ConnectionState::Reconnecting { attempt, delay } => {
            format!("attempt {attempt}: waiting {delay} ms")
        }
        ConnectionState::Closed { reason } => format!("closed: {reason}"),
        state => state.as_str().to_owned(),
    }
}
