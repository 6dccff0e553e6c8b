//! A form with every kind of field, sent over a socket and echoed as what the server has read.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SendError, WsForm, WsSend, WsSource, WsSwap};

use super::parameter;

/// `#echo` shows the values as JSON, and its `data-headers` the request headers. `?reset=1` empties the
/// form after each message.
#[component]
pub fn Form() -> impl IntoView {
    let reset = parameter("reset", "0") == "1";
    let error = RwSignal::new(None::<String>);
    view! {
        <h1>"Form"</h1>
        <WsSource connect="/testkit/ws" id="source">
            <ConnectionStatus/>
            <WsForm
                action="/testkit/answer"
                id="form"
                reset_on_send=reset
                on_error=move |found: SendError| error.set(Some(found.to_string()))
            >
                <Fields/>
                <button id="plain">"Send"</button>
                <button id="save" name="act" value="save">"Save"</button>
                <button id="draft" name="act" value="draft" formnovalidate=true>"Save as a draft"</button>
            </WsForm>
            <button id="outside" form="form" name="act" value="outside">"Send from outside"</button>
            <div id="container">
                <WsSend tag="div" id="holder" trigger="click">
                    <label>"In no form" <input name="loose" value="loose value"/></label>
                </WsSend>
                <WsSend id="single" vals=r#"{"text": "by value", "extra": ["1", "2"]}"#>"Send values"</WsSend>
            </div>
            <p>"Error: " <output id="error">{error}</output></p>
            <WsSwap id="echo">"no answer"</WsSwap>
            <WsSwap id="room"/>
        </WsSource>
    }
}

/// The fields.
#[component]
pub fn Fields() -> impl IntoView {
    view! {
        <input type="hidden" name="hidden" value="hidden value"/>
        <label>"Text" <input name="text" value="hello"/></label>
        <label>"Required" <input name="required" required value="given"/></label>
        <label>"Number" <input name="number" type="number" min="1" max="9" value="5"/></label>
        <label>"Date" <input name="date" type="date" value="2026-01-31"/></label>
        <label>"Long text" <textarea name="long">"one\ntwo"</textarea></label>
        <label>
            "One of three"
            <select name="one">
                <option value="a">"A"</option>
                <option value="b" selected=true>"B"</option>
                <option value="c">"C"</option>
            </select>
        </label>
        <label>
            "Some of three"
            <select name="some" multiple=true>
                <option value="a" selected=true>"A"</option>
                <option value="b">"B"</option>
                <option value="c" selected=true>"C"</option>
            </select>
        </label>
        <fieldset>
            <legend>"Boxes"</legend>
            <label><input type="checkbox" name="box" value="1" checked=true/>"1"</label>
            <label><input type="checkbox" name="box" value="2"/>"2"</label>
            <label><input type="checkbox" name="box" value="3" checked=true/>"3"</label>
            <label><input type="checkbox" name="alone"/>"alone"</label>
        </fieldset>
        <fieldset>
            <legend>"Radio"</legend>
            <label><input type="radio" name="radio" value="x"/>"x"</label>
            <label><input type="radio" name="radio" value="y" checked=true/>"y"</label>
        </fieldset>
        <label>"Disabled" <input name="disabled" value="never" disabled=true/></label>
        <label>"Without a name" <input value="never"/></label>
    }
}
