//! What a reader has read and not taken yet.
//!
//! Nearly always that is one event, which is taken right after it was read. A list keeps it in another place of memory, which has to
//! be fetched for each reader and each event; so the first stands by itself.

use std::collections::VecDeque;

use super::delivery::Item;

/// The items, in order.
#[derive(Debug, Default)]
pub(super) struct Untaken {
    first: Option<Item>,
    /// Empty where there is no first.
    rest: VecDeque<Item>,
}

impl Untaken {
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn len(&self) -> usize {
        self.rest.len().saturating_add(usize::from(self.first.is_some()))
    }

    pub(super) fn push(&mut self, item: Item) {
        if self.first.is_none() {
            self.first = Some(item);
        } else {
            self.rest.push_back(item);
        }
    }

    pub(super) fn push_front(&mut self, item: Item) {
        if let Some(second) = self.first.replace(item) {
            self.rest.push_front(second);
        }
    }

    pub(super) fn take(&mut self) -> Option<Item> {
        let first = self.first.take();
        if !self.rest.is_empty() {
            self.first = self.rest.pop_front();
        }
        first
    }

    pub(super) fn clear(&mut self) {
        self.first = None;
        self.rest.clear();
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Item) -> bool) {
        self.rest.retain(&keep);
        if !self.first.as_ref().is_some_and(keep) {
            self.first = self.rest.pop_front();
        }
    }
}

impl Extend<Item> for Untaken {
    fn extend<I: IntoIterator<Item = Item>>(&mut self, items: I) {
        for item in items {
            self.push(item);
        }
    }
}

impl FromIterator<Item> for Untaken {
    fn from_iter<I: IntoIterator<Item = Item>>(items: I) -> Self {
        let mut untaken = Self::default();
        untaken.extend(items);
        untaken
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Control;

    #[derive(Clone, Debug)]
    enum Step {
        Push(u32),
        PushFront(u32),
        Take,
        Clear,
        KeepMultiples(u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => any::<u32>().prop_map(Step::Push),
            1 => any::<u32>().prop_map(Step::PushFront),
            3 => Just(Step::Take),
            1 => Just(Step::Clear),
            1 => (1_u32..4).prop_map(Step::KeepMultiples),
        ]
    }

    fn item(n: u32) -> Item {
        Item::Control(Control::Retry(n))
    }

    fn number(item: &Item) -> u32 {
        match item {
            Item::Control(Control::Retry(n)) => *n,
            other => panic!("{other:?}"),
        }
    }

    proptest! {
        #[test]
        fn it_is_a_list(steps in proptest::collection::vec(step(), 0..60)) {
            let (mut untaken, mut list) = (Untaken::default(), VecDeque::new());
            for step in steps {
                match step {
                    Step::Push(n) => {
                        untaken.push(item(n));
                        list.push_back(n);
                    }
                    Step::PushFront(n) => {
                        untaken.push_front(item(n));
                        list.push_front(n);
                    }
                    Step::Take => {
                        prop_assert_eq!(untaken.take().as_ref().map(number), list.pop_front());
                    }
                    Step::Clear => {
                        untaken.clear();
                        list.clear();
                    }
                    Step::KeepMultiples(of) => {
                        untaken.retain(|item| number(item).is_multiple_of(of));
                        list.retain(|n| n.is_multiple_of(of));
                    }
                }
                prop_assert_eq!((untaken.len(), untaken.is_empty()), (list.len(), list.is_empty()));
            }
            let left: Vec<u32> = std::iter::from_fn(|| untaken.take()).map(|item| number(&item)).collect();
            prop_assert_eq!(left, Vec::from(list));
        }
    }
}
