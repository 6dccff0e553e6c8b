//! The order of messages, also when one of them takes time to be made (WSS-27).
//!
//! Reading a file is asynchronous. What is sent meanwhile on the same socket must not overtake, so the message that is
//! being made holds a place, and those after it wait behind it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use web_sys::Element;

use super::queue_policy::QueuePolicy;
use super::send_error::SendError;
use super::ws_outbox::Outgoing;

/// A message and the policy of the source that it goes through.
pub(crate) type Routed = (Outgoing, QueuePolicy);

/// A place in the order, for a message that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u64);

#[derive(Debug)]
struct Entry {
    place: Place,
    sender: Option<Element>,
    /// Empty while the message is being made.
    message: Option<Routed>,
}

/// A message that has given its place up.
#[derive(Debug)]
pub(crate) enum GivenUp {
    Waiting(Outgoing),
    /// Whoever makes it learns of it when it is made.
    InTheMaking,
}

/// Messages behind one that is being made; empty most of the time.
#[derive(Debug, Default)]
pub(crate) struct Order {
    entries: RefCell<VecDeque<Entry>>,
    /// The places of messages that are being made for nothing.
    given_up: RefCell<Vec<(Place, SendError)>>,
    next: Cell<u64>,
}

impl Order {
    /// Whether nothing is being made.
    pub(crate) fn is_free(&self) -> bool {
        self.entries.borrow().is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    /// The last place, which must be filled or left.
    pub(crate) fn reserve(&self, sender: Option<&Element>) -> Place {
        let place = Place(self.next.get());
        self.next.set(place.0 + 1);
        self.entries.borrow_mut().push_back(Entry {
            place,
            sender: sender.cloned(),
            message: None,
        });
        place
    }

    /// Puts a message behind those that are there.
    pub(crate) fn follow(&self, message: Routed) -> Place {
        let place = self.reserve(message.0.sender.as_ref());
        // Its place is there still.
        let _ = self.fill(place, message);
        place
    }

    /// Puts the message that was made into its place.
    ///
    /// # Errors
    /// Why its place was given to another one meanwhile.
    pub(crate) fn fill(&self, place: Place, message: Routed) -> Result<(), SendError> {
        self.forget(place)?;
        let mut entries = self.entries.borrow_mut();
        if let Some(entry) = entries.iter_mut().find(|entry| entry.place == place) {
            entry.message = Some(message);
        }
        Ok(())
    }

    /// Gives a place up, because nothing came of its message.
    pub(crate) fn leave(&self, place: Place) {
        // Nobody asks any more.
        let _ = self.forget(place);
        self.entries.borrow_mut().retain(|entry| entry.place != place);
    }

    fn forget(&self, place: Place) -> Result<(), SendError> {
        let mut given_up = self.given_up.borrow_mut();
        match given_up.iter().position(|(known, _)| *known == place) {
            Some(at) => Err(given_up.swap_remove(at).1),
            None => Ok(()),
        }
    }

    /// Takes the place of the first message whose sender is meant, because a newer one needs it.
    pub(crate) fn give_up(
        &self,
        is_meant: &dyn Fn(Option<&Element>) -> bool,
        reason: &SendError,
    ) -> Option<GivenUp> {
        let mut entries = self.entries.borrow_mut();
        let at = entries.iter().position(|entry| is_meant(entry.sender.as_ref()))?;
        let entry = entries.remove(at)?;
        Some(match entry.message {
            Some((outgoing, _)) => GivenUp::Waiting(outgoing),
            None => {
                self.given_up.borrow_mut().push((entry.place, reason.clone()));
                GivenUp::InTheMaking
            }
        })
    }

    /// The next message that waits for nobody any more, and its place.
    pub(crate) fn next(&self) -> Option<(Place, Routed)> {
        let mut entries = self.entries.borrow_mut();
        entries.front()?.message.as_ref()?;
        let entry = entries.pop_front()?;
        Some((entry.place, entry.message?))
    }

    /// Takes out every message that is there. Those that are being made keep their places.
    pub(crate) fn drain(&self) -> Vec<Outgoing> {
        let mut entries = self.entries.borrow_mut();
        let mut drained = Vec::new();
        entries.retain_mut(|entry| match entry.message.take() {
            Some((outgoing, _)) => {
                drained.push(outgoing);
                false
            }
            None => true,
        });
        drained
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Routed {
        // Nothing of JavaScript is needed to tell whether there is one.
        let undefined = wasm_bindgen::JsValue::UNDEFINED;
        (Outgoing::new(undefined, None), QueuePolicy::default())
    }

    #[test]
    fn wss_27_nobody_overtakes_what_is_being_made() {
        let order = Order::default();
        assert!(order.is_free());
        let (first, second) = (order.reserve(None), order.reserve(None));
        order.follow(message());
        assert!(order.next().is_none());
        assert_eq!(order.fill(second, message()), Ok(()));
        assert!(order.next().is_none());
        assert_eq!(order.fill(first, message()), Ok(()));
        assert_eq!(std::iter::from_fn(|| order.next()).count(), 3);
        assert!(order.is_free());
    }

    #[test]
    fn a_place_that_was_given_up_holds_nobody_up() {
        let order = Order::default();
        let first = order.reserve(None);
        order.follow(message());
        order.leave(first);
        assert!(order.next().is_some() && order.next().is_none());
        // What comes too late has no place.
        assert_eq!(order.fill(first, message()), Ok(()));
        assert!(order.is_free());
    }

    #[test]
    fn what_is_being_made_survives_a_drain() {
        let order = Order::default();
        let first = order.reserve(None);
        order.follow(message());
        assert_eq!((order.drain().len(), order.len()), (1, 1));
        assert_eq!(order.fill(first, message()), Ok(()));
        assert!(order.next().is_some_and(|(place, _)| place == first));
    }

    #[test]
    fn wsq_04_what_is_being_made_can_give_way() {
        let order = Order::default();
        let (first, second) = (order.reserve(None), order.reserve(None));
        order.follow(message());
        let anyone = |_: Option<&Element>| true;
        assert!(
            order
                .give_up(&|sender| sender.is_some(), &SendError::Superseded)
                .is_none()
        );
        for _ in 0..2 {
            let given_up = order.give_up(&anyone, &SendError::Displaced);
            assert!(matches!(given_up, Some(GivenUp::InTheMaking)));
        }
        // Whoever was behind them waits for nobody any more.
        assert!(order.next().is_some() && order.is_free());
        assert_eq!(order.fill(first, message()), Err(SendError::Displaced));
        order.leave(second);
        assert!(order.is_free());
        order.follow(message());
        let given_up = order.give_up(&anyone, &SendError::Displaced);
        assert!(matches!(given_up, Some(GivenUp::Waiting(_))) && order.is_free());
    }
}
