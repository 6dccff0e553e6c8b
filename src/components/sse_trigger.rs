//! `<SseTrigger>`: an element that requests something when an event arrives.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::{Element, MessageEvent};

use super::address::Address;
use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::calling::{ask, tell};
use super::early_stream::read;
use super::event_names::EventNames;
use super::handler::Handler;
use super::lifetime::Lifetime;
use super::live_context::{StreamContext, live_event, with_source};
use super::region::Region;
use super::server_part::with_server_part;
use super::start::Start;
use super::swap_text::SwapText;
use super::values::Values;
use crate::browser::arrival::Arrival;
use crate::browser::live_elements::Kind;
use crate::browser::presence::EndsWith;
use crate::browser::processing;
use crate::browser::request::{RequestError, RequestHooks, Requester, Verb};
use crate::browser::sse_source::SseSource;
use crate::browser::trigger::{self, Firing, Reaction, Triggers};
use crate::grammar::{Interval, Trigger, TriggerEvent, TriggerList};
use crate::wire::LiveEvent;

/// Sends an HTTP request each time an event arrives, and swaps the answer in. The event is a signal that there is
/// something to fetch; what it says goes along only if `vals` makes values of it.
///
/// # Attributes it mirrors
/// `hx-trigger="sse:<name>"` with `hx-get`, `hx-post`, `hx-put`, `hx-patch` or `hx-delete`, `hx-target`, `hx-swap`
/// and `hx-include` (SST-01 to SST-04). Without a verb nothing is requested and `on_trigger` is called (SST-08).
/// `vals` stands for `hx-vals="js:…"` (SST-10).
///
/// Everything else that htmx reads from an element that requests is read here as well, from this element and from those
/// around it, when a request is sent: `hx-vals`, `hx-params`, `hx-headers`, `hx-encoding`, `hx-select`, `hx-sync`,
/// `hx-confirm`, `hx-prompt`, `hx-indicator`, `hx-disabled-elt`, `hx-validate`, `hx-request`. They are spread onto it:
/// `{..} hx-indicator="#spinner"`.
///
/// # On the server
/// Renders the element with its children as the first content.
///
/// # In the browser
/// While a request is under way the newest further event is remembered and runs afterwards, unless `queue:` or `hx-sync`
/// says otherwise (SST-09). The answer replaces the content of the element, or of its target. Dispatches `sse:<name>`,
/// `htmx:trigger`, `htmx:sseMessage`, and the events of a request as htmx 2 has them, among them `htmx:confirm`,
/// `htmx:configRequest`, `htmx:beforeRequest`, `htmx:beforeSwap` (all four can be cancelled), `htmx:afterRequest`,
/// `htmx:responseError` and `htmx:sendError`; `htmx:abort` on the element aborts the request, and an answer that is a
/// stream. The headers `HX-Trigger`, `HX-Retarget`, `HX-Reswap`, `HX-Reselect`, `HX-Redirect`, `HX-Location` and
/// `HX-Refresh` of the answer are followed; a redirection only within the origin.
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
    /// The name or names to listen to; `message` where `trigger` says nothing either.
    #[prop(into, optional)]
    event: Option<EventNames>,
    /// What else triggers, in the language of `hx-trigger`: `click, every 30s, sse:other delay:1s`.
    ///
    /// `once`, `delay` and `throttle` are about the events above; here each trigger has its own modifiers.
    #[prop(into, optional)]
    trigger: Option<String>,
    /// The address to GET: a text, or a signal or closure that it follows. Each request goes to the address of the moment in
    /// which it is triggered, also one that waits for its turn or for a confirmation.
    #[prop(into, optional)]
    get: Option<Address>,
    /// The address to POST to; it follows signals as `get` does.
    #[prop(into, optional)]
    post: Option<Address>,
    /// The address to PUT to; it follows signals as `get` does.
    #[prop(into, optional)]
    put: Option<Address>,
    /// The address to PATCH; it follows signals as `get` does.
    #[prop(into, optional)]
    patch: Option<Address>,
    /// The address to DELETE; it follows signals as `get` does.
    #[prop(into, optional)]
    delete: Option<Address>,
    /// How the answer is put into the target.
    #[prop(into, optional)]
    swap: Option<SwapText>,
    /// What is swapped; the element itself by default.
    #[prop(into, optional)]
    target: Option<String>,
    /// Whose values go along: selectors as in `hx-include`, between commas (VAL-06).
    #[prop(into, optional)]
    include: Option<String>,
    /// Values of the event that go along; they take the place of others of the same name (SST-10). Those that are the same
    /// for every request are an attribute: `{..} hx-vals=…`.
    #[prop(into, optional)]
    vals: Option<Handler<LiveEvent, Values>>,
    /// Asked about each event; those it refuses are as good as not sent (SST-05).
    #[prop(into, optional)]
    filter: Option<Handler<LiveEvent, bool>>,
    /// React to the first event of each name only.
    #[prop(optional)]
    once: bool,
    /// Milliseconds without a further event before the request is sent.
    #[prop(optional)]
    delay: Option<u32>,
    /// Milliseconds between two requests at least.
    #[prop(optional)]
    throttle: Option<u32>,
    /// Whether the last event that `throttle` held back still counts when its time is over (CON-27); htmx 1 and 2 drop it.
    #[prop(default = true)]
    trailing: bool,
    /// The element's tag.
    #[prop(into, default = "div".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
    /// The element's `id`.
    #[prop(into, optional)]
    id: AttributeText,
    /// Called with each event that triggers.
    #[prop(into, optional)]
    on_trigger: Option<Handler<LiveEvent>>,
    /// Called after an answer was swapped in.
    #[prop(into, optional)]
    on_after_swap: Option<Handler<()>>,
    /// Called when a request was not sent or its answer not used; the present content stays.
    #[prop(into, optional)]
    on_error: Option<Handler<RequestError>>,
    /// What is shown before the first answer.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (place, lifetime) = (Lifetime::new(), Lifetime::new());
    let (content, region) = Region::new(children);
    let modified = |name: &str| Trigger {
        once,
        delay: delay.map(Interval::from_millis),
        throttle: throttle.map(Interval::from_millis),
        ..Trigger::from(TriggerEvent::Sse(name.to_owned()))
    };
    let event = event.or_else(|| trigger.is_none().then(EventNames::default));
    let names = event.iter().flat_map(EventNames::iter);
    let triggers = TriggerList(names.map(modified).collect());
    let early = Around::here().early;
    early.hear_triggers(|| triggers.clone());
    early.hear_triggers(|| read(trigger.as_deref()));
    let addresses = [get, post, put, patch, delete];
    let request = Verb::ALL
        .into_iter()
        .zip(&addresses)
        .find_map(|(verb, url)| Some((verb, url.clone()?)));
    let [get, post, put, patch, delete] = addresses.map(|url| url.map(Address::plain));
    let written = (!triggers.0.is_empty()).then(|| triggers.to_string());
    let written: Vec<_> = written.into_iter().chain(trigger.clone()).collect();
    let hooks = move || RequestHooks {
        values: vals.map(|vals| {
            Rc::new(move |name: &str, event: &MessageEvent| {
                let values = vals.call(live_event(name, event));
                values.unwrap_or_default().into_pairs()
            }) as _
        }),
        after: on_after_swap.map(|told| Rc::new(move || tell(told, ())) as _),
        error: on_error.map(|told| Rc::new(move |error| tell(told, error)) as _),
    };
    processing::enter_requests();
    let start = Start::new(|| {
        let stream = use_context::<StreamContext>();
        move |element: Element| {
            let armed = Armed::default();
            let (ending, place_for) = (Rc::clone(&armed), Rc::clone(&armed));
            let arrival = Arrival::of_view(&element, Kind::Http.is_new(&element));
            region.fill(&element, place, move || disarm(&ending));
            lifetime.start(|| {
                Kind::Http.claim(&element);
                let requester = request.clone().map(|(verb, url)| {
                    let url = Box::new(move || url.get_untracked());
                    Requester::new(&element, verb, url, hooks(), EndsWith::Component)
                });
                let mut list = triggers.clone();
                if let Some(others) = trigger.as_ref().and_then(|text| trigger::parse(&element, text)) {
                    list.0.extend(others.0);
                }
                let reaction = Reaction {
                    admits: filter.map(|asked| {
                        Rc::new(move |name: &str, event: &MessageEvent| ask(asked, live_event(name, event)))
                            as _
                    }),
                    trails: trailing,
                    ..Reaction::new(action(requester.clone(), on_trigger))
                };
                let hears = list
                    .0
                    .iter()
                    .any(|trigger| matches!(trigger.event, TriggerEvent::Sse(_)));
                let place = element.clone();
                let arm = move |source: Option<&Rc<SseSource>>| {
                    let triggers = Triggers::arm(&place, &list, source, reaction, arrival);
                    if let Some(requester) = &requester {
                        requester.set_triggers(&triggers);
                    }
                    place_for.replace(Some((triggers, requester)));
                };
                if hears {
                    with_source(stream, lifetime, &element, "hx-trigger", move |source| {
                        arm(Some(source))
                    });
                } else {
                    arm(None);
                }
                move || disarm(&armed)
            });
        }
    });
    let attributes = AttributeList::new()
        .with("hx-trigger", written.join(", "))
        .with("hx-get", get)
        .with("hx-post", post)
        .with("hx-put", put)
        .with("hx-patch", patch)
        .with("hx-delete", delete)
        .with("hx-swap", swap.map(SwapText::into_text))
        .with("hx-target", target)
        .with("hx-include", include)
        .with("id", id)
        .with("class", class);
    let element = custom(tag).add_any_attr(attributes.starting(start));
    with_server_part(element, content, ElementChild::child)
}

/// The triggers and the request they send, once there are any.
type Armed = Rc<RefCell<Option<(Rc<Triggers>, Option<Rc<Requester>>)>>>;

fn disarm(armed: &Armed) {
    if let Some((triggers, requester)) = armed.take() {
        triggers.disarm();
        if let Some(requester) = requester {
            requester.end();
        }
    }
}

fn action(
    requester: Option<Rc<Requester>>,
    on_trigger: Option<Handler<LiveEvent>>,
) -> impl Fn(&Firing) + 'static {
    move |firing| {
        if let Some(told) = on_trigger
            && let Some((name, event)) = firing.message()
        {
            tell(told, live_event(&name, &event));
        }
        if let Some(requester) = &requester {
            requester.run(firing);
        }
    }
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
        let html = rendered(|| view! { <SseTrigger event="e" put=RwSignal::new("/p".to_owned())/> });
        assert_eq!(html, r#"<div hx-trigger="sse:e" hx-put="/p"></div>"#);
        let html = rendered(|| view! { <SseTrigger event="e" patch=|| "/p"/> });
        assert_eq!(html, r#"<div hx-trigger="sse:e" hx-patch="/p"></div>"#);
    }

    #[test]
    fn sst_03_modifiers_and_lists() {
        let html = rendered(|| view! { <SseTrigger event=["a", "b"] post="/p" once=true delay=100/> });
        assert_eq!(
            html,
            r#"<div hx-trigger="sse:a once delay:100ms, sse:b once delay:100ms" hx-post="/p"></div>"#
        );
    }

    #[test]
    fn sst_03_other_triggers_and_what_goes_along() {
        let html = rendered(
            || view! { <SseTrigger event="a" trigger="click, every 30s" get="/g" include="closest form, #x"/> },
        );
        assert_eq!(
            html,
            r##"<div hx-trigger="sse:a, click, every 30s" hx-get="/g" hx-include="closest form, #x"></div>"##
        );
        // Without a name nothing is heard but what `trigger` says.
        let html = rendered(|| view! { <SseTrigger trigger="load" get="/g"/> });
        assert_eq!(html, r#"<div hx-trigger="load" hx-get="/g"></div>"#);
        let html = rendered(|| view! { <SseTrigger/> });
        assert_eq!(html, r#"<div hx-trigger="sse:message"></div>"#);
    }
}
