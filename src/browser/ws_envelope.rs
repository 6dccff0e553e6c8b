//! The codec of htmx 4: JSON with HTML in it and a word on where that goes (WSM-15 to WSM-19).

use js_sys::{JsString, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::swap::{Plan, TitleRule, spec_of, swap, tell_lost};
use super::ws_codec::{ReadFrame, TextFrame, WsCodec};
use super::ws_source::WsSource;
use super::{diagnostics, json, markup, target, ws_acks};
use crate::grammar::{SelectOob, SwapStyle, Target};

/// Each frame is a JSON object with HTML in `content`, and if it likes `target`, `swap` and `select`; where they are
/// missing, the `hx-target`, `hx-swap`, `hx-select` and `hx-select-oob` of the source's own element hold (WSM-16, WSM-18).
///
/// Without a target nothing is overwritten: then only the parts of the content that name their own place are shown
/// (CON-04). JSON without `content` is data, which callbacks and events see (WSM-15). A frame that is no JSON is content
/// as a whole. Elements with an id are ordinary content unless they carry `hx-swap-oob` (WSM-20).
///
/// An envelope with the `request_id` of a message goes to the element that sent the message, if it waits for that
/// (WSM-21). One with a `position` that the source has seen already, as after a reconnection, is left out.
///
/// The elements that own the socket are not replaced (WSM-14).
///
/// DIFFERENCE: htmx 4 puts a frame without a target into the source's element (WSM-17), and takes `null`, `0`, `false`
/// and `""` for HTML (WSM-27). The attributes are the element's own, as in htmx 4; inherited ones may be meant for
/// something else.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{JsonEnvelope, SwapStyle, WsSource, WsSwap};
///
/// #[component]
/// fn Feed() -> impl IntoView {
///     view! {
///         <WsSource connect="/feed" codec=JsonEnvelope target="#feed" swap=SwapStyle::AfterBegin>
///             <WsSwap id="feed" tag="ol"/>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JsonEnvelope;

impl From<JsonEnvelope> for WsCodec {
    fn from(codec: JsonEnvelope) -> Self {
        Self::new(codec)
    }
}

impl ReadFrame for JsonEnvelope {
    fn read(&self, source: &WsSource, frame: &TextFrame<'_>) {
        let Some(text) = source.transformed(frame.text) else {
            return;
        };
        let envelope = Envelope::of(source.element(), &text);
        let position = envelope.text("position").and_then(|text| text.parse().ok());
        if position.is_some_and(|position| !source.is_new(position)) {
            return;
        }
        // Also an answer without content is one.
        let id = envelope
            .text("request_id")
            .or_else(|| envelope.text("HX-Request-ID"));
        let sender = id.and_then(|id| ws_acks::acknowledge(&id));
        let Some(content) = &envelope.content else {
            return;
        };
        if let Err(message) = envelope.place(content, source.element(), sender, frame) {
            tell_lost(source.element(), message);
        }
    }
}

/// A frame as it was read; nothing of it is copied out of JavaScript but the short fields.
struct Envelope {
    fields: JsValue,
    content: Option<JsString>,
}

impl Envelope {
    fn of(owner: &Element, text: &JsString) -> Self {
        // WSM-27: whatever can be read is JSON.
        let Some(fields) = json::parse(text) else {
            return Self {
                fields: JsValue::UNDEFINED,
                content: Some(text.clone()),
            };
        };
        let content = content(owner, &fields);
        Self { fields, content }
    }

    fn text(&self, name: &str) -> Option<String> {
        field(&self.fields, name)?.as_string()
    }

    fn place(
        &self,
        content: &JsString,
        owner: &Element,
        sender: Option<Element>,
        frame: &TextFrame<'_>,
    ) -> Result<(), String> {
        // WSM-21, WSM-22: the sender's own settings come first, and those of the source where it has none.
        let sender = sender.filter(|sender| sender.is_connected());
        let context = sender.as_ref().unwrap_or(owner);
        let own = |name: &str| {
            let of_sender = sender.as_ref().and_then(|sender| markup::own(sender, name));
            match of_sender {
                Some(text) => Some((text, context)),
                None => markup::own(owner, name).map(|text| (text, owner)),
            }
        };
        let named = |field: &str, attribute: &str| match self.text(field) {
            Some(text) => Some((text, context)),
            None => own(attribute),
        };
        let swap_text = named("swap", "hx-swap");
        let swap_text = swap_text.as_ref().map(|(text, _)| text.as_str());
        let spec = spec_of(swap_text).map_err(|error| format!("envelope: {error}"))?;
        let target = match &spec.target {
            Some(target) => Some(resolve(target, context)?),
            None => named("target", "hx-target")
                .map(|(text, from)| {
                    let target = text.parse().map_err(|error| format!("envelope: {error}"))?;
                    resolve(&target, from)
                })
                .transpose()?,
        };
        let select_oob = match own("hx-select-oob") {
            Some((text, _)) => text.parse().map_err(|error| format!("{error}"))?,
            None => SelectOob::default(),
        };
        let replaces = matches!(spec.style, SwapStyle::OuterHtml | SwapStyle::Delete);
        if replaces
            && target
                .as_ref()
                .is_some_and(|target| frame.owners.contains(target))
        {
            return Err(
                "envelope: expected a target inside the element that owns the socket, found itself"
                    .to_owned(),
            );
        }
        // What the envelope itself names is one place for all who share the socket.
        let is_first = frame.is_first_opened();
        if !is_first && self.text("target").is_some() {
            return Ok(());
        }
        let (target, spec) = match target {
            Some(target) => (target, spec),
            // CON-04: nothing of it has a place but the parts that find their own.
            None => (context.clone(), SwapStyle::None.into()),
        };
        let plan = Plan {
            context: context.clone(),
            target,
            spec,
            select: named("select", "hx-select").map(|(selector, _)| selector),
            select_oob,
            title: TitleRule::OnlyIf,
            with_parts: is_first,
            settled: Some(frame.settled.clone()),
        };
        swap(plan, content, || {});
        Ok(())
    }
}

fn resolve(target: &Target, from: &Element) -> Result<Element, String> {
    target::resolve(from, from, target).ok_or_else(|| {
        format!("envelope: expected an element of the page as target, found none for `{target}`")
    })
}

/// The HTML of an envelope; `payload` is its name in an older htmx.
fn content(owner: &Element, fields: &JsValue) -> Option<JsString> {
    let found = match field(fields, "content") {
        Some(content) => content,
        None => {
            let payload = field(fields, "payload")?;
            diagnostics::report(
                owner,
                "envelope: expected HTML in `content`, found it in `payload`, its old name",
            );
            payload
        }
    };
    let text = found.dyn_into::<JsString>();
    if text.is_err() {
        diagnostics::report(
            owner,
            "envelope: expected text in `content`, found something else",
        );
    }
    text.ok()
}

/// A field of an object; `None` where it is missing or there is no object.
fn field(fields: &JsValue, name: &str) -> Option<JsValue> {
    if !fields.is_object() {
        return None;
    }
    let value = Reflect::get(fields, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}
