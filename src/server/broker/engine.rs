//! What a broker of several nodes asks of the engine that it stands on.
//!
//! An engine keeps one history for all nodes: it gives each message the next offset and appends it, as one step. A node
//! appends through the [`Engine`] and reads through one [`Reader`], which follows the history from where the node stands.

use std::fmt;
use std::future::Future;
use std::time::{Duration, SystemTime};

use super::Published;
use crate::wire::{Epoch, Position};

/// Why an engine did not do what it was asked: what it or the connection to it said.
#[derive(Debug)]
pub(super) struct Fault(pub(super) String);

impl Fault {
    pub(super) fn new(what: impl fmt::Display) -> Self {
        Self(what.to_string())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a node has read, and what stands there: an engine that has lost its tail may have given the offset anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) position: Position,
    /// The stamp of the message there; zero when none was read.
    pub(super) stamp: u64,
    /// The highest offset in this epoch of which the node knows that it was given: to what it has read, and to what it was told
    /// that it has published. A history that ends before has lost its tail.
    pub(super) given: u64,
}

/// A message in a history.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) offset: u64,
    /// When the engine has taken it, by its own clock: microseconds since 1970. No two messages at one offset have the same.
    pub(super) stamp: u64,
    pub(super) message: Vec<u8>,
}

impl Entry {
    /// How long ago that was.
    pub(super) fn age(&self, now: SystemTime) -> Duration {
        let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        since_1970.saturating_sub(Duration::from_micros(self.stamp))
    }
}

/// The history as the engine has it at the moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    pub(super) epoch: Epoch,
    /// The offset of the oldest message that is kept, or that of the next one.
    pub(super) first: u64,
    pub(super) head: u64,
}

impl History {
    pub(super) fn position(&self) -> Position {
        self.at(self.head)
    }

    pub(super) fn at(&self, offset: u64) -> Position {
        Position {
            epoch: self.epoch,
            offset,
        }
    }
}

/// What following the history has brought.
#[derive(Debug)]
pub(super) enum News {
    /// The next messages, in order; none when there were none for a while.
    Entries(Vec<Entry>),
    /// The history is not what it was: it has to be opened anew.
    Changed,
}

/// A message to append.
#[derive(Clone, Debug)]
pub(super) struct Appended {
    pub(super) message: Vec<u8>,
    /// Nothing is appended where a message with this key was within the window.
    pub(super) key: Option<String>,
    pub(super) window: Duration,
    /// The newest place of which the node knows: a head before it is a tail that was lost.
    pub(super) seen: Position,
}

/// A connection to an engine, for writing.
pub(super) trait Engine: fmt::Debug + Send + Sync + 'static {
    /// As it is called in errors and logs.
    const NAME: &'static str;

    type Reader: Reader;

    /// A connection of its own for reading.
    fn reader(&self) -> Self::Reader;

    fn append(&self, appended: Appended) -> impl Future<Output = Result<Published, Fault>> + Send;

    /// The position of the newest message.
    fn head(&self) -> impl Future<Output = Result<Position, Fault>> + Send;

    /// Begins another epoch, in which nothing of the old one is kept.
    fn reset(&self) -> impl Future<Output = Result<Position, Fault>> + Send;
}

/// A connection to an engine, for reading. Each method answers within a bound or fails.
pub(super) trait Reader: Send + 'static {
    /// Connects, and makes sure that the history still holds what the node has seen of it; where it does not, another epoch
    /// begins. So it does where the epoch is one of the `past`, which the node has left: that history was set back to what it
    /// was before, and places of it that were lost would be given anew.
    fn open(
        &mut self,
        seen: Option<Seen>,
        past: &[Epoch],
    ) -> impl Future<Output = Result<History, Fault>> + Send;

    /// Everything that is kept, in order.
    fn load(&mut self, history: &History) -> impl Future<Output = Result<Vec<Entry>, Fault>> + Send;

    /// Becomes ready when an engine that was out of reach seems to be back; never, where nothing but trying tells.
    fn may_be_back(&self) -> impl Future<Output = ()> + Send;

    /// What comes after this place; waits for it for less than a second.
    fn after(&mut self, seen: Seen) -> impl Future<Output = Result<News, Fault>> + Send;
}
