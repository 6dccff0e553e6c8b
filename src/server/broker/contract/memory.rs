//! The contract, kept by the broker of one process: where it answers at once, and where a broker around it has the hub wait.

use super::{Ground, contract};
use crate::server::{Broker, BrokerFuture, Feed, Hub, HubConfig, MemoryBroker, Publication, Published};
use crate::wire::Position;

/// One hub, which is every node.
struct Memory(Hub);

impl Ground for Memory {
    async fn begin() -> Option<Self> {
        Some(Self(Hub::new(super::config())))
    }

    async fn node(&self, _: HubConfig) -> Hub {
        self.0.clone()
    }
}

contract!(Memory);

/// Takes publications in the one way that every broker has.
#[derive(Debug, Default)]
struct ByPublishAlone(MemoryBroker);

impl Broker for ByPublishAlone {
    fn attach(&self, feed: Feed) {
        self.0.attach(feed);
    }

    fn publish(&self, publication: Publication) -> BrokerFuture<'_, Published> {
        self.0.publish(publication)
    }

    fn reset(&self) -> BrokerFuture<'_, Position> {
        self.0.reset()
    }
}

mod by_publish_alone {
    use super::*;

    struct Waiting(Hub);

    impl Ground for Waiting {
        async fn begin() -> Option<Self> {
            let broker = ByPublishAlone::default();
            Some(Self(Hub::with_broker(super::super::config(), broker)))
        }

        async fn node(&self, _: HubConfig) -> Hub {
            self.0.clone()
        }
    }

    contract!(Waiting);
}
