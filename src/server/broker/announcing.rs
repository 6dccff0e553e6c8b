//! Revocations on their way to the other nodes: told in order, each until the engine has taken it.
//!
//! The queue is bounded without a loss: where there are too many, one that means everybody takes their place, which asks
//! more policies than it had to and overlooks nobody.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::engine::{Appended, Engine};
use super::message::Message;
use super::progress::Progress;
use crate::server::hub::Revocation;

const MOST: usize = 256;

/// How soon one that could not be told is told again.
const PAUSE: Duration = Duration::from_millis(200);

/// What has yet to be told.
#[derive(Debug, Default)]
pub(super) struct Announcements {
    waiting: Mutex<VecDeque<Revocation>>,
    more: Notify,
    told: Notify,
}

impl Announcements {
    fn waiting(&self) -> MutexGuard<'_, VecDeque<Revocation>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, revocation: Revocation) {
        let mut waiting = self.waiting();
        if waiting.len() >= MOST {
            waiting.clear();
            waiting.push_back(Revocation::everybody());
        } else {
            waiting.push_back(revocation);
        }
        drop(waiting);
        self.more.notify_one();
    }

    /// Waits until all that has to be told is told. Whoever publishes waits for it, so that nothing that follows a revocation
    /// comes before it anywhere.
    pub(super) async fn are_told(&self) {
        loop {
            let told = self.told.notified();
            if self.waiting().is_empty() {
                return;
            }
            told.await;
        }
    }

    /// Tells them for ever.
    pub(super) async fn run<E: Engine>(&self, engine: &E, progress: &Progress, limit: Duration, node: u64) {
        loop {
            let Some(next) = self.waiting().front().cloned() else {
                self.more.notified().await;
                continue;
            };
            let appended = Appended {
                message: Message::of_revocation(node, &next),
                key: None,
                window: Duration::ZERO,
                seen: progress.newest(),
            };
            match timeout(limit, engine.append(appended)).await {
                Ok(Ok(told)) => {
                    // An engine that loses it before anybody has read it has lost a part of its history.
                    progress.was_given(told.position);
                    // Meanwhile one that means everybody may have taken its place.
                    let mut waiting = self.waiting();
                    if waiting.front() == Some(&next) {
                        waiting.pop_front();
                    }
                    drop(waiting);
                    self.told.notify_waiters();
                }
                Ok(Err(_)) | Err(_) => sleep(PAUSE).await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Published;
    use super::super::engine::{Entry, Fault, History, News, Reader, Seen};
    use super::*;
    use crate::wire::{Epoch, Position};

    /// Gives one place, and nobody can read it.
    #[derive(Debug)]
    struct Unread(Position);

    impl Engine for Unread {
        const NAME: &'static str = "unread";
        type Reader = Self;

        fn reader(&self) -> Self {
            Self(self.0)
        }

        async fn append(&self, _: Appended) -> Result<Published, Fault> {
            Ok(Published {
                position: self.0,
                is_new: true,
            })
        }

        async fn head(&self) -> Result<Position, Fault> {
            Ok(self.0)
        }

        async fn reset(&self) -> Result<Position, Fault> {
            Ok(self.0)
        }
    }

    impl Reader for Unread {
        async fn open(&mut self, _: Option<Seen>, _: &[Epoch]) -> Result<History, Fault> {
            Err(Fault::new("out of reach"))
        }

        async fn load(&mut self, _: &History) -> Result<Vec<Entry>, Fault> {
            Err(Fault::new("out of reach"))
        }

        async fn may_be_back(&self) {}

        async fn after(&mut self, _: Seen) -> Result<News, Fault> {
            Err(Fault::new("out of reach"))
        }
    }

    #[tokio::test]
    async fn r07_the_place_of_a_revocation_is_known_before_it_is_read() {
        let place = |offset| Position {
            epoch: Epoch(7),
            offset,
        };
        let (announcements, progress) = (Announcements::default(), Progress::new(place(4)));
        announcements.push(Revocation::user("ada"));
        let engine = Unread(place(5));
        tokio::select! {
            () = announcements.run(&engine, &progress, PAUSE, 1) => {}
            () = announcements.are_told() => {}
        }
        // An engine whose history ends before it has lost it.
        assert_eq!(progress.newest(), place(5));
    }

    #[test]
    fn s15_too_many_revocations_become_one_that_means_everybody() {
        let announcements = Announcements::default();
        for n in 0..MOST {
            announcements.push(Revocation::user(n.to_string()));
        }
        assert_eq!(announcements.waiting().len(), MOST);
        announcements.push(Revocation::user("one more"));
        assert_eq!(*announcements.waiting(), [Revocation::everybody()]);
    }
}
