//! A time-out that is cancelled when it is dropped.
//!
//! Timers that outlive their owner reopen connections of elements that are gone (SSR-12, WSR-10),
//! so each one is a value that somebody holds.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::page;

/// Runs a function once, after a delay, unless dropped before.
#[derive(Debug)]
pub(crate) struct Timer {
    id: i32,
    _run: Closure<dyn Fn()>,
}

impl Timer {
    /// Starts the delay, in milliseconds. Without a window (on the server) it never runs.
    pub(crate) fn start(milliseconds: u32, run: impl Fn() + 'static) -> Option<Self> {
        Self::start_boxed(milliseconds, Box::new(run))
    }

    /// Boxed, or each timer would bring its own copy of this.
    fn start_boxed(milliseconds: u32, run: Box<dyn Fn()>) -> Option<Self> {
        let run = Closure::wrap(run);
        // A browser's delay is a signed 32-bit number; more would run at once.
        let delay = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let id = page::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(run.as_ref().unchecked_ref(), delay)
            .ok()?;
        Some(Self { id, _run: run })
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        if let Some(window) = page::window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}
