//! Attributes that make an element live, and those that the runtime itself writes.
//!
//! An element that stays keeps what lives on it. Where its markup asks for something else now it is processed again,
//! which ends, moves and starts what has changed (LIF-06). What a component has started is the component's own affair.

use web_sys::Element;

use super::attributes::Difference;
use crate::browser::markup;

/// What an element may say by which it owns a connection.
const SOURCES: [&str; 4] = ["hx-sse", "hx-ws", "sse-connect", "ws-connect"];

/// Whether the differences are about what lives on the element.
pub(super) fn is_about_life(differences: &[Difference]) -> bool {
    differences
        .iter()
        .any(|difference| is_live(plain(&difference.name)))
}

/// The attribute by which an element owns a connection.
fn source(element: &Element) -> Option<&'static str> {
    let owns = |name: &&str| {
        let text = markup::own(element, name);
        text.is_some_and(|text| name.ends_with("-connect") || text.contains("connect:"))
    };
    SOURCES.into_iter().find(owns)
}

/// Leaves out what the runtime writes: the state of the connection that an element owns, and the position that it was
/// rendered at, which means something only to who opens a connection.
pub(super) fn leave_out_own(old: &Element, new: &Element, differences: &mut Vec<Difference>) {
    let is_own = |name: &str| ["data-state", "data-position"].contains(&name);
    if !differences.iter().any(|difference| is_own(&difference.name)) {
        return;
    }
    let Some(name) = source(old).filter(|_| source(new).is_some()) else {
        return;
    };
    let opens_anew = differences
        .iter()
        .any(|difference| plain(&difference.name) == name);
    differences.retain(|difference| match difference.name.as_str() {
        "data-state" => false,
        "data-position" => opens_anew,
        _ => true,
    });
}

/// The name without the prefix that HTML asks for (ACT-05).
fn plain(name: &str) -> &str {
    name.strip_prefix("data-").unwrap_or(name)
}

fn is_live(name: &str) -> bool {
    ["hx-", "sse-", "ws-"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}
