//! Visits whose connections are refused for a while, so that one can watch a page cope.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many outages there may be at a time; the button is open to the public.
const MOST: usize = 1_000;

/// Which visits have an outage, and until when.
#[derive(Clone, Debug, Default)]
pub struct Outages(Arc<Mutex<HashMap<String, Instant>>>);

impl Outages {
    /// Refuses this visit's connections for so long.
    pub fn begin(&self, visit: &str, time: Duration) {
        let now = Instant::now();
        let mut outages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        outages.retain(|_, until| *until > now);
        if outages.len() < MOST {
            outages.insert(visit.to_owned(), now + time);
        }
    }

    /// Whether this visit's connections are to be refused now.
    pub fn includes(&self, visit: &str) -> bool {
        let outages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        outages.get(visit).is_some_and(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_ends_and_concerns_one_visit() {
        let outages = Outages::default();
        outages.begin("a", Duration::from_secs(60));
        outages.begin("b", Duration::ZERO);
        assert!(outages.includes("a"));
        assert!(!outages.includes("b"));
        assert!(!outages.includes("c"));
    }
}
