//! Closures as parts of a request.

use leptos::prelude::untrack;

use crate::browser::connection::stream_request::RequestText;

/// A closure is asked at each attempt. It may read signals: it runs outside of whatever is tracked, as nothing renders
/// anew when they change.
impl<F> From<F> for RequestText
where
    F: Fn() -> String + Send + Sync + 'static,
{
    fn from(ask: F) -> Self {
        Self::asked(move || untrack(&ask))
    }
}
