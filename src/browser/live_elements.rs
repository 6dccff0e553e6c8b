//! The elements that something live is attached to, so that removing them ends it at once.
//!
//! Sources and everything made from raw markup are entered here; the consumers of components are
//! not, because their owners clean them up, and a table of hundreds would be searched at every swap.

use std::cell::{Cell, RefCell};
use std::fmt;

use js_sys::{JsString, Reflect};
use wasm_bindgen::JsValue;
use web_sys::Element;

use super::dom;
use super::dom_events::{Detail, dispatch};

thread_local! {
    /// The property of an element that is or was live in some way.
    static EVER_LIVE: JsString = "__live".into();
    static ENTRIES: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u64> = const { Cell::new(1) };
}

struct Entry {
    id: u64,
    kind: Kind,
    element: Element,
    end: Box<dyn FnOnce()>,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Something attached to an element; see [`release`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attachment(u64);

/// Notes what must end when the element goes.
pub(crate) fn attach(element: &Element, kind: Kind, end: impl FnOnce() + 'static) -> Attachment {
    let id = NEXT.get();
    NEXT.set(id + 1);
    ENTRIES.with_borrow_mut(|entries| {
        entries.push(Entry {
            id,
            kind,
            element: element.clone(),
            end: Box::new(end),
        });
    });
    Attachment(id)
}

/// Ends one attachment, if it has not ended already.
pub(crate) fn release(attachment: Attachment) {
    end(take(|entry| entry.id == attachment.0));
}

/// Ends everything attached below the element, before that content leaves the page (SWP-28).
pub(crate) fn release_inside(element: &Element) {
    end(take(|entry| {
        // In this order: most of what is entered stands elsewhere, and each is a question to the browser.
        element.contains(Some(&entry.element)) && entry.element != *element
    }));
}

/// Ends everything attached to the element and below it.
pub(crate) fn release_with(element: &Element) {
    end(take(|entry| element.contains(Some(&entry.element))));
}

/// Ends everything attached to the elements that this says yes to. It is asked with the table borrowed, so it may look
/// at the page but not change it.
pub(crate) fn release_where(is_meant: impl Fn(&Element) -> bool) {
    end(take(|entry| is_meant(&entry.element)));
}

/// Ends what is attached to this very element in one way, because its markup says something else now (ACT-11).
pub(crate) fn release_kind(element: &Element, kind: Kind) {
    end(take(|entry| entry.kind == kind && entry.element == *element));
}

/// The elements at and below the root that something is attached to.
pub(crate) fn within(root: &Element) -> Vec<Element> {
    ENTRIES.with_borrow(|entries| {
        let all = entries.iter().map(|entry| &entry.element);
        all.filter(|element| root.contains(Some(element)))
            .cloned()
            .collect()
    })
}

/// How many attachments there are.
#[cfg(all(test, target_family = "wasm"))]
pub(crate) fn count() -> usize {
    ENTRIES.with_borrow(Vec::len)
}

fn take(is_meant: impl Fn(&Entry) -> bool) -> Vec<Entry> {
    ENTRIES.with_borrow_mut(|entries| entries.extract_if(.., |entry| is_meant(entry)).collect())
}

fn end(entries: Vec<Entry>) {
    for entry in entries {
        // LIF-02: told before anything is closed; it cannot be refused.
        dispatch(&entry.element, "htmx:beforeCleanupElement", &Detail::new());
        entry.kind.unclaim(&entry.element);
        (entry.end)();
    }
}

/// What can be live about an element, each at most once (ACT-10, ACT-12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It owns a stream.
    Sse,
    /// It swaps messages of a stream in.
    SseSwap,
    /// It owns a socket.
    Ws,
    /// It sends on a socket.
    WsSend,
    /// It requests: `hx-get` and the other verbs.
    Http,
}

/// What becomes of an element's being live when its markup is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is live as its markup says, or not live as it does not say so, or a component's.
    Kept,
    /// It says now that it is.
    New,
    /// It is live by other markup.
    Changed,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Self; 5] = [Self::Sse, Self::SseSwap, Self::Ws, Self::WsSend, Self::Http];

    fn property(self) -> JsValue {
        JsValue::from_str(match self {
            Self::Sse => "__liveSse",
            Self::SseSwap => "__liveSseSwap",
            Self::Ws => "__liveWs",
            Self::WsSend => "__liveWsSend",
            Self::Http => "__liveHttp",
        })
    }

    fn known(self, element: &Element) -> JsValue {
        Reflect::get(element, &self.property()).unwrap_or(JsValue::UNDEFINED)
    }

    /// Marks the element as a component's, which decides by itself what changes about it.
    pub(crate) fn claim(self, element: &Element) {
        self.set(element, &JsValue::TRUE);
    }

    fn set(self, element: &Element, known: &JsValue) {
        let _ = Reflect::set(element, &self.property(), known);
        EVER_LIVE.with(|name| drop(Reflect::set(element, name, &JsValue::TRUE)));
    }

    /// Marks the element as live by this markup. Without markup, what markup has started here ends.
    pub(crate) fn claim_as(self, element: &Element, markup: Option<&str>) -> Claim {
        let known = self.known(element);
        let Some(markup) = markup else {
            self.disable(element);
            return Claim::Kept;
        };
        let claim = match known.as_string() {
            Some(known) if known == markup => return Claim::Kept,
            Some(_) => Claim::Changed,
            None if known.is_truthy() => return Claim::Kept,
            None => Claim::New,
        };
        self.set(element, &JsValue::from_str(markup));
        claim
    }

    /// The same, where other markup means to start anew: whether to start (ACT-11).
    pub(crate) fn restart_as(self, element: &Element, markup: Option<&str>) -> bool {
        match self.claim_as(element, markup) {
            Claim::Kept => false,
            Claim::New => true,
            Claim::Changed => {
                // There is nothing to release where the markup before could not be read.
                release_kind(element, self);
                self.claim_as(element, markup);
                true
            }
        }
    }

    /// Whether nothing has been made of the element yet.
    pub(crate) fn is_new(self, element: &Element) -> bool {
        self.known(element).is_falsy()
    }

    /// Ends what markup has started on an element that may not be live any more (ACT-08).
    pub(crate) fn disable(self, element: &Element) {
        if self.known(element).is_string() {
            release_kind(element, self);
            self.unclaim(element);
        }
    }

    /// The element is live in no way any more.
    pub(crate) fn unclaim_all(element: &Element) {
        // Most elements that messages change never were, and one question says so.
        if EVER_LIVE.with(|name| dom::noted(element, name)).is_falsy() {
            return;
        }
        for kind in Self::ALL {
            kind.unclaim(element);
        }
    }

    pub(crate) fn unclaim(self, element: &Element) {
        let _ = Reflect::set(element, &self.property(), &JsValue::FALSE);
    }
}
