//! The modifiers between an event and the action: filter, `changed`, `once`, `delay`, `throttle`.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, MessageEvent};

use super::timer::Timer;
use crate::grammar::{Filter, Interval, Trigger, Value};

/// What to run, with the event that led to it.
type Run = Box<dyn Fn(Option<&Event>)>;

/// Lets through what a trigger's modifiers allow, when they allow it.
pub(crate) struct Gate {
    me: Weak<Self>,
    element: Element,
    trigger: Trigger,
    run: Run,
    has_fired: Cell<bool>,
    last_value: RefCell<Option<String>>,
    timer: RefCell<Option<Timer>>,
    trailing: RefCell<Option<Option<Event>>>,
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
        run: impl Fn(Option<&Event>) + 'static,
    ) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            element: element.clone(),
            trigger: trigger.clone(),
            run: Box::new(run),
            has_fired: Cell::default(),
            last_value: RefCell::new(value_of(element)),
            timer: RefCell::default(),
            trailing: RefCell::default(),
        })
    }

    /// Takes an occurrence; the action runs now, later or not at all.
    pub(crate) fn pass(&self, event: Option<&Event>) {
        if (self.trigger.once && self.has_fired.get())
            || !self
                .trigger
                .filter
                .as_ref()
                .is_none_or(|filter| allows(filter, event))
            || (self.trigger.changed && !self.has_changed())
        {
            return;
        }
        self.has_fired.set(true);
        match (self.trigger.delay, self.trigger.throttle) {
            (Some(delay), _) => self.delay(delay, event),
            (None, Some(throttle)) => self.throttle(throttle, event),
            (None, None) => (self.run)(event),
        }
    }

    /// TRG-04: runs once it has been quiet for so long.
    fn delay(&self, delay: Interval, event: Option<&Event>) {
        let (me, event) = (Weak::clone(&self.me), event.cloned());
        let timer = Timer::start(delay.as_millis(), move || {
            if let Some(me) = me.upgrade() {
                (me.run)(event.as_ref());
            }
        });
        self.timer.replace(timer);
    }

    /// CON-27: runs the first at once and the last of those that follow when the time is over.
    fn throttle(&self, interval: Interval, event: Option<&Event>) {
        if self.timer.borrow().is_some() {
            self.trailing.replace(Some(event.cloned()));
            return;
        }
        let me = Weak::clone(&self.me);
        let timer = Timer::start(interval.as_millis(), move || {
            let Some(me) = me.upgrade() else { return };
            let over = me.timer.take();
            if let Some(event) = me.trailing.take() {
                me.throttle(interval, event.as_ref());
            }
            drop(over);
        });
        self.timer.replace(timer);
        (self.run)(event);
    }

    fn has_changed(&self) -> bool {
        let value = value_of(&self.element);
        self.last_value.replace(value.clone()) != value
    }
}

fn value_of(element: &Element) -> Option<String> {
    Reflect::get(element, &JsValue::from_str("value"))
        .ok()?
        .as_string()
}

/// TRG-02: the filter reads the event's properties; without an event it finds nothing.
fn allows(filter: &Filter, event: Option<&Event>) -> bool {
    filter.evaluate(&|path| {
        let mut at: JsValue = event.map_or(JsValue::UNDEFINED, |event| event.clone().into());
        for (index, name) in path.iter().enumerate() {
            // `event` names the event itself, as in htmx.
            if index == 0 && name == "event" {
                continue;
            }
            // SST-05: in htmx the event has the message as its detail; here it is the message itself.
            if index == 0 && name == "detail" && event.is_some_and(is_message) {
                continue;
            }
            at = Reflect::get(&at, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED);
        }
        value(&at)
    })
}

fn is_message(event: &Event) -> bool {
    event.is_instance_of::<MessageEvent>()
}

fn value(found: &JsValue) -> Value {
    if let Some(text) = found.as_string() {
        Value::Text(text)
    } else if let Some(number) = found.as_f64() {
        Value::Number(number)
    } else if let Some(truth) = found.as_bool() {
        Value::Bool(truth)
    } else if found.is_null() {
        Value::Null
    } else if found.is_undefined() {
        Value::Undefined
    } else {
        // An object is true, and nothing more can be said of it here.
        Value::Bool(true)
    }
}
