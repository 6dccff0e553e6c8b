//! How long a client is waited for that takes nothing of what there is for it.
//!
//! The kernel calls a connection writable when a good part of its buffer is free, which a slow client may not reach for long; and
//! it takes what is tried as long as there is any room, also room that was there before the client stopped. So neither tells
//! whether the client takes anything. What it has yet to confirm does.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

use super::unconfirmed;

/// How often one looks in the time that a client has: it gets at most one part more than all of it.
const LOOKS: u32 = 8;

/// The time that a client has, and what has become of it.
#[derive(Debug)]
pub(super) struct Patience {
    limit: Duration,
    stuck: Option<Box<Stuck>>,
}

/// Something waits to be taken.
#[derive(Debug)]
struct Stuck {
    next_look: Pin<Box<Sleep>>,
    /// What the client had yet to confirm, when that was told last.
    unconfirmed: Option<u32>,
    /// It was told at the last look.
    is_told: bool,
    /// So many looks in a row have found that it has taken nothing.
    in_vain: u32,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, stuck: None }
    }

    /// Whether something waits to be taken.
    pub(super) fn is_tried(&self) -> bool {
        self.stuck.is_some()
    }

    /// Passes on how a write of these slices went; nothing once the client has taken nothing for too long.
    pub(super) fn guard(
        &mut self,
        cx: &mut Context<'_>,
        stream: &TcpStream,
        written: Poll<io::Result<usize>>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Option<io::Result<usize>>> {
        if written.is_ready() {
            self.stuck = None;
            return written.map(Some);
        }
        let pause = self.limit / LOOKS;
        let stuck = self.stuck.get_or_insert_with(|| Box::new(Stuck::new(pause)));
        loop {
            ready!(stuck.next_look.as_mut().poll(cx));
            stuck.look(stream);
            if stuck.in_vain >= LOOKS {
                let tried = stuck.try_once_more(stream, slices);
                self.stuck = None;
                return Poll::Ready(tried);
            }
            stuck.next_look.as_mut().set(sleep(pause));
        }
    }
}

impl Stuck {
    fn new(pause: Duration) -> Self {
        Self {
            next_look: Box::pin(sleep(pause)),
            unconfirmed: None,
            is_told: false,
            in_vain: 0,
        }
    }

    /// Nothing is written meanwhile, so the count falls by what was taken. The first one says nothing.
    fn look(&mut self, stream: &TcpStream) {
        let now = unconfirmed::bytes(stream);
        self.is_told = now.is_some();
        let has_taken = now.is_some_and(|now| self.unconfirmed.is_none_or(|before| now < before));
        self.unconfirmed = now.or(self.unconfirmed);
        self.in_vain = if has_taken {
            0
        } else {
            self.in_vain.saturating_add(1)
        };
    }

    /// Where the kernel does not tell the count, whether the client has taken anything can only be found by trying.
    fn try_once_more(&self, stream: &TcpStream, slices: &[IoSlice<'_>]) -> Option<io::Result<usize>> {
        if self.is_told {
            return None;
        }
        match SockRef::from(stream).send_vectored(slices) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            tried => Some(tried),
        }
    }
}
