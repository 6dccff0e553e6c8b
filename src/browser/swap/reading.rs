//! How a payload is read: as HTML or as part of a drawing, and which parts of it go elsewhere.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlTemplateElement, Node};

use super::part::Part;
use crate::browser::{diagnostics, dom, markup, parsing};
use crate::grammar::{ParseError, SelectOob, SwapOob, SwapSpec};

/// What is taken out.
const PARTS: &str = "[hx-swap-oob],[data-hx-swap-oob],hx-partial";

/// The same, and where more may be found.
pub(crate) const TAKEN: &str = "[hx-swap-oob],[data-hx-swap-oob],hx-partial,template";

thread_local! {
    /// The attributes that mark a part.
    static MARKS: [JsString; 2] = ["hx-swap-oob".into(), "data-hx-swap-oob".into()];
}

/// An element that was taken out, and where it says that it belongs.
#[derive(Debug)]
struct Found {
    element: Element,
    place: SwapOob,
    is_partial: bool,
}

impl Found {
    /// One that says nothing.
    fn unmarked(element: Element) -> Self {
        Self {
            element,
            place: SwapOob::default(),
            is_partial: false,
        }
    }
}

/// A payload's text and how it was read, so that a part which belongs to another kind of place can be read again.
#[derive(Debug)]
pub(super) struct Reading {
    text: JsString,
    /// Whether it was read as what stands in a drawing or a formula.
    is_foreign: bool,
    /// Whether all that stands at its top is a part.
    is_frame: bool,
    select_oob: SelectOob,
}

impl Reading {
    /// A payload whose main content goes to this place.
    pub(super) fn of_message(text: JsString, place: &Element, select_oob: &SelectOob) -> Rc<Self> {
        Rc::new(Self {
            text,
            is_foreign: parsing::is_foreign(place),
            is_frame: false,
            select_oob: select_oob.clone(),
        })
    }

    /// A socket's frame, which has no main content; it is read as HTML.
    pub(super) fn of_frame(text: JsString) -> Rc<Self> {
        Rc::new(Self {
            text,
            is_foreign: false,
            is_frame: true,
            select_oob: SelectOob::default(),
        })
    }

    pub(super) fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Whether there may be elements in it that end at once in a drawing, and not in HTML.
    pub(super) fn may_be_misread(&self) -> bool {
        self.text.includes("/>", 0)
    }

    /// The payload as HTML.
    pub(super) fn parse(&self) -> Option<DocumentFragment> {
        parsing::parse(&self.text)
    }

    /// The payload as what stands in this place.
    pub(super) fn parse_for(&self, place: &Element) -> Option<DocumentFragment> {
        parsing::parse_for(place, &self.text)
    }

    /// The same parts, read as what stands in this place.
    pub(super) fn parts_for(&self, place: &Element) -> Vec<Part> {
        let again = Rc::new(Self {
            text: self.text.clone(),
            is_foreign: parsing::is_foreign(place),
            is_frame: self.is_frame,
            select_oob: self.select_oob.clone(),
        });
        let content = again.parse_for(place);
        content.map_or_else(Vec::new, |content| again.take_parts(&content))
    }

    /// The parts of a frame in which nothing says where it belongs, nor is read in another way for its place.
    pub(super) fn plain_parts(self: &Rc<Self>) -> Option<Vec<Part>> {
        let tops = parsing::parse_elements(&self.text)?;
        Some(self.as_parts(tops.into_iter().map(Found::unmarked)))
    }

    /// Takes the parts out of the content that this payload was parsed into. Their order is that of the text, in whatever
    /// way it was read.
    pub(super) fn take_parts(self: &Rc<Self>, content: &DocumentFragment) -> Vec<Part> {
        let found = if self.is_frame && self.select_oob.0.is_empty() && !has_any(content, TAKEN) {
            tops(content)
        } else {
            self.marked(content)
        };
        self.as_parts(found.into_iter())
    }

    fn as_parts(self: &Rc<Self>, found: impl Iterator<Item = Found>) -> Vec<Part> {
        let parts = found.enumerate();
        let parts = parts.map(|(index, found)| Part {
            element: found.element,
            place: found.place,
            is_partial: found.is_partial,
            reading: Rc::clone(self),
            index,
        });
        parts.collect()
    }

    fn marked(&self, content: &DocumentFragment) -> Vec<Found> {
        if self.is_frame {
            mark(content);
        }
        let mut found = select(content, &self.select_oob);
        found.extend(take(content));
        found
    }
}

fn has_any(content: &DocumentFragment, selector: &str) -> bool {
    matches!(content.query_selector(selector), Ok(Some(_)))
}

/// The parts of a frame in which nothing says where it belongs: what most sockets send. Marking them, only to find the
/// marks and to take them away again, would cost a dozen steps for each.
fn tops(content: &DocumentFragment) -> Vec<Found> {
    let tops = dom::element_children(content).into_iter();
    tops.map(|element| {
        dom::remove(&element);
        Found::unmarked(element)
    })
    .collect()
}

/// Marks the top of a frame as parts, also inside of templates, which carry what the parser would drop elsewhere.
fn mark(content: &Node) {
    for element in dom::element_children(content) {
        if is_marked(&element) || is_partial(&element) {
            continue;
        }
        if element.local_name() == "template" {
            mark(&dom::content_of(&element));
        } else {
            let _ = element.set_attribute("hx-swap-oob", "true");
        }
    }
}

/// Takes the marked elements out of the content, in document order, nested ones included (OOB-05).
///
/// Also out of templates, which go with what they carried (WSM-05, OOB-10).
fn take(content: &Node) -> Vec<Found> {
    let mut found = Vec::new();
    for element in dom::select_all(content, TAKEN) {
        if is_marked(&element) || is_partial(&element) {
            found.extend(taken(element));
        } else if let Some(template) = element.dyn_ref::<HtmlTemplateElement>() {
            let carried = take(&template.content());
            if !carried.is_empty() {
                dom::remove(&element);
            }
            found.extend(carried);
        } else if !dom::select_all(&element, PARTS).is_empty() {
            // That of a drawing does not keep its content apart: the parts in it are the next ones.
            dom::remove(&element);
        }
    }
    found
}

/// Takes out what the receiver sends elsewhere (OOB-13).
fn select(content: &Node, select_oob: &SelectOob) -> Vec<Found> {
    let entries = select_oob.0.iter();
    let found = entries.flat_map(|entry| {
        let found = dom::select_all(content, &entry.selector).into_iter();
        found.map(|element| {
            dom::remove(&element);
            Found {
                is_partial: is_partial(&element),
                place: entry.place.clone(),
                element,
            }
        })
    });
    found.collect()
}

fn is_marked(element: &Element) -> bool {
    markup::own(element, "hx-swap-oob").is_some()
}

/// What a marked element says; without its mark, and out of what it stood in.
fn taken(element: Element) -> Option<Found> {
    let is_partial = is_partial(&element);
    let place = if is_partial {
        partial_place(&element)
    } else {
        markup::own(&element, "hx-swap-oob").unwrap_or_default().parse()
    };
    // OOB-08: what is inserted does not carry the instruction any more.
    MARKS.with(|names| {
        for name in names {
            dom::remove_attribute(&element, name);
        }
    });
    // Whatever it says, it is not part of the main content.
    dom::remove(&element);
    match place {
        Ok(place) => Some(Found {
            element,
            place,
            is_partial,
        }),
        Err(error) => {
            diagnostics::report(&element, &format!("{error}"));
            None
        }
    }
}

fn is_partial(element: &Element) -> bool {
    element.local_name() == "hx-partial"
}

/// `<hx-partial hx-target="…" hx-swap="…">`, in which `id` is short for a target with that id (OOB-14).
fn partial_place(element: &Element) -> Result<SwapOob, ParseError> {
    let spec: SwapSpec = markup::own(element, "hx-swap").unwrap_or_default().parse()?;
    Ok(SwapOob {
        spec,
        selector: markup::own(element, "hx-target"),
    })
}
