//! Calling the app's callbacks.
//!
//! A callback ends with the owner that it was made in, and a swap or another callback may just have ended that one. Run
//! then, it would panic, which in a page ends everything; so each is tried. It may read signals: nothing is tracked, as
//! in a handler of a DOM event.

use leptos::prelude::*;

/// Tells of something, if there is still anybody to tell.
pub(super) fn tell<T: 'static>(callback: Callback<T>, value: T) {
    let _ = untrack(|| callback.try_run(value));
}

/// Asks about something; nobody left to ask means nobody is against it.
pub(super) fn ask<T: 'static>(callback: Callback<T, bool>, value: T) -> bool {
    untrack(|| callback.try_run(value)) != Some(false)
}
