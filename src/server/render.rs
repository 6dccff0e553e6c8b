//! Tells components, while a page is rendered, where the hub's stream stood before that.

use std::sync::Arc;

use leptos::prelude::{provide_context, use_context};

use super::Hub;
use crate::wire::{LiveRenderSource, Position, RenderSource};

/// One request's view of the hub: the head, taken once.
struct RequestHead(Position);

impl RenderSource for RequestHead {
    fn head(&self) -> Position {
        self.0
    }
}

/// Takes the hub's head for this request and provides it to the components that render the page.
///
/// Call it in the additional-context hook of `leptos_axum`, which runs before any component and
/// therefore before any of the page's data is read. Calling it again in the same request keeps
/// the first head: a later one would skip the events in between.
///
/// ```
/// # use leptos::prelude::*;
/// use leptos_live::{LiveRenderSource, server::{Hub, provide_live}};
///
/// let hub = Hub::default();
/// // .leptos_routes_with_context(&state, routes, move || provide_live(&hub), shell)
/// # Owner::new().with(|| {
/// provide_live(&hub);
/// let source = use_context::<LiveRenderSource>().unwrap();
/// assert_eq!(source.0.head(), hub.head());
/// # });
/// ```
pub fn provide_live(hub: &Hub) {
    if use_context::<LiveRenderSource>().is_none() {
        provide_context(LiveRenderSource(Arc::new(RequestHead(hub.head()))));
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::*;
    use crate::wire::{EventName, Topic};

    #[tokio::test]
    async fn r06_a_request_keeps_the_head_it_began_with() {
        let hub = Hub::default();
        let topic = Topic::new("t").unwrap();
        let before = hub.head();
        let owner = Owner::new();
        owner.with(|| provide_live(&hub));
        hub.publish(&topic, &EventName::default(), "x").await.unwrap();
        owner.with(|| provide_live(&hub));
        let source = owner.with(use_context::<LiveRenderSource>).unwrap();
        assert_eq!(source.0.head(), before);
        assert_ne!(hub.head(), before);
    }
}
