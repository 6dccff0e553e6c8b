//! Values by number or by name, as one plain list in the order of its keys.
//!
//! A page has tens of them, hundreds at most, and numbers are given out in ascending order, so that what is new comes last.
//! For so few a search by halves is as quick as a hash table, of which each kind would be a kilobyte or two of program to
//! load, beside the hashing.

use std::borrow::Borrow;
use std::slice;

#[derive(Debug)]
pub(crate) struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Table<K, V> {
    /// An empty one, which a variable of the thread can begin with before anybody asks for it.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Table<K, V> {
    /// Where a key stands, or else belongs.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    pub(crate) fn contains<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (_, value) = self.0.get(self.place(key).ok()?)?;
        Some(value)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        let (_, value) = self.0.get_mut(place)?;
        Some(value)
    }

    /// Enters a value. That which was there before is returned, to be dropped when nothing is borrowed.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let place = self.place(&key);
        let before = place.ok().map(|place| self.0.remove(place).1);
        self.0.insert(place.unwrap_or_else(|place| place), (key, value));
        before
    }

    /// Takes a value out, to be dropped when nothing is borrowed.
    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let place = self.place(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Takes out those that are meant.
    pub(crate) fn extract_if(&mut self, is_meant: impl Fn(&V) -> bool) -> impl Iterator<Item = (K, V)> {
        self.0.extract_if(.., move |(_, value)| is_meant(value))
    }

    pub(crate) fn retain(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.0.retain(|(_, value)| is_kept(value));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn iter(&self) -> slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> slice::IterMut<'_, (K, V)> {
        self.0.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_found_by_their_text() {
        let mut table = Table::<Rc<str>, i32>::default();
        assert_eq!(table.insert("b".into(), 1), None);
        assert_eq!(table.insert("a".into(), 2), None);
        assert_eq!(table.insert("b".into(), 3), Some(1));
        assert_eq!(
            (table.get("a"), table.get("b"), table.get("c")),
            (Some(&2), Some(&3), None)
        );
        assert!(table.contains("a") && !table.contains(""));
        assert_eq!((table.remove("a"), table.remove("a")), (Some(2), None));
    }

    #[test]
    fn those_that_are_meant_are_taken_out() {
        let mut table = Table::<u64, i32>::default();
        for number in [5, 1, 3, 2, 4] {
            table.insert(number, number as i32 * 10);
        }
        let taken: Vec<_> = table.extract_if(|value| value % 20 == 0).collect();
        assert_eq!(taken, [(2, 20), (4, 40)]);
        table.retain(|value| *value > 10);
        let left: Vec<_> = table.iter().copied().collect();
        assert_eq!(left, [(3, 30), (5, 50)]);
    }

    proptest! {
        #[test]
        fn it_holds_what_a_map_holds(steps in prop::collection::vec((any::<bool>(), 0..20_u64, any::<u8>()), 0..60)) {
            let (mut table, mut map) = (Table::default(), BTreeMap::new());
            for (enters, key, value) in steps {
                if enters {
                    prop_assert_eq!(table.insert(key, value), map.insert(key, value));
                } else {
                    prop_assert_eq!(table.remove(&key), map.remove(&key));
                }
                if let Some(value) = table.get_mut(&key) {
                    *value = value.wrapping_add(1);
                }
                map.entry(key).and_modify(|value| *value = value.wrapping_add(1));
            }
            let found: Vec<_> = table.iter().copied().collect();
            prop_assert_eq!(found, map.into_iter().collect::<Vec<_>>());
        }
    }
}
