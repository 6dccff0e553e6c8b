//! Which old sibling is which new one: pairs found in several passes, the surest first.
//!
//! Knows numbers and words, and no page, so that it is tested without one.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::hash::Hash;

/// Pairs of old and new siblings, both given by their places.
#[derive(Debug)]
pub(super) struct Matching {
    old_of: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl Matching {
    pub(super) fn new(old: usize, new: usize) -> Self {
        Self {
            old_of: vec![None; new],
            is_taken: vec![false; old],
        }
    }

    /// The old sibling that this new one is.
    pub(super) fn old_of(&self, new: usize) -> Option<usize> {
        self.old_of.get(new).copied().flatten()
    }

    pub(super) fn is_old_free(&self, old: usize) -> bool {
        self.is_taken.get(old) == Some(&false)
    }

    pub(super) fn is_new_free(&self, new: usize) -> bool {
        self.old_of.get(new) == Some(&None)
    }

    /// Whether anything has been joined, so that places count from there.
    pub(super) fn is_begun(&self) -> bool {
        self.is_taken.contains(&true)
    }

    fn join(&mut self, old: usize, new: usize) {
        if let (Some(taken), Some(of)) = (self.is_taken.get_mut(old), self.old_of.get_mut(new)) {
            *taken = true;
            *of = Some(old);
        }
    }

    /// Joins those with the same word. Where it occurs several times, the first with the first.
    pub(super) fn by_word<W: Hash + Eq>(
        &mut self,
        old: impl IntoIterator<Item = (usize, W)>,
        new: impl IntoIterator<Item = (usize, W)>,
    ) {
        let mut known: HashMap<W, VecDeque<usize>> = HashMap::new();
        for (old, word) in old {
            if self.is_old_free(old) {
                known.entry(word).or_default().push_back(old);
            }
        }
        for (new, word) in new {
            if self.is_new_free(new) {
                let found = known.get_mut(&word).and_then(VecDeque::pop_front);
                found.into_iter().for_each(|old| self.join(old, new));
            }
        }
    }

    /// Joins those that have the most words in common, and one at least.
    pub(super) fn by_most_words(&mut self, old: &[(usize, Vec<String>)], new: &[(usize, Vec<String>)]) {
        let mut owners: HashMap<&str, usize> = HashMap::new();
        for (old, words) in old {
            for word in words {
                // The same word in two siblings says nothing against the first of them.
                owners.entry(word).or_insert(*old);
            }
        }
        for (new, words) in new {
            let mut votes: HashMap<usize, usize> = HashMap::new();
            let voted = words.iter().filter_map(|word| owners.get(word.as_str()));
            for old in voted.filter(|old| self.is_old_free(**old)) {
                *votes.entry(*old).or_default() += 1;
            }
            // Of several with as many votes the first: the order of a map is not to decide.
            let most = votes
                .into_iter()
                .max_by_key(|(old, votes)| (*votes, usize::MAX - old));
            if let Some((old, _)) = most.filter(|_| self.is_new_free(*new)) {
                self.join(old, *new);
            }
        }
    }

    /// Joins what is left by kind, in order, between the same neighbours: so nothing that is merely of the same kind
    /// comes from far away.
    pub(super) fn by_place<'w>(
        &mut self,
        old: impl IntoIterator<Item = (usize, &'w str)>,
        new: impl IntoIterator<Item = (usize, &'w str)>,
    ) {
        let gaps = self.gaps();
        let of_old = old.into_iter().map(|(old, kind)| {
            let gap = gaps.get(old).copied().flatten();
            (old, (gap, kind))
        });
        let of_old: Vec<_> = of_old.collect();
        let mut nearest = None;
        let nearest: Vec<_> = self
            .old_of
            .iter()
            .map(|old| {
                nearest = old.or(nearest);
                nearest
            })
            .collect();
        let of_new = new.into_iter().map(|(new, kind)| {
            let gap = nearest.get(new).copied().flatten();
            (new, (gap, kind))
        });
        let of_new: Vec<_> = of_new.collect();
        self.by_word(of_old, of_new);
    }

    /// For each old sibling the nearest one before it that has been joined.
    fn gaps(&self) -> Vec<Option<usize>> {
        let mut nearest = None;
        let places = self.is_taken.iter().enumerate();
        let gaps = places.map(|(old, is_taken)| {
            if *is_taken {
                nearest = Some(old);
            }
            nearest
        });
        gaps.collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<(usize, &str)> {
        text.split_whitespace().enumerate().collect()
    }

    fn matching(old: &str, new: &str) -> Matching {
        Matching::new(words(old).len(), words(new).len())
    }

    #[track_caller]
    fn check(matching: &Matching, expected: &[Option<usize>]) {
        assert_eq!(matching.old_of, expected);
    }

    #[test]
    fn by_word_in_any_order_and_once_each() {
        let mut found = matching("a b c", "c x a");
        found.by_word(words("a b c"), words("c x a"));
        check(&found, &[Some(2), None, Some(0)]);
        let mut found = matching("a a", "a a a");
        found.by_word(words("a a"), words("a a a"));
        check(&found, &[Some(0), Some(1), None]);
    }

    #[test]
    fn by_most_words() {
        let listed = |list: &[&str]| -> Vec<(usize, Vec<String>)> {
            let words = |text: &&str| text.split_whitespace().map(str::to_owned).collect();
            list.iter().map(words).enumerate().collect()
        };
        let mut found = Matching::new(3, 3);
        found.by_most_words(&listed(&["a b", "c", ""]), &listed(&["", "c", "b c a"]));
        check(&found, &[None, Some(1), Some(0)]);
        // One that is taken gets no votes.
        let mut found = Matching::new(1, 2);
        found.by_most_words(&listed(&["a"]), &listed(&["a", "a"]));
        check(&found, &[Some(0), None]);
    }

    #[test]
    fn by_place_between_the_same_neighbours_only() {
        let mut found = matching("p K p L q", "K q p L p");
        found.by_word([(1, "K"), (3, "L")], [(0, "K"), (3, "L")]);
        let plain = |text: &'static str| {
            words(text)
                .into_iter()
                .filter(|(_, word)| *word < "A" || *word >= "a")
        };
        found.by_place(plain("p K p L q"), plain("K q p L p"));
        check(&found, &[Some(1), None, Some(2), Some(3), None]);
    }

    proptest! {
        #[test]
        fn nothing_is_joined_twice_and_only_what_is_alike(
            old in prop::collection::vec("[a-d]", 0..12),
            new in prop::collection::vec("[a-d]", 0..12),
        ) {
            let mut found = Matching::new(old.len(), new.len());
            let listed = |list: &[String]| -> Vec<(usize, Vec<String>)> {
                list.iter().map(|word| vec![word.clone()]).enumerate().step_by(2).collect()
            };
            found.by_most_words(&listed(&old), &listed(&new));
            found.by_place(
                old.iter().map(String::as_str).enumerate(),
                new.iter().map(String::as_str).enumerate(),
            );
            let joined: Vec<_> = (0..new.len()).filter_map(|at| Some((found.old_of(at)?, at))).collect();
            let mut places: Vec<_> = joined.iter().map(|(old, _)| *old).collect();
            places.sort_unstable();
            places.dedup();
            prop_assert_eq!(places.len(), joined.len());
            for (at, place) in joined {
                prop_assert_eq!(&old[at], &new[place]);
                prop_assert!(!found.is_old_free(at) && !found.is_new_free(place));
            }
        }
    }
}
