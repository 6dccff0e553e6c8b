//! Making htmx markup live: what `attributes::process`, spread attributes and every swapped-in fragment go through.
//!
//! Each kind of markup has a processor, which the components of that kind enter (decision 9). All read both spellings
//! as one meaning, and all are idempotent: an element that is live already stays as it is (ACT-10, ACT-12). An element
//! with a mistake in its markup is reported and stays as it is, too.
//!
//! Invariant: reads attributes and starts behaviours; has none of its own.

mod doubts;
mod http;
mod source_table;
mod sse;
mod ws;

pub(crate) use sse::{
    no_source as no_sse_source, set_source as set_sse_source, source_of as sse_source_of, take_position,
};
pub(crate) use ws::{no_source as no_ws_source, set_source as set_ws_source, source_of as ws_source_of};

use web_sys::Element;

use super::diagnostics;
use super::processors::{self, Phase};
use crate::grammar::ParseError;

/// From now on, markup of streams is live.
pub(crate) fn enter_streams() {
    processors::register(Phase::Streams, sse::process);
}

/// From now on, markup of sockets is live.
pub(crate) fn enter_sockets() {
    processors::register(Phase::Sockets, ws::process);
}

/// From now on, markup of requests is live.
pub(crate) fn enter_requests() {
    processors::register(Phase::Requests, http::process);
}

/// What was read, if it could be; each mistake is reported.
fn read_or_report<T>(element: &Element, read: Result<T, Vec<ParseError>>) -> Option<T> {
    read.map_err(|errors| {
        for error in errors {
            diagnostics::report(element, &error.to_string());
        }
    })
    .ok()
}
