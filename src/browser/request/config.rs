//! What a request is made of, as `htmx:configRequest` shows it to the page's scripts, and what they have left of it.

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, Url};

use super::parameters::{Parameters, urlencoded};
use super::stream;
use crate::browser::dom_events::{Detail, dispatch, event_or_undefined};
use crate::browser::form_values::{FormValues, Scope};
use crate::browser::query::with_query;
use crate::browser::{diagnostics, headers, json_values, markup, page, page_connections, validation};
use crate::wire::CONNECTION_HEADER;

/// What a request begins with.
#[derive(Debug)]
pub(crate) struct Outline<'a> {
    pub(crate) element: &'a Element,
    pub(crate) target: &'a Element,
    /// In small letters, as htmx has it.
    pub(crate) verb: &'a str,
    pub(crate) path: &'a str,
    pub(crate) event: Option<&'a Event>,
    pub(crate) submitter: Option<&'a HtmlElement>,
    /// What the user said to `hx-prompt`.
    pub(crate) prompt: Option<String>,
    /// Values that take the place of all others of the same name.
    pub(crate) values: Vec<(String, JsValue)>,
}

/// A request in the making.
#[derive(Debug)]
pub(crate) struct RequestConfig {
    element: Element,
    pub(crate) detail: Detail,
    parameters: Parameters,
    is_multipart: bool,
    sends_no_headers: bool,
}

/// A request as it goes out.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// In capitals.
    pub(crate) method: String,
    pub(crate) path: String,
    /// The path with the values that go in it.
    pub(crate) url: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<JsValue>,
    pub(crate) with_credentials: bool,
    /// In milliseconds; 0 for ever.
    pub(crate) timeout: u32,
    /// What validation has found, and what scripts have added.
    pub(crate) errors: Array,
}

impl RequestConfig {
    pub(crate) fn new(outline: Outline<'_>) -> Option<Self> {
        let Outline { element, verb, .. } = outline;
        // As in htmx, what a listener of the validation makes of a control is what is sent.
        let errors = validation::errors(element, element.dyn_ref(), outline.submitter);
        let scope = if verb == "get" { Scope::Itself } else { Scope::Form };
        let mut values = FormValues::within(element, scope, outline.submitter);
        values.override_by(outline.values);
        let allowed = Parameters::new(values.allowed().into_form_data()?);
        let unfiltered = Parameters::new(values.into_form_data()?);
        let options = json_values::inherited(element, "hx-request");
        let option = |wanted: &str| {
            options
                .iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
        };
        let is_set = |wanted: &str| option(wanted).is_some_and(JsValue::is_truthy);
        let has_query = matches!(verb, "get" | "delete");
        let is_multipart = is_multipart(element);
        let headers = {
            let is_own = resolved(outline.path).is_some_and(|url| is_of_this_origin(&url));
            headers_object(element, outline.prompt, !has_query && !is_multipart, is_own)
        };
        let detail = Detail::new()
            .with("boosted", false)
            .with("useUrlParams", has_query)
            .with("formData", allowed.data().clone())
            .with("parameters", allowed.object().clone())
            .with("unfilteredFormData", unfiltered.data().clone())
            .with("unfilteredParameters", unfiltered.object().clone())
            .with("headers", headers)
            .with("elt", element.clone())
            .with("target", outline.target.clone())
            .with("verb", verb)
            .with("errors", errors)
            .with("withCredentials", is_set("credentials"))
            .with("timeout", option("timeout").cloned().unwrap_or_else(|| 0.into()))
            .with("path", or_present(outline.path))
            .with("triggeringEvent", event_or_undefined(outline.event));
        Some(Self {
            element: element.clone(),
            detail,
            parameters: allowed,
            is_multipart,
            sends_no_headers: is_set("noHeaders"),
        })
    }

    /// What goes out, now that scripts have seen it.
    pub(crate) fn prepared(&self) -> Prepared {
        let text = |name: &str| self.detail.get(name).as_string().unwrap_or_default();
        let path = text("path");
        let data = self.parameters.left_as(&self.detail.get("parameters"));
        let data = data.unwrap_or_else(|| self.parameters.data().clone());
        let mut headers = self.headers();
        let in_words = || {
            urlencoded(&data, |name| {
                let message = format!(
                    "expected `hx-encoding=\"multipart/form-data\"`, found a file in {name:?}; only its name is sent"
                );
                diagnostics::report(&self.element, &message);
            })
        };
        let (url, body) = if self.detail.get("useUrlParams").is_truthy() {
            (with_query(&path, &in_words()), None)
        } else if self.is_multipart {
            (path.clone(), Some(data.clone().into()))
        } else {
            (path.clone(), Some(JsValue::from_str(&in_words())))
        };
        if self.sends_no_headers {
            headers.clear();
        }
        Prepared {
            method: text("verb").to_ascii_uppercase(),
            path,
            url,
            headers,
            body,
            with_credentials: self.detail.get("withCredentials").is_truthy(),
            timeout: self.detail.get("timeout").as_f64().unwrap_or(0.0) as u32,
            errors: Array::from(&self.detail.get("errors")),
        }
    }

    fn headers(&self) -> Vec<(String, String)> {
        let left = self.detail.get("headers");
        let mut headers = Vec::new();
        if !left.is_object() {
            return headers;
        }
        for entry in Object::entries(left.unchecked_ref()).iter() {
            let entry: Array = entry.unchecked_into();
            let (name, value) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            if value.is_null() || value.is_undefined() {
                continue;
            }
            let value = json_values::text(&value);
            if can_be_header(&value) {
                headers.push((name, value));
            } else {
                // As htmx does it, so that a server can tell and decode it.
                headers.push((format!("{name}-URI-AutoEncoded"), "true".to_owned()));
                headers.push((name, js_sys::encode_uri_component(&value).into()));
            }
        }
        headers
    }

    /// Whether scripts, and the rule about origins, let it go there.
    ///
    /// # Errors
    /// The address that it would go to.
    pub(crate) fn verify(&self, url: &str, any_origin: bool) -> Result<(), String> {
        let url = resolved(url).ok_or_else(|| url.to_owned())?;
        let is_same = is_of_this_origin(&url);
        if !is_same && !any_origin {
            return Err(url.href());
        }
        let detail = copy_of(&self.detail)
            .with("sameHost", is_same)
            .with("url", url.clone());
        if dispatch(&self.element, "htmx:validateUrl", &detail) {
            Ok(())
        } else {
            Err(url.href())
        }
    }
}

/// The address as seen from this page.
fn resolved(url: &str) -> Option<Url> {
    let base = page::document()?.base_uri().ok().flatten();
    Url::new_with_base(url, &base.unwrap_or_default()).ok()
}

fn is_of_this_origin(url: &Url) -> bool {
    let own = page::window().and_then(|window| window.location().origin().ok());
    own.is_some_and(|origin| origin == url.origin())
}

/// The same members in an object of its own.
pub(crate) fn copy_of(detail: &Detail) -> Detail {
    Detail::of(Object::assign(&Object::new(), detail.value().unchecked_ref()).into())
}

fn headers_object(element: &Element, prompt: Option<String>, is_urlencoded: bool, is_own: bool) -> Object {
    let mut headers = headers::of(element);
    // Those of this page's connections that know their names need not be told what the page does itself.
    if let (true, Some(ids)) = (is_own, page_connections::header_value()) {
        headers.push((CONNECTION_HEADER.to_owned(), Some(ids)));
    }
    if let Some(prompt) = prompt {
        headers.push(("HX-Prompt".to_owned(), Some(prompt)));
    }
    if is_urlencoded {
        let media_type = "application/x-www-form-urlencoded".to_owned();
        headers.push(("Content-Type".to_owned(), Some(media_type)));
    }
    if stream::handler().is_some() {
        let known = headers
            .iter()
            .position(|(name, _)| name.eq_ignore_ascii_case("accept"));
        let (name, own) = match known {
            Some(at) => headers.remove(at),
            None => ("Accept".to_owned(), None),
        };
        headers.push((name, Some(stream::accept(own.as_deref()))));
    }
    let entries: Array = headers
        .into_iter()
        .map(|(name, value)| {
            let value = value.map_or(JsValue::NULL, JsValue::from);
            JsValue::from(Array::of2(&name.into(), &value))
        })
        .collect();
    Object::from_entries(&entries).unwrap_or_default()
}

fn is_multipart(element: &Element) -> bool {
    const MEDIA_TYPE: &str = "multipart/form-data";
    let own = (element.local_name() == "form")
        .then(|| element.get_attribute("enctype"))
        .flatten();
    let encoding = markup::inherited(element, "hx-encoding").map(|(text, _)| text);
    encoding.as_deref() == Some(MEDIA_TYPE) || own.as_deref() == Some(MEDIA_TYPE)
}

/// An empty address is that of the page, as with a form.
fn or_present(path: &str) -> String {
    if path.is_empty() {
        let here = page::window().and_then(|window| window.location().href().ok());
        return here.unwrap_or_default();
    }
    path.to_owned()
}

/// Header values are bytes: no line breaks, and nothing outside of Latin-1.
fn can_be_header(value: &str) -> bool {
    value
        .chars()
        .all(|c| u32::from(c) <= 0xff && !matches!(c, '\0' | '\r' | '\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_a_header() {
        for (value, expected) in [
            ("plain", true),
            ("Grüße", true),
            ("日本", false),
            ("a\r\nX: y", false),
        ] {
            assert_eq!(can_be_header(value), expected, "{value:?}");
        }
    }
}
