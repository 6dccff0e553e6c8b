//! The `HX-…` request headers, the same for requests and for socket messages (WSS-04).

use js_sys::{JsString, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use super::detail_fields::Fields;
use super::dom_events::put;
use super::event_names::{HX_CURRENT_URL, HX_REQUEST, HX_TARGET, HX_TRIGGER, HX_TRIGGER_NAME};
use super::{dom, json_values, markup, page, target};
use crate::wire::FrameFormat;

/// The headers that an element sends; `None` where it has nothing to say under a name.
pub(crate) fn of(element: &Element) -> Vec<(String, Option<String>)> {
    let mut headers = vec![("HX-Request".to_owned(), Some("true".to_owned()))];
    let mut add = |name: &str, value: Option<String>| {
        headers.push((name.to_owned(), value.filter(|value| !value.is_empty())));
    };
    add("HX-Trigger", Some(dom::id_of(element)));
    add("HX-Trigger-Name", element.get_attribute("name"));
    // WSS-05: the id of the resolved target, which is the element itself by default.
    add(
        "HX-Target",
        target::of(element).ok().map(|target| dom::id_of(&target)),
    );
    add(
        "HX-Current-URL",
        page::window().and_then(|window| window.location().href().ok()),
    );
    add_own(element, &mut headers);
    headers
}

/// The attributes that say something about the headers of the elements in or on whose element they stand.
pub(crate) const SAYING: [&str; 2] = ["hx-headers", "hx-target"];

/// Whether the headers of a socket message are those of [`plain_object`].
pub(crate) fn is_plain(element: &Element, format: FrameFormat) -> bool {
    !format.is_of_htmx_4()
        && SPOKEN_FOR
            .with(|selector| dom::closest(element, selector))
            .is_none()
}

/// The headers of a socket message as the object that scripts see (WSS-04); `null` where there is none.
pub(crate) fn object_of_message(element: &Element, format: FrameFormat) -> Object {
    let headers = Object::new();
    for (name, value) in of_message(element, format) {
        put(
            &headers,
            &name.into(),
            &value.map_or(JsValue::NULL, JsValue::from),
        );
    }
    headers
}

/// The same in htmx's first format, of an element about whose headers nothing is said, as strings that stay in JavaScript.
pub(crate) fn plain_object(element: &Element) -> Object {
    let headers = Object::new();
    PLAIN.with(|plain| {
        let filled = |text: Option<JsString>| text.filter(|text| text.length() > 0);
        let value = |text: Option<JsString>| filled(text).map_or(JsValue::NULL, JsValue::from);
        let (id, fields) = (value(dom::own_id(element)), headers.unchecked_ref::<Fields>());
        fields.set(&HX_REQUEST, &plain.true_);
        fields.set(&HX_TRIGGER, &id);
        fields.set(&HX_TRIGGER_NAME, &value(dom::attribute(element, &plain.name)));
        fields.set(&HX_TARGET, &id);
        fields.set(&HX_CURRENT_URL, &value(page::address()));
    });
    headers
}

/// What most messages have, as strings of the page's.
struct Plain {
    true_: JsString,
    name: JsString,
}

thread_local! {
    static PLAIN: Plain = Plain {
        true_: "true".into(),
        name: "name".into(),
    };
    static SPOKEN_FOR: JsString = markup::carriers_of(&SAYING).into();
}

/// The headers of a socket message, as the version of htmx has them whose frame it is (WSS-04, WSS-23).
fn of_message(element: &Element, format: FrameFormat) -> Vec<(String, Option<String>)> {
    if !format.is_of_htmx_4() {
        return of(element);
    }
    let target = target::of(element).ok();
    let text = |text: &str| Some(text.to_owned());
    let mut headers = vec![
        ("HX-Request".to_owned(), text("true")),
        ("HX-Source".to_owned(), Some(identifier(element))),
        ("HX-Target".to_owned(), target.as_ref().map(identifier)),
        (
            "HX-Current-URL".to_owned(),
            page::window().and_then(|window| window.location().href().ok()),
        ),
    ];
    if format == FrameFormat::HeadersAndBody {
        let is_full = target.is_some_and(|target| target.local_name() == "body")
            || markup::own(element, "hx-select").is_some();
        let kind = if is_full { "full" } else { "partial" };
        headers.push(("HX-Request-Type".to_owned(), text(kind)));
    }
    headers.retain(|(_, value)| value.is_some());
    // CON-13: also in the frames of htmx 4, which has none of them there.
    add_own(element, &mut headers);
    headers
}

/// `tag#id`, by which htmx 4 names an element.
fn identifier(element: &Element) -> String {
    let (tag, id) = (element.local_name(), dom::id_of(element));
    if id.is_empty() {
        return tag;
    }
    format!("{tag}#{}", String::from(js_sys::encode_uri(&id)))
}

/// `hx-headers`, own and inherited, of which the nearest wins. They add to the headers and fill those without a value, but
/// override none (WSS-06).
fn add_own(element: &Element, headers: &mut Vec<(String, Option<String>)>) {
    for (name, value) in json_values::inherited(element, "hx-headers") {
        add_one(headers, name, json_values::text(&value));
    }
}

fn add_one(headers: &mut Vec<(String, Option<String>)>, name: String, value: String) {
    let known = headers
        .iter_mut()
        .find(|(known, _)| known.eq_ignore_ascii_case(&name));
    match known {
        Some((_, known)) => *known = known.take().or(Some(value)),
        None => headers.push((name, Some(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wss_06_own_headers_fill_and_add_but_override_nothing() {
        let text = |text: &str| Some(text.to_owned());
        let mut headers = vec![
            ("HX-Request".to_owned(), text("true")),
            ("HX-Trigger".to_owned(), None),
        ];
        for (name, value) in [
            ("hx-request", "no"),
            ("HX-Trigger", "near"),
            ("X-A", "near"),
            ("x-a", "far"),
        ] {
            add_one(&mut headers, name.to_owned(), value.to_owned());
        }
        let expected = [("HX-Request", "true"), ("HX-Trigger", "near"), ("X-A", "near")];
        assert_eq!(
            headers,
            expected.map(|(name, value)| (name.to_owned(), text(value)))
        );
    }
}
