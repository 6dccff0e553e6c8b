//! Answers that are streams of events (SS4-01): the seam between requests and whoever reads such a body.
//!
//! A function is entered here by what needs streamed answers, so that an app without them links none of it. While one is
//! entered, every request says that it accepts a stream (SS4-04), and an answer that is one is handed to it as soon as
//! its head has arrived.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use web_sys::{AbortController, Element, Response};

use super::lock::Hold;
use super::marks::Marks;
use crate::browser::event_stream::{MEDIA_TYPE, content_type};
use crate::wire::is_event_stream;

/// The head of an answer whose body is a stream of events.
#[derive(Debug)]
pub(crate) struct StreamedAnswer {
    /// Whose request it is; target, style and selection are read from it for each message (SS4-05, SS4-08).
    pub(crate) element: Element,
    /// Its body has not been read yet.
    pub(crate) response: Response,
    /// Aborts the request, which also its element's going does (SS4-36); the body then ends with an error.
    pub(crate) controller: AbortController,
    /// The request counts as being under way until this is released, or the body has ended (SS4-32).
    pub(crate) busy: Busy,
}

/// How a streamed answer came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamEnd {
    Over,
    /// One of its messages has taken the element away.
    WithElement,
}

/// Reads a streamed answer to its end.
///
/// # Errors
/// What went wrong, which the page has been told of; an abort is no error (SS4-35).
pub(crate) type StreamHandler =
    fn(StreamedAnswer) -> Pin<Box<dyn Future<Output = Result<StreamEnd, String>>>>;

thread_local! {
    static HANDLER: Cell<Option<StreamHandler>> = const { Cell::new(None) };
}

/// Enters the function that reads streamed answers.
pub(crate) fn register(handler: StreamHandler) {
    HANDLER.set(Some(handler));
}

/// Takes it out again, for the next test.
#[cfg(all(test, target_family = "wasm"))]
pub(crate) fn unregister() {
    HANDLER.set(None);
}

/// The function that reads streamed answers, if this app has one.
pub(crate) fn handler() -> Option<StreamHandler> {
    HANDLER.get()
}

/// Whether the head of an answer says that a stream of events follows.
pub(crate) fn is_stream(response: &Response) -> bool {
    response.ok() && is_event_stream(&content_type(response))
}

/// The `Accept` header of a request, given what it would be otherwise (SS4-04).
pub(crate) fn accept(own: Option<&str>) -> String {
    format!("{}, {MEDIA_TYPE}", own.unwrap_or("text/html"))
}

/// What keeps a request under way: its indicators, what it disables, and its turn.
#[derive(Clone, Default)]
pub(crate) struct Busy(Rc<RefCell<Option<(Marks, Hold)>>>);

impl Busy {
    pub(crate) fn new(marks: Marks, hold: Hold) -> Self {
        Self(Rc::new(RefCell::new(Some((marks, hold)))))
    }

    /// The request counts as over, although its answer may go on.
    pub(crate) fn release(&self) {
        let over = self.0.take();
        if let Some((marks, hold)) = over {
            drop(marks);
            drop(hold);
        }
    }

    /// The same for a page that is about to be left: what shows that it is busy stays.
    pub(crate) fn leave_marks(&self) {
        let over = self.0.take();
        if let Some((marks, hold)) = over {
            marks.keep();
            drop(hold);
        }
    }

    /// Takes the marks away and leaves the turn to the request.
    pub(crate) fn unmark(&self) {
        let marks = self
            .0
            .borrow_mut()
            .as_mut()
            .map(|(marks, _)| std::mem::take(marks));
        drop(marks);
    }
}

impl fmt::Debug for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Busy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ss4_04_a_stream_is_accepted_beside_what_is_accepted_otherwise() {
        assert_eq!(accept(None), "text/html, text/event-stream");
        assert_eq!(accept(Some("text/plain")), "text/plain, text/event-stream");
    }
}
