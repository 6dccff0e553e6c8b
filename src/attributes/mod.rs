//! htmx's attributes in markup that no component has made.
//!
//! Each component makes markup of its own kind live wherever it is swapped in. All kinds, and markup
//! that was on the page from the start, take a call to [`enable`].
//!
//! Invariant: names what to process; how it is done stands in the runtime.

use web_sys::Element;

use crate::browser::processors::Turn;
use crate::browser::{page, processing, processors, response_stream};

/// Makes raw markup live from now on, on the page as it is and in everything that is swapped in.
///
/// Call it once, after hydration. Until it is called, an app links only what its components use. Markup that your own
/// views render later in the browser, for example on another page of the router, takes a call to [`process`], from an
/// `Effect` with a `NodeRef`.
///
/// # On the server
/// Does nothing.
pub fn enable() {
    processors::register(Turn::Streams, processing::process_sse);
    processors::register(Turn::Sockets, processing::process_ws);
    processors::register(Turn::Requests, processing::process_http);
    enable_streamed_answers();
    if let Some(body) = page::body() {
        process(&body);
    }
}

/// Lets the answers of requests be streams of events from now on, also those of components (SS4-01).
///
/// Each unnamed message of such an answer is swapped in where the answer would have been, and a named one is dispatched on
/// the element as `sse:<name>`. Every request then says that it accepts a stream (SS4-04). Without this call, which
/// [`enable`] makes as well, such an answer is an error, and none of this is linked.
///
/// # On the server
/// Does nothing.
pub fn enable_streamed_answers() {
    if page::is_browser() {
        response_stream::enter();
    }
}

/// Makes raw htmx markup on and below an element live: `hx-sse`, `hx-ws`, and the verbs with their
/// triggers, in the spelling of htmx 1.9, also with the `data-` prefix.
///
/// What is live already stays as it is, so it may be called at any time and again (ACT-12). Of the
/// kinds of markup, those are processed whose components the app uses, or all after [`enable`].
pub fn process(root: &Element) {
    if page::is_browser() {
        processors::process(root);
    }
}
