//! Messages whose sender waits until the server has dealt with them (WSS-29).
//!
//! The message carries an id, the header `HX-Request-ID`; the server answers with `{"ll:ack":"<id>"}` or with an envelope
//! that names it (WSM-21). Until then the sending element is `aria-busy` and has the class `htmx-request`.
//!
//! DIFFERENCE: in htmx nothing is pending on a socket, because nothing acknowledges (WSS-29).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use web_sys::Element;

use super::page;
use super::request::marks::Marks;
use super::send_error::SendError;
use super::timer::Timer;

/// How many messages may be unanswered at a time on a page.
const CAPACITY: u32 = 1000;

/// Whether a sender waits for the server to acknowledge what it has sent, and for how long.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Ack, SendError, WsForm, WsSource};
///
/// #[component]
/// fn Order() -> impl IntoView {
///     let failed = RwSignal::new(None::<SendError>);
///     view! {
///         <WsSource connect="/orders">
///             // While it waits, `form[aria-busy=true]` can be styled.
///             <WsForm action="/orders" ack=Ack::within(5_000) on_error=move |error: SendError| failed.set(Some(error))>
///                 <input name="item"/>
///             </WsForm>
///             <p role="alert">{move || failed.get().map(|error| error.to_string())}</p>
///         </WsSource>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Ack {
    within: u32,
    // A pointer, so that an app that waits for nothing does not link the waiting.
    begin: fn(Waiting) -> Result<(), SendError>,
}

impl Ack {
    /// Waits until the server acknowledges, this many milliseconds at most from the moment that the message has gone
    /// out. On the server, `WsSession::acknowledge` does it, or an answer that names the message.
    pub fn within(milliseconds: u32) -> Self {
        Self {
            within: milliseconds,
            begin,
        }
    }

    /// Begins to wait; the time does not run yet.
    ///
    /// # Errors
    /// [`SendError::QueueFull`] when too many wait already.
    pub(crate) fn wait(self, id: &str, sender: &Element, outcome: Outcome) -> Result<(), SendError> {
        (self.begin)(Waiting {
            id: id.to_owned(),
            within: self.within,
            sender: sender.clone(),
            outcome,
            timer: None,
            marks: Marks::default(),
        })
    }
}

impl fmt::Debug for Ack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ack")
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

/// An id that no other message of this page has, and hardly any of another.
pub(crate) fn new_id() -> String {
    thread_local! {
        static PAGE: Cell<u32> = Cell::new((page::random() * f64::from(u32::MAX)) as u32);
        static NEXT: Cell<u32> = const { Cell::new(1) };
    }
    let next = NEXT.get();
    NEXT.set(next.wrapping_add(1));
    format!("{:x}-{next:x}", PAGE.get())
}

/// Called once, when it is known what the server says.
pub(crate) type Outcome = Rc<dyn Fn(Result<(), SendError>)>;

/// A message that the server has not acknowledged.
pub(crate) struct Waiting {
    id: String,
    within: u32,
    sender: Element,
    outcome: Outcome,
    timer: Option<Timer>,
    /// Counted with those of requests, which may mark the same element.
    marks: Marks,
}

/// What is done about those who wait.
#[derive(Clone, Copy)]
struct Deals {
    answered: fn(&str, Result<(), SendError>) -> Option<Element>,
    start: fn(&str),
    forget: fn(&str),
    abandon: fn(&Element),
}

thread_local! {
    static WAITING: RefCell<HashMap<String, Waiting>> = RefCell::default();
    /// Entered by the first that waits, so that an app that waits for nothing links nothing of it.
    static DEALS: Cell<Option<Deals>> = const { Cell::new(None) };
}

/// The server has dealt with the message; the element that sent it, if it waits for that.
pub(crate) fn acknowledge(id: &str) -> Option<Element> {
    DEALS.get().and_then(|deals| (deals.answered)(id, Ok(())))
}

/// The message will not be answered.
pub(crate) fn fail(id: &str, error: SendError) {
    if let Some(deals) = DEALS.get() {
        (deals.answered)(id, Err(error));
    }
}

/// Nobody waits for this one any more, and nobody is told.
pub(crate) fn forget(id: &str) {
    if let Some(deals) = DEALS.get() {
        (deals.forget)(id);
    }
}

/// The element goes, and nobody waits for what it has sent.
pub(crate) fn abandon(sender: &Element) {
    if let Some(deals) = DEALS.get() {
        (deals.abandon)(sender);
    }
}

/// The message has gone out, and the server's time runs.
pub(crate) fn sent(id: &str) {
    if let Some(deals) = DEALS.get() {
        (deals.start)(id);
    }
}

fn begin(mut waiting: Waiting) -> Result<(), SendError> {
    DEALS.set(Some(Deals {
        answered,
        start,
        forget: |id| drop(take(id)),
        abandon: |sender| {
            let of_sender =
                |(id, waiting): (&String, &Waiting)| (waiting.sender == *sender).then(|| id.clone());
            let ids: Vec<_> = WAITING.with_borrow(|all| all.iter().filter_map(of_sender).collect());
            // The element may stay on the page, and must not stay busy.
            for id in ids {
                drop(take(&id));
            }
        },
    }));
    if WAITING.with_borrow(HashMap::len) >= CAPACITY as usize {
        return Err(SendError::QueueFull(CAPACITY));
    }
    let _ = waiting.sender.set_attribute("aria-busy", "true");
    waiting.marks = Marks::indicating(vec![waiting.sender.clone()]);
    WAITING.with_borrow_mut(|all| all.insert(waiting.id.clone(), waiting));
    Ok(())
}

fn start(id: &str) {
    let late = id.to_owned();
    WAITING.with_borrow_mut(|all| {
        if let Some(waiting) = all.get_mut(id) {
            let within = waiting.within;
            waiting.timer = Timer::start(within, move || {
                answered(&late, Err(SendError::NotAcknowledged(within)));
            });
        }
    });
}

fn answered(id: &str, said: Result<(), SendError>) -> Option<Element> {
    let waiting = take(id)?;
    (waiting.outcome)(said);
    // The timer may be what is running; it is dropped last.
    Some(waiting.sender.clone())
}

/// Takes a message out, and its sender is idle if it was its last one.
fn take(id: &str) -> Option<Waiting> {
    let (mut waiting, is_last) = WAITING.with_borrow_mut(|all| {
        let waiting = all.remove(id)?;
        let is_last = all.values().all(|other| other.sender != waiting.sender);
        Some((waiting, is_last))
    })?;
    if is_last {
        let _ = waiting.sender.remove_attribute("aria-busy");
    }
    // Whoever is told of the outcome must find it so.
    waiting.marks = Marks::default();
    Some(waiting)
}
