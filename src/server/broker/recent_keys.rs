//! The keys of what was published lately, and where it stands.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::wire::{IdempotencyKey, Position, Topic};

/// Keys of different topics are different keys: one message may mean an event in several.
type Key = (Topic, IdempotencyKey);

/// Remembers keys for a while, bounded by time and number.
#[derive(Debug, Default)]
pub(super) struct RecentKeys {
    positions: HashMap<Key, Position>,
    /// In the order in which they came, so the oldest are found without a search.
    arrivals: VecDeque<(Instant, Key)>,
}

impl RecentKeys {
    /// Where the event with this key stands, if it was published after `now - window`.
    pub(super) fn find(
        &mut self,
        topic: &Topic,
        key: &IdempotencyKey,
        now: Instant,
        window: Duration,
    ) -> Option<Position> {
        while let Some((at, _)) = self.arrivals.front()
            && now.saturating_duration_since(*at) > window
        {
            self.forget_oldest();
        }
        self.positions.get(&(topic.clone(), key.clone())).copied()
    }

    /// Remembers a key that [`RecentKeys::find`] has not found, and no more than `limit` of them.
    pub(super) fn remember(
        &mut self,
        topic: Topic,
        key: IdempotencyKey,
        position: Position,
        now: Instant,
        limit: usize,
    ) {
        let key = (topic, key);
        self.positions.insert(key.clone(), position);
        self.arrivals.push_back((now, key));
        while self.arrivals.len() > limit {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, key)) = self.arrivals.pop_front() {
            self.positions.remove(&key);
        }
    }

    /// As a restart would.
    pub(super) fn clear(&mut self) {
        self.positions.clear();
        self.arrivals.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Epoch;

    const WINDOW: Duration = Duration::from_secs(60);

    fn at(offset: u64) -> Position {
        Position {
            epoch: Epoch(1),
            offset,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn r09_keys_are_bounded_by_time_and_number() {
        let topic = Topic::new("t").unwrap();
        let key = |n: u64| IdempotencyKey::new(n.to_string()).unwrap();
        let mut keys = RecentKeys::default();
        for n in 1..=5 {
            assert_eq!(keys.find(&topic, &key(n), Instant::now(), WINDOW), None);
            keys.remember(topic.clone(), key(n), at(n), Instant::now(), 3);
            tokio::time::advance(Duration::from_secs(20)).await;
        }
        let mut found =
            |now| [1, 2, 3, 4, 5].map(|n| keys.find(&topic, &key(n), now, WINDOW).map(|at| at.offset));
        // 1 and 2 are too many; 3 is just as old as may be.
        assert_eq!(found(Instant::now()), [None, None, Some(3), Some(4), Some(5)]);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(found(Instant::now()), [None, None, None, Some(4), Some(5)]);
        tokio::time::advance(WINDOW).await;
        assert_eq!(found(Instant::now()), [None; 5]);
        assert_eq!((keys.positions.len(), keys.arrivals.len()), (0, 0));
    }
}
