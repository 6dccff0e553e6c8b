//! What a prop takes that calls the app: a function, or a callback that is at hand.

use std::fmt;

use leptos::prelude::*;

use super::calling::call;

/// A function of the app that a component calls: a closure, or a [`Callback`] that is at hand.
///
/// It knows how it is called, so that nothing of that is linked for props that an app does not set: a component has many
/// of them, each with values of its own.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Gap, Handler, LiveEvent, SseSource};
///
/// fn news(on_gap: Handler<Gap>, told: Callback<LiveEvent>) -> impl IntoView {
///     let lengths = RwSignal::new(0);
///     view! {
///         <SseSource connect="/news" on_gap on_message=told on_open=move |()| lengths.set(0)>
///             "news"
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
pub struct Handler<T: 'static, R: 'static = ()> {
    callback: Callback<T, R>,
    call: fn(Callback<T, R>, T) -> Option<R>,
}

impl<T, R> Handler<T, R> {
    /// Calls it, and takes what comes back if its owner is still there.
    pub(crate) fn call(self, value: T) -> Option<R> {
        (self.call)(self.callback, value)
    }
}

impl<T, R> From<Callback<T, R>> for Handler<T, R> {
    fn from(callback: Callback<T, R>) -> Self {
        Self { callback, call }
    }
}

impl<F, T, R> From<F> for Handler<T, R>
where
    F: Fn(T) -> R + Send + Sync + 'static,
{
    fn from(run: F) -> Self {
        Callback::new(run).into()
    }
}

impl<T, R> Clone for Handler<T, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, R> Copy for Handler<T, R> {}

impl<T, R> fmt::Debug for Handler<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler")
    }
}
