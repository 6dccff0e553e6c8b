//! What may happen, and how often.

use proptest::prelude::*;

/// The limits of the hub that a schedule is played on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// How many events a log keeps.
    pub(crate) log_events: usize,
    /// How many a resumption may repeat.
    pub(crate) replay_events: usize,
    /// How many topics without readers and events are remembered.
    pub(crate) idle_topics: usize,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// So many events of this stream of events.
    Publish {
        stream: usize,
        count: usize,
    },
    /// A part of a page is rendered: the head is taken, `between` events are published, and the data is read. Where it is
    /// `together`, position and data are read in one call. Of the consumers that it `wants`, some are hydrated `late`.
    Render {
        together: bool,
        between: usize,
        wants: u8,
        late: u8,
    },
    /// The part that was rendered first, of those that wait, is hydrated.
    Hydrate,
    /// The first of the consumers in a source that are late is hydrated.
    HydrateLate {
        source: usize,
    },
    /// A source without a position is mounted in the browser.
    Mount {
        wants: u8,
    },
    /// A consumer of a value is mounted in a source that is there.
    Consume {
        source: usize,
        value: usize,
    },
    Unmount {
        source: usize,
    },
    /// The request that is on its way reaches the server.
    Serve,
    /// The server writes what it has to the network, which may hand it over twice.
    Write {
        twice: bool,
    },
    /// So many bytes reach the page.
    Arrive {
        bytes: usize,
    },
    /// The server writes all that it has, and the page gets it.
    Flow,
    /// The connection breaks; what was under way is lost.
    Lose,
    /// What is under way and what follows is lost, and nobody is told.
    BlackHole,
    /// The server notices that connections of before are dead.
    Reap,
    /// The server ends its streams.
    Kick,
    /// The server loses its history.
    Reset,
    /// Time passes, in milliseconds.
    Wait {
        milliseconds: u64,
    },
    /// The page is told that the network is back.
    Nudge,
    /// The page goes into the back/forward cache, and comes back.
    Hide,
    Show,
}

pub(crate) fn any_settings() -> impl Strategy<Value = Settings> {
    let log_events = prop::sample::select(vec![1_usize, 3, 8, 50]);
    let replay_events = prop::sample::select(vec![4_usize, 10_000, 10_000]);
    let idle_topics = prop::sample::select(vec![0_usize, 10_000, 10_000]);
    (log_events, replay_events, idle_topics).prop_map(|(log_events, replay_events, idle_topics)| Settings {
        log_events,
        replay_events,
        idle_topics,
    })
}

pub(crate) fn any_step() -> impl Strategy<Value = Step> {
    let few = 1_usize..4;
    let wait = prop_oneof![4 => 0_u64..2_000, 2 => 2_000_u64..20_000, 1 => 20_000_u64..90_000];
    prop_oneof![
        10 => (0..super::truth::STREAMS.len(), few).prop_map(|(stream, count)| Step::Publish { stream, count }),
        3 => (any::<bool>(), 0_usize..4, any::<u8>(), any::<u8>())
            .prop_map(|(together, between, wants, late)| Step::Render { together, between, wants, late }),
        3 => Just(Step::Hydrate),
        2 => (0_usize..4).prop_map(|source| Step::HydrateLate { source }),
        1 => any::<u8>().prop_map(|wants| Step::Mount { wants }),
        1 => (0_usize..4, 0_usize..3).prop_map(|(source, value)| Step::Consume { source, value }),
        1 => (0_usize..4).prop_map(|source| Step::Unmount { source }),
        5 => Just(Step::Serve),
        5 => prop::bool::weighted(0.2).prop_map(|twice| Step::Write { twice }),
        5 => prop_oneof![0_usize..60, 0_usize..600].prop_map(|bytes| Step::Arrive { bytes }),
        5 => Just(Step::Flow),
        4 => Just(Step::Lose),
        1 => Just(Step::BlackHole),
        1 => Just(Step::Reap),
        1 => Just(Step::Kick),
        1 => Just(Step::Reset),
        3 => wait.prop_map(|milliseconds| Step::Wait { milliseconds }),
        3 => Just(Step::Nudge),
        1 => Just(Step::Hide),
        1 => Just(Step::Show),
    ]
}
