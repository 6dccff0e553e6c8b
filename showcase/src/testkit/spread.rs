//! Attributes that are spread on elements of a view: rendered on the server, and live once the page is hydrated.

use leptos::prelude::*;
use leptos_live::SwapStyle;
use leptos_live::attributes::{
    hx_get, hx_sse, hx_swap, hx_target, hx_trigger, sse_connect, sse_swap, ws_connect, ws_send,
};

use super::{parameter, sse};

/// Both spellings, beside attributes of the view's own. `?topic=` is the streams' topic.
#[component]
pub fn Spread() -> impl IntoView {
    let address = sse(&parameter("topic", "spread"));
    let connect = format!("connect:{address} swap:whole");
    view! {
        <h1>"Spread attributes"</h1>
        <p id="both" class="kept" {..hx_sse(connect)}>"nothing whole"</p>
        <div id="parent" {..sse_connect(address)}>
            <ol id="list" {..sse_swap("item, line")} {..hx_swap(SwapStyle::BeforeEnd)}></ol>
            <p {..hx_get("/testkit/answer")} {..hx_trigger("sse:fetch")} {..hx_target("#fetched")}></p>
            <p id="fetched">"nothing fetched"</p>
        </div>
        <div id="socket" {..ws_connect("/testkit/ws")}>
            <form id="form" {..ws_send()} action="/testkit/form" method="post">
                <label>"Text " <input name="text"/></label>
                <button>"Send"</button>
            </form>
            <div id="echo">"no answer"</div>
            <div id="room"></div>
        </div>
    }
}
