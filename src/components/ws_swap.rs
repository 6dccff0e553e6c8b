//! `<WsSwap>`: a place for what a socket sends.

use leptos::html::custom;
use leptos::prelude::*;
use web_sys::Element;

use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::lifetime::Lifetime;
use super::region::Region;
use super::server_part::with_server_part;
use super::start::Start;

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
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{WsSource, WsSwap};
///
/// #[component]
/// fn Room() -> impl IntoView {
///     // The frame `<ul id="guests"><li>Ann</li></ul>` takes its place, `<li hx-swap-oob="beforeend:#guests">Bob</li>` adds to it.
///     view! {
///         <WsSource connect="/room">
///             <WsSwap id="guests" tag="ul"><li>"Nobody yet"</li></WsSwap>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn WsSwap(
    /// The id by which frames find the element.
    #[prop(into)]
    id: String,
    /// The element's tag.
    #[prop(into, default = "div".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
    /// What is shown before the first frame.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lifetime = Lifetime::new();
    let (content, region) = Region::new(children);
    let start = Start::new(|| move |element: Element| region.fill(&element, lifetime, || {}));
    let attributes = AttributeList::new().with("id", id).with("class", class);
    let element = custom(tag).add_any_attr(attributes.starting(start));
    with_server_part(element, content, ElementChild::child)
}
