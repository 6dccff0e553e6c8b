//! A node follows the history of its engine, for as long as the broker lives and whatever becomes of the engine.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use tokio::time::{sleep, timeout};

use super::BrokerError;
use super::engine::{Engine, Entry, Fault, History, News, Reader, Seen};
use super::message::Message;
use super::progress::{PAST_EPOCHS, Progress};
use crate::server::hub::{Feed, PastEvent};
use crate::server::random::random_up_to;
use crate::wire::{Epoch, Position};

/// An engine that is out of reach is looked for after so long, and then after twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A reader with the history that it has opened and read, for which there is no feed yet.
#[derive(Debug)]
pub(super) struct Loaded<R> {
    reader: R,
    history: History,
    entries: Vec<Entry>,
}

impl<R: Reader> Loaded<R> {
    pub(super) async fn new(mut reader: R) -> Result<Self, Fault> {
        let history = reader.open(None, &[]).await?;
        let entries = reader.load(&history).await?;
        Ok(Self {
            reader,
            history,
            entries,
        })
    }

    pub(super) fn head(&self) -> Position {
        self.history.position()
    }

    /// Hands over what was read; what is left is to go on.
    pub(super) fn hand_over(self, feed: Feed, progress: Arc<Progress>, node: u64) -> Following<R> {
        let mut following = Following {
            reader: self.reader,
            seen: Seen {
                position: self.history.at(0),
                stamp: 0,
                given: 0,
            },
            past: VecDeque::new(),
            feed,
            progress,
            node,
            missing_after: None,
        };
        let given = following.progress.epochs_given();
        following.restore(self.history, self.entries, given);
        following
    }
}

/// A node on its way through the history.
#[derive(Debug)]
pub(super) struct Following<R> {
    reader: R,
    seen: Seen,
    /// The epochs that were before, the oldest first.
    past: VecDeque<Epoch>,
    feed: Feed,
    progress: Arc<Progress>,
    node: u64,
    /// After this offset something was missing, and the history was opened anew.
    missing_after: Option<u64>,
}

impl<R: Reader> Following<R> {
    /// Follows for ever.
    pub(super) async fn run<E: Engine<Reader = R>>(mut self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let Err(fault) = self.keep_up(&mut pause).await;
            if self.progress.is_in_touch.swap(false, Ordering::AcqRel) {
                tracing::warn!(broker = E::NAME, %fault, "cut off from the engine; streams stay open and are told");
                self.feed.set_cut_off(true);
            }
            // Nodes that were cut off together do not come back together.
            let jitter = random_up_to(u32::try_from(pause.as_millis()).unwrap_or(u32::MAX));
            let pause_is_over = sleep(pause / 2 + Duration::from_millis(u64::from(jitter / 2)));
            tokio::select! {
                () = pause_is_over => {}
                () = self.reader.may_be_back() => {}
            }
            pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        }
    }

    async fn keep_up(&mut self, pause: &mut Duration) -> Result<std::convert::Infallible, Fault> {
        loop {
            let seen = self.seen();
            // An epoch in which places are given after this may be later than the one that is found now.
            let given = self.progress.epochs_given();
            let history = self.reader.open(Some(seen), self.past.make_contiguous()).await?;
            if history.epoch != self.seen.position.epoch {
                tracing::warn!(found = %history.position(), known = %self.seen.position, "another history");
                let entries = self.reader.load(&history).await?;
                self.restore(history, entries, given);
                // Who was revoked in what is lost cannot be known.
                self.feed.ask_again();
            } else if history.first > self.seen.position.offset.saturating_add(1) {
                self.lose(history.first.saturating_sub(1));
            }
            self.be_in_touch();
            loop {
                let seen = self.seen();
                match self.reader.after(seen).await? {
                    News::Entries(entries) => {
                        if !entries.into_iter().all(|entry| self.take(entry)) {
                            break;
                        }
                    }
                    News::Changed => break,
                }
                *pause = FIRST_PAUSE;
            }
        }
    }

    /// Where the node stands. Its publishers may have been in a later epoch already: then this one is over, and no offset that
    /// is found in it is far enough.
    fn seen(&self) -> Seen {
        let known = |epoch| epoch == self.seen.position.epoch || self.past.contains(&epoch);
        let given = if self.progress.was_given_beyond(known) {
            u64::MAX
        } else {
            self.progress.newest().offset
        };
        Seen { given, ..self.seen }
    }

    fn be_in_touch(&self) {
        if !self.progress.is_in_touch.swap(true, Ordering::AcqRel) {
            tracing::info!(at = %self.seen.position, "in touch with the engine again");
            self.feed.set_cut_off(false);
        }
    }

    /// Begins with a history as it was read; places had been given in these epochs before it was found.
    fn restore(&mut self, history: History, entries: Vec<Entry>, mut given: Vec<Epoch>) {
        // The last hole in it: something may have been taken out since it was opened, and something may have come.
        let (mut floor, mut next) = (history.first.saturating_sub(1), history.first);
        for entry in &entries {
            if entry.offset != next {
                floor = entry.offset.saturating_sub(1);
            }
            next = entry.offset.saturating_add(1);
        }
        if self.seen.position.epoch != history.epoch {
            self.past.push_back(self.seen.position.epoch);
            given.retain(|epoch| *epoch != history.epoch);
            self.progress.forget_given(&given);
            self.past.extend(given);
            let too_many = self.past.len().saturating_sub(PAST_EPOCHS);
            self.past.drain(..too_many);
        }
        let last = entries.last();
        let head = history.at(last.map_or(history.head, |entry| entry.offset.max(history.head)));
        self.seen = Seen {
            position: head,
            stamp: last
                .filter(|entry| entry.offset == head.offset)
                .map_or(0, |entry| entry.stamp),
            given: head.offset,
        };
        let now = SystemTime::now();
        let past = entries.into_iter().filter_map(|entry| {
            let age = entry.age(now);
            match read(&entry)? {
                // What was revoked before this node has readers is none of its business.
                Message::Event(publication) => Some(PastEvent::new(entry.offset, age, publication)),
                Message::Revocation { .. } | Message::Epoch => None,
            }
        });
        self.feed.restore(floor, head, past);
        self.progress.at.send_replace(head);
    }

    /// Hands on what comes next; `false` when something before it is missing, which is read once more.
    fn take(&mut self, entry: Entry) -> bool {
        let at = Position {
            offset: entry.offset,
            ..self.seen.position
        };
        let seen = self.seen.position.offset;
        if entry.offset <= seen {
            return true;
        }
        if entry.offset > seen.saturating_add(1) {
            // It may have been lost on its way, from an engine that has it. What does not come again is gone.
            if self.missing_after.replace(seen) != Some(seen) {
                return false;
            }
            self.lose(entry.offset.saturating_sub(1));
        }
        match read(&entry) {
            Some(Message::Event(publication)) => self.feed.deliver(at, publication),
            Some(Message::Revocation { by, revocation }) => {
                self.feed.pass(at);
                if by != self.node {
                    self.feed.revoke(&revocation);
                }
            }
            Some(Message::Epoch) => self.feed.pass(at),
            None => self.feed.lose(at),
        }
        self.seen = Seen {
            position: at,
            stamp: entry.stamp,
            given: at.offset,
        };
        self.progress.at.send_replace(at);
        true
    }

    /// Moves past what the engine does not have any more, revocations perhaps among it.
    fn lose(&mut self, up_to: u64) {
        let up_to = Position {
            offset: up_to,
            ..self.seen.position
        };
        self.feed.lose(up_to);
        self.feed.ask_again();
        self.seen = Seen {
            position: up_to,
            stamp: 0,
            given: up_to.offset,
        };
        self.progress.at.send_replace(up_to);
    }
}

fn read(entry: &Entry) -> Option<Message> {
    let message = Message::read(&entry.message);
    if let Err(error) = &message {
        tracing::error!(offset = entry.offset, %error, "lost");
    }
    message.ok()
}

/// Waits, within a limit, until a node has everything that the engine had when this was called.
pub(super) async fn catch_up<E: Engine>(
    engine: &E,
    progress: &Progress,
    limit: Duration,
) -> Result<(), BrokerError> {
    let caught_up = async {
        loop {
            let head = engine.head().await.map_err(|fault| fault.0)?;
            let at = progress.at();
            if head.is_covered_by(at) {
                return Ok(());
            }
            if head.epoch == at.epoch {
                progress.reaches(head).await;
                return Ok(());
            }
            // The follower has yet to see that the epoch is another.
            progress.changes(LONGEST_PAUSE).await;
        }
    };
    let reason = match timeout(limit, caught_up).await {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(_) => format!("no answer within {limit:?}"),
    };
    Err(BrokerError::Unavailable {
        broker: E::NAME,
        reason,
    })
}
