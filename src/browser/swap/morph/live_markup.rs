//! Attributes that make an element live, and those that the runtime itself writes.
//!
//! An element that stays keeps what lives on it. Where its markup asks for something else now, what it had started ends
//! and the element is processed again (LIF-06). What a component has started is the component's own affair.

use web_sys::Element;

use super::attributes::Difference;
use crate::browser::live_elements::Kind;
use crate::browser::{dom, markup};

/// What an element may say by which it owns a connection.
const SOURCES: [&str; 4] = ["hx-sse", "hx-ws", "sse-connect", "ws-connect"];

/// What may hang on the connection of an element around it.
const HANGING: &str = "[hx-sse],[hx-ws],[hx-trigger],[sse-swap],[ws-send],[data-hx-sse],[data-hx-ws],\
    [data-hx-trigger],[data-sse-swap],[data-ws-send]";

/// That an element asks for something else, and what of it is over.
#[derive(Debug)]
pub(super) struct Said {
    element: Element,
    over: Vec<Kind>,
    /// Whether it may own another connection now.
    may_be_source: bool,
}

impl Said {
    /// What the differences mean for what lives on the element; `None` if nothing.
    pub(super) fn of(element: &Element, differences: &[Difference]) -> Option<Self> {
        let names = differences.iter().map(|difference| plain(&difference.name));
        let live: Vec<_> = names.filter(|name| is_live(name)).collect();
        let over = live.iter().filter_map(|name| kind_of(name, element)).collect();
        (!live.is_empty()).then(|| Self {
            element: element.clone(),
            over,
            may_be_source: live.iter().any(|name| SOURCES.contains(name)),
        })
    }
}

/// Ends what elements of raw markup have started by what they do not say any more, and what hangs on a connection that
/// is another now: processing the element again finds both.
pub(super) fn end_what_has_changed(said: impl IntoIterator<Item = Said>) {
    for Said {
        element,
        over,
        may_be_source,
    } in said
    {
        for kind in over {
            kind.disable(&element);
        }
        if may_be_source {
            let hanging = dom::select_all(&element, HANGING).into_iter();
            for below in hanging.filter(|below| source(below).is_none()) {
                for kind in [Kind::Sse, Kind::Ws, Kind::Http] {
                    kind.disable(&below);
                }
            }
        }
    }
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

/// What an attribute starts.
fn kind_of(name: &str, element: &Element) -> Option<Kind> {
    match name {
        "hx-sse" => Some(Kind::Sse),
        "hx-ws" => Some(Kind::Ws),
        "hx-get" | "hx-post" | "hx-put" | "hx-patch" | "hx-delete" => Some(Kind::Http),
        // The trigger of what sends is part of the sending.
        "hx-trigger" if is_sender(element) => Some(Kind::Ws),
        "hx-trigger" => Some(Kind::Http),
        _ if name.starts_with("sse-") => Some(Kind::Sse),
        _ if name.starts_with("ws-") => Some(Kind::Ws),
        _ => None,
    }
}

fn is_sender(element: &Element) -> bool {
    markup::own(element, "ws-send").is_some()
        || markup::own(element, "hx-ws").is_some_and(|text| text.trim_start().starts_with("send"))
}
