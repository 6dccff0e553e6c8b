//! A subscription on behalf of a client: nothing comes out of it that the policy does not allow at the moment.
//!
//! The reader is registered before the policy is asked. So a right that is revoked while the answer is under way is not
//! overlooked: it suspends the reader, and the policy is asked once more.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};
use tracing::Span;

use super::Rejection;
use crate::server::access::Asking;
use crate::server::hub::{Counters, Item, Transport};
use crate::server::{
    Action, Client, Connection, Denied, Hub, Policy, Resume, SubscribeOptions, Subscription,
};
use crate::wire::{Position, Topic};

/// What the endpoints read from.
pub(super) struct GuardedSubscription {
    subscription: Subscription,
    /// None where handlers alone decide what is read.
    guard: Option<Box<Guard>>,
}

struct Guard {
    policy: Policy,
    client: Client,
    limit: Duration,
    counters: Arc<Counters>,
    /// When the policy has to be asked again.
    until: Option<Instant>,
    /// Runs until then, once somebody waits.
    timer: Option<Pin<Box<Sleep>>>,
    /// Kept across calls, as those who wait for an item stop waiting to do other things.
    asking: Option<Asking>,
    denied: Option<Denied>,
}

impl GuardedSubscription {
    /// Registers a reader, and lets it go on if the policy allows all of its topics.
    pub(super) async fn open(
        hub: &Hub,
        transport: Transport,
        client: &Client,
        topics: Vec<Topic>,
        resume: Resume,
        tag: Option<String>,
    ) -> Result<Self, Rejection> {
        let access = &hub.config().access;
        let options = SubscribeOptions {
            tag,
            user: client.user().map(str::to_owned),
        };
        hub.catch_up_with(resume).await.map_err(|error| {
            tracing::warn!(%error, "refused: a reader comes from another node, and this one cannot catch up");
            Rejection::Behind
        })?;
        let mut subscription = hub.subscribe_over(transport, topics, resume, options)?;
        if !access.policy.is_asked() {
            return Ok(Self {
                subscription,
                guard: None,
            });
        }
        subscription.guard();
        let mut guard = Guard {
            policy: access.policy.clone(),
            client: client.clone(),
            limit: access.policy_timeout,
            counters: hub.counters().clone(),
            until: None,
            timer: None,
            asking: None,
            denied: None,
        };
        guard.ask(&subscription);
        poll_fn(|cx| guard.poll_settled(&mut subscription, cx)).await?;
        // It may have been told to end before anybody had allowed it to begin. Then nothing comes out of it.
        if guard.asking.is_some() && subscription.is_shutting_down() {
            return Err(Rejection::ShuttingDown);
        }
        Ok(Self {
            subscription,
            guard: Some(Box::new(guard)),
        })
    }

    /// The next item, once the client may have it; `None` when the stream has ended or the client may not go on.
    ///
    /// Safe to cancel.
    pub(super) fn poll_next_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let Some(guard) = &mut self.guard else {
            return self.subscription.poll_next_item(cx);
        };
        loop {
            if ready!(guard.poll_settled(&mut self.subscription, cx)).is_err() {
                guard.counters.refuse("access_ended");
                return Poll::Ready(None);
            }
            if guard.poll_due(cx).is_ready() {
                continue;
            }
            match ready!(self.subscription.poll_next_item(cx)) {
                None if self.subscription.is_suspended() => {}
                item => return Poll::Ready(item),
            }
        }
    }

    /// What is there already and may be taken.
    pub(super) fn try_next(&mut self) -> Option<Item> {
        match &self.guard {
            Some(guard) if guard.must_wait() => None,
            _ => self.subscription.try_next(),
        }
    }

    /// The same, and moves the cursor over what went to other topics; see [`Subscription::look_again`].
    pub(super) fn look_again(&mut self) -> Option<Item> {
        match &self.guard {
            Some(guard) if guard.must_wait() => None,
            _ => self.subscription.look_again(),
        }
    }

    /// See [`Subscription::connection`].
    pub(super) fn connection(&self) -> Connection {
        self.subscription.connection()
    }

    /// See [`Subscription::span`].
    pub(super) fn span(&self) -> &Span {
        self.subscription.span()
    }

    /// See [`Subscription::wrote`].
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.subscription.wrote(bytes);
    }

    /// See [`Subscription::waiting`].
    pub(super) fn waiting(&self) -> usize {
        self.subscription.waiting()
    }

    /// See [`Subscription::position`].
    pub(super) fn position(&self) -> Position {
        self.subscription.position()
    }

    /// See [`Subscription::id`].
    pub(super) fn id(&self) -> u64 {
        self.subscription.id()
    }

    /// Why the client may not go on, once it may not.
    pub(super) fn denied(&self) -> Option<Denied> {
        self.guard.as_ref()?.denied
    }
}

impl Guard {
    fn must_wait(&self) -> bool {
        self.asking.is_some() || self.denied.is_some() || self.is_due()
    }

    fn is_due(&self) -> bool {
        self.until.is_some_and(|until| until <= Instant::now())
    }

    /// Waits until the policy has to be asked again, which it may never have to.
    fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(until) = self.until else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(until)));
        timer.as_mut().poll(cx)
    }

    fn ask(&mut self, subscription: &Subscription) {
        let topics = subscription.topics();
        (self.until, self.timer) = (None, None);
        self.asking = Some(self.policy.ask(&self.client, Action::Read, topics, self.limit));
    }

    /// Asks for as long as there is something to ask.
    fn poll_settled(
        &mut self,
        subscription: &mut Subscription,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), Denied>> {
        loop {
            if let Some(denied) = self.denied {
                return Poll::Ready(Err(denied));
            }
            // Before it is asked: what is revoked meanwhile suspends the reader anew.
            if self.asking.is_none() && (subscription.go_on() || self.is_due()) {
                self.ask(subscription);
            }
            let Some(asking) = &mut self.asking else {
                return Poll::Ready(Ok(()));
            };
            let Poll::Ready(answer) = asking.as_mut().poll(cx) else {
                // It ends now, and not when the policy has answered: without whatever that would have been asked about.
                ready!(subscription.poll_ending(cx));
                subscription.discard();
                return Poll::Ready(Ok(()));
            };
            self.asking = None;
            match answer {
                Ok(until) => self.until = until,
                Err(denied) => self.denied = Some(denied),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::task::Waker;

    use http::Request;

    use super::*;
    use crate::EventName;
    use crate::server::{AccessConfig, Decision, HubConfig, Revocation};
    use crate::wire::Control;

    /// A hub whose policy allows everything, and gives no answer once it hangs.
    fn hub(is_hanging: &Arc<AtomicBool>) -> Hub {
        let hangs = is_hanging.clone();
        let policy = Policy::new(move |_: &Client, _: Action, _: &Topic| {
            let hangs = hangs.load(Ordering::Relaxed);
            async move {
                if hangs {
                    std::future::pending::<()>().await;
                }
                Decision::Allowed
            }
        });
        let access = AccessConfig {
            policy,
            ..AccessConfig::default()
        };
        Hub::new(HubConfig {
            access,
            ..HubConfig::default()
        })
    }

    async fn open(hub: &Hub) -> Result<GuardedSubscription, Rejection> {
        let (parts, ()) = Request::new(()).into_parts();
        let client = Client::new(&parts, &hub.config().access);
        let (topics, tag) = (vec![Topic::new("a").unwrap()], Some("tag".to_owned()));
        GuardedSubscription::open(hub, Transport::Sse, &client, topics, Resume::Start, tag).await
    }

    #[tokio::test]
    async fn s15_r17_who_ends_while_the_policy_is_asked_gets_nothing_of_what_was_read() {
        let ends: [fn(&Hub); 2] = [
            |hub| hub.shutdown(500),
            |hub| {
                hub.disconnect("tag");
            },
        ];
        for end in ends {
            for revocations in 1..=2 {
                let is_hanging = Arc::new(AtomicBool::new(false));
                let hub = hub(&is_hanging);
                let mut reading = open(&hub).await.ok().unwrap();
                assert!(matches!(
                    reading.try_next(),
                    Some(Item::Control(Control::Heartbeat(_)))
                ));
                let topic = Topic::new("a").unwrap();
                for data in ["one", "two", "three"] {
                    hub.publish(&topic, &EventName::default(), data).await.unwrap();
                }
                assert!(matches!(reading.try_next(), Some(Item::Event { .. })));
                let taken = reading.position();
                is_hanging.store(true, Ordering::Relaxed);
                let cx = &mut Context::from_waker(Waker::noop());
                for _ in 0..revocations {
                    hub.revoke(&Revocation::everybody());
                    assert!(reading.poll_next_item(cx).is_pending());
                }
                end(&hub);
                let end = loop {
                    match reading.poll_next_item(cx) {
                        Poll::Ready(Some(Item::Control(Control::Retry(_)))) => {}
                        other => break other,
                    }
                };
                assert!(matches!(end, Poll::Ready(None)), "{end:?}");
                // Whoever comes again goes on where it was, not behind what it never got.
                assert_eq!(reading.position(), taken);
            }
        }
    }

    #[tokio::test]
    async fn s15_r17_what_ends_before_the_policy_has_answered_never_begins() {
        let is_hanging = Arc::new(AtomicBool::new(true));
        let hub = hub(&is_hanging);
        let opening = tokio::spawn({
            let hub = hub.clone();
            async move { open(&hub).await.map(drop) }
        });
        while hub.stats().subscriptions == 0 {
            tokio::task::yield_now().await;
        }
        hub.shutdown(500);
        let opened = opening.await.unwrap();
        assert!(matches!(opened, Err(Rejection::ShuttingDown)));
    }

    #[tokio::test]
    async fn s15_what_is_disconnected_before_the_policy_has_answered_brings_nothing() {
        let is_hanging = Arc::new(AtomicBool::new(true));
        let hub = hub(&is_hanging);
        let opening = tokio::spawn({
            let hub = hub.clone();
            async move { open(&hub).await }
        });
        while hub.stats().subscriptions == 0 {
            tokio::task::yield_now().await;
        }
        hub.disconnect("tag");
        let mut opened = opening.await.unwrap().ok().unwrap();
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(opened.try_next().is_none());
        assert!(matches!(opened.poll_next_item(cx), Poll::Ready(None)));
    }
}
