//! How a reader is woken, and how it is told to end.
//!
//! This is all that the hub holds of a reader: no queue and no events, so that a reader that
//! stands still costs nothing and nobody waits for it.

use std::sync::OnceLock;

use tokio::sync::Notify;

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// This stream only; the reader may come back at once.
    Disconnected,
    /// The process stops; the reader shall wait this many milliseconds.
    Shutdown(u32),
}

/// The hub's handle on one reader.
#[derive(Debug)]
pub(crate) struct Reader {
    id: u64,
    tag: Option<String>,
    /// Keeps one wake-up for a reader that is not waiting at the moment, so none gets lost.
    wake: Notify,
    ending: OnceLock<Ending>,
}

impl Reader {
    pub(super) fn new(id: u64, tag: Option<String>) -> Self {
        Self {
            id,
            tag,
            wake: Notify::new(),
            ending: OnceLock::new(),
        }
    }

    pub(super) fn id(&self) -> u64 {
        self.id
    }

    pub(super) fn has_tag(&self, tag: &str) -> bool {
        self.tag.as_deref() == Some(tag)
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Ends the stream; the first reason given stays.
    pub(super) fn end(&self, ending: Ending) {
        let _ = self.ending.set(ending);
        self.wake();
    }

    pub(super) fn ending(&self) -> Option<Ending> {
        self.ending.get().copied()
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}
