//! The text of a message from a form or an element, in the frame of one version of htmx.

use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::detail_fields::Fields;
use super::event_names::MESSAGE_HEADERS;
use crate::wire::FrameFormat;

/// What the hook left, as one text: the parameters with the headers (WSS-03, WSS-17, WSS-18, CON-05).
pub(crate) fn encode(format: FrameFormat, values: &Object, headers: &JsValue) -> JsValue {
    let message = Object::new();
    if format == FrameFormat::HeadersAndBody {
        message.unchecked_ref::<Fields>().set("body", values);
    } else {
        Object::assign(&message, values);
    }
    // WSS-23: htmx 4 has no value of that name, also without headers.
    if format == FrameFormat::FlatHeaders {
        let _ = Reflect::delete_property(&message, &JsValue::from_str(format.headers_key()));
    }
    if headers.is_truthy() {
        match format {
            FrameFormat::Flat => message.unchecked_ref::<Fields>().set(&MESSAGE_HEADERS, headers),
            FrameFormat::HeadersAndBody | FrameFormat::FlatHeaders => {
                message
                    .unchecked_ref::<Fields>()
                    .set(format.headers_key(), headers);
            }
        }
    }
    JSON::stringify(&message).map_or(JsValue::UNDEFINED, Into::into)
}
