//! The modifiers between an event and the action: filter, `once`, `changed`, `delay`, `throttle`.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::WeakMap;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::filter;
use super::firing::{Cause, Firing};
use crate::browser::dom;
use crate::browser::timer::Timer;
use crate::grammar::{Interval, Trigger};

/// What to run, once its time has come.
type Run = Box<dyn Fn(&Firing)>;

/// Lets through what a trigger's modifiers allow, when they allow it.
pub(crate) struct Gate {
    me: Weak<Self>,
    element: Element,
    trigger: Trigger,
    /// Whether the last one that a throttle held back counts (CON-27).
    trails: bool,
    run: Run,
    has_fired: Cell<bool>,
    values: OnceCell<WeakMap>,
    /// Of a delay, or of a throttle.
    timer: RefCell<Option<Timer>>,
    trailing: RefCell<Option<Cause>>,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate({})", self.trigger)
    }
}

impl Gate {
    pub(crate) fn new(
        element: &Element,
        trigger: &Trigger,
        trails: bool,
        run: impl Fn(&Firing) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            element: element.clone(),
            trigger: trigger.clone(),
            trails,
            run: Box::new(run),
            has_fired: Cell::default(),
            values: OnceCell::default(),
            timer: RefCell::default(),
            trailing: RefCell::default(),
        })
    }

    pub(crate) fn trigger(&self) -> &Trigger {
        &self.trigger
    }

    /// Notes what `changed` compares with the first time (TRG-03).
    pub(crate) fn remember(&self, place: &Element) {
        if self.trigger.changed {
            self.has_changed(place);
        }
    }

    /// Whether the filter holds (TRG-02).
    pub(crate) fn admits(&self, cause: &Cause) -> bool {
        let filter = self.trigger.filter.as_ref();
        filter.is_none_or(|filter| filter::allows(filter, cause, &self.element))
    }

    /// Whether `once` and `changed` let it through, which then counts as the one time and the last value.
    pub(crate) fn takes(&self, cause: &Cause) -> bool {
        if self.trigger.once && self.has_fired.get() {
            return false;
        }
        let place = || cause.place(&self.element);
        if self.trigger.changed && place().is_some_and(|place| !self.has_changed(&place)) {
            return false;
        }
        self.has_fired.set(true);
        true
    }

    /// Runs the action now, later or, where a throttle is over before, not at all.
    pub(crate) fn pass(&self, cause: Cause) {
        let above_zero = |time: Option<Interval>| time.filter(|time| time.as_millis() > 0);
        match (above_zero(self.trigger.delay), above_zero(self.trigger.throttle)) {
            (Some(delay), _) => self.delay(delay, cause),
            (None, Some(throttle)) => self.throttle(throttle, cause),
            (None, None) => self.run(cause),
        }
    }

    /// Leaves out what waits, because the same element has been triggered otherwise.
    pub(crate) fn forget(&self) {
        if self.trigger.delay.is_some() {
            self.timer.take();
        }
        self.trailing.take();
    }

    fn run(&self, cause: Cause) {
        (self.run)(&Firing {
            cause,
            queue: self.trigger.queue,
        });
    }

    /// TRG-04: runs once it has been quiet for so long.
    fn delay(&self, delay: Interval, cause: Cause) {
        let me = Weak::clone(&self.me);
        let timer = Timer::start(delay.as_millis(), move || {
            let Some(me) = me.upgrade() else { return };
            let over = me.timer.take();
            me.run(cause.clone());
            drop(over);
        });
        drop(self.timer.replace(timer));
    }

    /// CON-27: runs the first at once and the last of those that follow when the time is over.
    fn throttle(&self, interval: Interval, cause: Cause) {
        if self.timer.borrow().is_some() {
            if self.trails {
                drop(self.trailing.replace(Some(cause)));
            }
            return;
        }
        let me = Weak::clone(&self.me);
        let timer = Timer::start(interval.as_millis(), move || {
            let Some(me) = me.upgrade() else { return };
            let over = me.timer.take();
            let trailing = me.trailing.take();
            if let Some(cause) = trailing {
                me.throttle(interval, cause);
            }
            drop(over);
        });
        self.timer.replace(timer);
        self.run(cause);
    }

    /// Whether the control has another value than the last time; one that has none always has the same.
    ///
    /// The value of a box or radio button says nothing about whether it is checked, so those always count, as in htmx 4.
    fn has_changed(&self, place: &Element) -> bool {
        if place.matches("[type=checkbox],[type=radio]").unwrap_or(false) {
            return true;
        }
        let value = dom::property(place, "value");
        let values = self.values.get_or_init(WeakMap::new);
        let key = place.unchecked_ref();
        let is_same = values.has(key) && values.get(key) == value;
        values.set(key, &value);
        !is_same
    }
}
