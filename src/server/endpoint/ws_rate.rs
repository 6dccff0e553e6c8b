//! How fast a client may send: a token bucket.

use std::time::Duration;

use tokio::time::Instant;

/// Messages that may be read at once, refilled at a steady rate.
#[derive(Debug)]
pub(super) struct Rate {
    /// The time in which one message more becomes free.
    interval: Duration,
    /// The time in which all of them do.
    full: Duration,
    /// When the bucket will be full again; the messages taken are the time until then.
    full_at: Option<Instant>,
}

impl Rate {
    /// A full bucket. Less than one message is taken as one.
    pub(super) fn new(per_second: u32, burst: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        Self {
            interval,
            full: interval.saturating_mul(burst.max(1)),
            full_at: None,
        }
    }

    /// Takes one message, and says how long to wait before it may be read.
    pub(super) fn take(&mut self, now: Instant) -> Duration {
        let full_at = self.full_at.map_or(now, |at| at.max(now)) + self.interval;
        self.full_at = Some(full_at);
        full_at.saturating_duration_since(now).saturating_sub(self.full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn s22_a_burst_is_free_and_then_the_rate_holds() {
        let mut rate = Rate::new(50, 200);
        let now = Instant::now();
        for _ in 0..200 {
            assert_eq!(rate.take(now), Duration::ZERO);
        }
        assert_eq!(rate.take(now), Duration::from_millis(20));
        // Whoever waits for its turn has the rate and no more.
        let now = now + Duration::from_millis(20);
        assert_eq!(rate.take(now), Duration::from_millis(20));
        // After a silence there is a burst again, of the same size.
        let now = now + Duration::from_secs(3_600);
        let free = (0..1_000).filter(|_| rate.take(now).is_zero()).count();
        assert_eq!(free, 200);
        assert_eq!(Rate::new(0, 0).take(now), Duration::ZERO);
    }
}
