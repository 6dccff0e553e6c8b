//! A payload taken apart: what goes to the target, what goes elsewhere, and its title.

use js_sys::{Array, JsString, RegExp};
use wasm_bindgen::JsCast;
use web_sys::DocumentFragment;

use super::defaults::defaults;
use super::part::Part;
use super::plan::{Plan, TitleRule};
use super::reading::Reading;
use super::styles;
use crate::browser::{dom, page};

/// What makes a payload more than content that the browser can parse straight into its place: ids (settling, focus), live
/// markup of any spelling, and what must not be inserted.
///
/// A parser needs no blank between attributes, nor does this.
const MARKS: &str =
    r#"[\s"'/](data-)?(hx|sse|ws)-|[\s"'/]id\s*=|autofocus|<(hx-partial|title|head|script)\b"#;

thread_local! {
    static NOT_PLAIN: RegExp = RegExp::new(MARKS, "i");
    static PARTS: RegExp = RegExp::new(r"hx-swap-oob|<(hx-partial|title|script)\b", "i");
    static HEAD: RegExp = RegExp::new(r"<head(\s[^>]*)?>[\s\S]*?</head\s*>", "i");
    static HEAD_END: RegExp = RegExp::new(r"</head\s*>", "i");
}

/// Whether nothing in the payload needs more than to be parsed.
pub(super) fn is_plain(payload: &JsString) -> bool {
    !NOT_PLAIN.with(|marks| dom::matches(marks, payload))
}

/// Whether there may be more in the payload than what goes to its target.
pub(crate) fn has_parts(payload: &JsString) -> bool {
    PARTS.with(|parts| dom::matches(parts, payload))
}

/// A payload, parsed.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) content: DocumentFragment,
    pub(super) parts: Vec<Part>,
    title: Option<String>,
}

impl Payload {
    /// Parses it and takes out what does not belong into the target.
    pub(super) fn take_apart(payload: &JsString, plan: &Plan) -> Option<Self> {
        let place = styles::place_of(&plan.target, plan.spec.style);
        let head = head_of(payload);
        let reading = Reading::of_message(body_of(payload, head.as_ref()), &place, &plan.select_oob);
        let mut content = reading.parse_for(&place)?;
        let title = take_title(&content).or_else(|| take_title(&dom::parse(&head?)?));
        let parts = reading.take_parts(&content);
        if let Some(selector) = &plan.select {
            content = selected(&content, selector)?;
        }
        Some(Self {
            content,
            parts,
            title,
        })
    }

    /// Whether all of it is for the target.
    pub(super) fn is_whole(&self, plan: &Plan) -> bool {
        self.parts.is_empty() && self.title.is_none() && plan.select.is_none()
    }

    /// Whether there is nothing for the target.
    pub(super) fn is_blank(&self) -> bool {
        dom::is_blank(&self.content)
    }

    pub(super) fn set_title(&self, plan: &Plan) {
        let is_wanted = match (plan.title, plan.spec.ignore_title) {
            (_, Some(ignore)) => !ignore,
            (TitleRule::Unless, None) => !defaults().ignore_title,
            (TitleRule::OnlyIf, None) => false,
        };
        if let Some(title) = self.title.as_deref().filter(|_| is_wanted) {
            let _ = page::document().map(|document| document.set_title(title));
        }
    }
}

/// SWP-27: of a whole page, what is in its body. The parser itself drops the tags around it.
pub(super) fn body(payload: &JsString) -> JsString {
    body_of(payload, head_of(payload).as_ref())
}

fn body_of(payload: &JsString, head: Option<&JsString>) -> JsString {
    let body = head.map(|_| HEAD.with(|head| payload.replace_by_pattern(head, "")));
    body.unwrap_or_else(|| payload.clone())
}

/// The head of a whole page, with its tags.
fn head_of(payload: &JsString) -> Option<JsString> {
    // Without an end, each of many beginnings would be followed to the end of the text.
    if !HEAD_END.with(|end| dom::matches(end, payload)) {
        return None;
    }
    let found = HEAD.with(|head| payload.match_(head))?;
    Array::from(&found).get(0).dyn_into().ok()
}

/// A title at the top of a payload is the page's, and no content. That of a drawing is what a pointer sees.
fn take_title(content: &DocumentFragment) -> Option<String> {
    let mut tops = dom::element_children(content).into_iter();
    let title = tops.find(|element| element.local_name() == "title" && !dom::is_foreign(element))?;
    title.remove();
    title.text_content()
}

/// SSW-15: the elements that match, and nothing else.
fn selected(content: &DocumentFragment, selector: &str) -> Option<DocumentFragment> {
    let found = page::document()?.create_document_fragment();
    for element in dom::select_all(content, selector) {
        let _ = found.append_child(&element);
    }
    Some(found)
}
