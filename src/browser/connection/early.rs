//! Streams that were opened before this program came, by the script that their sources have rendered.
//!
//! Hydration waits for the last byte of the page and for the program, and a page must be live before. So the script
//! (`early.js`, in the page) opens the stream, swaps what is plain into regions that are the server's, and keeps everything
//! that it hears, in order. Here the same `EventSource` goes on as the connection's transport, and what was kept is handed to
//! its sources as if it came now; a region passes over what it shows already, and only tells that it was swapped.
//!
//! Where the script may have missed something, as it did not hear a name from the start or could keep no more, the stream
//! is opened anew from where the page was rendered: its history makes that exact, and shown content is shown again.
//! A stream without positions has no history, so its sources go on with what comes, and are told to fetch anew.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AbortController, Element, EventSource, MessageEvent};

use super::sse::SseConnection;
use super::transport::Hearer;
use crate::browser::sse_source::SseSource;
use crate::browser::{dom, page};
use crate::wire::ControlKind;

/// What the script knows of one stream, by the names that it has for it.
struct Record(JsValue);

impl Record {
    fn get(&self, name: &str) -> JsValue {
        dom::property(&self.0, name)
    }

    fn is_of(&self, url: &str, with_credentials: bool) -> bool {
        self.get("u").as_string().as_deref() == Some(url) && self.get("w").is_undefined() != with_credentials
    }

    fn elements(&self) -> Array {
        self.get("e").unchecked_into()
    }

    /// All that was heard, in order; nothing if there was more than could be kept.
    fn queue(&self) -> Option<Array> {
        self.get("q").dyn_into().ok()
    }

    /// Whether a name was heard from the start.
    fn hears(&self, name: &str) -> bool {
        dom::property(&self.get("n"), name) == 0
    }

    /// Ends the script's listening.
    fn silence(&self) -> EventSource {
        self.get("a").unchecked_into::<AbortController>().abort();
        let source: EventSource = self.get("s").unchecked_into();
        source.set_onerror(None);
        source
    }
}

thread_local! {
    /// How much had been heard when the event came that is being handed over.
    static HANDED: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The script, as it is sent.
pub(crate) fn script() -> String {
    let lines = include_str!("early.js").lines();
    lines.filter(|line| !line.starts_with("//")).collect()
}

/// What a stream has said before it was taken over.
#[derive(Debug)]
pub(super) enum Said {
    All(Array),
    /// Some of it was not kept, and cannot be asked for.
    Some,
}

/// Whether the page has streams that nobody has taken over yet.
pub(crate) fn is_there() -> bool {
    records().is_some_and(|records| records.length() > 0)
}

fn records() -> Option<Array> {
    dom::property(page::window()?.as_ref(), "__ll").dyn_into().ok()
}

/// Takes over the stream of this address: its transport if that is of use, and what it has said. `resumes` says that the
/// server is asked to go on from a position, and so can be asked again.
pub(super) fn take(
    url: &str,
    with_credentials: bool,
    names: &[Rc<str>],
    resumes: bool,
) -> (Option<EventSource>, Option<Said>) {
    let Some(record) = remove(|record| record.is_of(url, with_credentials)) else {
        return (None, None);
    };
    let source = record.silence();
    let queue = record.queue();
    let is_whole = queue.is_some() && names.iter().all(|name| record.hears(name));
    let is_alive = source.ready_state() != EventSource::CLOSED;
    if !is_alive || (!is_whole && (resumes || queue.as_ref().is_some_and(is_ours))) {
        source.close();
        let is_lost = !resumes
            && !queue
                .as_ref()
                .is_some_and(|queue| queue.length() == 0 || is_ours(queue));
        return (None, is_lost.then_some(Said::Some));
    }
    (Some(source), Some(queue.map_or(Said::Some, Said::All)))
}

/// Ends those of the remaining streams that nobody will take over: their sources have gone, or read another one.
pub(super) fn sweep(sources: &[Rc<SseSource>]) {
    let is_over = |element: JsValue| {
        let element: &Element = element.unchecked_ref();
        !element.is_connected() || sources.iter().any(|source| source.element() == element)
    };
    while let Some(record) = remove(|record| record.elements().iter().all(is_over)) {
        record.silence().close();
    }
}

fn remove(is_meant: impl Fn(&Record) -> bool) -> Option<Record> {
    let records = records()?;
    let record = |index| Record(records.get(index));
    let index = (0..records.length()).find(|index| is_meant(&record(*index)))?;
    let found = record(index);
    // The last one takes its place, as their order says nothing.
    let last = records.pop();
    if index < records.length() {
        records.set(index, last);
    }
    Some(found)
}

/// Whether the stream keeps positions.
fn is_ours(queue: &Array) -> bool {
    let heartbeat = ControlKind::Heartbeat.event_name();
    queue
        .iter()
        .any(|event| event.unchecked_into::<MessageEvent>().type_() == heartbeat)
}

/// Whether an element shows the event already that is being handed over, or a later one.
pub(crate) fn is_shown(element: &Element) -> bool {
    HANDED.get().is_some_and(|heard| {
        let shown = dom::property(element.as_ref(), "ll").as_f64();
        shown.is_some_and(|shown| f64::from(heard) <= shown)
    })
}

impl SseConnection {
    /// Hands on what the stream has said before, when nothing is under way and before it says more.
    pub(super) fn hand_over_soon(&self) {
        if let (Some(said), Some(me)) = (self.said.take(), self.me.upgrade()) {
            let transport = me.stream_object();
            page::microtask(move || me.hand_over(&transport, &said));
        }
    }

    fn hand_over(&self, transport: &JsValue, said: &Said) {
        if self.stream_object() == *transport && dom::property(transport, "readyState") == EventSource::OPEN {
            self.opened();
        }
        let events = match said {
            Said::All(events) => events,
            Said::Some => {
                for source in self.sources.all() {
                    source.has_missed();
                }
                return;
            }
        };
        for (heard, event) in (1..).zip(events.iter()) {
            // Whoever was told may have closed the connection, or made it anew from what it had by then.
            if self.stream_object() != *transport {
                return;
            }
            let event: MessageEvent = event.unchecked_into();
            let name = event.type_();
            if let Some(kind) = ControlKind::from_event_name(&name) {
                self.control(kind, &event);
                continue;
            }
            HANDED.set(Some(heard));
            self.received(&name.into(), &event);
            HANDED.set(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_knows_every_control_event() {
        let script = script();
        for kind in ControlKind::ALL {
            let word = kind.event_name().strip_prefix("ll:").unwrap();
            assert!(script.contains(&format!(",{word}")), "{word}");
        }
        assert!(!script.contains('\n') && !script.contains("</"));
    }
}
