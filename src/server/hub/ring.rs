//! What one topic keeps: its newest events, and up to where it has lost them.

use std::collections::{HashMap, VecDeque, vec_deque};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::event::{StoredEvent, Unplaced};
use super::page::Page;
use super::{HubConfig, Payload, Retention};
use crate::wire::{EventName, Position};

/// An event with its offset, so that a place is found without looking at each event.
pub(super) type Placed = (u64, Arc<StoredEvent>);

/// The room that a topic without events may keep for the next ones.
const IDLE_CAPACITY: usize = 16;

/// The events of one topic, by offset.
#[derive(Debug)]
pub(super) struct Ring {
    retention: Retention,
    bounds: Bounds,
    /// In the order of their offsets.
    events: VecDeque<Placed>,
    /// Where the newest event of each name stands; kept for [`Retention::Latest`] only.
    newest: HashMap<EventName, u64>,
    bytes: usize,
    /// Where the next short event is written.
    page: Page,
    published: u64,
    /// The offset of the newest event, kept or not.
    newest_offset: u64,
    /// Events up to this offset may be missing here. Exact for logs: the offset of the last event
    /// that was evicted.
    evicted_up_to: u64,
}

#[derive(Clone, Copy, Debug)]
struct Bounds {
    events: usize,
    bytes: usize,
    age: Option<Duration>,
}

impl Bounds {
    fn new(retention: Retention, config: &HubConfig) -> Self {
        match retention {
            Retention::Log {
                max_events,
                max_bytes,
                max_age,
            } => Self {
                events: max_events,
                bytes: max_bytes,
                age: Some(max_age),
            },
            Retention::Latest => Self {
                events: config.max_latest_names,
                bytes: usize::MAX,
                age: None,
            },
            Retention::Transient => Self {
                events: config.transient_events,
                bytes: config.transient_bytes,
                age: None,
            },
        }
    }
}

impl Ring {
    /// A ring of a topic that may have lost events up to `floor` in an earlier life.
    pub(super) fn new(retention: Retention, config: &HubConfig, floor: u64) -> Self {
        Self {
            retention,
            bounds: Bounds::new(retention, config),
            events: VecDeque::new(),
            newest: HashMap::new(),
            bytes: 0,
            page: Page::default(),
            published: 0,
            newest_offset: 0,
            evicted_up_to: floor,
        }
    }

    /// Changes the retention; what the new one would not have kept goes.
    pub(super) fn set_retention(&mut self, retention: Retention, config: &HubConfig) {
        if retention == self.retention {
            // An app may say so with each event. What an engine has restored may be more than that.
            self.enforce_bounds();
            return;
        }
        let has_all = self.events.len() as u64 == self.published;
        if retention.is_log() && !self.retention.is_log() && !has_all {
            // The old retention has let go of events without taking note.
            self.evicted_up_to = self.evicted_up_to.max(self.newest_offset);
        }
        self.retention = retention;
        self.bounds = Bounds::new(retention, config);
        self.newest.clear();
        self.bytes = 0;
        self.page = Page::default();
        let had = self.events.len();
        for (_, event) in std::mem::take(&mut self.events) {
            self.keep(event);
        }
        self.enforce_bounds();
        // What stays would hold the pages of what has gone or, as the newest values go in any order, will go.
        if retention == Retention::Latest || self.events.len() < had {
            for (_, event) in &mut self.events {
                StoredEvent::leave_page(event);
            }
        }
    }

    /// Lets go of everything.
    pub(super) fn clear(&mut self) {
        while !self.events.is_empty() {
            self.evict_oldest();
        }
    }

    /// The sequence number of the next event.
    pub(super) fn published(&self) -> u64 {
        self.published
    }

    /// Gives an event that was made before its place in the history and in this topic, and returns what is not needed any more.
    pub(super) fn place(
        &mut self,
        position: Position,
        event: Unplaced,
    ) -> (Arc<StoredEvent>, Option<Payload>) {
        // The newest values go in any order, and one that stays would hold the whole page.
        let in_order = if self.retention == Retention::Latest {
            0
        } else {
            self.bytes
        };
        event.place(position, self.published, &mut self.page, in_order)
    }

    /// Takes an event, and returns one that had to go for it: as a rule there is one at most, and whoever holds a lock is spared
    /// its destruction meanwhile.
    pub(super) fn push(&mut self, event: Arc<StoredEvent>) -> Option<Arc<StoredEvent>> {
        self.pass(event.position.offset);
        let replaced = self.keep(event);
        self.enforce_bounds().or(replaced)
    }

    /// Counts an event that nobody will read and that need not be kept.
    pub(super) fn pass(&mut self, offset: u64) {
        self.published = self.published.saturating_add(1);
        self.newest_offset = offset;
    }

    /// Keeps an event, and returns the one in whose place it comes.
    fn keep(&mut self, event: Arc<StoredEvent>) -> Option<Arc<StoredEvent>> {
        let offset = event.position.offset;
        let mut replaced = None;
        if self.retention == Retention::Latest
            && let Some(older) = self.newest.insert(event.name.clone(), offset)
        {
            replaced = self.remove(older);
        }
        self.bytes = self.bytes.saturating_add(event.size());
        if self.events.back().is_none_or(|(newest, _)| *newest < offset) {
            self.events.push_back((offset, event));
        } else {
            // A broker that restores a history in another order than it promises.
            let place = self.place_after(offset);
            self.events.insert(place, (offset, event));
        }
        replaced
    }

    /// Where the events after this offset begin.
    fn place_after(&self, offset: u64) -> usize {
        self.events.partition_point(|(at, _)| *at <= offset)
    }

    /// Takes an event of before this process without letting go of any: its topic may have yet to be declared, and then
    /// other bounds apply.
    pub(super) fn restore(&mut self, event: Arc<StoredEvent>) {
        self.pass(event.position.offset);
        self.keep(event);
    }

    /// Takes note that events up to this offset may be missing.
    pub(super) fn lose(&mut self, up_to: u64) {
        self.evicted_up_to = self.evicted_up_to.max(up_to);
    }

    /// Lets go of events that are too many or too big, and returns the last of them.
    pub(super) fn enforce_bounds(&mut self) -> Option<Arc<StoredEvent>> {
        let mut evicted = None;
        // The newest event is kept whatever the bounds: the readers have yet to get it.
        while self.events.len() > 1
            && (self.events.len() > self.bounds.events || self.bytes > self.bounds.bytes)
        {
            evicted = self.evict_oldest();
        }
        evicted
    }

    /// Lets go of events that are too old at the time `now`, and returns the last of them.
    pub(super) fn expire(&mut self, now: Instant) -> Option<Arc<StoredEvent>> {
        let mut evicted = None;
        while self
            .events
            .front()
            .is_some_and(|(_, oldest)| self.is_too_old(oldest, now))
        {
            evicted = self.evict_oldest();
        }
        evicted
    }

    fn evict_oldest(&mut self) -> Option<Arc<StoredEvent>> {
        let (offset, oldest) = self.events.pop_front()?;
        self.evicted_up_to = self.evicted_up_to.max(offset);
        self.bytes = self.bytes.saturating_sub(oldest.size());
        if self.retention == Retention::Latest {
            self.newest.remove(&oldest.name);
        }
        if self.events.is_empty() {
            self.page = Page::default();
            if self.events.capacity() > IDLE_CAPACITY {
                self.events = VecDeque::new();
            }
        }
        Some(oldest)
    }

    fn remove(&mut self, offset: u64) -> Option<Arc<StoredEvent>> {
        let place = self.events.binary_search_by_key(&offset, |(at, _)| *at).ok()?;
        let (_, event) = self.events.remove(place)?;
        self.bytes = self.bytes.saturating_sub(event.size());
        Some(event)
    }

    pub(super) fn retention(&self) -> Retention {
        self.retention
    }

    /// The offset up to which a log has lost events; `None` for what never gaps.
    pub(super) fn lost_up_to(&self) -> Option<u64> {
        self.retention.is_log().then_some(self.evicted_up_to)
    }

    /// The offset up to which events may be missing, whatever the retention.
    pub(super) fn evicted_up_to(&self) -> u64 {
        self.evicted_up_to
    }

    /// The events after this offset, in order.
    pub(super) fn after(&self, offset: u64) -> vec_deque::Iter<'_, Placed> {
        self.events.range(self.place_after(offset)..)
    }

    /// The events that are not too old at the time `now`.
    pub(super) fn fresh(&self, now: Instant) -> impl Iterator<Item = &Placed> {
        self.events
            .iter()
            .filter(move |(_, event)| !self.is_too_old(event, now))
    }

    fn is_too_old(&self, event: &StoredEvent, now: Instant) -> bool {
        let age = now.saturating_duration_since(event.at);
        self.bounds.age.is_some_and(|most| age > most)
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::Publication;
    use crate::wire::{Epoch, Topic};

    fn push(ring: &mut Ring, offset: u64, name: &str, data: &str) {
        let position = Position {
            epoch: Epoch(1),
            offset,
        };
        let topic = Topic::new("t").unwrap();
        let publication = Publication::new(topic, EventName::new(name).unwrap(), data);
        let (event, _) = ring.place(position, Unplaced::new(publication, Instant::now()));
        ring.push(event);
    }

    /// Pushes `name` events at the offsets 2, 4, 6, … and says what is left.
    #[track_caller]
    fn check(retention: Retention, names: &[&str], kept: &[u64], lost_up_to: Option<u64>) -> Ring {
        let config = HubConfig {
            transient_events: 2,
            max_latest_names: 3,
            ..HubConfig::default()
        };
        let mut ring = Ring::new(retention, &config, 0);
        for (n, name) in names.iter().enumerate() {
            push(&mut ring, (n as u64 + 1) * 2, name, "1234");
        }
        let found: Vec<u64> = ring.after(0).map(|(offset, _)| *offset).collect();
        assert_eq!(found, kept, "{retention:?}");
        assert_eq!(ring.lost_up_to(), lost_up_to, "{retention:?}");
        assert_eq!(ring.bytes(), kept.len() * 5);
        ring
    }

    fn log(max_events: usize, max_bytes: usize) -> Retention {
        Retention::Log {
            max_events,
            max_bytes,
            max_age: Duration::from_secs(60),
        }
    }

    #[tokio::test]
    async fn s18_each_retention_is_bounded() {
        check(log(3, 1000), &["a"; 5], &[6, 8, 10], Some(4));
        check(log(3, 1000), &["a"; 3], &[2, 4, 6], Some(0));
        check(log(100, 11), &["a"; 5], &[8, 10], Some(6));
        check(log(100, 1), &["a"; 5], &[10], Some(8));
        check(log(0, 0), &["a"], &[2], Some(0));
        check(Retention::Latest, &["a", "b", "a", "a"], &[4, 8], None);
        check(Retention::Latest, &["a", "b", "c", "d"], &[4, 6, 8], None);
        check(Retention::Transient, &["a", "b", "a"], &[4, 6], None);
    }

    #[tokio::test]
    async fn what_is_kept_is_in_order_however_it_is_restored() {
        let config = HubConfig::default();
        let mut ring = Ring::new(log(3, 1000), &config, 0);
        for offset in [4, 2, 8, 6] {
            push(&mut ring, offset, "a", "x");
        }
        let after = |offset| ring.after(offset).map(|(at, _)| *at).collect::<Vec<_>>();
        assert_eq!(after(0), [4, 6, 8]);
        assert_eq!(after(3), [4, 6, 8]);
        assert_eq!(after(4), [6, 8]);
        assert_eq!(after(7), [8]);
        assert_eq!(after(8), [0; 0]);
    }

    #[tokio::test]
    async fn s18_what_has_no_events_keeps_no_room_for_many() {
        let config = HubConfig::default();
        let mut ring = check(
            log(100, 1000),
            &["a"; 40],
            &Vec::from_iter((1..=40).map(|n| n * 2)),
            Some(0),
        );
        ring.clear();
        assert_eq!((ring.len(), ring.bytes(), ring.events.capacity()), (0, 0, 0));
        push(&mut ring, 90, "a", "x");
        ring.set_retention(Retention::Latest, &config);
        assert_eq!(ring.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn s18_old_events_go() {
        let config = HubConfig::default();
        let mut ring = Ring::new(log(10, 1000), &config, 0);
        push(&mut ring, 1, "a", "x");
        tokio::time::advance(Duration::from_secs(40)).await;
        push(&mut ring, 2, "a", "x");
        tokio::time::advance(Duration::from_secs(21)).await;
        ring.expire(Instant::now());
        assert_eq!((ring.len(), ring.lost_up_to()), (1, Some(1)));
        tokio::time::advance(Duration::from_secs(60)).await;
        ring.expire(Instant::now());
        assert_eq!((ring.len(), ring.lost_up_to()), (0, Some(2)));
    }

    /// A history is restored before its topics are declared, on pages that were meant for a log.
    #[tokio::test]
    async fn s18_what_a_changed_retention_keeps_holds_no_page_of_what_it_does_not() {
        const EVENTS: u64 = 400;
        let config = HubConfig::default();
        for (retention, kept) in [(Retention::Latest, 4), (log(3, 1000), 3)] {
            let mut ring = Ring::new(log(1_000, 1 << 20), &config, 0);
            for offset in 1..=EVENTS {
                // The values are far from each other.
                let name = format!("name{}", offset / 100 * 100 % EVENTS);
                push(&mut ring, offset, &name, "x");
            }
            let texts = |ring: &Ring| Vec::from_iter(ring.after(0).map(|(_, event)| event.text()));
            // A reader has the last one meanwhile.
            let read = ring.after(EVENTS - 1).next().unwrap().1.clone();
            let before = texts(&ring);
            ring.set_retention(retention, &config);
            push(&mut ring, EVENTS + 1, "name0", "x");
            let mut after = texts(&ring);
            assert_eq!(after.len(), kept, "{retention:?}");
            after.pop();
            assert!(after.iter().all(|text| before.contains(text)), "{retention:?}");
            assert!(before.contains(&read.text()));
            let last = ring.after(EVENTS).next().unwrap().1.text();
            after.push(last);
            drop((ring, before, read));
            for text in after {
                let length = text.len();
                let held = text.try_into_mut().expect("a text of its own").capacity();
                assert!(
                    held <= length + 40,
                    "{held} bytes for {length} with {retention:?}"
                );
            }
        }
    }

    /// An app may declare its topic with each event.
    #[tokio::test]
    async fn s18_a_retention_that_stays_what_it_is_begins_no_page() {
        let (config, retention) = (HubConfig::default(), log(1_000, 1 << 20));
        let mut ring = Ring::new(retention, &config, 0);
        let mut neighbours = 0;
        let mut end = std::ptr::null();
        for offset in 1..=400 {
            ring.set_retention(retention, &config);
            push(&mut ring, offset, "n", &"x".repeat(200));
            let text = ring.after(offset - 1).next().unwrap().1.text();
            neighbours += u32::from(text.as_ptr() == end);
            end = text.as_ptr_range().end;
        }
        assert!(
            neighbours > 300,
            "{neighbours} of 400 stand behind the one before"
        );
    }

    #[tokio::test]
    async fn a_changed_retention_applies_to_what_is_kept() {
        let config = HubConfig::default();
        let mut ring = check(log(10, 1000), &["a", "b", "a"], &[2, 4, 6], Some(0));
        ring.set_retention(Retention::Latest, &config);
        assert_eq!(ring.after(0).map(|(o, _)| *o).collect::<Vec<_>>(), [4, 6]);
        push(&mut ring, 8, "b", "x");
        assert_eq!(ring.after(0).map(|(o, _)| *o).collect::<Vec<_>>(), [6, 8]);
        ring.set_retention(log(1, 1000), &config);
        assert_eq!((ring.len(), ring.lost_up_to()), (1, Some(8)));
    }
}
