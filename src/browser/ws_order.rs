//! The order of messages, also when one of them takes time to be made (WSS-27).
//!
//! Reading a file is asynchronous. What is sent meanwhile on the same socket must not overtake, so the message that is
//! being made holds a place, and those after it wait behind it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use super::queue_policy::QueuePolicy;
use super::ws_outbox::Outgoing;

/// A message and the policy of the source that it goes through.
pub(crate) type Routed = (Outgoing, QueuePolicy);

/// A place in the order, for a message that is being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(u64);

/// Messages behind one that is being made; empty most of the time.
#[derive(Debug, Default)]
pub(crate) struct Order {
    places: RefCell<VecDeque<(Place, Option<Routed>)>>,
    next: Cell<u64>,
}

impl Order {
    /// Whether nothing is being made.
    pub(crate) fn is_free(&self) -> bool {
        self.places.borrow().is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.places.borrow().len()
    }

    /// The last place, which must be settled or left.
    pub(crate) fn reserve(&self) -> Place {
        let place = Place(self.next.get());
        self.next.set(place.0 + 1);
        self.places.borrow_mut().push_back((place, None));
        place
    }

    /// Puts a message behind those that are there.
    pub(crate) fn follow(&self, message: Routed) {
        let place = self.reserve();
        self.fill(place, message);
    }

    /// Puts the message that was made into its place.
    pub(crate) fn fill(&self, place: Place, message: Routed) {
        let mut places = self.places.borrow_mut();
        if let Some((_, content)) = places.iter_mut().find(|(known, _)| *known == place) {
            *content = Some(message);
        }
    }

    /// Gives a place up, because nothing came of its message.
    pub(crate) fn leave(&self, place: Place) {
        self.places.borrow_mut().retain(|(known, _)| *known != place);
    }

    /// The next message that waits for nobody any more, and its place.
    pub(crate) fn next(&self) -> Option<(Place, Routed)> {
        let mut places = self.places.borrow_mut();
        if matches!(places.front(), Some((_, None)) | None) {
            return None;
        }
        let (place, message) = places.pop_front()?;
        Some((place, message?))
    }

    /// Takes out every message that is there. Those that are being made keep their places.
    pub(crate) fn drain(&self) -> Vec<Outgoing> {
        let mut places = self.places.borrow_mut();
        let mut drained = Vec::new();
        places.retain_mut(|(_, message)| match message.take() {
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
        let (first, second) = (order.reserve(), order.reserve());
        order.follow(message());
        assert!(order.next().is_none());
        order.fill(second, message());
        assert!(order.next().is_none());
        order.fill(first, message());
        assert_eq!(std::iter::from_fn(|| order.next()).count(), 3);
        assert!(order.is_free());
    }

    #[test]
    fn a_place_that_was_given_up_holds_nobody_up() {
        let order = Order::default();
        let first = order.reserve();
        order.follow(message());
        order.leave(first);
        assert!(order.next().is_some() && order.next().is_none());
        // What comes too late has no place.
        order.fill(first, message());
        assert!(order.is_free());
    }

    #[test]
    fn what_is_being_made_survives_a_drain() {
        let order = Order::default();
        let first = order.reserve();
        order.follow(message());
        assert_eq!((order.drain().len(), order.len()), (1, 1));
        order.fill(first, message());
        assert!(order.next().is_some_and(|(place, _)| place == first));
    }
}
