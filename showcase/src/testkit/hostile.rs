//! Components whose properties are text that means harm.

use leptos::prelude::*;
use leptos_live::{
    ConnectionStatus, JsonEnvelope, SseSource, SseSwap, SseTrigger, SwapStyle, WsForm, WsSend, WsSource,
    WsSwap,
};

use super::{parameter, sse};

/// `?text=` in every property that takes text. `#shown` appends the messages of `?topic=`, and what is published under the
/// name of the text.
#[component]
pub fn Hostile() -> impl IntoView {
    let topic = parameter("topic", "hostile");
    let given = StoredValue::new(parameter("text", "harmless"));
    let text = move || given.get_value();
    view! {
        <h1>"Hostile"</h1>
        <p id="given" title=text()>{text()}</p>
        <SseSource connect=sse(&topic) id="source" class=text()>
            <ConnectionStatus class=text()/>
            <SseSwap id="shown" event=["message".to_owned(), text()] swap=SwapStyle::BeforeEnd class=text()/>
            <SseSwap event=text() target=text() select=text() class=text() id=text()/>
            <SseTrigger event=text() get="/testkit/answer" target=text() include=text() class=text()>
                {text()}
            </SseTrigger>
            <SseTrigger trigger=text() get="/testkit/answer">"x"</SseTrigger>
        </SseSource>
        <WsSource connect="/testkit/ws" id="socket" class=text()>
            <WsSwap id="echo">"no answer"</WsSwap>
            <WsSwap id="room"/>
            <WsForm action="/testkit/answer" id="form" class=text()>
                <label>"Text" <input name="text" value=text()/></label>
                <button id="plain">"Send"</button>
            </WsForm>
            <WsForm action="/testkit/answer" id="hostile-form" vals=text() headers=text() include=text() trigger=text()>
                <label>"Text" <input name="text" value=text()/></label>
            </WsForm>
            <WsSend vals=text() headers=text() include=text() id="hostile-send">
                {text()}
            </WsSend>
        </WsSource>
        <WsSource connect="/testkit/envelopes" codec=JsonEnvelope id="envelopes">
            <WsSwap id="enveloped">"no envelope"</WsSwap>
        </WsSource>
    }
}
