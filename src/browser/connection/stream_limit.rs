//! How many streams a page has open to each origin, and a word to the developer before they are too many.
//!
//! Over HTTP/1.1 a browser opens six connections to an origin, over all of its tabs. Streams never end, so that six of
//! them take all: the seventh waits, and so does every other request, without any error. Whoever develops with one tab
//! does not see it. So the fourth stream of a page is told of, while two are left; in debug builds, as it is for whoever
//! develops.
//!
//! Other tabs are not counted: what pages can share for that, locks and channels, keeps them out of the back/forward
//! cache. Where the word is said only while an app is developed, so would be that, and what is tested then would be another
//! page than what is delivered. A number in the storage stays when a tab crashes.

use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::Url;

use crate::browser::{diagnostics, dom, page};
use crate::grammar::EXPLAINS;

/// So many streams of one page are worth a word.
const WORTH_A_WORD: usize = 4;

thread_local! {
    /// The origin of each stream.
    static TAKEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A stream's place among those of its origin, which is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place(String);

impl Place {
    /// Takes one; `None` where the address is none, or nobody is told.
    pub(super) fn take(url: &str) -> Option<Self> {
        if !EXPLAINS {
            return None;
        }
        let own = page::window()?.location();
        let origin = Url::new_with_base(url, &own.href().ok()?).ok()?.origin();
        let taken = TAKEN.with_borrow_mut(|taken| {
            taken.push(origin.clone());
            taken.iter().filter(|taken| **taken == origin).count()
        });
        if taken >= WORTH_A_WORD && is_limited(&origin, own.origin().ok().as_deref() == Some(&origin)) {
            diagnostics::report_plain(&format!(
                "{origin}: expected three streams at most over HTTP/1.1, found a fourth; browsers open six connections to \
                 an origin over all tabs, and further requests wait without an error\n  hint: let one stream carry several \
                 topics (sources with the same address share a connection), use a socket, which does not count, or \
                 serve HTTP/2"
            ));
        }
        Some(Self(origin))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        TAKEN.with_borrow_mut(|taken| {
            if let Some(place) = taken.iter().position(|origin| *origin == self.0) {
                taken.swap_remove(place);
            }
        });
    }
}

/// Whether an origin is talked to over HTTP/1.1, as what was loaded from it says. That says nothing where it came from the
/// browser's cache, as all of a page may; but without TLS browsers speak nothing else.
fn is_limited(origin: &str, is_own: bool) -> bool {
    let Some(clock) = page::window().and_then(|window| window.performance()) else {
        return false;
    };
    let text = |entry: &JsValue, name: &str| dom::property(entry, name).as_string().unwrap_or_default();
    let own = is_own.then(|| clock.get_entries_by_type("navigation"));
    let loaded = clock.get_entries_by_type("resource");
    let loaded = loaded
        .iter()
        .filter(|entry| is_below(&text(entry, "name"), origin));
    let entries = own.iter().flat_map(|own| own.iter()).chain(loaded);
    let mut known = entries
        .map(|entry| text(&entry, "nextHopProtocol"))
        .filter(|protocol| !protocol.is_empty())
        .peekable();
    if known.peek().is_none() {
        return origin.starts_with("http://");
    }
    known.any(|protocol| protocol == "http/1.1")
}

fn is_below(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_belongs_to_its_origin() {
        for (url, expected) in [
            ("https://a.example/x", true),
            ("https://a.example:444/x", false),
            ("https://a.example.org/x", false),
        ] {
            assert_eq!(is_below(url, "https://a.example"), expected, "{url}");
        }
    }
}
