//! What becomes of hubs when their engine fails, the same for each engine: real servers on this machine, which are killed,
//! stopped, emptied and set back.

mod costs;
mod cut_off;
mod engine_step;
mod link;
mod lost;
mod process;
mod schedules;
mod server;

pub(super) use costs::costs;
pub(super) use cut_off::*;
pub(super) use link::Link;
pub(super) use lost::*;
pub(super) use process::{Launch, Process};
pub(super) use schedules::*;
pub(super) use server::Server;

/// The suite for one kind of engine.
macro_rules! faults {
    ($server:ty) => {
        $crate::server::broker::engine_tests::each_fault! { $server:
            r04_r05_r06_r07_r12_r15_r32_received_is_expected_whatever_the_engine_does,
            r07_r12_an_engine_that_is_emptied_is_another_history,
            r07_r12_an_engine_that_is_replaced_is_another_history,
            r07_r12_a_tail_that_the_engine_has_lost_is_told,
            r07_r12_a_node_that_was_away_for_longer_than_is_kept_tells_of_a_gap,
            r07_r12_an_event_that_was_lost_before_it_was_read_is_told,
            r07_r12_a_history_that_is_set_back_twice_is_another_each_time,
            r08_r12_no_place_is_given_twice_when_a_history_begins_anew,
            r11_an_event_that_is_missing_in_the_engine_is_told,
            r12_an_engine_that_is_killed_loses_nothing,
            r12_an_engine_that_stands_still_holds_nobody_up,
            r12_a_slow_engine_is_slow_and_nothing_else,
            r12_many_publishers_on_an_engine_that_is_down_end_within_a_bound,
            r12_a_reader_that_a_cut_off_node_does_not_know_is_sent_elsewhere,
            r17_a_node_that_ends_leaves_nothing_behind,
            s15_what_was_revoked_while_a_node_was_away_holds_when_it_is_back,
        }
    };
}

macro_rules! each_fault {
    ($server:ty: $($name:ident),+ $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(server) = <$server as $crate::server::broker::contract::Ground>::begin().await {
                    $crate::server::broker::engine_tests::$name(server).await;
                }
            }
        )+
    };
}

/// Numbers for a person.
macro_rules! numbers {
    ($server:ty) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "prints numbers"]
        async fn costs() {
            if let Some(server) = <$server as $crate::server::broker::contract::Ground>::begin().await {
                $crate::server::broker::engine_tests::costs(server, stringify!($server)).await;
            }
        }
    };
}

pub(super) use {each_fault, faults, numbers};
