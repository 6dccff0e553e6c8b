//! The only file that writes HTML into the page; before this program has come, `connection/early.js` does.
//!
//! Payloads stay JavaScript strings: web-sys' own setters take `&str`, which would copy every
//! message into wasm memory and out again.

use std::iter::successors;

use js_sys::{JsString, Object, RegExp};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, DocumentFragment, Element, HtmlCollection, HtmlFormElement, HtmlTemplateElement, Node,
};

use super::event_names::EventName;
use super::page;

#[wasm_bindgen]
extern "C" {
    /// An element seen as something that takes HTML without a copy.
    #[wasm_bindgen(extends = Element)]
    type HtmlSink;

    #[wasm_bindgen(method, structural, setter, catch, js_name = innerHTML)]
    fn set_inner_html(this: &HtmlSink, html: &JsString) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, catch, js_name = insertAdjacentHTML)]
    fn insert_adjacent_html(this: &HtmlSink, place: &JsString, html: &JsString) -> Result<(), JsValue>;

    #[wasm_bindgen(method, structural, setter, js_name = textContent)]
    fn set_text(this: &HtmlSink, text: &JsString);

    /// An element asked by strings that are the page's already, with no guard against what cannot be thrown. The methods
    /// are those of all elements, as a form's own may be its controls.
    #[wasm_bindgen(extends = Element, js_name = Element)]
    type Asked;

    #[wasm_bindgen(method, final, js_class = "Element", js_name = closest)]
    fn closest(this: &Asked, selector: &JsString) -> Option<Element>;

    #[wasm_bindgen(method, final, js_class = "Element", js_name = getAttribute)]
    fn attribute(this: &Asked, name: &JsString) -> Option<JsString>;

    #[wasm_bindgen(method, final, catch, js_class = "Element", js_name = setAttribute)]
    fn set_attribute(this: &Asked, name: &JsString, value: &JsString) -> Result<(), JsValue>;

    /// The same by a name that is one for scripts, too: then nothing is thrown.
    #[wasm_bindgen(method, final, js_class = "Element", js_name = setAttribute)]
    fn set_known(this: &Asked, name: &JsString, value: &JsString);

    #[wasm_bindgen(method, final, js_class = "Element", js_name = removeAttribute)]
    fn remove_attribute(this: &Asked, name: &JsString);

    #[wasm_bindgen(method, final, js_class = "Element", js_name = hasAttribute)]
    fn has_attribute(this: &Asked, name: &JsString) -> bool;

    #[wasm_bindgen(method, final, js_class = "Element", js_name = matches)]
    fn is_a(this: &Asked, selector: &JsString) -> bool;

    #[wasm_bindgen(method, final, js_class = "Element", js_name = querySelector)]
    fn find(this: &Asked, selector: &JsString) -> Option<Element>;

    #[wasm_bindgen(method, final, js_class = "Element", js_name = remove)]
    fn leave(this: &Asked);

    #[wasm_bindgen(method, structural, getter, js_name = localName)]
    fn name(this: &Asked) -> JsString;

    /// A form, asked in the same way.
    #[wasm_bindgen(extends = HtmlFormElement, js_name = HTMLFormElement)]
    type AskedForm;

    #[wasm_bindgen(method, final, js_class = "HTMLFormElement", js_name = reset)]
    fn start_over(this: &AskedForm);

    /// The function behind a property, which stays what it is on an object that has something else of that name: a form its
    /// controls, a document its images. It is also quicker than to ask such an object, which looks for those first.
    type Getter;

    #[wasm_bindgen(method, structural, js_name = call)]
    fn get_flag(this: &Getter, of: &JsValue) -> bool;

    #[wasm_bindgen(method, structural, js_name = call)]
    fn get_text(this: &Getter, of: &JsValue) -> JsString;

    #[wasm_bindgen(method, structural, js_name = call)]
    fn get_collection(this: &Getter, of: &JsValue) -> HtmlCollection;

    /// A fragment, asked in the same way.
    #[wasm_bindgen(extends = DocumentFragment)]
    type AskedFragment;

    #[wasm_bindgen(method, structural, js_name = querySelector)]
    fn find(this: &AskedFragment, selector: &JsString) -> Option<Element>;

    /// A node that takes another one, which is known to stand nowhere around it.
    #[wasm_bindgen(extends = Node)]
    type Parent;

    #[wasm_bindgen(method, structural, js_name = appendChild)]
    fn take(this: &Parent, child: &Node);

    #[wasm_bindgen(method, structural, js_name = replaceChildren)]
    fn take_alone(this: &Parent, child: &Node);

    /// Any object, asked for a member.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn member(of: &JsValue, name: &JsString) -> Result<JsValue, JsValue>;

    /// The same for one that most often is undefined.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get, catch)]
    fn any_member(of: &JsValue, name: &JsString) -> Result<Option<Object>, JsValue>;

    /// The same for one of ours on an element, which nobody has made throw.
    #[wasm_bindgen(js_namespace = Reflect, js_name = get)]
    fn own_member(of: &Element, name: &JsString) -> JsValue;

    /// A regular expression that looks at a string without copying it.
    type Pattern;

    #[wasm_bindgen(method, structural)]
    fn test(this: &Pattern, text: &JsString) -> bool;

    #[wasm_bindgen(extends = Document, js_name = Document)]
    type Catalogue;

    #[wasm_bindgen(method, final, js_class = "Document", js_name = getElementById)]
    fn element_by_id(this: &Catalogue, id: &JsString) -> Option<Element>;
}

thread_local! {
    static ADDRESS: Getter = getter("Document", "URL");
    static CONTROLS: Getter = getter("HTMLFormElement", "elements");
    static NO_VALIDATE: Getter = getter("HTMLFormElement", "noValidate");
    static AUTOFOCUS: JsString = "autofocus".into();
    static CLASS: JsString = "class".into();
    static EMPTY: JsString = "".into();
    static ID: JsString = "id".into();
    static ASKS_FOR_FOCUS: JsString = "[autofocus]".into();
    static FIRST: JsString = "afterbegin".into();
    static LAST: JsString = "beforeend".into();
}

/// Finds the function behind a property of a class of the browser's.
fn getter(class: &str, property_name: &str) -> Getter {
    let prototype = property(&property(&js_sys::global(), class), "prototype");
    let described = Object::get_own_property_descriptor(
        prototype.unchecked_ref::<Object>(),
        &JsValue::from_str(property_name),
    );
    property(&described, "get").unchecked_into()
}

/// Whether a pattern, without flags that remember, is found in a text. The text is not copied.
pub(crate) fn matches(pattern: &RegExp, text: &JsString) -> bool {
    pattern.unchecked_ref::<Pattern>().test(text)
}

/// An attribute's value, as a string of the page's.
pub(crate) fn attribute(element: &Element, name: &JsString) -> Option<JsString> {
    element.unchecked_ref::<Asked>().attribute(name)
}

/// Sets an attribute. What a parser takes for a name may be none for a script; such an attribute is left out.
pub(crate) fn set_attribute(element: &Element, name: &JsString, value: &JsString) {
    let _ = element.unchecked_ref::<Asked>().set_attribute(name, value);
}

/// Takes an attribute away, if it is there.
pub(crate) fn remove_attribute(element: &Element, name: &JsString) {
    element.unchecked_ref::<Asked>().remove_attribute(name);
}

/// Takes an element out of whatever it stands in.
pub(crate) fn remove(element: &Element) {
    element.unchecked_ref::<Asked>().leave();
}

/// Gives a form's controls the values that they had at first.
pub(crate) fn reset(form: &HtmlFormElement) {
    form.unchecked_ref::<AskedForm>().start_over();
}

/// The live list of a form's controls.
pub(crate) fn controls_of(form: &HtmlFormElement) -> HtmlCollection {
    CONTROLS.with(|getter| getter.get_collection(form))
}

/// Whether a form is sent without being checked.
pub(crate) fn waives_validation(form: &HtmlFormElement) -> bool {
    NO_VALIDATE.with(|getter| getter.get_flag(form))
}

/// The address of a document, which `location` would compose anew for each question.
pub(crate) fn address_of(document: &Document) -> JsString {
    ADDRESS.with(|getter| getter.get_text(document))
}

/// The nearest of the element and its ancestors that matches a selector which is known to be right.
pub(crate) fn closest(element: &Element, selector: &JsString) -> Option<Element> {
    element.unchecked_ref::<Asked>().closest(selector)
}

/// Whether an element matches a selector which is known to be right.
pub(crate) fn is_a(element: &Element, selector: &JsString) -> bool {
    element.unchecked_ref::<Asked>().is_a(selector)
}

/// Whether there is an element in the content that matches a selector which is known to be right.
pub(crate) fn has_any(content: &DocumentFragment, selector: &JsString) -> bool {
    content.unchecked_ref::<AskedFragment>().find(selector).is_some()
}

/// The element that asks for the focus, if it is this one or stands in it.
pub(crate) fn asking_for_focus(element: &Element) -> Option<Element> {
    let asked = element.unchecked_ref::<Asked>();
    if AUTOFOCUS.with(|name| asked.has_attribute(name)) {
        return Some(element.clone());
    }
    ASKS_FOR_FOCUS.with(|selector| asked.find(selector))
}

/// Whether two elements have the same name.
pub(crate) fn is_same_kind(element: &Element, other: &Element) -> bool {
    let [own, others] = [element, other].map(|element| element.unchecked_ref::<Asked>().name());
    own == others
}

/// An element's id as a string of the page's, if it has the attribute.
pub(crate) fn own_id(element: &Element) -> Option<JsString> {
    ID.with(|name| attribute(element, name))
}

/// Appends a node that stands nowhere around its new parent.
pub(crate) fn append(parent: &Node, child: &Node) {
    parent.unchecked_ref::<Parent>().take(child);
}

/// The element of the page that has this element's id.
pub(crate) fn namesake(element: &Element) -> Option<Element> {
    let id = own_id(element)?;
    // No element is found by an empty id.
    page::document()?.unchecked_ref::<Catalogue>().element_by_id(&id)
}

/// Why HTML is not taken.
pub(crate) const REFUSED: &str =
    "the browser refused HTML: expected a Trusted Types policy called `default` that lets it through";

/// Replaces the element's children by this HTML. Scripts in it do not run. `None` where the browser [refuses](REFUSED) it.
pub(crate) fn set_html(element: &Element, html: &JsString) -> Option<()> {
    element.unchecked_ref::<HtmlSink>().set_inner_html(html).ok()
}

/// Which end of an element's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    First,
    Last,
}

/// Adds HTML to an ordinary element's content; the answer is the elements at its top. It must not bring along what
/// runs code when it is inserted. Scripts in it do not run. `None` where the browser [refuses](REFUSED) it.
///
/// The browser parses it where it belongs, in one step: a fragment of its own, filled, asked and emptied, are ten.
pub(crate) fn add_html(element: &Element, end: End, html: &JsString) -> Option<Vec<Element>> {
    let (before, place) = match end {
        End::First => (element.first_element_child(), &FIRST),
        End::Last => (element.last_element_child(), &LAST),
    };
    let sink = element.unchecked_ref::<HtmlSink>();
    place.with(|place| sink.insert_adjacent_html(place, html)).ok()?;
    Some(match (end, before) {
        (End::Last, Some(before)) => with_next(before.next_element_sibling()).collect(),
        (End::First, Some(before)) => {
            let all = with_next(element.first_element_child());
            all.take_while(|element| *element != before).collect()
        }
        (_, None) => element_children(element),
    })
}

/// Replaces the element's children by this text.
pub(crate) fn set_text(element: &Element, text: &JsString) {
    element.unchecked_ref::<HtmlSink>().set_text(text);
}

/// An element's id; empty where it has none.
///
/// Not its property: that of a form is the form's control of this name, where there is one.
pub(crate) fn id_of(element: &Element) -> String {
    element.get_attribute("id").unwrap_or_default()
}

/// A property of an object of the page, or undefined.
pub(crate) fn property(of: &JsValue, name: impl EventName) -> JsValue {
    name.with(|name| member(of, name)).unwrap_or(JsValue::UNDEFINED)
}

/// A property of an object of the page, where it is neither undefined nor null.
pub(crate) fn any_property(of: &JsValue, name: impl EventName) -> Option<JsValue> {
    let value = name.with(|name| any_member(of, name));
    value.ok().flatten().map(JsValue::from)
}

/// What this program has noted on an element under a name of its own, or undefined.
pub(crate) fn noted(element: &Element, name: &JsString) -> JsValue {
    own_member(element, name)
}

pub(crate) fn add_class(element: &Element, class: &str) {
    add_classes(element, &class.into());
}

pub(crate) fn remove_class(element: &Element, class: &str) {
    remove_classes(element, &class.into());
}

/// Adds classes, with blanks between them. Most elements that messages change have none, and then all are one attribute.
pub(crate) fn add_classes(element: &Element, classes: &JsString) {
    let Some(found) = CLASS.with(|name| attribute(element, name)) else {
        set_class(element, classes);
        return;
    };
    // As where the message before has not settled.
    if found == *classes {
        return;
    }
    for class in String::from(classes).split_whitespace() {
        let _ = element.class_list().add_1(class);
    }
}

fn set_class(element: &Element, classes: &JsString) {
    CLASS.with(|name| element.unchecked_ref::<Asked>().set_known(name, classes));
}

/// Leaves some of the classes, and removes the others.
pub(crate) fn reduce_classes(element: &Element, classes: &JsString, left: &JsString) {
    if CLASS.with(|name| attribute(element, name)).as_ref() == Some(classes) {
        set_class(element, left);
        return;
    }
    let left = String::from(left);
    for class in String::from(classes)
        .split_whitespace()
        .filter(|class| *class != left)
    {
        remove_class(element, class);
    }
}

/// Removes them again. An element that had no class must not keep an empty attribute.
pub(crate) fn remove_classes(element: &Element, classes: &JsString) {
    let Some(found) = CLASS.with(|name| attribute(element, name)) else {
        return;
    };
    let is_all = found == *classes || {
        let (found, classes) = (String::from(&found), String::from(classes));
        let is_one = |found: &str| classes.split_whitespace().any(|class| class == found);
        found.split_whitespace().all(is_one)
    };
    if is_all {
        CLASS.with(|name| remove_attribute(element, name));
        return;
    }
    for class in String::from(classes).split_whitespace() {
        let _ = element.class_list().remove_1(class);
    }
}

/// The element children of a node, as a list that does not change under the reader.
pub(crate) fn element_children(node: &Node) -> Vec<Element> {
    // Fragments have the property as well, but no type in common with elements that has.
    with_next(node.unchecked_ref::<Element>().first_element_child()).collect()
}

/// An element and those that stand after it.
fn with_next(first: Option<Element>) -> impl Iterator<Item = Element> {
    successors(first, Element::next_element_sibling)
}

/// Every element below the node that matches the selector, in document order.
pub(crate) fn select_all(root: &Node, selector: &str) -> Vec<Element> {
    // Fragments have the method as well, but no type in common with elements that has.
    let Ok(found) = root.unchecked_ref::<Element>().query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|i| found.item(i)?.dyn_into().ok())
        .collect()
}

/// The same with the element itself.
pub(crate) fn select_with(root: &Element, selector: &str) -> Vec<Element> {
    let own = root.matches(selector).unwrap_or(false).then(|| root.clone());
    own.into_iter().chain(select_all(root, selector)).collect()
}

/// Whether there is nothing in it but blanks and comments.
pub(crate) fn is_blank(node: &Node) -> bool {
    let is_text = |text: String| !text.trim().is_empty();
    // Fragments have the property as well, but no type in common with elements that has.
    let has_elements = node.unchecked_ref::<Element>().first_element_child().is_some();
    !has_elements && !node.text_content().is_some_and(is_text)
}

/// Where an element's content is: a template keeps it apart.
pub(crate) fn content_of(element: &Element) -> Node {
    match element.dyn_ref::<HtmlTemplateElement>() {
        Some(template) => template.content().into(),
        None => element.clone().into(),
    }
}

/// Replaces all children of a node by those of another one. A list of them would be gone through by JavaScript's own
/// protocol, step by step.
pub(crate) fn take_children(node: &Node, from: &Node) {
    match from.first_child() {
        None => EMPTY.with(|empty| node.unchecked_ref::<HtmlSink>().set_text(empty)),
        Some(first) => {
            node.unchecked_ref::<Parent>().take_alone(&first);
            move_children(from, node);
        }
    }
}

/// Moves all children of a node to the end of another one.
pub(crate) fn move_children(from: &Node, to: &Node) {
    while let Some(child) = from.first_child() {
        append(to, &child);
    }
}
