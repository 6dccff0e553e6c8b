//! The `HX-…` request headers, the same for requests and for socket messages (WSS-04).

use web_sys::Element;

use super::{diagnostics, markup, page, target};

/// The headers that an element sends.
pub(crate) fn of(element: &Element) -> Vec<(String, String)> {
    let mut headers = vec![("HX-Request".to_owned(), "true".to_owned())];
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            headers.push((name.to_owned(), value));
        }
    };
    add("HX-Trigger", Some(element.id()));
    add("HX-Trigger-Name", element.get_attribute("name"));
    // WSS-05: the id of the resolved target, which is the element itself by default.
    add("HX-Target", target::of(element).ok().map(|target| target.id()));
    add(
        "HX-Current-URL",
        page::window().and_then(|window| window.location().href().ok()),
    );
    add_own(element, &mut headers);
    headers
}

/// `hx-headers`: a JSON object, own or inherited, that adds to the headers but overrides none (WSS-06).
fn add_own(element: &Element, headers: &mut Vec<(String, String)>) {
    let Some((text, carrier)) = markup::inherited(element, "hx-headers") else {
        return;
    };
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text) {
        Ok(own) => {
            for (name, value) in own {
                if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    headers.push((name, value));
                }
            }
        }
        // DIFFERENCE: `js:` values are not evaluated; a page's strings are data (decision 15).
        Err(error) => {
            diagnostics::report(
                &carrier,
                &format!("hx-headers: expected a JSON object, found {text:?} ({error})"),
            );
        }
    }
}
