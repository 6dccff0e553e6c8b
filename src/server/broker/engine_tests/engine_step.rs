//! What may happen to a page, two nodes and their engine, and how a seed decides it.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::server::tests::schedules::step::{Settings, Step, any_settings, any_step};
use crate::server::tests::schedules::truth::STREAMS;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum EngineStep {
    /// What happens on one node too.
    Usual(Step),
    /// The balancer sends requests to one node, and the app works on the other or the same.
    Turn {
        serving: usize,
        working: usize,
    },
    /// The way from the second node to the engine breaks, works again, and is slow.
    Cut,
    Mend,
    Slow {
        milliseconds: u64,
    },
    /// The engine stands still, and goes on.
    Stop,
    Continue,
    /// It dies, and is started again.
    Kill,
    StartAgain,
    /// It loses everything, or everything but how far it was.
    Empty,
    Forget,
    /// It is started again with what it had when it was saved, or with nothing.
    Save,
    SetBack,
    Replace,
    /// A node ends, and another process takes its place.
    NewNode {
        node: usize,
    },
    /// Time passes until each node says whether it reaches the engine.
    Notice,
    /// Time passes.
    Pause {
        milliseconds: u64,
    },
}

fn any_engine_step() -> impl Strategy<Value = EngineStep> {
    let node = 0_usize..2;
    prop_oneof![
        34 => any_step().prop_map(EngineStep::Usual),
        6 => (1..STREAMS.len(), 1_usize..5)
            .prop_map(|(stream, count)| EngineStep::Usual(Step::Publish { stream, count })),
        8 => Just(EngineStep::Usual(Step::Flow)),
        5 => (node.clone(), node.clone()).prop_map(|(serving, working)| EngineStep::Turn { serving, working }),
        2 => Just(EngineStep::Cut),
        3 => Just(EngineStep::Mend),
        1 => (0_u64..30).prop_map(|milliseconds| EngineStep::Slow { milliseconds }),
        1 => Just(EngineStep::Stop),
        3 => Just(EngineStep::Continue),
        1 => Just(EngineStep::Kill),
        3 => Just(EngineStep::StartAgain),
        1 => Just(EngineStep::Empty),
        1 => Just(EngineStep::Forget),
        1 => Just(EngineStep::Save),
        2 => Just(EngineStep::SetBack),
        1 => Just(EngineStep::Replace),
        1 => node.prop_map(|node| EngineStep::NewNode { node }),
        1 => Just(EngineStep::Notice),
        4 => prop_oneof![3 => 0_u64..20, 1 => 0_u64..600].prop_map(|milliseconds| EngineStep::Pause { milliseconds }),
    ]
}

/// What a seed decides.
pub(super) fn schedule(seed: u64) -> (Settings, Vec<EngineStep>) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let steps = prop::collection::vec(any_engine_step(), 20..90);
    let (settings, steps) = (any_settings(), steps).new_tree(&mut runner).unwrap().current();
    // Without a page nothing is at stake.
    let page = |wants| Step::Render {
        together: true,
        between: 2,
        wants,
        late: 0,
    };
    let first = [page(7), Step::Hydrate, Step::Flow, page(3)].map(EngineStep::Usual);
    (settings, first.into_iter().chain(steps).collect())
}
