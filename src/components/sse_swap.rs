//! `<SseSwap>`: an element that shows the events of a stream.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::{Element, MessageEvent};

use super::around::Around;
use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::calling::{ask, tell};
use super::coalesce::Coalesce;
use super::early_stream::Reach;
use super::event_names::EventNames;
use super::handler::Handler;
use super::lifetime::Lifetime;
use super::live_context::{StreamContext, live_event, with_source};
use super::region::Region;
use super::select_oob_text::SelectOobText;
use super::server_part::with_server_part;
use super::start::Start;
use super::swap_text::SwapText;
use crate::browser::arrival::Arrival;
use crate::browser::live_elements::Kind;
use crate::browser::sse_swap::{SseSwap as Consumer, SwapHooks};
use crate::wire::LiveEvent;

/// Swaps the data of each event of some names into the page, by default into itself.
///
/// # Attributes it mirrors
/// `hx-sse="swap:<name> …"` or `sse-swap`, `hx-swap`, `hx-target`, `hx-select` and `hx-select-oob` (SSW-01, SSW-04,
/// SSW-08 to SSW-16). `transform` stands for htmx's `transformResponse` (SSW-17).
///
/// # On the server
/// Renders the element with its children as the first content.
///
/// # In the browser
/// The content belongs to the server: hydration leaves it as it finds it, so children are plain
/// content, and whatever they do in a browser they stop doing with the first swap. What is swapped in
/// may itself be live (ACT-07). Dispatches `htmx:sseBeforeMessage`, which can be cancelled, and
/// `htmx:sseMessage`.
///
/// # Without JavaScript
/// Shows its children.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseSwap, SwapStyle};
///
/// #[component]
/// fn Log() -> impl IntoView {
///     view! {
///         <SseSource connect="/log">
///             <SseSwap tag="ol" event=["line", "error"] swap=SwapStyle::BeforeEnd/>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn SseSwap(
    /// The name or names to listen to; `message` is that of events without one.
    #[prop(into, optional)]
    event: EventNames,
    /// How the data is put into the target; `innerHTML` when neither this nor an ancestor says.
    #[prop(into, optional)]
    swap: Option<SwapText>,
    /// What is swapped: `this`, `closest …`, `find …`, `next …`, `previous …` or a CSS selector.
    #[prop(into, optional)]
    target: Option<String>,
    /// What of the data is used: the elements that match this selector; all of it by default.
    #[prop(into, optional)]
    select: Option<String>,
    /// What of the data goes elsewhere: `"#alert, #log:beforeend"`, or a [`SelectOob`](crate::grammar::SelectOob).
    #[prop(into, optional)]
    select_oob: Option<SelectOobText>,
    /// The element's tag.
    #[prop(into, default = "div".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
    /// The element's `id`.
    #[prop(into, optional)]
    id: AttributeText,
    /// Swaps in once a frame, and then the last message: between two frames nobody sees the page. For values that change
    /// hundreds of times a second. All messages are announced, by `htmx:sseBeforeMessage` when they arrive and by
    /// `htmx:sseMessage` when they are swapped in or the next one has taken their place; `on_before_swap` and `transform` are
    /// asked of all, `on_after_swap` is told of those that were swapped in. The last one is never lost: it is swapped in
    /// before the stream or the component ends, and within a tenth of a second on a page that nobody sees. Messages with
    /// parts for elsewhere are swapped in at once, as are all where the style keeps what was there before (`beforeend` and
    /// its kin), which is reported.
    #[prop(into, optional)]
    coalesce: Coalesce,
    /// Asked before each swap; `false` leaves the event out.
    #[prop(into, optional)]
    on_before_swap: Option<Handler<LiveEvent, bool>>,
    /// Rewrites the data before it is swapped in; `None` leaves the event out.
    #[prop(into, optional)]
    transform: Option<Handler<String, Option<String>>>,
    /// Called after each swap.
    #[prop(into, optional)]
    on_after_swap: Option<Handler<LiveEvent>>,
    /// What is shown before the first event.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let around = Around::here();
    let (place, lifetime) = (Lifetime::new(), Lifetime::new());
    let (content, region) = Region::new(children);
    let goes_elsewhere =
        target.is_some() || select_oob.is_some() || swap.as_ref().is_some_and(SwapText::names_target);
    let has_hooks = on_before_swap.is_some() || transform.is_some() || on_after_swap.is_some();
    let reach = match () {
        () if goes_elsewhere => Reach::Elsewhere,
        () if has_hooks || swap.is_some() || select.is_some() => Reach::Own,
        () => Reach::Plain,
    };
    let early = around.early.hear(event.iter(), reach);
    let hooks = move || SwapHooks {
        before: on_before_swap.map(|asked| {
            Rc::new(move |name: &str, event: &MessageEvent| ask(asked, live_event(name, event))) as _
        }),
        transform: transform.map(|transform| Rc::new(move |data| transform.call(data).flatten()) as _),
        after: on_after_swap.map(|told| {
            Rc::new(move |name: &str, event: &MessageEvent| tell(told, live_event(name, event))) as _
        }),
        pace: coalesce.0,
    };
    let start = Start::new(|| {
        let (stream, names) = (use_context::<StreamContext>(), event.clone());
        move |element: Element| {
            let subscribed = Held::default();
            let (ending, held) = (Rc::clone(&subscribed), Rc::clone(&subscribed));
            let arrival = Arrival::of_view(&element, Kind::SseSwap.is_new(&element));
            region.fill(&element, place, move || release(&ending));
            lifetime.start(|| {
                Kind::SseSwap.claim(&element);
                let (names, hooks) = (names.clone(), hooks());
                with_source(
                    stream,
                    lifetime,
                    &element.clone(),
                    "hx-sse or sse-swap",
                    move |source| {
                        held.replace(Consumer::subscribe(
                            &element,
                            source,
                            names.iter(),
                            hooks,
                            arrival,
                        ));
                    },
                );
                move || release(&subscribed)
            });
        }
    });
    let written = event.written(around.spelling);
    let attributes = AttributeList::new()
        .with(written.name, written.text)
        .with("hx-swap", swap.map(SwapText::into_text))
        .with("hx-target", target)
        .with("hx-select", select)
        .with("hx-select-oob", select_oob.map(SelectOobText::into_text))
        .with("data-early", early)
        .with("id", id)
        .with("class", class);
    let element = custom(tag).add_any_attr(attributes.starting(start));
    with_server_part(element, content, ElementChild::child)
}

fn release(held: &Held) {
    if let Some(consumer) = held.borrow().upgrade() {
        consumer.release();
    }
}

/// The subscription, once there is one.
type Held = Rc<RefCell<Weak<Consumer>>>;

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::grammar::SelectOob;
    use crate::{SseSwap, SwapStyle};

    #[test]
    fn renders_the_attributes_and_the_first_content() {
        let html = rendered(|| {
            view! {
                <SseSwap tag="ul" event=["a", "b"] swap=SwapStyle::BeforeEnd target="#log" id="u" class="c">
                    <li>"1 < 2"</li>
                </SseSwap>
            }
        });
        assert_eq!(
            html,
            r##"<ul hx-sse="swap:a swap:b" hx-swap="beforeend" hx-target="#log" id="u" class="c"><li>1 &lt; 2</li></ul>"##
        );
    }

    #[test]
    fn ssw_15_ssw_16_what_is_selected_is_rendered() {
        let html = rendered(|| {
            let elsewhere = "#alert, #log:beforeend".parse::<SelectOob>().unwrap();
            view! { <SseSwap event="a" select=".in" select_oob=elsewhere/> }
        });
        assert_eq!(
            html,
            r##"<div hx-sse="swap:a" hx-select=".in" hx-select-oob="#alert:true, #log:beforeend"></div>"##
        );
        let html = rendered(|| view! { <SseSwap event="a" select_oob="#alert, #log:beforeend"/> });
        assert_eq!(
            html,
            r##"<div hx-sse="swap:a" hx-select-oob="#alert, #log:beforeend"></div>"##
        );
    }

    #[test]
    fn what_the_first_content_provides_is_not_seen_after_it() {
        fn provide() -> &'static str {
            provide_context(7_u8);
            "provides"
        }
        let html = rendered(|| {
            view! {
                <SseSwap event="a">{provide()}</SseSwap>
                {use_context::<u8>().map_or("not seen", |_| "seen")}
            }
        });
        assert_eq!(html, r#"<div hx-sse="swap:a">provides</div>not seen"#);
    }

    #[test]
    fn ssw_03_the_default_name_is_message() {
        assert_eq!(
            rendered(|| view! { <SseSwap/> }),
            r#"<div hx-sse="swap:message"></div>"#
        );
    }
}
