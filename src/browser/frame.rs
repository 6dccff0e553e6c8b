//! The next frame of the page, cancelled when it is dropped.
//!
//! A page that nobody sees has no frames, and one that shows nothing new may wait for its next one: a timer runs instead
//! when none has come.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::page;
use super::timer::Timer;

/// How long a frame is waited for, in milliseconds: a few of the slowest.
const WAIT: u32 = 100;

/// Runs a function once, with the next frame, unless dropped before.
#[derive(Debug)]
pub(crate) struct Frame {
    id: Option<i32>,
    _run: Closure<dyn Fn()>,
    _timer: Option<Timer>,
}

impl Frame {
    /// Asks for a frame. What runs may run twice, for the frame and for the timer, unless it drops this value.
    pub(crate) fn request(run: impl Fn() + 'static) -> Self {
        let run = Rc::new(run);
        let for_timer = Rc::clone(&run);
        let run = Closure::<dyn Fn()>::new(move || run());
        let window = page::window();
        let id = window.and_then(|window| window.request_animation_frame(run.as_ref().unchecked_ref()).ok());
        Self {
            id,
            _run: run,
            _timer: Timer::start(WAIT, move || for_timer()),
        }
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if let (Some(window), Some(id)) = (page::window(), self.id) {
            // It fails only where there was no such frame.
            let _ = window.cancel_animation_frame(id);
        }
    }
}
