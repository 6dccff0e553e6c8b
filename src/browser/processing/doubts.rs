//! Markup that can be read and is yet hardly what was meant. htmx does nothing about it; here the developer is told,
//! in debug builds.

use web_sys::Element;

use crate::browser::live_elements::Kind;
use crate::browser::{diagnostics, markup};
use crate::grammar::SseAttributes;

/// Attributes of htmx 4, and what says the same here.
///
/// DIFFERENCE: they are not read. There a source waits for its `hx-trigger`, swaps messages without a name into itself
/// and those with a name nowhere, and sockets take other frames (ACT-06, ACT-13); half of that would be worse than none.
const HTMX_4: [(&str, &str); 4] = [
    (
        "hx-sse:connect",
        "write `sse-connect`, and `sse-swap=\"message\"` for messages without a name",
    ),
    ("hx-sse:close", "write `sse-close`"),
    ("hx-ws:connect", "write `ws-connect`"),
    ("hx-ws:send", "write `ws-send`"),
];

const STREAM: [&str; 3] = ["sse-connect", "sse-swap", "sse-close"];
const SOCKET: [&str; 2] = ["ws-connect", "ws-send"];

/// Looks at what an element says of streams, once.
pub(super) fn of_streams(element: &Element, written: SseAttributes<'_>) {
    if !is_asked(element, [Kind::Sse, Kind::SseSwap]) {
        return;
    }
    of_names(element, "sse-", &STREAM);
    of_config(element);
    of_htmx_4(element, "hx-sse:");
    let words = written.hx_sse.unwrap_or_default().split_whitespace();
    for word in words.filter(|word| word.starts_with("swap:") && word.contains(',')) {
        let hint = format!(
            "commas separate names in `sse-swap` only; here it is `{}`",
            word.replace(',', " swap:")
        );
        diagnostics::report_with_hint(
            element,
            &format!("hx-sse: `{word}` is one name with a comma in it"),
            &hint,
        );
    }
    let names = written.sse_swap.unwrap_or_default().split(',').map(str::trim);
    for name in names.filter(|name| name.contains(char::is_whitespace)) {
        let message = format!("sse-swap: `{name}` is one name with a blank in it");
        diagnostics::report_with_hint(element, &message, "commas separate names");
    }
    if let Some(name) = written.sse_close.filter(|name| name.contains(',')) {
        let message = format!("sse-close: `{name}` is one name with a comma in it");
        diagnostics::report_with_hint(element, &message, "it takes no list");
    }
    let connects =
        written.hx_sse.is_some_and(|text| text.contains("connect:")) || written.sse_connect.is_some();
    if written.sse_close.is_some() && !connects {
        let message = "sse-close: expected the address of a stream on the same element, found none";
        diagnostics::report_with_hint(element, message, "put it beside `sse-connect`");
    }
}

/// Looks at what an element says of sockets, once.
pub(super) fn of_sockets(element: &Element) {
    if is_asked(element, [Kind::Ws, Kind::WsSend]) {
        of_names(element, "ws-", &SOCKET);
        of_config(element);
        of_htmx_4(element, "hx-ws:");
    }
}

fn is_asked(element: &Element, kinds: [Kind; 2]) -> bool {
    cfg!(debug_assertions) && kinds.iter().all(|kind| kind.is_new(element))
}

/// Attributes that look like htmx's and are none.
fn of_names(element: &Element, prefix: &str, known: &[&str]) {
    for name in element
        .get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
    {
        let bare = name.strip_prefix("data-").unwrap_or(&name);
        if bare.starts_with(prefix) && !known.contains(&bare) {
            let message = format!("expected one of {}, found `{name}`", known.join(", "));
            diagnostics::report(element, &message);
        }
    }
}

/// DIFFERENCE: htmx 4 reads the retries of a connection from it (CFG-08); here they are props, and typed.
fn of_config(element: &Element) {
    if markup::own(element, "hx-config").is_some() {
        let hint = "use `SseSource` or `WsSource`, which take a `RetryPolicy`";
        diagnostics::report_with_hint(element, "`hx-config` of htmx 4 is not read here", hint);
    }
}

fn of_htmx_4(element: &Element, prefix: &str) {
    for (name, hint) in HTMX_4.iter().filter(|(name, _)| name.starts_with(prefix)) {
        if markup::own(element, name).is_some() {
            let message = format!("expected the attributes of htmx 1 or 2, found `{name}` of htmx 4");
            diagnostics::report_with_hint(element, &message, hint);
        }
    }
}
