//! One of every component, each found by a `data-testid`.

use leptos::prelude::*;
use leptos_live::{
    CloseReason, ConnectionStatus, LiveEvent, SseSource, SseSwap, SseTrigger, SwapStyle, WsForm, WsSend,
    WsSource, WsSwap,
};

use super::{parameter, sse};
use crate::meter::{Meter, MeterView};

/// All components, on the topic `?topic=`. A swap of the data `veto` is refused by the page.
#[component]
pub fn Components() -> impl IntoView {
    let topic = parameter("topic", "components");
    let meter = Meter::default();
    let told = Told::default();
    view! {
        <h1>"Components"</h1>
        <SseSource
            connect=sse(&topic)
            class="source"
            on_open=meter.opened()
            on_message=meter.event()
            on_gap=meter.gap()
            on_error=move |()| told.errors.update(|count| *count += 1)
            on_close=move |reason: CloseReason| told.closed.set(Some(reason.to_string()))
            {..}
            data-testid="sse-source"
        >
            <ConnectionStatus {..} data-testid="connection-status"/>
            <SseSwap
                event=["message", "also"]
                on_before_swap=|event: LiveEvent| event.data != "veto"
                on_after_swap=move |event: LiveEvent| told.swapped.set(Some(event.data))
                {..}
                data-testid="sse-swap"
            >
                <p>"first content"</p>
            </SseSwap>
            <table>
                <caption>"A table"</caption>
                <thead>
                    <tr>
                        <th>"Row"</th>
                    </tr>
                </thead>
                <SseSwap
                    tag="tbody"
                    swap=SwapStyle::BeforeEnd
                    event="row"
                    {..}
                    data-testid="sse-swap-rows"
                >
                    <tr>
                        <td>"first row"</td>
                    </tr>
                </SseSwap>
            </table>
            <SseTrigger
                event="fetch"
                get="/testkit/answer"
                on_trigger=move |_: LiveEvent| told.triggered.update(|count| *count += 1)
                on_after_swap=move |()| told.answered.update(|count| *count += 1)
                {..}
                data-testid="sse-trigger"
            >
                "nothing fetched"
            </SseTrigger>
            <SseTrigger
                event="store"
                post="/testkit/answer"
                swap=SwapStyle::BeforeEnd
                target="#stored"
                {..}
                data-testid="sse-trigger-post"
            />
            <div id="stored" inner_html=""></div>
        </SseSource>
        <WsSource connect="/testkit/ws" class="source" {..} data-testid="ws-source">
            <ConnectionStatus {..} data-testid="ws-status"/>
            <WsSwap id="echo" {..} data-testid="ws-swap">
                "no answer"
            </WsSwap>
            <WsSwap id="room" {..} data-testid="ws-room"/>
            <WsForm action="/testkit/answer" {..} data-testid="ws-form">
                <label>"Text" <input name="text"/></label>
                <button>"Send"</button>
            </WsForm>
            <WsSend vals=r#"{"text": "from a button"}"# {..} data-testid="ws-send">
                "Send a value"
            </WsSend>
        </WsSource>
        <MeterView meter/>
        {told.view()}
    }
}

/// What the callbacks have said.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    errors: RwSignal<u32>,
    closed: RwSignal<Option<String>>,
    swapped: RwSignal<Option<String>>,
    triggered: RwSignal<u32>,
    answered: RwSignal<u32>,
}

impl Told {
    fn view(self) -> impl IntoView {
        view! {
            <dl>
                <dt>"on_error"</dt>
                <dd data-testid="on-error">{self.errors}</dd>
                <dt>"on_close"</dt>
                <dd data-testid="on-close">{self.closed}</dd>
                <dt>"on_after_swap"</dt>
                <dd data-testid="on-after-swap">{self.swapped}</dd>
                <dt>"on_trigger"</dt>
                <dd data-testid="on-trigger">{self.triggered}</dd>
                <dt>"on_after_swap of a trigger"</dt>
                <dd data-testid="on-answer">{self.answered}</dd>
            </dl>
        }
    }
}
