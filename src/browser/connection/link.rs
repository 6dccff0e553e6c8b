//! Carries out what the [`Machine`] orders: the timer, the transport, and the page's own events.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use web_sys::PageTransitionEvent;

use super::machine::{Input, Machine, Order};
use super::reauthorization::Answers;
use super::retry_policy::RetryPolicy;
use super::state::ConnectionState;
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::browser::timer::Timer;

/// A connection as its driver sees it.
pub(crate) trait Link {
    /// The part that carries out orders.
    fn driver(&self) -> &Driver;
    /// Whether any source is left.
    fn is_wanted(&self) -> bool;
    /// Opens the transport; what happens to it comes back through [`drive`].
    fn connect(&self);
    /// Closes the transport; nothing of it is heard afterwards.
    fn disconnect(&self);
    /// Tells the owners. User code may run inside, so nothing may be borrowed around it.
    fn announce(&self, state: &ConnectionState);
    /// Asks the owners for other credentials than those that were refused by this status or code; `None` if nobody has
    /// any. User code runs inside.
    fn ask_for_credentials(&self, refused_with: u16) -> Option<Answers>;
}

/// The machine of a connection with its timer and its ear on the page.
#[derive(Debug)]
pub(crate) struct Driver {
    machine: RefCell<Machine>,
    timer: RefCell<Option<Timer>>,
    page_listeners: RefCell<Vec<Listener>>,
    announced: RefCell<ConnectionState>,
    /// Somebody was asked for credentials and has not answered yet.
    pub(super) is_asking: Cell<bool>,
}

impl Driver {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self {
            machine: RefCell::new(Machine::new(policy)),
            timer: RefCell::default(),
            page_listeners: RefCell::default(),
            announced: RefCell::default(),
            is_asking: Cell::default(),
        }
    }

    /// Whether a refusal now is one after which credentials are asked for.
    pub(super) fn may_ask(&self) -> bool {
        self.machine.borrow().may_ask(page::now())
    }

    pub(crate) fn state(&self) -> ConnectionState {
        self.machine.borrow().state().clone()
    }

    /// Whether an attempt is under way.
    pub(super) fn is_connecting(&self) -> bool {
        matches!(
            self.machine.borrow().state(),
            ConnectionState::Connecting | ConnectionState::Reconnecting { delay: 0, .. }
        )
    }
}

/// Opens a connection that somebody wants still.
pub(crate) fn open_if_wanted(link: &Rc<dyn Link>) {
    if link.is_wanted() {
        drive(link, Input::Open);
    }
}

/// Feeds an input to the connection's machine and does what it orders.
pub(crate) fn drive(link: &Rc<dyn Link>, input: Input) {
    let driver = link.driver();
    // Nothing of these is left to chance, and most inputs are of them.
    let random = match input {
        Input::Received | Input::Heartbeat | Input::Opened => 0.0,
        _ => page::random(),
    };
    let orders = driver.machine.borrow_mut().step(input, page::now(), random);
    if input == Input::Received {
        // It is a sign of life and no more: it changes no state and orders nothing.
        return;
    }
    for order in orders {
        match order {
            Order::Connect => link.connect(),
            Order::Disconnect => link.disconnect(),
            Order::StartTimer(delay) => {
                let timer = Timer::start(delay, on_link(link, |link| drive(link, Input::TimerFired)));
                driver.timer.replace(timer);
            }
            Order::StopTimer => drop(driver.timer.take()),
        }
    }
    // Carrying out an order may have changed the state again, and told of it.
    let state = driver.state();
    if driver.announced.replace(state.clone()) != state {
        link.announce(&state);
    }
}

/// Listens to the page: its network, its visibility, and its going into the back/forward cache.
pub(crate) fn follow_page(link: &Rc<dyn Link>) {
    let (Some(window), Some(document)) = (page::window(), page::document()) else {
        return;
    };
    let nudge = || on_link(link, |link| drive(link, Input::Nudge));
    let (online, visible, hide, show) = (nudge(), nudge(), Rc::downgrade(link), Rc::downgrade(link));
    let watched = document.clone();
    let listeners = vec![
        Listener::on(&window, "online", move |_| online()),
        Listener::on(&document, "visibilitychange", move |_| {
            if !watched.hidden() {
                visible();
            }
        }),
        Listener::on(&window, "pagehide", move |_| {
            with(&hide, |link| drive(link, Input::PageHidden))
        }),
        Listener::add(&window, "pageshow", move |event: PageTransitionEvent| {
            if event.persisted() {
                with(&show, |link| drive(link, Input::PageShown));
            }
        }),
    ];
    link.driver().page_listeners.replace(listeners);
}

/// A function to call later, which does nothing once the connection is gone.
pub(crate) fn on_link(link: &Rc<dyn Link>, run: impl Fn(&Rc<dyn Link>) + 'static) -> impl Fn() + 'static {
    let link = Rc::downgrade(link);
    move || with(&link, &run)
}

fn with(link: &Weak<dyn Link>, run: impl Fn(&Rc<dyn Link>)) {
    if let Some(link) = link.upgrade() {
        run(&link);
    }
}
