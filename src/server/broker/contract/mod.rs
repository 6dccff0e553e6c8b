//! What every broker promises, as tests that are the same for all of them: in memory, and on each engine.
//!
//! Each test takes a [`Ground`]: an empty history, and nodes on it. The broker in memory has one node, which is then both of
//! two. `contract!` makes the tests of one broker.

mod memory;
mod promises;
mod reader;
mod storms;

use std::time::Duration;

use super::super::HubConfig;
use super::super::Retention;
use crate::server::Hub;

pub(super) use promises::*;
pub(super) use reader::Reader;
pub(super) use storms::*;

/// Where a test takes place.
pub(super) trait Ground: Sized {
    /// An empty history; `None` where its engine is not on this machine, which is then said.
    fn begin() -> impl Future<Output = Option<Self>>;

    /// A node on it.
    fn node(&self, config: HubConfig) -> impl Future<Output = Hub>;

    /// A node with the usual settings.
    fn any_node(&self) -> impl Future<Output = Hub> {
        self.node(config())
    }
}

/// Settings with a log of a thousand events.
pub(super) fn config() -> HubConfig {
    HubConfig {
        retention: log(1_000),
        ..HubConfig::default()
    }
}

pub(super) fn log(max_events: usize) -> Retention {
    Retention::Log {
        max_events,
        max_bytes: 1 << 20,
        max_age: Duration::from_secs(300),
    }
}

/// The suite for one kind of ground.
macro_rules! contract {
    ($ground:ty) => {
        $crate::server::broker::contract::each_of! { $ground:
            r04_both_nodes_bring_everything_in_one_order,
            r04_a_reader_that_moves_goes_on_exactly,
            r05_readers_who_are_cut_off_again_and_again_move_and_miss_nothing,
            r06_a_position_that_another_node_gave_out_is_waited_for,
            r07_a_history_that_is_lost_is_noticed_on_all_nodes,
            r07_what_is_not_kept_is_the_same_gap_on_all_nodes,
            r07_useless_positions_are_gaps_at_once,
            r08_concurrent_publishers_on_two_nodes_get_offsets_of_their_own,
            r09_attempts_on_two_nodes_are_one_event,
            r09_a_key_is_free_again_in_another_history,
            r10_a_node_that_comes_later_has_what_is_kept,
            r10_what_an_event_leaves_out_is_left_out_on_all_nodes,
            r17_r19_all_readers_of_a_node_that_ends_read_on_at_the_other,
            s15_a_revocation_reaches_all_nodes_within_a_second,
        }
    };
}

/// One test for each name.
macro_rules! each_of {
    ($ground:ty: $($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(ground) = <$ground as $crate::server::broker::contract::Ground>::begin().await {
                    $crate::server::broker::contract::$name(ground).await;
                }
            }
        )+
    };
}

pub(super) use {contract, each_of};
