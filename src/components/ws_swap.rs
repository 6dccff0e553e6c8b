//! `<WsSwap>`: a place for what a socket sends.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::lifetime::Lifetime;
use super::region::Region;

/// An element with an id, which a socket's frames replace, fill or append to.
///
/// # Attributes it mirrors
/// None: in htmx any element with an id can be such a place. Here a component marks those whose content
/// belongs to the server, because elements that Leptos updates must not be changed by anybody else.
///
/// # On the server
/// Renders the element with its children as the first content.
///
/// # In the browser
/// Hydration leaves the content as it finds it. It need not stand inside the source (WSM-03).
///
/// # Without JavaScript
/// Shows its children.
///
/// See [`WsSource`](super::WsSource) for an example.
#[component]
pub fn WsSwap(
    /// The id by which frames find the element.
    #[prop(into)]
    id: String,
    /// The element's tag.
    #[prop(into, default = "div".to_owned())]
    tag: String,
    /// The element's `class`.
    #[prop(into, optional)]
    class: MaybeProp<String>,
    /// What is shown before the first frame.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lifetime = Lifetime::new();
    let (content, region) = Region::new(children);
    let element = custom(tag)
        .attr("id", id)
        .attr("class", move || class.get())
        .directive(move |element: Element| region.fill(&element, lifetime, || {}), ());
    match content {
        Some(content) => element.child(content).into_any(),
        None => element.into_any(),
    }
}
