//! What makes raw markup live, by kind.
//!
//! Each component enters the processor of its own kind, so that an app links only what it uses
//! (decision 9); swapped-in content is then processed by those that were entered. The page is searched once for all of
//! them: most of what messages bring is not live, and one search says so.

use std::cell::RefCell;

use js_sys::JsString;
use wasm_bindgen::intern;
use web_sys::{DocumentFragment, Element};

use super::live_elements::Kind;
use super::swap::PRESERVED;
use super::{dom, live_elements, markup, page};

/// Makes the markup of one kind live on these elements, which come in document order. Must be harmless when repeated.
pub(crate) type Processor = fn(&[Element]);

/// When a kind is processed: whatever opens sources comes before what needs them (ACT-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Streams.
    Streams,
    /// Sockets, whose senders may be triggered by streams.
    Sockets,
    /// Requests, which may be triggered by streams.
    Requests,
}

impl Phase {
    /// The attributes by which markup of this kind is found, each also with the prefix `data-` (ACT-05). Those with a
    /// colon are htmx 4's, which are only told of (ACT-13).
    fn attributes(self) -> &'static [&'static str] {
        match self {
            Self::Streams => &[
                "hx-sse",
                "sse-connect",
                "sse-swap",
                "sse-close",
                "hx-sse:connect",
                "hx-sse:close",
            ],
            Self::Sockets => &["hx-ws", "ws-connect", "ws-send", "hx-ws:connect", "hx-ws:send"],
            Self::Requests => &[
                "hx-trigger",
                "hx-get",
                "hx-post",
                "hx-put",
                "hx-patch",
                "hx-delete",
            ],
        }
    }
}

struct Entered {
    processors: Vec<(Phase, Processor)>,
    /// Finds what any of them may make live.
    selector: String,
    /// Finds whatever is [more than content](question_of), once it was asked for.
    question: Option<JsString>,
}

impl Entered {
    const fn new() -> Self {
        Self {
            processors: Vec::new(),
            selector: String::new(),
            question: None,
        }
    }
}

thread_local! {
    static ENTERED: RefCell<Entered> = const { RefCell::new(Entered::new()) };
}

/// Enters the processor of a phase, once; on the server, nothing.
pub(crate) fn register(phase: Phase, processor: Processor) {
    if !page::is_browser() {
        return;
    }
    ENTERED.with_borrow_mut(|entered| {
        let known = &mut entered.processors;
        if !known.iter().any(|(other, _)| *other == phase) {
            let place = known.partition_point(|(other, _)| *other < phase);
            known.insert(place, (phase, processor));
            entered.selector = selector(known.iter().flat_map(|(phase, _)| phase.attributes()));
            entered.question = None;
            intern(&entered.selector);
        }
    });
}

fn selector<'a>(attributes: impl Iterator<Item = &'a &'static str>) -> String {
    let each = attributes.map(|name| {
        let name = name.replace(':', "\\:");
        format!("[{name}],[data-{name}]")
    });
    each.collect::<Vec<_>>().join(",")
}

/// Makes the markup on and below the element live, in every way that was entered (ACT-07).
pub(crate) fn process(root: &Element) {
    process_these(find(root));
}

/// A selector of what needs more than to be inserted: what [`process`] makes live, custom elements, which may bring
/// forth anything when they are inserted, and what stands for elements of the page.
fn question_of(selector: &str) -> JsString {
    let all = [selector, ":not(:defined)", PRESERVED].into_iter();
    let all: Vec<_> = all.filter(|part| !part.is_empty()).collect();
    all.join(",").into()
}

/// Whether there is nothing in the content but what is done with once it is inserted.
pub(crate) fn is_mere_content(content: &DocumentFragment) -> bool {
    let asked = ENTERED.with_borrow_mut(|entered| {
        let Entered {
            selector, question, ..
        } = entered;
        question.get_or_insert_with(|| question_of(selector)).clone()
    });
    !dom::has_any(content, &asked)
}

/// The same for markup that may have been processed before, and may say less now (ACT-11).
pub(crate) fn process_again(root: &Element) {
    let mut elements = find(root);
    elements.extend(live_elements::within(root));
    process_these(elements);
}

/// The same for these very elements.
pub(crate) fn process_these(elements: Vec<Element>) {
    if elements.is_empty() {
        return;
    }
    let (disabled, enabled): (Vec<_>, Vec<_>) = elements.into_iter().partition(markup::is_disabled);
    for element in disabled {
        for kind in Kind::ALL {
            kind.disable(&element);
        }
    }
    // Copied out, as processing runs user code that may enter more.
    let processors = ENTERED.with_borrow(|entered| entered.processors.clone());
    for (_, processor) in processors {
        processor(&enabled);
    }
}

/// The elements on and below the root that may be live, in document order.
fn find(root: &Element) -> Vec<Element> {
    ENTERED.with_borrow(|Entered { selector, .. }| {
        if selector.is_empty() {
            return Vec::new();
        }
        dom::select_with(root, selector)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn act_05_each_attribute_is_found_under_both_names() {
        let attributes = ["sse-connect", "hx-sse:close"];
        assert_eq!(
            selector(attributes.iter()),
            r"[sse-connect],[data-sse-connect],[hx-sse\:close],[data-hx-sse\:close]"
        );
    }
}
