//! What a stream that runs owes to those who join it, or join a source of it: it is asked anew where it is past what they
//! need.
//!
//! An `EventSource` tells of names that somebody listens to and of no others. So a name is heard in full if it was
//! listened to before the first event, and else what came under it has passed unseen.

use std::rc::{Rc, Weak};

use super::sse::SseConnection;
use super::transport::by_fetch;
use crate::browser::page;
use crate::browser::source::Source;
use crate::browser::sse_source::{ANY_NAME, SseSource};

impl SseConnection {
    /// Starts hearing events of this name, if it is not heard already.
    pub(crate) fn listen(&self, name: &Rc<str>) {
        let is_heard = match &mut *self.transport.borrow_mut() {
            Some(transport) => transport.listen(name, &self.hearer()),
            None => return,
        };
        if !self.progress.has_begun_to_come() && !self.heard.borrow().contains(name) {
            self.heard.borrow_mut().push(Rc::clone(name));
        }
        // Somebody wants every name of a stream that an `EventSource` reads.
        if !is_heard && by_fetch().is_some() {
            self.restart_soon();
        }
    }

    /// Stops hearing events of this name, if nobody wants them any more.
    pub(crate) fn unlisten(&self, name: &str) {
        let is_wanted = self.sources.all().iter().any(|source| source.wants(name));
        if let (false, Some(transport)) = (is_wanted, &mut *self.transport.borrow_mut()) {
            transport.unlisten(name);
            self.heard.borrow_mut().retain(|heard| **heard != *name);
        }
    }

    /// Whether every event of this name is heard since the transport was opened, if it is listened to from now on.
    pub(crate) fn has_heard(&self, name: &str) -> bool {
        let is_known = |known: &Rc<str>| **known == *name || **known == *ANY_NAME;
        self.transport.borrow().is_none()
            || !self.progress.has_begun_to_come()
            || self.heard.borrow().iter().any(is_known)
    }

    /// Somebody new has joined a stream that has begun, and needs the values that it began with (decision 5).
    ///
    /// Asking for them in a new connection is exact for every retention, and everybody else leaves out what they have.
    /// Values kept here would be those of names that somebody listened to, and no others.
    pub(crate) fn ask_for_latest(&self) {
        if self.has_latest() {
            self.go_back();
        }
    }

    /// Somebody needs what the stream is past. If there is none at the moment, the next one is asked for it anyway.
    pub(crate) fn go_back(&self) {
        if self.transport.borrow().is_some() {
            self.restart_soon();
        }
    }

    /// Finds out what a source needs that has joined, one microtask later: those inside raw markup are entered after it.
    pub(super) fn settle_soon(&self, source: &Rc<SseSource>) {
        if self.transport.borrow().is_none() {
            // It is asked for its position when the connection opens.
            return;
        }
        let (me, joined) = (Weak::clone(&self.me), Rc::downgrade(source));
        let opening = self.openings.get();
        page::microtask(move || {
            let (Some(me), Some(source)) = (me.upgrade(), joined.upgrade()) else {
                return;
            };
            // It may have left meanwhile, and another transport was opened for it, too.
            let is_here = !source.is_away() && Rc::ptr_eq(&me, &source.hold().connection());
            if is_here && me.openings.get() == opening && me.transport.borrow().is_some() {
                me.has_joined(&source);
            }
        });
    }

    fn has_joined(&self, source: &SseSource) {
        let has_new_names = !source.names().iter().all(|name| self.has_heard(name));
        let must_restart = |cursor: &Rc<_>| self.progress.must_restart_for(cursor, has_new_names);
        if source.cursors().iter().any(must_restart) {
            self.restart_soon();
            return;
        }
        source.joins();
        if self.progress.is_ours() && !self.greets.get() {
            source.goes_on();
        }
    }
}
