//! Markup that neither a component nor a view has made.

use web_sys::Element;

use crate::browser::connection::fetch_transport;
use crate::browser::processors;
use crate::browser::swap::{morph, page_config};
use crate::browser::{page, processing, response_stream};

/// Makes raw markup live from now on, on the page as it is and in everything that is swapped in.
///
/// Call it once, after hydration. Until it or [`process`] is called, an app links only what its components and spread
/// attributes use. Markup that your own views render later in the browser, for example on another page of the router,
/// takes a call to [`process`], from an `Effect` with a `NodeRef`.
///
/// # On the server
/// Does nothing.
///
/// ```
/// use leptos::prelude::*;
///
/// #[component]
/// fn App() -> impl IntoView {
///     Effect::new(|| leptos_live::attributes::enable());
///     view! { <div inner_html=r#"<p hx-sse="connect:/news swap:message">No news yet.</p>"#></div> }
/// }
/// # fn main() {}
/// ```
pub fn enable() {
    if let Some(body) = page::body() {
        process(&body);
    }
}

/// Lets the answers of requests be streams of events from now on, also those of components (SS4-01).
///
/// Each unnamed message of such an answer is swapped in where the answer would have been, and a named one is dispatched on
/// the element as `sse:<name>`. Every request then says that it accepts a stream (SS4-04). Without this call, which
/// [`process`] and [`enable`] make as well, such an answer is an error, and none of this is linked.
///
/// Until the stream has ended, the request counts as being under way: its indicators show, what it disables is disabled,
/// and further requests of the element wait. `hx-request='{"releaseOn":"first"}'` makes that until the first message was
/// swapped in, `"immediate"` until the answer begins, and an event `hx:release` of the server until then (SS4-32). The next
/// stream of the element ends the one before (SS4-34).
///
/// # On the server
/// Does nothing.
pub fn enable_streamed_answers() {
    if page::is_browser() {
        response_stream::enter();
    }
}

/// Lets swaps keep what is the same from now on: the styles `innerMorph`, `outerMorph` and `outerSync`, also those of
/// components and out-of-band parts (SWP-10, SWP-11).
///
/// Without this call, which [`process`] and [`enable`] make as well, none of this is linked: such a swap replaces
/// everything, as `innerHTML` and `outerHTML` do, and the developer is told.
///
/// # On the server
/// Does nothing.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseSwap, SwapStyle};
///
/// #[component]
/// fn Chart() -> impl IntoView {
///     leptos_live::attributes::enable_morphing();
///     view! {
///         <SseSource connect="/chart">
///             <SseSwap event="chart" swap=SwapStyle::InnerMorph/>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
pub fn enable_morphing() {
    morph::enter();
}

/// Makes raw htmx markup on and below an element live, and from now on everything that is swapped in: sources, consumers,
/// the verbs with their triggers, and senders, in the spellings of htmx 1.9 and of its extensions, each also with the
/// `data-` prefix.
///
/// What is live already stays as it is, so it may be called at any time and again (ACT-12). What says something else
/// than before starts anew, and what says nothing any more ends (ACT-11). Nothing is live in `hx-disable`, and neither
/// streams nor sockets where `hx-ext` ignores them.
///
/// The first call also reads what `<meta name="htmx-config">` says about swaps (CFG-05): `defaultSwapStyle`,
/// `defaultSwapDelay`, `defaultSettleDelay`, `attributesToSettle`, `addedClass`, `settlingClass`, `swappingClass`,
/// `scrollBehavior`, `defaultFocusScroll`, `globalViewTransitions` and `ignoreTitle`. That holds for components as well.
/// The console names what else it says, which has other places here.
///
/// # On the server
/// Does nothing.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::attributes;
///
/// /// HTML from elsewhere, which its author vouches for.
/// #[component]
/// fn Foreign(html: String) -> impl IntoView {
///     let place = NodeRef::<leptos::html::Div>::new();
///     Effect::new(move || {
///         if let Some(place) = place.get() {
///             attributes::process(&place);
///         }
///     });
///     view! { <div node_ref=place inner_html=html></div> }
/// }
/// # fn main() {}
/// ```
pub fn process(root: &Element) {
    processing::enter_streams();
    processing::enter_sockets();
    processing::enter_requests();
    enable_streamed_answers();
    enable_morphing();
    // For markup that listens to every name.
    fetch_transport::enter();
    if page::is_browser() {
        page_config::enter();
        processors::process_again(root);
    }
}
