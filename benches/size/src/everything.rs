//! An app that uses every part of the library: each component, streams of every kind, sockets of every kind, raw markup.

use leptos::prelude::*;
use leptos_live::{
    Ack, ConnectionStatus, EventNames, Files, Gap, JsonEnvelope, LiveEvent, RequestError, Resumption,
    SseSource, SseSwap, SseTrigger, StreamRequest, SwapStyle, WsForm, WsSend, WsSource, WsSwap, attributes,
    reload_when_outdated, use_sse, use_ws,
};

pub(crate) fn live() -> impl IntoView {
    Effect::new(|| {
        reload_when_outdated();
        attributes::enable();
    });
    let state = RwSignal::new(0);
    view! {
        <SseSource
            connect="/news"
            pause_when_hidden=true
            on_open=move |()| state.set(1)
            on_message=move |event: LiveEvent| state.set(event.data.len())
            on_gap=move |_: Gap| state.set(2)
            on_resume=move |_: Resumption| state.set(3)
        >
            <ConnectionStatus/>
            <SseSwap event="headline">"nothing"</SseSwap>
            <SseSwap event=EventNames::any() swap=SwapStyle::OuterMorph/>
            <SseTrigger event="order" get="/totals" on_error=move |_: RequestError| state.set(4)/>
            {stop()}
        </SseSource>
        <SseSource connect="/ask" request=StreamRequest::post().body("question").finite() connect_on="click">
            <SseSwap/>
        </SseSource>
        <WsSource connect="/chat">
            <WsSwap id="room"/>
            <WsForm action="/chat/say" files=Files::base64(40_000) ack=Ack::within(1_000)>
                <input name="text"/>
            </WsForm>
            <WsSend trigger="click">"Send"</WsSend>
            {say()}
        </WsSource>
        <WsSource connect="/envelopes" codec=JsonEnvelope>
            "nothing"
        </WsSource>
        <p {..attributes::hx_sse("connect:/more swap:message")}>{state}</p>
    }
}

fn stop() -> impl IntoView {
    let stream = use_sse();
    view! { <button on:click=move |_| stream.close()>"Stop"</button> }
}

fn say() -> impl IntoView {
    let socket = use_ws();
    let say = move |_| {
        // Who is not connected is shown as such.
        let _ = socket.send_json(&["hello"]);
    };
    view! { <button on:click=say>"Say"</button> }
}
