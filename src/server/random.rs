//! Random numbers for epochs, jitter, and the ids of connections.
//!
//! Epochs and jitter need no secrecy: an epoch must differ from the last process's, and jitter must
//! spread readers. The keys that the standard library draws for its hash maps are enough for both. The
//! id of a connection must not be guessed, so its bits come from the operating system.

use std::hash::{BuildHasher, RandomState};

/// A number that differs between calls and between processes.
pub(crate) fn random_u64() -> u64 {
    RandomState::new().hash_one((std::process::id(), std::time::SystemTime::now()))
}

/// 128 bits that nobody can guess.
pub(crate) fn unguessable_u128() -> u128 {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => u128::from_ne_bytes(bytes),
        // A machine without random numbers has drawn none for the standard library's keyed hashes either, and
        // these are the best that there is.
        Err(_) => (u128::from(random_u64()) << 64) | u128::from(random_u64()),
    }
}

/// A number from zero to this one, all about equally likely.
pub(crate) fn random_up_to(most: u32) -> u32 {
    let choices = u64::from(most).saturating_add(1);
    u32::try_from(random_u64() % choices).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_within_their_bounds_and_differ() {
        let drawn: std::collections::HashSet<u32> = (0..200).map(|_| random_up_to(1_000)).collect();
        assert!(drawn.iter().all(|number| *number <= 1_000));
        assert!(drawn.len() > 100);
        assert_eq!(random_up_to(0), 0);
        assert!(random_up_to(u32::MAX) > 0 || random_up_to(u32::MAX) > 0);
    }
}
