//! How HTML is read: aside, in a place that takes part in no page, and as what it is to be there where it goes.

use js_sys::{JsString, RegExp};
use wasm_bindgen::JsCast;
use web_sys::{DocumentFragment, Element, HtmlElement, HtmlTemplateElement};

use super::{dom, page};

thread_local! {
    /// Elements in which HTML is read as in a `<div>`: a table, a `<select>`, a drawing read it in ways of their own.
    static ORDINARY: JsString = "ul,ol,div,section,main,article,aside,nav,header,footer,li,dl,dd,p,span,output".into();
    static TABLE_PARTS: RegExp = RegExp::new("<(caption|col|tbody|tfoot|thead|t[dhr])", "i");
    /// An element of an inert document, where HTML is parsed that stands by itself anywhere.
    static INERT: Option<Element> = {
        let template = page::document().and_then(|document| document.create_element("template").ok());
        let content = template.map(|template| template.unchecked_into::<HtmlTemplateElement>().content());
        let document = content.and_then(|content| content.owner_document());
        document.and_then(|document| document.create_element("div").ok())
    };
}

/// Whether HTML stands for the same in this element as in the one where it is parsed otherwise.
pub(crate) fn is_ordinary(element: &Element) -> bool {
    ORDINARY.with(|names| dom::is_a(element, names))
}

/// Parses HTML into a fragment that is not in the page.
///
/// A template's content may begin with table parts and list items (SWP-26), and what is parsed by
/// setting `innerHTML` never runs its scripts, also after it was moved; `createContextualFragment`
/// would run them.
///
/// Browsers parse the same several times faster as the content of an ordinary element than as that of a template, so only
/// what may begin with parts of a table is given to one. The ordinary element stands in a template's document, where nothing
/// loads and no script runs, and which asks the same Trusted Types policy. `None` where that [refuses](dom::REFUSED).
pub(crate) fn parse(html: &JsString) -> Option<DocumentFragment> {
    if !TABLE_PARTS.with(|parts| dom::matches(parts, html)) {
        return INERT.with(|inert| {
            let inert = inert.as_ref()?;
            dom::set_html(inert, html)?;
            let content = inert.owner_document()?.create_document_fragment();
            dom::move_children(inert, &content);
            Some(content)
        });
    }
    let template = page::document()?.create_element("template").ok()?;
    dom::set_html(&template, html)?;
    Some(template.unchecked_into::<HtmlTemplateElement>().content())
}

/// Parses HTML that begins with no part of a table; the answer is the elements at its top.
///
/// They are left where they were parsed, to be moved from there by whoever uses them: most often there is one.
pub(crate) fn parse_elements(html: &JsString) -> Option<Vec<Element>> {
    INERT.with(|inert| {
        let inert = inert.as_ref()?;
        dom::set_html(inert, html)?;
        Some(dom::element_children(inert))
    })
}

/// The namespace of everything that is neither a drawing nor a formula.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// Whether an element belongs to a drawing or a formula, in which the parser reads other elements than in HTML.
pub(crate) fn is_foreign(element: &Element) -> bool {
    // The class says it at once, except for elements that a frame's script has made.
    !element.is_instance_of::<HtmlElement>() && element.namespace_uri().as_deref() != Some(HTML)
}

/// Parses HTML as what stands in this element, which decides what a `<circle>` is (SWP-26).
///
/// DIFFERENCE: htmx parses everything as HTML, except for the content of a plain `innerHTML`; in a drawing it becomes
/// unknown elements, which nobody sees.
pub(crate) fn parse_for(place: &Element, html: &JsString) -> Option<DocumentFragment> {
    if !is_foreign(place) {
        return parse(html);
    }
    let template: HtmlTemplateElement = page::document()?
        .create_element("template")
        .ok()?
        .unchecked_into();
    let content = template.content();
    // An element of the same name in the template's own document, where nothing loads and no script runs.
    let context = content
        .owner_document()?
        .create_element_ns(place.namespace_uri().as_deref(), &place.local_name())
        .ok()?;
    dom::set_html(&context, html)?;
    dom::move_children(&context, &content);
    Some(content)
}
