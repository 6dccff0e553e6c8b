//! An answer whose body is an event stream, read by ourselves: for requests that `EventSource` cannot make.
//!
//! Here each message is copied into wasm memory and out again, which an `EventSource` spares. What comes out looks the
//! same: a `MessageEvent` with data, name, id and origin, so nobody behind this file knows the difference.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MessageEvent, MessageEventInit, ReadableStreamDefaultReader, ReadableStreamReadResult, Response, Url,
};

use super::dom_events::Detail;
use super::fetch::words;
use super::page;
use crate::wire::{SseDecoder, SseMessage};

/// The `Accept` header of a request for a stream.
pub(crate) const MEDIA_TYPE: &str = "text/event-stream";

/// What an answer says that it is; empty where it does not say.
pub(crate) fn content_type(response: &Response) -> String {
    let found = response.headers().get("Content-Type").ok().flatten();
    found.unwrap_or_default()
}

/// Reads the messages of an answer as they arrive.
#[derive(Debug)]
pub(crate) struct EventReader {
    /// `None` where the answer has no body, which is an empty stream.
    reader: Option<ReadableStreamDefaultReader>,
    decoder: SseDecoder,
    origin: String,
}

impl EventReader {
    /// A reader of a stream that goes on after this id; it is empty where the stream begins.
    pub(crate) fn of(response: &Response, last_event_id: &str) -> Self {
        Self {
            // A reader of the default kind, as no other was asked for.
            reader: response.body().map(|body| body.get_reader().unchecked_into()),
            decoder: SseDecoder::resuming_at(last_event_id),
            origin: origin_of(&response.url()),
        }
    }

    /// The messages that are complete with the next bytes; `None` at the end.
    ///
    /// # Errors
    /// The browser's own words when the connection broke or was aborted.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<SseMessage>>, String> {
        let Some(reader) = &self.reader else {
            return Ok(None);
        };
        let read = JsFuture::from(reader.read()).await.map_err(words)?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done() == Some(true) {
            return Ok(None);
        }
        let bytes = Uint8Array::new(&read.get_value()).to_vec();
        Ok(Some(self.decoder.push(&bytes)))
    }

    /// Of a message that was left out, the reason; each is told once.
    pub(crate) fn take_error(&mut self) -> Option<String> {
        self.decoder.take_error().map(|error| error.to_string())
    }

    /// What the stream has said of itself besides its messages.
    pub(crate) fn decoder(&self) -> &SseDecoder {
        &self.decoder
    }

    /// The event that an `EventSource` would dispatch; `None` only where the browser has no such events.
    pub(crate) fn event(&self, message: &SseMessage) -> Option<MessageEvent> {
        let init = MessageEventInit::new();
        init.set_data(&JsValue::from_str(&message.data));
        init.set_last_event_id(&message.last_event_id);
        init.set_origin(&self.origin);
        MessageEvent::new_with_event_init_dict(&message.event, &init).ok()
    }
}

/// The origin of an answer; that of the page, where the answer does not say.
fn origin_of(url: &str) -> String {
    let own = || page::window().and_then(|window| window.location().origin().ok());
    let origin = Url::new(url).map(|url| url.origin()).ok().or_else(own);
    origin.unwrap_or_default()
}

/// What stands for a stream in the details of events, in an `EventSource`'s place (SSV-01): its address and its state,
/// under the same names.
#[derive(Clone, Debug)]
pub(crate) struct StreamObject(JsValue);

impl StreamObject {
    /// A stream that is being opened.
    pub(crate) fn new(url: &str) -> Self {
        let object = Detail::new().with("url", url).with("readyState", 0);
        Self(object.into_value())
    }

    pub(crate) fn opened(&self) {
        self.set_ready_state(1);
    }

    pub(crate) fn closed(&self) {
        self.set_ready_state(2);
    }

    pub(crate) fn value(&self) -> &JsValue {
        &self.0
    }

    fn set_ready_state(&self, state: u8) {
        // It fails only where a script has frozen the object.
        let _ = Reflect::set(&self.0, &JsValue::from_str("readyState"), &JsValue::from(state));
    }
}
