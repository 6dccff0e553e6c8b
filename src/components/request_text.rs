//! Closures as parts of a request.

use leptos::prelude::untrack;

use crate::browser::connection::stream_request::RequestText;

/// A closure is asked at each attempt. It may read signals: it runs outside of whatever is tracked, as nothing renders
/// anew when they change.
impl<F, T> From<F> for RequestText
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Into<String>,
{
    fn from(ask: F) -> Self {
        Self::asked(move || untrack(&ask).into())
    }
}
