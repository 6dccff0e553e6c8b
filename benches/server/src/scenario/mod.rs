//! What is measured: each scenario on a server that was started for it.

mod fan_out;
mod idle;
mod resume;
mod sockets;

use anyhow::Result;

use crate::brokers;
use crate::in_process;
use crate::load::Load;
use crate::measurement::Figures;
use crate::rendering;
use crate::server::{Kind, Places, Server};

/// The length of each event's payload.
const BYTES: usize = 200;

/// As much as is measured, or only as much as shows that it works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    Full,
    Quick,
}

impl Size {
    fn of<T>(self, full: T, quick: T) -> T {
        match self {
            Self::Full => full,
            Self::Quick => quick,
        }
    }
}

/// A server with its load.
struct Bench {
    kind: Kind,
    server: Server,
    load: Load,
    size: Size,
}

/// How a scenario is run.
enum Run {
    OnServer(fn(&mut Bench) -> Result<Figures>),
    InProcess(fn(Kind, Size) -> Result<Figures>),
}

/// One row of the table.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// Who can do it at all.
    kinds: &'static [Kind],
    /// Whether it comes out the same each time, so that one round is enough: memory at rest.
    pub(crate) is_steady: bool,
    run: Run,
}

const ALL: &[Kind] = &Kind::ALL;
const WITH_HISTORY: &[Kind] = &[Kind::Ours, Kind::Axum, Kind::Nchan];
const RUST: &[Kind] = &[Kind::Ours, Kind::Axum];

/// All scenarios, in the order of the table.
pub(crate) const SCENARIOS: &[Scenario] = &[
    on_server(
        "burst",
        "burst: 1,000 subscribers, 64 messages undelivered at most",
        ALL,
        fan_out::burst,
    ),
    on_server(
        "lockstep",
        "lockstep: a message once the last has reached everyone",
        ALL,
        fan_out::lockstep,
    ),
    on_server(
        "paced",
        "paced: 1,000 subscribers, 20 messages a second",
        ALL,
        fan_out::paced,
    ),
    on_server(
        "topics",
        "1,000 topics of 2 subscribers each",
        ALL,
        fan_out::topics,
    ),
    at_rest("idle2k", "2,000 idle subscribers", ALL, idle::two_thousand),
    at_rest("idle15k", "15,000 idle subscribers", ALL, idle::fifteen_thousand),
    on_server(
        "resume",
        "1,000 subscribers resume 500 events back",
        WITH_HISTORY,
        resume::run,
    ),
    on_server(
        "stalled",
        "burst with one stalled reader among 1,000",
        ALL,
        fan_out::stalled,
    ),
    Scenario {
        name: "publish",
        title: "16 tasks publish to one topic with one reader, in one process",
        kinds: RUST,
        is_steady: false,
        run: Run::InProcess(in_process::publish),
    },
    Scenario {
        name: "render",
        title: "a page of 100 live components rendered, beside the same page of plain elements (in the place of axum)",
        kinds: RUST,
        is_steady: false,
        run: Run::InProcess(rendering::run),
    },
    Scenario {
        name: "brokers",
        title: "Redis and NATS: what they add for two nodes to what a hub in memory takes",
        kinds: &[Kind::Ours],
        is_steady: false,
        run: Run::InProcess(brokers::run),
    },
    at_rest(
        "idle_sockets",
        "WebSocket: 1,000 idle sockets",
        RUST,
        sockets::idle,
    ),
    on_server(
        "echo",
        "WebSocket: 100 sockets, an echo at a time each",
        RUST,
        sockets::echo,
    ),
    on_server(
        "room",
        "WebSocket: a room of 1,000, 64 messages undelivered at most",
        RUST,
        sockets::room,
    ),
];

const fn on_server(
    name: &'static str,
    title: &'static str,
    kinds: &'static [Kind],
    run: fn(&mut Bench) -> Result<Figures>,
) -> Scenario {
    Scenario {
        name,
        title,
        kinds,
        is_steady: false,
        run: Run::OnServer(run),
    }
}

const fn at_rest(
    name: &'static str,
    title: &'static str,
    kinds: &'static [Kind],
    run: fn(&mut Bench) -> Result<Figures>,
) -> Scenario {
    Scenario {
        is_steady: true,
        ..on_server(name, title, kinds, run)
    }
}

impl Scenario {
    pub(crate) fn is_for(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// Runs it once.
    pub(crate) fn run(&self, kind: Kind, places: &Places, size: Size) -> Result<Figures> {
        match self.run {
            Run::InProcess(run) => run(kind, size),
            Run::OnServer(run) => {
                let server = Server::start(kind, places)?;
                let load = Load::new(server.port)?;
                run(&mut Bench {
                    kind,
                    server,
                    load,
                    size,
                })
            }
        }
    }
}
