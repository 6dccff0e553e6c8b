//! An answer that is an event stream: each of its messages is swapped in where the answer would have been (SS4-01).
//!
//! Unlike the stream of a source it belongs to one request, so it ends when the server ends it, and nobody opens it
//! again (SS4-02).

use std::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{AbortController, Element, MessageEvent};

use super::abort::AbortListener;
use super::dom_events::{Detail, dispatch, dispatch_error};
use super::event_stream::{EventReader, StreamObject};
use super::release_on::ReleaseOn;
use super::request::stream::{self, StreamEnd, StreamedAnswer};
use super::swap::{Plan, TitleRule, swap, tell_lost};
use crate::wire::{ControlKind, RESERVED_PREFIX};

/// The name of a message after which the request counts as over, whatever its `releaseOn` says (SS4-32).
const RELEASE: &str = "hx:release";

/// Lets answers of requests be streams from now on; whoever does not call it links none of this.
pub(crate) fn enter() {
    stream::register(|answer| Box::pin(async move { show(&answer).await }));
}

/// Shows the messages of an answer one after another, until it ends, is aborted, or the element has left the page.
///
/// Unnamed messages go to the element's target, found anew for each (SS4-05, SS4-08); named ones are dispatched on the
/// element as `sse:<name>`, and swapped nowhere (SS4-07). Another stream of the same element is aborted (SS4-34). Until
/// `releaseOn` of its `hx-request` says otherwise, the request is under way all the time (SS4-32).
///
/// DIFFERENCE: htmx 4 dispatches them under their bare names, which lets a server say `click` or `submit` (SS4-40).
///
/// # Errors
/// The browser's own words when the stream broke off. An abort is a normal end (SS4-35).
pub(crate) async fn show(answer: &StreamedAnswer) -> Result<StreamEnd, String> {
    let StreamedAnswer {
        element, controller, ..
    } = answer;
    let _place = Place::take(element, controller);
    let ending = controller.clone();
    // SS4-36
    let _abort = AbortListener::on(element, move || ending.abort());
    let object = StreamObject::new(&answer.response.url());
    let detail = || Detail::new().with("source", object.value().clone());
    object.opened();
    dispatch(element, "htmx:sseOpen", &detail());
    let outcome = read(answer).await;
    object.closed();
    if let Err(words) = &outcome {
        dispatch_error(element, "htmx:sseError", &detail().with("error", words.as_str()));
    }
    let close = outcome.as_ref().copied().unwrap_or(Close::Broken);
    dispatch(element, "htmx:sseClose", &detail().with("type", close.kind()));
    outcome.map(|close| match close {
        Close::WithElement => StreamEnd::WithElement,
        _ => StreamEnd::Over,
    })
}

/// How a stream came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    Ended,
    /// It broke off.
    Broken,
    Message,
    Cancelled,
    NodeMissing,
    /// One of its messages has taken the element away.
    WithElement,
}

impl Close {
    /// The `type` in the detail of `htmx:sseClose`.
    fn kind(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Broken => "broken",
            Self::Message => "message",
            Self::Cancelled => "cancelled",
            Self::NodeMissing | Self::WithElement => "nodeMissing",
        }
    }
}

/// Reads to the end, and returns how it came about.
async fn read(answer: &StreamedAnswer) -> Result<Close, String> {
    let StreamedAnswer {
        element, controller, ..
    } = answer;
    let release_on = ReleaseOn::of(element);
    if release_on == ReleaseOn::Immediate {
        answer.busy.release();
    }
    let mut events = EventReader::of(&answer.response, "");
    loop {
        let messages = match events.next().await {
            Ok(Some(messages)) => messages,
            Ok(None) => return Ok(Close::Ended),
            Err(_) if controller.signal().aborted() => return Ok(Close::Cancelled),
            Err(words) => return Err(words),
        };
        if let Some(words) = events.take_error() {
            tell_lost(element, words);
        }
        for message in messages {
            if controller.signal().aborted() {
                return Ok(Close::Cancelled);
            }
            // SS4-38: a script has taken it away.
            if !element.is_connected() {
                controller.abort();
                return Ok(Close::NodeMissing);
            }
            if ControlKind::from_event_name(&message.event) == Some(ControlKind::Close) {
                controller.abort();
                return Ok(Close::Message);
            }
            let event = events.event(&message);
            // Whatever else a stream of a hub says of itself is for those who come back.
            if let Some(event) = event.filter(|_| !message.event.starts_with(RESERVED_PREFIX)) {
                hand_on(answer, &event, release_on);
            }
            // SS4-09
            if !element.is_connected() {
                controller.abort();
                return Ok(Close::WithElement);
            }
        }
    }
}

fn hand_on(answer: &StreamedAnswer, event: &MessageEvent, release_on: ReleaseOn) {
    let element = &answer.element;
    let name = event.type_();
    // The detail is the message event itself (SSV-03, SSV-07), and has its id under htmx 4's name, too.
    let detail = Detail::of(event.clone().into()).with("id", event.last_event_id());
    if !dispatch(element, "htmx:sseBeforeMessage", &detail) {
        return;
    }
    if name != "message" {
        if name == RELEASE {
            answer.busy.release();
        }
        dispatch(element, format!("sse:{name}").as_str(), &detail);
        dispatch(element, "htmx:sseMessage", &detail);
    } else if let Err(message) = place(answer, event, detail, release_on) {
        tell_lost(element, message);
    }
}

fn place(
    answer: &StreamedAnswer,
    event: &MessageEvent,
    detail: Detail,
    release_on: ReleaseOn,
) -> Result<(), String> {
    let payload: JsString = event
        .data()
        .dyn_into()
        .map_err(|_| "expected an event whose data is text".to_owned())?;
    let plan = Plan::of(&answer.element, TitleRule::Unless)?;
    let (told, busy) = (answer.element.clone(), answer.busy.clone());
    swap(plan, &payload, move || {
        if release_on == ReleaseOn::First {
            busy.release();
        }
        dispatch(&told, "htmx:sseMessage", &detail);
    });
    Ok(())
}

thread_local! {
    static RUNNING: RefCell<Vec<(Element, AbortController)>> = const { RefCell::new(Vec::new()) };
}

/// An element's place for one stream, free again when it is dropped.
struct Place(AbortController);

impl Place {
    /// Takes the place; whoever has it, is aborted.
    fn take(element: &Element, controller: &AbortController) -> Self {
        let before: Vec<_> = RUNNING.with_borrow_mut(|running| {
            let before = running.extract_if(.., |(taken, _)| taken == element).collect();
            running.push((element.clone(), controller.clone()));
            before
        });
        for (_, controller) in before {
            controller.abort();
        }
        Self(controller.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        RUNNING.with_borrow_mut(|running| running.retain(|(_, controller)| *controller != self.0));
    }
}
