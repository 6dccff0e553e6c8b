//! What brokers of several nodes have in common, whatever their engine.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::announcing::Announcements;
use super::engine::{Appended, Engine, Fault};
use super::following::{self, Loaded};
use super::message::Message;
use super::progress::Progress;
use super::{BrokerError, Publication, Published};
use crate::server::hub::{Feed, Revocation};
use crate::server::random::random_u64;
use crate::wire::{IdempotencyKey, Position, Topic};

/// A broker on an engine. Its tasks end with it.
#[derive(Debug)]
pub(super) struct Shared<E: Engine> {
    engine: Arc<E>,
    /// Until there is a feed.
    loaded: Mutex<Option<Loaded<E::Reader>>>,
    feed: OnceLock<Feed>,
    progress: Arc<Progress>,
    announcements: Arc<Announcements>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    runtime: Handle,
    /// How long an answer of the engine is waited for.
    limit: Duration,
    /// Tells this node's revocations from others'.
    node: u64,
}

impl<E: Engine> Drop for Shared<E> {
    fn drop(&mut self) {
        let tasks = self.tasks.get_mut().unwrap_or_else(PoisonError::into_inner);
        tasks.iter().for_each(JoinHandle::abort);
    }
}

impl<E: Engine> Shared<E> {
    /// Reads what the engine keeps.
    pub(super) async fn new(engine: E, limit: Duration) -> Result<Self, BrokerError> {
        let loaded = match timeout(limit.saturating_mul(10), Loaded::new(engine.reader())).await {
            Ok(loaded) => loaded.map_err(unavailable::<E>)?,
            Err(_) => return Err(unavailable::<E>(Fault::new("no answer"))),
        };
        Ok(Self {
            engine: Arc::new(engine),
            progress: Arc::new(Progress::new(loaded.head())),
            loaded: Mutex::new(Some(loaded)),
            feed: OnceLock::new(),
            announcements: Arc::default(),
            tasks: Mutex::default(),
            runtime: Handle::current(),
            limit,
            node: random_u64(),
        })
    }

    pub(super) fn attach(&self, feed: Feed) {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(loaded) = loaded else {
            // A second hub would need a reader of its own.
            tracing::error!(
                "broker {}: expected one hub, found a second; it will get no events",
                E::NAME
            );
            return;
        };
        let following = loaded.hand_over(feed.clone(), self.progress.clone(), self.node);
        let announcing = {
            let (announcements, engine) = (self.announcements.clone(), self.engine.clone());
            let (progress, limit, node) = (self.progress.clone(), self.limit, self.node);
            async move { announcements.run(&*engine, &progress, limit, node).await }
        };
        let _ = self.feed.set(feed);
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(self.runtime.spawn(following.run::<E>()));
        tasks.push(self.runtime.spawn(announcing));
    }

    pub(super) async fn publish(&self, publication: Publication) -> Result<Published, BrokerError> {
        let feed = self.feed.get().ok_or(BrokerError::NotAttached)?;
        let appended = Appended {
            message: Message::of_event(&publication),
            key: publication.key.map(|key| key_text(&publication.topic, &key)),
            window: feed.config().idempotency_window,
            seen: self.progress.newest(),
        };
        let published = self
            .within_limit(async {
                self.announcements.are_told().await;
                self.engine.append(appended).await
            })
            .await?;
        self.progress.was_given(published.position);
        Ok(published)
    }

    pub(super) fn revoke(&self, revocation: &Revocation) {
        self.announcements.push(revocation.clone());
    }

    pub(super) fn is_available(&self) -> bool {
        self.progress.is_in_touch()
    }

    pub(super) async fn catch_up(&self) -> Result<(), BrokerError> {
        following::catch_up(&*self.engine, &self.progress, self.limit).await
    }

    /// Begins another epoch, and waits until the own hub has it, if that does not take long.
    pub(super) async fn reset(&self) -> Result<Position, BrokerError> {
        if self.feed.get().is_none() {
            return Err(BrokerError::NotAttached);
        }
        let head = self.within_limit(self.engine.reset()).await?;
        self.progress.was_given(head);
        let _ = timeout(self.limit, self.progress.reaches(head)).await;
        Ok(head)
    }

    async fn within_limit<T>(
        &self,
        answer: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, BrokerError> {
        match timeout(self.limit, answer).await {
            Ok(answer) => answer.map_err(unavailable::<E>),
            Err(_) => {
                let reason = format!(
                    "no answer within {:?}; it may have been taken all the same",
                    self.limit
                );
                Err(unavailable::<E>(Fault(reason)))
            }
        }
    }
}

fn unavailable<E: Engine>(fault: Fault) -> BrokerError {
    BrokerError::Unavailable {
        broker: E::NAME,
        reason: fault.0,
    }
}

/// One text for a key and its topic, which no other key of another topic has.
fn key_text(topic: &Topic, key: &IdempotencyKey) -> String {
    format!("{}:{topic}:{}", topic.as_str().len(), key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r09_keys_of_different_topics_are_different_keys() {
        let text = |topic: &str, key: &str| {
            key_text(&Topic::new(topic).unwrap(), &IdempotencyKey::new(key).unwrap())
        };
        assert_ne!(text("a:b", "c"), text("a", "b:c"));
        assert_ne!(text("a", "c"), text("b", "c"));
    }
}
