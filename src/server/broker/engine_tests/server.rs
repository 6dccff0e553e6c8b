//! An engine's server, as the tests of faults use it.

use std::net::SocketAddr;

use super::Process;
use crate::server::broker::BrokerError;
use crate::server::broker::contract::Ground;
use crate::server::{Hub, HubConfig};

/// A server of an engine. Its histories keep few events: about [`Server::KEPT`].
pub(in crate::server::broker) trait Server: Ground {
    /// How many events are kept at least; at most it is twice as many.
    const KEPT: usize = 200;

    fn process(&self) -> &Process;
    fn process_mut(&mut self) -> &mut Process;

    /// A node that reaches a server at this address, for which answers are waited for half a second.
    fn try_to_connect(
        address: SocketAddr,
        config: HubConfig,
    ) -> impl Future<Output = Result<Hub, BrokerError>> + Send;

    /// The same, where there is nothing that could fail.
    fn connect(address: SocketAddr, config: HubConfig) -> impl Future<Output = Hub> + Send {
        async move { Self::try_to_connect(address, config).await.unwrap() }
    }

    /// A node whose way to the server is another.
    fn node_over(&self, address: SocketAddr, config: HubConfig) -> impl Future<Output = Hub> {
        Self::connect(address, config)
    }

    /// Whether places of a history that was deleted are given anew, for a moment, as if they were in it.
    const REPEATS_PLACES: bool;

    /// Takes everything out of the running server.
    fn empty(&self) -> impl Future<Output = ()>;

    /// Takes all events out of the running server, which knows what it has lost.
    fn forget(&self) -> impl Future<Output = ()>;

    /// Takes one event out of the running server.
    fn take_out(&self, offset: u64) -> impl Future<Output = ()>;

    /// The address of the server itself.
    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.process().port))
    }
}
