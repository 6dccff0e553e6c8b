//! The page's runtime: from a connection to the DOM.
//!
//! An event comes in at [`connection`], a source ([`sse_source`], [`ws_source`]) hands it to its
//! consumers ([`sse_swap`], [`trigger`]), and [`swap`] changes the page through [`dom`], the one file
//! that writes HTML. What is triggered asks the server by a [`request`], and forms go the other way
//! through [`ws_send`] and [`ws_sending`]; both carry [`form_values`].
//!
//! This code is compiled on both sides, because the browser's types check natively and one build then
//! checks everything; it runs only in a page, since it is entered only from directives and effects,
//! which servers do not run.
//!
//! Invariant: knows the DOM, but no component. Every handle ends what it holds when it is dropped,
//! and nothing is borrowed while user code runs (events, callbacks).

pub(crate) mod abort;
pub(crate) mod arrival;
pub(crate) mod coalescing;
mod companions;
pub(crate) mod confirmation;
pub(crate) mod connect_trigger;
pub(crate) mod connection;
pub(crate) mod consumers;
pub(crate) mod demand;
mod detail_fields;
pub(crate) mod diagnostics;
pub(crate) mod dictionary;
pub(crate) mod dom;
pub(crate) mod dom_events;
pub(crate) mod event_names;
pub(crate) mod event_stream;
pub(crate) mod fetch;
mod file_sieve;
pub(crate) mod form_values;
pub(crate) mod frame;
pub(crate) mod headers;
pub(crate) mod hints;
pub(crate) mod interned;
pub(crate) mod js_method;
pub(crate) mod json;
pub(crate) mod json_values;
pub(crate) mod listener;
pub(crate) mod live_elements;
pub(crate) mod markup;
pub(crate) mod page;
pub(crate) mod page_connections;
pub(crate) mod page_watch;
mod parsing;
pub(crate) mod plain_form;
pub(crate) mod presence;
pub(crate) mod processing;
pub(crate) mod processors;
pub(crate) mod query;
pub(crate) mod queue_policy;
pub(crate) mod regions;
pub(crate) mod release_on;
pub(crate) mod request;
pub(crate) mod response_stream;
pub(crate) mod send_error;
pub(crate) mod source;
pub(crate) mod sse_resuming;
pub(crate) mod sse_source;
pub(crate) mod sse_subscribing;
pub(crate) mod sse_swap;
mod stand_in;
pub(crate) mod submitter;
pub(crate) mod swap;
pub(crate) mod table;
pub(crate) mod target;
pub(crate) mod timer;
pub(crate) mod trigger;
pub(crate) mod usual_headers;
pub(crate) mod validation;
pub(crate) mod version_skew;
pub(crate) mod view_elements;
pub(crate) mod ws_acks;
pub(crate) mod ws_codec;
pub(crate) mod ws_demand;
pub(crate) mod ws_encoding;
pub(crate) mod ws_envelope;
pub(crate) mod ws_files;
pub(crate) mod ws_frame;
pub(crate) mod ws_memo;
pub(crate) mod ws_order;
pub(crate) mod ws_outbox;
mod ws_queue_view;
pub(crate) mod ws_send;
pub(crate) mod ws_send_options;
pub(crate) mod ws_sending;
pub(crate) mod ws_source;
pub(crate) mod ws_wrapper;

#[cfg(all(test, target_family = "wasm"))]
mod page_tests;
