//! What a source has missed when its stream goes on: said once for each connection, as soon as it is known.
//!
//! The server tells losses in its greeting, and ends that by another word. So a source that resumes and has heard of no
//! loss by then goes on exactly where it was.

use std::cell::Cell;

use super::source;
use super::sse_source::SseSource;
use crate::wire::{Gap, Resumption};

/// How a source stands to the connection of the moment.
#[derive(Debug, Default)]
pub(super) struct Resuming {
    /// It had a position when the stream was opened.
    has_begun: Cell<bool>,
    /// It was told that something was lost.
    has_lost: Cell<bool>,
    /// It had a position that could not be named, and has yet to be told that it begins anew.
    is_reset: Cell<bool>,
}

impl Resuming {
    /// What comes next is another stream.
    pub(super) fn forget(&self) {
        self.is_reset.set(false);
    }
}

impl SseSource {
    /// A new connection begins.
    pub(crate) fn reconnecting(&self) {
        self.cursor().reconnecting();
        self.joins();
    }

    /// It has joined a stream that runs, and goes on from where it is.
    pub(crate) fn joins(&self) {
        self.resuming.has_begun.set(self.cursor().at().is_some());
        self.resuming.has_lost.set(false);
    }

    /// The stream cannot be told where this source is, and begins at the present: what came before it is another story.
    pub(crate) fn begins_anew(&self) {
        if self.cursor().at().is_some() {
            self.forget();
            self.resuming.has_begun.set(false);
            self.resuming.is_reset.set(true);
        }
    }

    /// Whether it had seen nothing when the stream was opened, and so has nothing to lose of what was before.
    pub(crate) fn begins(&self) -> bool {
        !self.resuming.has_begun.get()
    }

    /// Events were lost, and this source is told which.
    pub(crate) fn lost(&self, gap: &Gap) {
        self.resuming.has_lost.set(true);
        source::tell_gap(&self.hold, self.hooks.gap.as_ref(), gap);
        self.tell_resumption((*gap).into());
    }

    /// Whatever was lost has been told.
    pub(crate) fn goes_on(&self) {
        if self.is_away() {
            return;
        }
        if self.resuming.is_reset.take() {
            self.tell_resumption(Resumption::Reset);
        } else if !self.begins() && !self.resuming.has_lost.get() {
            self.tell_resumption(Resumption::Exact);
        }
    }

    pub(super) fn tell_resumption(&self, resumption: Resumption) {
        source::tell_resumption(&self.hold, self.hooks.resumed.as_ref(), resumption);
    }
}
