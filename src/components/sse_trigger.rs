//! `<SseTrigger>`: an element that requests something when an event arrives.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::{Element, Event, MessageEvent};

use super::calling::{ask, tell};
use super::event_names::EventNames;
use super::lifetime::Lifetime;
use super::live_context::{StreamContext, live_event, with_source};
use super::region::Region;
use crate::browser::live_elements::Kind;
use crate::browser::presence::EndsWith;
use crate::browser::processing;
use crate::browser::processors::{self, Turn};
use crate::browser::request::{Requester, Verb};
use crate::browser::trigger::{Action, Reaction, Triggers};
use crate::grammar::{Interval, SwapSpec, Trigger, TriggerEvent, TriggerList};
use crate::wire::LiveEvent;
use wasm_bindgen::JsCast;

/// Sends an HTTP request each time an event arrives, and swaps the answer in. The event's data is not
/// used; it is a signal that there is something to fetch.
///
/// # Attributes it mirrors
/// `hx-trigger="sse:<name>"` with `hx-get`, `hx-post`, `hx-put`, `hx-patch` or `hx-delete`, `hx-target`
/// and `hx-swap` (SST-01 to SST-04). Without a verb nothing is requested and `on_trigger` is called
/// (SST-08).
///
/// # On the server
/// Renders the element with its children as the first content.
///
/// # In the browser
/// While a request is under way the newest further event is remembered and runs afterwards (SST-09).
/// The answer replaces the content of the element, or of its target. Dispatches `sse:<name>`,
/// `htmx:trigger`, `htmx:sseMessage` and `htmx:afterRequest`.
///
/// # Without JavaScript
/// Shows its children.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseTrigger};
///
/// #[component]
/// fn Totals() -> impl IntoView {
///     view! {
///         <SseSource connect="/orders">
///             <SseTrigger event="order" get="/totals">"No orders yet."</SseTrigger>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn SseTrigger(
    /// The name or names to listen to.
    #[prop(into, optional)]
    event: EventNames,
    /// The address to GET.
    #[prop(into, optional)]
    get: Option<String>,
    /// The address to POST to.
    #[prop(into, optional)]
    post: Option<String>,
    /// The address to PUT to.
    #[prop(into, optional)]
    put: Option<String>,
    /// The address to PATCH.
    #[prop(into, optional)]
    patch: Option<String>,
    /// The address to DELETE.
    #[prop(into, optional)]
    delete: Option<String>,
    /// How the answer is put into the target.
    #[prop(into, optional)]
    swap: Option<SwapSpec>,
    /// What is swapped; the element itself by default.
    #[prop(into, optional)]
    target: Option<String>,
    /// Asked about each event; those it refuses are as good as not sent (SST-05).
    #[prop(into, optional)]
    filter: Option<Callback<LiveEvent, bool>>,
    /// React to the first event only.
    #[prop(optional)]
    once: bool,
    /// Milliseconds without a further event before the request is sent.
    #[prop(optional)]
    delay: Option<u32>,
    /// Milliseconds between two requests at least; the last event in between still counts.
    #[prop(optional)]
    throttle: Option<u32>,
    /// The element's tag.
    #[prop(into, default = "div".to_owned())]
    tag: String,
    /// The element's `class`.
    #[prop(into, optional)]
    class: MaybeProp<String>,
    /// The element's `id`.
    #[prop(into, optional)]
    id: MaybeProp<String>,
    /// Called with each event that triggers.
    #[prop(into, optional)]
    on_trigger: Option<Callback<LiveEvent>>,
    /// Called after an answer was swapped in.
    #[prop(into, optional)]
    on_after_swap: Option<Callback<()>>,
    /// What is shown before the first answer.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let stream = use_context::<StreamContext>();
    let (place, lifetime) = (Lifetime::new(), Lifetime::new());
    let (content, region) = Region::new(children);
    let triggers = TriggerList(
        event
            .iter()
            .map(|name| Trigger {
                once,
                delay: delay.map(Interval::from_millis),
                throttle: throttle.map(Interval::from_millis),
                ..Trigger::from(TriggerEvent::Sse(name.to_owned()))
            })
            .collect(),
    );
    let addresses = [get, post, put, patch, delete];
    let request = Verb::ALL
        .into_iter()
        .zip(addresses.clone())
        .find_map(|(verb, url)| Some((verb, url?)));
    let [get, post, put, patch, delete] = addresses;
    let list = triggers.to_string();
    processors::register(Turn::Requests, processing::process_http);
    let start = move |element: Element| {
        let armed = Armed::default();
        let (ending, place_for) = (Rc::clone(&armed), Rc::clone(&armed));
        region.fill(&element, place, move || disarm(&ending));
        lifetime.start(|| {
            Kind::Http.claim(&element);
            let after = on_after_swap.map(|told| Rc::new(move || tell(told, ())) as Rc<dyn Fn()>);
            let requester = request
                .as_ref()
                .map(|(verb, url)| Requester::new(&element, *verb, url, after));
            let reaction = Reaction {
                admits: filter.map(|asked| {
                    Rc::new(move |name: &str, event: &MessageEvent| ask(asked, live_event(name, event))) as _
                }),
                act: action(requester.clone(), on_trigger),
            };
            let list = triggers.clone();
            with_source(stream, &element.clone(), "hx-trigger", move |source| {
                let triggers = Triggers::arm(&element, &list, Some(source), reaction, EndsWith::Component);
                place_for.replace(Some((triggers, requester)));
            });
            move || disarm(&armed)
        });
    };
    let element = custom(tag)
        .attr("hx-trigger", list)
        .attr("hx-get", get)
        .attr("hx-post", post)
        .attr("hx-put", put)
        .attr("hx-patch", patch)
        .attr("hx-delete", delete)
        .attr("hx-swap", swap.map(|swap| swap.to_string()))
        .attr("hx-target", target)
        .attr("id", move || id.get())
        .attr("class", move || class.get())
        .directive(start, ());
    match content {
        Some(content) => element.child(content).into_any(),
        None => element.into_any(),
    }
}

/// The triggers and the request they send, once there are any.
type Armed = Rc<RefCell<Option<(Rc<Triggers>, Option<Rc<Requester>>)>>>;

fn disarm(armed: &Armed) {
    if let Some((triggers, requester)) = armed.take() {
        triggers.disarm();
        if let Some(requester) = requester {
            requester.abort();
        }
    }
}

fn action(requester: Option<Rc<Requester>>, on_trigger: Option<Callback<LiveEvent>>) -> Action {
    Rc::new(move |event: Option<&Event>| {
        if let (Some(told), Some(event)) = (on_trigger, event) {
            tell(
                told,
                live_event(&event.type_(), event.unchecked_ref::<MessageEvent>()),
            );
        }
        if let Some(requester) = &requester {
            requester.run();
        }
    })
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{SseTrigger, SwapStyle};

    #[test]
    fn sst_01_each_verb_is_rendered() {
        let html = rendered(|| view! { <SseTrigger event="e" get="/g">"none"</SseTrigger> });
        assert_eq!(html, r#"<div hx-trigger="sse:e" hx-get="/g">none</div>"#);
        let html = rendered(
            || view! { <SseTrigger event="e" delete="/d" swap=SwapStyle::OuterHtml target="this"/> },
        );
        assert_eq!(
            html,
            r#"<div hx-trigger="sse:e" hx-delete="/d" hx-swap="outerHTML" hx-target="this"></div>"#
        );
    }

    #[test]
    fn sst_03_modifiers_and_lists() {
        let html = rendered(|| view! { <SseTrigger event=["a", "b"] post="/p" once=true delay=100/> });
        assert_eq!(
            html,
            r#"<div hx-trigger="sse:a once delay:100ms, sse:b once delay:100ms" hx-post="/p"></div>"#
        );
    }
}
