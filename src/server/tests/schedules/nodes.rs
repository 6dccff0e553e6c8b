//! A world of several nodes on an engine: which of them is whose, and who takes whose place.

use super::step::Settings;
use super::world::World;
use crate::server::Hub;

/// Several nodes, which stand on an engine.
#[allow(dead_code, reason = "engines are features")]
impl World {
    /// Nodes on an engine, to which `declare` was said.
    pub(crate) fn of_nodes(settings: Settings, hubs: Vec<Hub>) -> Self {
        let mut world = Self::with(settings, hubs, true);
        world.truth.keeps_a_part = true;
        world
    }

    pub(crate) fn hubs(&self) -> &[Hub] {
        &self.hubs
    }

    /// Requests go to one node from now on, and the app is on the other.
    pub(crate) fn turn(&mut self, serving: usize, working: usize) {
        (self.serving, self.working) = (serving, working);
    }

    /// Another process takes a node's place; whoever is connected to it has to come again.
    pub(crate) fn replace(&mut self, node: usize, hub: Hub) {
        std::mem::replace(&mut self.hubs[node], hub).disconnect_all();
    }
}
