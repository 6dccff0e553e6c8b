//! A reader of a hub that says what it hears in short words; see the words of `server::tests`.

use std::time::Duration;

use tokio::time::timeout;

use crate::server::tests::{topic, word};
use crate::server::{Delivery, Hub, Resume, Subscription};
use crate::wire::Position;

/// More than anything here takes, of engines that are started anew too.
const LIMIT: Duration = Duration::from_secs(15);

pub(in crate::server::broker) struct Reader {
    pub(in crate::server::broker) subscription: Subscription,
}

impl Reader {
    /// A reader of the topic `t`, from now on.
    pub(in crate::server::broker) fn begin(hub: &Hub) -> Self {
        Self {
            subscription: hub.subscribe([topic("t")], Resume::Start).unwrap(),
        }
    }

    /// A reader that comes from elsewhere, as an endpoint lets it in.
    pub(in crate::server::broker) async fn resume(hub: &Hub, at: Position) -> Self {
        hub.catch_up_with(Resume::At(at)).await.unwrap();
        Self {
            subscription: hub.subscribe([topic("t")], Resume::At(at)).unwrap(),
        }
    }

    /// The next word, without heartbeats.
    #[track_caller]
    pub(in crate::server::broker) fn word(&mut self) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            loop {
                let next = timeout(LIMIT, self.subscription.next()).await;
                let next = next.unwrap_or_else(|_| panic!("{place}: nothing came within {LIMIT:?}"));
                match next {
                    Some(Delivery::Control(crate::Control::Heartbeat(_))) => {}
                    Some(delivery) => return word(&delivery),
                    None => return "end".to_owned(),
                }
            }
        }
    }

    /// So many words.
    #[track_caller]
    pub(in crate::server::broker) fn words(&mut self, count: usize) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let mut words = Vec::new();
            for _ in 0..count {
                let next = timeout(LIMIT, self.word()).await;
                words.push(next.unwrap_or_else(|_| panic!("{place}: no more after {words:?}")));
            }
            words.join(" ")
        }
    }

    /// Everything up to the first word that begins like this.
    #[track_caller]
    pub(in crate::server::broker) fn until(&mut self, start: &str) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let mut words = Vec::new();
            loop {
                let next = timeout(LIMIT, self.word()).await;
                words.push(next.unwrap_or_else(|_| panic!("{place}: no {start} after {words:?}")));
                if words.last().is_some_and(|word| word.starts_with(start)) {
                    return words.join(" ");
                }
            }
        }
    }
}
