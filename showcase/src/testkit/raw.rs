//! Raw htmx markup, made by no component and made live by `attributes::enable` or `attributes::process`.

use leptos::prelude::*;
use leptos_live::attributes;

use super::{parameter, sse};

/// The spelling of htmx 1.9: a stream with two consumers and a trigger, and a socket with a form.
/// `?topic=` is the stream's topic.
#[component]
pub fn Raw() -> impl IntoView {
    // The address is percent-encoded, so it cannot leave its attribute.
    let address = sse(&parameter("topic", "raw"));
    let markup = format!(
        r##"<div id="source" hx-sse="connect:{address} swap:whole">
    <p id="whole">nothing whole</p>
</div>
<div id="parent" hx-sse="connect:{address}">
    <p id="swap" hx-sse="swap:message">nothing yet</p>
    <ol id="list" hx-sse="swap:item" hx-swap="beforeend"></ol>
    <p id="fetched" hx-get="/testkit/answer" hx-trigger="sse:fetch">nothing fetched</p>
</div>
<div id="socket" hx-ws="connect:/testkit/ws">
    <form id="form" hx-ws="send">
        <label>Text <input name="text"></label>
        <button name="button" value="clicked">Send</button>
    </form>
    <div id="echo">no answer</div>
    <div id="room"></div>
</div>
<button id="ask" hx-get="/testkit/answer" hx-target="#asked">Ask</button>
<div id="asked">nothing asked</div>"##
    );
    let raw = NodeRef::<leptos::html::Div>::new();
    // What the server has rendered is live by `enable`; this is for a page that is built in the browser.
    Effect::new(move || {
        if let Some(raw) = raw.get() {
            attributes::process(&raw);
        }
    });
    view! {
        <h1>"Raw markup"</h1>
        <div id="raw" node_ref=raw inner_html=markup></div>
    }
}
