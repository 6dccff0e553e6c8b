//! What waits to be sent on a socket: one bounded queue, in order.
//!
//! The queue is a JavaScript array, because scripts may look into it and empty it (WSQ-06). What must happen when a
//! message is sent or lost is no business of theirs, and is kept beside it under the entry's number.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::rc::Rc;

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, WebSocket};

use super::dom;
use super::dom_events::{Detail, dispatch};
use super::event_names::{WS_AFTER_SEND, WS_BEFORE_SEND};
use super::send_error::SendError;
use super::ws_sending::Taken;

#[wasm_bindgen]
extern "C" {
    /// A socket that takes text without a copy through wasm memory.
    type TextSocket;

    #[wasm_bindgen(method, structural, catch)]
    fn send(this: &TextSocket, text: &JsString) -> Result<(), JsValue>;
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The socket has it.
    Transmitted,
    /// A script has held it back or taken it out of the queue, which is the page's own decision.
    HeldBack,
    /// It will never be sent.
    Lost(SendError),
}

/// Called once, when it is known what became of a message.
pub(crate) type Told = Rc<dyn Fn(Fate)>;

/// A message on its way out.
#[derive(Clone)]
pub(crate) struct Outgoing {
    /// Text, a Blob or an ArrayBuffer.
    pub(crate) message: JsValue,
    /// The element that sends it, on which events are dispatched.
    pub(crate) sender: Option<Element>,
    pub(crate) told: Option<Told>,
}

impl Outgoing {
    /// A message that nobody asks after.
    pub(crate) fn new(message: JsValue, sender: Option<Element>) -> Self {
        Self {
            message,
            sender,
            told: None,
        }
    }

    pub(crate) fn tell(&self, fate: Fate) {
        if let Some(told) = &self.told {
            told(fate);
        }
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}

/// The entries of the queue are `{message, sendElt, id}`.
#[derive(Default)]
pub(crate) struct Outbox {
    queue: Array,
    /// Something was put into the queue since it was last seen to be empty. It is asked for its length several times for each
    /// message, and most of the time nothing waits.
    may_hold: Cell<bool>,
    /// One for each entry that was put in here and was not taken out here.
    told: RefCell<HashMap<u32, Option<Told>>>,
    next_id: Cell<u32>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox")
            .field("waiting", &self.queue.length())
            .finish_non_exhaustive()
    }
}

impl Outbox {
    pub(crate) fn queue(&self) -> &Array {
        &self.queue
    }

    pub(crate) fn len(&self) -> usize {
        if !self.may_hold.get() {
            return 0;
        }
        let length = self.queue.length() as usize;
        self.may_hold.set(length > 0);
        length
    }

    /// Takes note that a script changes the queue.
    pub(crate) fn note_change(&self) {
        self.may_hold.set(true);
    }

    /// Lets a message wait.
    pub(crate) fn push(&self, outgoing: &Outgoing) {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(1));
        self.told.borrow_mut().insert(id, outgoing.told.clone());
        let sender = outgoing
            .sender
            .as_ref()
            .map_or(JsValue::NULL, |sender| sender.clone().into());
        let entry = Detail::new()
            .with("message", outgoing.message.clone())
            .with("sendElt", sender)
            .with("id", id);
        self.may_hold.set(true);
        self.queue.push(&entry.into_value());
    }

    /// Who has to be told that scripts have taken their messages out.
    pub(crate) fn removed(&self) -> Vec<Told> {
        let mut told = self.told.borrow_mut();
        let ids: HashSet<u32> = self.queue.iter().filter_map(|entry| id_of(&entry)).collect();
        let removed = told.extract_if(|id, _| !ids.contains(id));
        removed.filter_map(|(_, told)| told).collect()
    }

    /// The oldest waiting message, taken out.
    pub(crate) fn next(&self) -> Option<Outgoing> {
        self.take(&|_| true)
    }

    /// The oldest waiting message whose sender is meant, taken out.
    pub(crate) fn take(&self, is_meant: &dyn Fn(Option<&Element>) -> bool) -> Option<Outgoing> {
        if self.len() == 0 {
            return None;
        }
        let is_entry_meant = |entry: JsValue| is_meant(dom::property(&entry, "sendElt").dyn_ref());
        let index = self.queue.iter().position(is_entry_meant)?;
        let taken = self.queue.splice_many(u32::try_from(index).ok()?, 1, &[]);
        Some(self.read(&taken.get(0)))
    }

    fn read(&self, entry: &JsValue) -> Outgoing {
        let told = id_of(entry).and_then(|id| self.told.borrow_mut().remove(&id));
        Outgoing {
            message: dom::property(entry, "message"),
            sender: dom::property(entry, "sendElt").dyn_into().ok(),
            told: told.flatten(),
        }
    }
}

/// Gives a message to the socket, between `htmx:wsBeforeSend` and `htmx:wsAfterSend` (WSS-20, WSS-21), and tells its
/// fate: a listener may hold it back.
///
/// # Errors
/// [`SendError::NotOpen`] and [`SendError::Refused`].
pub(crate) fn transmit(
    socket: &WebSocket,
    outgoing: &Outgoing,
    wrapper: &JsValue,
) -> Result<Taken, SendError> {
    let detail = Detail::of_fields(|fields| {
        fields.set_message(&outgoing.message);
        fields.set_socket_wrapper(wrapper);
    });
    let sender = outgoing.sender.as_ref();
    if sender.is_some_and(|sender| !dispatch(sender, &WS_BEFORE_SEND, &detail)) {
        outgoing.tell(Fate::HeldBack);
        return Ok(Taken::HeldBack);
    }
    // The listener may have closed it, and a closing socket swallows what it is given.
    if socket.ready_state() != WebSocket::OPEN {
        return Err(SendError::NotOpen);
    }
    give(socket, &outgoing.message)?;
    if let Some(sender) = sender {
        dispatch(sender, &WS_AFTER_SEND, &detail);
    }
    outgoing.tell(Fate::Transmitted);
    Ok(Taken::Transmitted)
}

fn give(socket: &WebSocket, message: &JsValue) -> Result<(), SendError> {
    let given = if let Some(text) = message.dyn_ref::<JsString>() {
        socket.unchecked_ref::<TextSocket>().send(text)
    } else if let Some(blob) = message.dyn_ref::<Blob>() {
        socket.send_with_blob(blob)
    } else if let Some(buffer) = message.dyn_ref::<js_sys::ArrayBuffer>() {
        socket.send_with_array_buffer(buffer)
    } else if let Some(bytes) = message.dyn_ref::<js_sys::Uint8Array>() {
        socket.send_with_js_u8_array(bytes)
    } else {
        return Err(SendError::Refused);
    };
    given.map_err(|_| SendError::Refused)
}

fn id_of(entry: &JsValue) -> Option<u32> {
    dom::property(entry, "id").as_f64().map(|id| id as u32)
}
