//! `<meta name="htmx-config" content='{"defaultSwapStyle":"outerHTML"}'>`: what a page says about all of its swaps (CFG-05,
//! CFG-09).
//!
//! It belongs to raw markup, and is read once, when that is first processed; then it holds for components as well. What it
//! says about anything but swaps has a place of its own here: connections have props, and scripts run where a swap asks for
//! them. A page that is served to htmx, too, may say it, so it is told of and does no harm.
//!
//! DIFFERENCE: what is not read is told, as is a value that cannot be; in htmx anything is taken.

use std::borrow::Cow;
use std::cell::Cell;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, ScrollBehavior};

use super::defaults::{self, Defaults};
use crate::browser::{diagnostics, json, page};
use crate::grammar::{Interval, likely};

const KEYS: [&str; 11] = [
    "defaultSwapStyle",
    "defaultSwapDelay",
    "defaultSettleDelay",
    "attributesToSettle",
    "addedClass",
    "settlingClass",
    "swappingClass",
    "scrollBehavior",
    "defaultFocusScroll",
    "globalViewTransitions",
    "ignoreTitle",
];

/// What says here what others of htmx's keys say there.
const INSTEAD: [(&str, &str); 6] = [
    (
        "allowScriptTags",
        "scripts run where `hx-swap` says `scripts:true`",
    ),
    ("allowEval", "nothing evaluates strings"),
    ("inlineScriptNonce", "scripts get the nonce of those of the page"),
    ("wsReconnectDelay", "sources have a `RetryPolicy`"),
    ("wsBinaryType", "a `WsSource` has `binary_type`"),
    ("withCredentials", "a source has `with_credentials`"),
];

thread_local! {
    static IS_READ: Cell<bool> = const { Cell::new(false) };
}

/// Reads what the page says, unless that was done.
pub(crate) fn enter() {
    let Some(document) = page::document() else { return };
    if IS_READ.replace(true) {
        return;
    }
    // DIFFERENCE: htmx takes one from anywhere. What stands in the body may be foreign, and must not say how the page
    // swaps.
    let meta = document.query_selector(":root > head > meta[name='htmx-config']");
    let meta = meta.ok().flatten();
    if let Some((meta, text)) = meta.and_then(|meta| Some((meta.clone(), meta.get_attribute("content")?))) {
        defaults::set(read(&meta, text));
    }
}

fn read(meta: &Element, text: String) -> Defaults {
    let mut defaults = Defaults::default();
    let said = json::parse(&text.into()).and_then(|said| said.dyn_into::<Object>().ok());
    let Some(said) = said.filter(|said| !Array::is_array(said)) else {
        diagnostics::report(meta, "htmx-config: expected a JSON object in `content`");
        return defaults;
    };
    for entry in Object::entries(&said) {
        let entry: Array = entry.unchecked_into();
        let key = entry.get(0).as_string().unwrap_or_default();
        match take(&mut defaults, &key, &entry.get(1)) {
            Taken::Yes => {}
            Taken::Bad(expected) => {
                diagnostics::report(meta, &format!("htmx-config, `{key}`: expected {expected}"));
            }
            Taken::Unknown => tell_unknown(meta, &key),
        }
    }
    defaults
}

/// What has become of an entry.
enum Taken {
    Yes,
    /// What it should have been.
    Bad(&'static str),
    Unknown,
}

fn take(defaults: &mut Defaults, key: &str, value: &JsValue) -> Taken {
    const CLASS: &str = "the name of a class";
    const MILLISECONDS: &str = "a number of milliseconds";
    const TRUTH: &str = "true or false";
    let text = || value.as_string();
    match key {
        "defaultSwapStyle" => put(
            &mut defaults.style,
            text().and_then(|text| text.parse().ok()),
            "a style of `hx-swap`, such as \"outerHTML\"",
        ),
        "defaultSwapDelay" => put(&mut defaults.swap, interval(value), MILLISECONDS),
        "defaultSettleDelay" => put(&mut defaults.settle, interval(value), MILLISECONDS),
        "attributesToSettle" => put(
            &mut defaults.settled_attributes,
            names(value),
            "an array of names of attributes",
        ),
        "addedClass" => put(&mut defaults.added, class(text()), CLASS),
        "settlingClass" => put(&mut defaults.settling, class(text()), CLASS),
        "swappingClass" => put(&mut defaults.swapping, class(text()), CLASS),
        "scrollBehavior" => put(
            &mut defaults.scroll,
            match text().as_deref() {
                Some("auto") => Some(ScrollBehavior::Auto),
                Some("instant") => Some(ScrollBehavior::Instant),
                Some("smooth") => Some(ScrollBehavior::Smooth),
                _ => None,
            },
            "\"auto\", \"instant\" or \"smooth\"",
        ),
        "defaultFocusScroll" => put(&mut defaults.focus_scroll, value.as_bool(), TRUTH),
        "globalViewTransitions" => put(&mut defaults.transition, value.as_bool(), TRUTH),
        "ignoreTitle" => put(&mut defaults.ignore_title, value.as_bool(), TRUTH),
        _ => Taken::Unknown,
    }
}

fn put<T>(place: &mut T, value: Option<T>, expected: &'static str) -> Taken {
    match value {
        Some(value) => {
            *place = value;
            Taken::Yes
        }
        None => Taken::Bad(expected),
    }
}

fn interval(value: &JsValue) -> Option<Interval> {
    let millis = value.as_f64()?;
    (0.0..=f64::from(u32::MAX))
        .contains(&millis)
        .then(|| Interval::from_millis(millis as u32))
}

/// The browser throws for a class with a blank in it, and for an empty one.
fn class(text: Option<String>) -> Option<Cow<'static, str>> {
    let is_one = |text: &String| !text.is_empty() && !text.contains(char::is_whitespace);
    text.filter(is_one).map(Cow::from)
}

fn names(value: &JsValue) -> Option<Vec<Cow<'static, str>>> {
    let names = value.dyn_ref::<Array>()?.iter();
    names.map(|name| name.as_string().map(Cow::from)).collect()
}

fn tell_unknown(meta: &Element, key: &str) {
    let message = format!("htmx-config: `{key}` is not read here");
    let instead = INSTEAD.iter().find(|(name, _)| *name == key);
    let hint = match instead {
        Some((_, instead)) => Some((*instead).to_owned()),
        None => likely(key, KEYS).map(|meant| format!("did you mean `{meant}`?")),
    };
    match hint {
        Some(hint) => diagnostics::report_with_hint(meta, &message, &hint),
        None => diagnostics::report(meta, &message),
    }
}

/// Reads it anew, for a test that has changed it.
#[cfg(all(test, target_family = "wasm"))]
pub(crate) fn read_anew() {
    IS_READ.set(false);
    defaults::set(Defaults::default());
    enter();
}
