//! Calling the app's callbacks.
//!
//! A callback ends with the owner that it was made in, and a swap or another callback may just have ended that one. Run
//! then, it would panic, which in a page ends everything; so each is tried. It may read signals: nothing is tracked, as
//! in a handler of a DOM event. What `signals` hands on goes the same way.

use leptos::prelude::*;

use super::handler::Handler;

/// Runs a callback with a value, if its owner is still there.
pub(crate) fn call<T: 'static, R: 'static>(callback: Callback<T, R>, value: T) -> Option<R> {
    untrack(|| callback.try_run(value))
}

/// Tells of something, if there is still anybody to tell.
pub(crate) fn tell<T: 'static>(handler: Handler<T>, value: T) {
    let _ = handler.call(value);
}

/// Asks about something; nobody left to ask means nobody is against it.
pub(super) fn ask<T: 'static>(handler: Handler<T, bool>, value: T) -> bool {
    handler.call(value) != Some(false)
}
