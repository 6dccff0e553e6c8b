//! What the streams have kept, as the first content of a page that the server renders.
//!
//! Only the server can know it; in the browser nothing is kept, and hydration leaves the server's
//! content as it stands. The events are cut at the head that the page's sources resume from, so that
//! none is shown twice and none is missed.

use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos_live::LiveEvent;

/// Reads a topic's retained events; provided by the server for each request.
#[derive(Clone)]
pub struct RetainedEvents(pub Arc<ReadTopic>);

/// Gives the events that the topic of this name has kept.
pub type ReadTopic = dyn Fn(&str) -> Vec<LiveEvent> + Send + Sync;

impl fmt::Debug for RetainedEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetainedEvents")
    }
}

/// The newest event under one of the names, or else some words.
pub fn newest(topic: &str, names: &[&str], otherwise: &'static str) -> AnyView {
    newest_or(topic, names, || {
        view! { <p class="waiting">{otherwise}</p> }.into_any()
    })
}

/// The newest event under one of the names, or else something that fits into its place.
pub fn newest_or(topic: &str, names: &[&str], otherwise: impl FnOnce() -> AnyView) -> AnyView {
    match read(topic, names).pop() {
        Some(html) => InertElement::new(html).into_any(),
        None => otherwise(),
    }
}

/// Every retained event under one name, oldest first.
pub fn all(topic: &str, name: &str) -> AnyView {
    InertElement::new(read(topic, &[name]).concat()).into_any()
}

/// Every retained event under one name, newest first.
pub fn all_newest_first(topic: &str, name: &str) -> AnyView {
    let mut events = read(topic, &[name]);
    events.reverse();
    InertElement::new(events.concat()).into_any()
}

/// The HTML of the retained events under some names. It was escaped when it was published.
fn read(topic: &str, names: &[&str]) -> Vec<String> {
    let Some(RetainedEvents(read)) = use_context::<RetainedEvents>() else {
        return Vec::new();
    };
    read(topic)
        .into_iter()
        .filter(|event| names.contains(&event.name.as_str()))
        .map(|event| event.data)
        .collect()
}
