//! Random numbers for epochs and jitter.
//!
//! Neither needs secrecy: an epoch must differ from the last process's, and jitter must spread
//! readers. The keys that the standard library draws for its hash maps are enough for both.

use std::hash::{BuildHasher, RandomState};

/// A number that differs between calls and between processes.
pub(crate) fn random_u64() -> u64 {
    RandomState::new().hash_one((std::process::id(), std::time::SystemTime::now()))
}

/// A number between `least` and twice that, so that no two readers come back together and none
/// comes sooner than was said.
pub(crate) fn jittered(least: u32) -> u32 {
    let spread = u64::from(least).saturating_add(1);
    let extra = u32::try_from(random_u64() % spread).unwrap_or(0);
    least.saturating_add(extra)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r17_jitter_spreads_and_never_shortens() {
        let drawn: std::collections::HashSet<u32> = (0..200).map(|_| jittered(1_000)).collect();
        assert!(drawn.iter().all(|ms| (1_000..=2_000).contains(ms)));
        assert!(drawn.len() > 100);
        assert_eq!(jittered(0), 0);
        assert!(jittered(u32::MAX) == u32::MAX);
    }
}
