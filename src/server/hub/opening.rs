//! How a stream begins, from what the reader says it has seen.
//!
//! Three ways to begin: exactly after the cursor; with a gap told and what is kept sent as a
//! snapshot; or, for a reader that has seen nothing, with a snapshot of the latest values. The
//! position that the first heartbeat names is always one from which everything that the opening
//! brings would be brought again, so a connection that breaks inside it loses nothing.

use super::merge::Lane;
use super::replay_cap::newest_beyond;
use super::rings::{State, TopicState};
use super::topic_changes::Joining;
use super::{HubConfig, Resume, Retention};
use crate::wire::{Control, Gap, GapReason, Position, Topic};

/// The state in which a stream begins.
#[derive(Debug)]
pub(super) struct Opening {
    /// The control events that come first.
    pub(super) controls: Vec<Control>,
    pub(super) lanes: Vec<Lane>,
    /// Reading begins after this offset.
    pub(super) cursor: u64,
    /// The offset that the first heartbeat names: the reader's cursor as it stands.
    pub(super) goes_on_from: u64,
    /// Where the snapshot ends, if there is one.
    pub(super) snapshot_until: Option<u64>,
    /// The losses up to this offset are told by the opening.
    pub(super) told_up_to: u64,
}

/// The offsets above which each kind of topic is read.
struct Floors {
    log: u64,
    latest: u64,
}

impl Opening {
    /// Decides how a reader of these topics begins.
    pub(super) fn new(state: &State, topics: &[Topic], resume: Resume, config: &HubConfig) -> Self {
        let scene = Scene {
            state,
            topics,
            config,
            head: state.head(),
        };
        let only_transient = scene.rings().all(|t| t.ring.retention() == Retention::Transient);
        match resume {
            Resume::Start => scene.begin_now(),
            Resume::At(at) if scene.holds(at) => scene.begin_after(at),
            Resume::AtWithLatest(at) if scene.holds(at) => scene.begin_after_with_latest(at),
            // What keeps nothing cannot have lost anything.
            Resume::At(_) | Resume::AtWithLatest(_) | Resume::Malformed if only_transient => {
                scene.begin_now()
            }
            Resume::At(at) | Resume::AtWithLatest(at) if at.epoch == scene.head.epoch => {
                scene.begin_nowhere(GapReason::Malformed, Some(at))
            }
            Resume::At(at) | Resume::AtWithLatest(at) => scene.begin_nowhere(GapReason::Epoch, Some(at)),
            Resume::Malformed => scene.begin_nowhere(GapReason::Malformed, None),
        }
    }
}

impl Opening {
    /// The same for topics that join an open stream at this offset, the hub's head. What the opening would
    /// bring before it is brought when they join, and what comes after it comes in order.
    pub(super) fn into_joining(self, at: u64) -> impl Iterator<Item = Joining> {
        let gap = self.controls.into_iter().find_map(|control| match control {
            Control::Gap(gap) => Some(gap),
            _ => None,
        });
        let (after, told) = (self.cursor, gap.map_or(0, |gap| gap.to.offset));
        self.lanes.into_iter().map(move |lane| Joining {
            after: after.max(lane.floor).max(told),
            lane,
            at,
            gap,
            is_told: false,
        })
    }
}

/// What the decision is made from.
struct Scene<'a> {
    state: &'a State,
    topics: &'a [Topic],
    config: &'a HubConfig,
    head: Position,
}

impl<'a> Scene<'a> {
    fn rings(&self) -> impl Iterator<Item = &'a TopicState> + '_ {
        self.topics
            .iter()
            .filter_map(|topic| self.state.topics().get(topic))
    }

    /// Whether a cursor lies in this history.
    fn holds(&self, at: Position) -> bool {
        at.epoch == self.head.epoch && at.offset <= self.head.offset
    }

    fn latest(&self) -> impl Iterator<Item = &'a TopicState> + '_ {
        self.rings()
            .filter(|topic| topic.ring.retention() == Retention::Latest)
    }

    /// The first heartbeat, and whether there are values to ask for.
    fn greeting(&self, offset: u64) -> Vec<Control> {
        let latest = self.latest().next().map(|_| Control::Latest);
        [Control::Heartbeat(self.at(offset))]
            .into_iter()
            .chain(latest)
            .collect()
    }

    fn at(&self, offset: u64) -> Position {
        Position {
            epoch: self.head.epoch,
            offset,
        }
    }

    fn lanes(&self, floors: &Floors) -> Vec<Lane> {
        let lane = |topic: &Topic| {
            let (place, topic, ring) = match self.state.topics().get_full(topic) {
                // The name as it stands there: comparing the two then reads the same few letters for all readers.
                Some((place, name, topic)) => (place, name, Some(&topic.ring)),
                None => (0, topic, None),
            };
            Lane {
                topic: topic.clone(),
                place,
                floor: match ring.map(|ring| ring.retention()) {
                    Some(Retention::Log { .. }) => floors.log,
                    Some(Retention::Latest) => floors.latest,
                    Some(Retention::Transient) | None => self.head.offset,
                },
                next_sequence: ring.map_or(0, |ring| ring.published()),
            }
        };
        self.topics.iter().map(lane).collect()
    }

    /// A reader that has seen nothing: the latest values, and otherwise what comes.
    fn begin_now(&self) -> Opening {
        let head = self.head.offset;
        let has_latest = self.latest().next().is_some();
        // If the connection breaks before the oldest of the values has arrived, resuming from just
        // before it brings all of them.
        let oldest = self
            .latest()
            .filter_map(|t| t.ring.after(0).next().map(|(offset, _)| *offset))
            .min();
        let goes_on_from = oldest.map_or(head, |oldest| oldest.saturating_sub(1));
        let mut controls = self.greeting(goes_on_from);
        if has_latest {
            controls.push(Control::Snapshot(self.head));
        }
        Opening {
            controls,
            lanes: self.lanes(&Floors { log: head, latest: 0 }),
            cursor: goes_on_from,
            goes_on_from,
            snapshot_until: has_latest.then_some(head),
            told_up_to: head,
        }
    }

    /// A reader whose cursor lies in this history: exactly what comes after it, if that is kept.
    fn begin_after(&self, at: Position) -> Opening {
        let evicted = self.evicted_up_to().filter(|lost| *lost > at.offset);
        let over_cap = self.cap(at.offset);
        if let Some(lost) = evicted.max(over_cap) {
            return self.after_gap(
                Gap {
                    reason: GapReason::Evicted,
                    from: Some(at),
                    to: self.at(lost),
                },
                at.offset,
                at.offset.max(over_cap.unwrap_or(0)),
            );
        }
        Opening {
            controls: self.greeting(at.offset),
            lanes: self.lanes(&Floors {
                log: at.offset,
                latest: at.offset,
            }),
            cursor: at.offset,
            goes_on_from: at.offset,
            snapshot_until: None,
            told_up_to: at.offset,
        }
    }

    /// The same for a page on which something is new: all latest values come as well, as a snapshot. Those that the
    /// reader has seen carry no id, so they do not move it.
    fn begin_after_with_latest(&self, at: Position) -> Opening {
        let exact = self.begin_after(at);
        if exact.snapshot_until.is_some() {
            // A gap brings everything that is kept.
            return exact;
        }
        let mut controls = self.greeting(at.offset);
        controls.push(Control::Snapshot(self.head));
        Opening {
            controls,
            lanes: self.lanes(&Floors {
                log: at.offset,
                latest: 0,
            }),
            cursor: 0,
            snapshot_until: Some(self.head.offset),
            ..exact
        }
    }

    /// A reader whose cursor is of no use: everything that is kept.
    fn begin_nowhere(&self, reason: GapReason, from: Option<Position>) -> Opening {
        let over_cap = self.cap(0);
        let lost = self.evicted_up_to().max(over_cap).unwrap_or(0);
        let gap = Gap {
            reason,
            from,
            to: self.at(lost),
        };
        self.after_gap(gap, 0, over_cap.unwrap_or(0))
    }

    fn after_gap(&self, gap: Gap, goes_on_from: u64, log_floor: u64) -> Opening {
        Opening {
            controls: self
                .greeting(goes_on_from)
                .into_iter()
                .chain([Control::Gap(gap), Control::Snapshot(self.head)])
                .collect(),
            lanes: self.lanes(&Floors {
                log: log_floor,
                latest: 0,
            }),
            cursor: 0,
            goes_on_from,
            snapshot_until: Some(self.head.offset),
            told_up_to: gap.to.offset,
        }
    }

    fn evicted_up_to(&self) -> Option<u64> {
        self.rings().filter_map(|topic| topic.ring.lost_up_to()).max()
    }

    /// Where to begin so that no more log events are sent than one resumption may bring; `None`
    /// when everything after `from` may be.
    fn cap(&self, from: u64) -> Option<u64> {
        let logs = || self.rings().filter(|topic| topic.ring.retention().is_log());
        let (max_events, max_bytes) = (self.config.max_replay_events, self.config.max_replay_bytes);
        let events: usize = logs().map(|topic| topic.ring.len()).sum();
        let bytes: usize = logs().map(|topic| topic.ring.bytes()).sum();
        if events <= max_events && bytes <= max_bytes {
            return None;
        }
        let newest_first = |topic: &'a TopicState| {
            let events = topic.ring.after(from).rev();
            events.map(|(offset, event)| (*offset, event.size()))
        };
        newest_beyond(logs().map(newest_first), max_events, max_bytes)
    }
}
