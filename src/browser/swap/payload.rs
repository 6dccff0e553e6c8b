//! A payload taken apart: what goes to the target, what goes elsewhere, and its title.

use std::ops::Range;
use std::thread::LocalKey;

use js_sys::{JsString, RegExp};
use web_sys::DocumentFragment;

use super::defaults::defaults;
use super::part::Part;
use super::plan::{Plan, TitleRule};
use super::reading::Reading;
use super::styles;
use crate::browser::{dom, page, parsing};

/// What makes a payload more than content that the browser can parse straight into its place: ids (settling, focus), live
/// markup of any spelling, and what must not be inserted.
///
/// A parser needs no blank between attributes, nor does this.
const MARKS: &str =
    r#"[\s"'/](data-)?(hx|sse|ws)-|[\s"'/]id\s*=|autofocus|<(hx-partial|title|head|script)\b"#;

/// What a parser reads in another way for where it stands: parts of a table, a form in a form, what is for pages without
/// scripts, drawings. And what runs code at once when it comes onto a page. And text at either end, which Firefox adds to a
/// text that stands there before it: that may be a node of Leptos.
const READ_OTHERWISE: &str = "<(caption|col|tbody|tfoot|thead|t[dhr]|form|noscript|svg|math|i?frame|object|embed|html|body)|^(?!<[a-z])|[^>]$|>[^<>]*>$";

thread_local! {
    static NOT_PLAIN: RegExp = RegExp::new(MARKS, "i");
    static HEAD_START: RegExp = RegExp::new(r"<head(?=[\s>])", "gi");
    static TAG_END: RegExp = RegExp::new(">", "g");
    static HEAD_END: RegExp = RegExp::new(r"</head\s*>", "gi");
    static MORE_THAN_ELEMENTS: RegExp = RegExp::new(
        r"hx-swap-oob|<(hx-partial|template|head|caption|col|tbody|tfoot|thead|t[dhr])|/>",
        "i",
    );
    // No name holds a `<`; looked for beyond it, each of many would be looked for to the end of the text.
    static NOT_JUST_CONTENT: RegExp = RegExp::new(&format!(r#"{MARKS}|<[a-z][^\s/><]*-|[\s"'/]is\s*="#), "i");
    static NOT_SIMPLE: RegExp = RegExp::new(
        &format!(r#"{MARKS}|<[a-z][^\s/><]*-|[\s"'/]is\s*=|{READ_OTHERWISE}"#),
        "i",
    );
    static PARTS: RegExp = RegExp::new(r"hx-swap-oob|<(hx-partial|title|script)\b", "i");
}

/// Whether nothing in the payload needs more than to be parsed.
pub(super) fn is_plain(payload: &JsString) -> bool {
    !NOT_PLAIN.with(|marks| dom::matches(marks, payload))
}

/// Whether a frame is no more than elements with an id each: no page with a head, nothing that says by itself where it
/// belongs, and nothing that is read in another way for its place.
pub(super) fn is_plain_frame(frame: &JsString) -> bool {
    !MORE_THAN_ELEMENTS.with(|marks| dom::matches(marks, frame))
}

/// Whether nothing in a payload needs more than to be inserted, not even an element that brings forth others.
pub(super) fn is_just_content(payload: &JsString) -> bool {
    !NOT_JUST_CONTENT.with(|marks| dom::matches(marks, payload))
}

/// Whether a payload is just content that the browser may parse right where it is added, in any
/// [ordinary](parsing::is_ordinary) element.
pub(super) fn is_simple(payload: &JsString) -> bool {
    !NOT_SIMPLE.with(|marks| dom::matches(marks, payload))
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
        let title = take_title(&content).or_else(|| {
            let head = head?;
            take_title(&parsing::parse(&payload.slice(head.start, head.end))?)
        });
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

fn body_of(payload: &JsString, head: Option<&Range<u32>>) -> JsString {
    let Some(head) = head else {
        return payload.clone();
    };
    let before = payload.slice(0, head.start);
    before.concat(&payload.slice(head.end, payload.length()))
}

/// Where the head of a whole page stands, with its tags.
///
/// Each of its parts is looked for once, from where the last one ended. One expression for all of it would begin anew at
/// each of many beginnings and go to the end of the text every time.
fn head_of(payload: &JsString) -> Option<Range<u32>> {
    let name_end = end_of_next(&HEAD_START, payload, 0)?;
    let tag_end = end_of_next(&TAG_END, payload, name_end)?;
    let end = end_of_next(&HEAD_END, payload, tag_end)?;
    Some(name_end.saturating_sub("<head".len() as u32)..end)
}

/// Where the first match after this place ends.
fn end_of_next(pattern: &'static LocalKey<RegExp>, text: &JsString, from: u32) -> Option<u32> {
    pattern.with(|pattern| {
        pattern.set_last_index(from);
        dom::matches(pattern, text).then(|| pattern.last_index())
    })
}

/// A title at the top of a payload is the page's, and no content. That of a drawing is what a pointer sees.
fn take_title(content: &DocumentFragment) -> Option<String> {
    let mut tops = dom::element_children(content).into_iter();
    let title = tops.find(|element| element.local_name() == "title" && !parsing::is_foreign(element))?;
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
