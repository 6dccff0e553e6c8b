//! What the pages may ask for while they are rendered.

use std::sync::Arc;

use leptos::prelude::{provide_context, use_context};
use leptos_live::server::provide_live;
use leptos_live::{LiveRenderSource, Topic};
use showcase::retained::RetainedEvents;
use showcase::site_footer::SiteNow;
use showcase::slowness::Slowness;
use showcase::visit::Visit;

use super::AppState;
use super::clock::time_of_day;
use super::dice::number;
use super::feeds::open_pages;

/// Provides everything for one request; called before any component runs.
pub(crate) fn provide(state: &AppState) {
    let hub = state.hub.clone();
    // First of all: what is read from the hub after this is covered by the head taken here.
    provide_live(&hub);
    provide_context(Visit(format!("{:016x}", number())));
    provide_context(SiteNow {
        clock: time_of_day(),
        pages: open_pages(&hub),
    });
    provide_context(state.outages.clone());
    let head = use_context::<LiveRenderSource>().map(|source| source.0.head());
    let read = hub.clone();
    provide_context(RetainedEvents(Arc::new(move |topic| {
        let (Ok(topic), Some(head)) = (Topic::new(topic), head) else {
            return Vec::new();
        };
        let mut events = read.retained(&topic).events;
        // What came after the head will come again over the stream.
        events.retain(|event| event.position.is_some_and(|at| at.is_covered_by(head)));
        events
    })));
    provide_context(Slowness(Arc::new(|time| Box::pin(tokio::time::sleep(time)))));
    provide_context(hub);
}
