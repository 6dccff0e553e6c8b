//! Random numbers for demos; nothing here is a secret.

use std::hash::{BuildHasher, Hasher, RandomState};

/// A number that nobody can predict well enough to mind.
pub(crate) fn number() -> u64 {
    // Each `RandomState` has keys of its own.
    RandomState::new().build_hasher().finish()
}

/// A number from `low` up to but without `high`.
pub(crate) fn between(low: u64, high: u64) -> u64 {
    low + number() % (high - low).max(1)
}

/// One of several things.
pub(crate) fn one_of<T>(things: &[T]) -> Option<&T> {
    things.get(between(0, things.len() as u64) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_range() {
        for _ in 0..1_000 {
            assert!((5..9).contains(&between(5, 9)));
        }
        assert_eq!(between(3, 3), 3);
        assert_eq!(one_of::<u8>(&[]), None);
    }
}
