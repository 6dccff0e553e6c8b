//! A network that does what networks do: it cuts at any byte, holds back, swallows, refuses, and is slow.
//!
//! What it does not do is what TCP rules out, such as to double bytes or to change their order.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::chance::Chance;

/// What becomes of the bytes of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Pass,
    /// They wait.
    Stall,
    /// They are lost, and nobody is told.
    Swallow,
    /// Both ends are closed.
    Cut,
}

/// The proxy; it closes everything when it is dropped.
pub(super) struct FaultProxy {
    pub(super) address: SocketAddr,
    network: Arc<Network>,
    task: JoinHandle<()>,
}

struct Network {
    server: SocketAddr,
    /// Connections are born with faults.
    is_rough: AtomicBool,
    refuses: AtomicBool,
    chance: Mutex<Chance>,
    links: Mutex<BTreeMap<usize, watch::Sender<Flow>>>,
    accepted: AtomicUsize,
    cut: AtomicUsize,
}

/// What a connection is born with.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    /// It is cut after so many bytes from the server.
    cut_after: Option<usize>,
    /// At most so many bytes go at a time.
    piece: Option<usize>,
    delay: Duration,
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
        self.network.turn_all(Flow::Cut);
    }
}

impl FaultProxy {
    pub(super) async fn start(server: SocketAddr, chance: Chance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let network = Arc::new(Network {
            server,
            is_rough: AtomicBool::new(false),
            refuses: AtomicBool::new(false),
            chance: Mutex::new(chance),
            links: Mutex::default(),
            accepted: AtomicUsize::new(0),
            cut: AtomicUsize::new(0),
        });
        let task = tokio::spawn(accept(listener, network.clone()));
        Self {
            address,
            network,
            task,
        }
    }

    /// Whether connections are born with faults from now on.
    pub(super) fn set_rough(&self, is_rough: bool) {
        self.network.is_rough.store(is_rough, Ordering::Relaxed);
    }

    /// Whether connections are closed as soon as they are opened.
    pub(super) fn set_refusing(&self, refuses: bool) {
        self.network.refuses.store(refuses, Ordering::Relaxed);
    }

    /// Decides about one open connection of so many.
    pub(super) fn turn_some(&self, one_of: usize, flow: Flow) {
        let links = self.network.links.lock().unwrap();
        let mut chance = self.network.chance.lock().unwrap();
        for link in links.values() {
            if chance.one_in(one_of) {
                // What was swallowed has made a hole: after it TCP has no more bytes.
                let may_turn = |now: &Flow| !matches!(now, Flow::Swallow | Flow::Cut) || flow == Flow::Cut;
                link.send_if_modified(|now| may_turn(now).then(|| *now = flow).is_some());
            }
        }
    }

    /// What waits goes on. Connections of which something was swallowed are closed.
    pub(super) fn heal(&self) {
        for link in self.network.links.lock().unwrap().values() {
            let flow = *link.borrow();
            match flow {
                Flow::Stall => drop(link.send_replace(Flow::Pass)),
                Flow::Swallow => drop(link.send_replace(Flow::Cut)),
                Flow::Pass | Flow::Cut => {}
            }
        }
    }

    /// How many connections it has accepted, and how many of them it has cut.
    pub(super) fn counts(&self) -> (usize, usize) {
        let Network { accepted, cut, .. } = &*self.network;
        (accepted.load(Ordering::Relaxed), cut.load(Ordering::Relaxed))
    }
}

impl Network {
    fn turn_all(&self, flow: Flow) {
        for link in self.links.lock().unwrap().values() {
            link.send_replace(flow);
        }
    }

    fn fate(&self) -> Fate {
        if !self.is_rough.load(Ordering::Relaxed) {
            return Fate::default();
        }
        let mut chance = self.chance.lock().unwrap();
        Fate {
            cut_after: chance.one_in(3).then(|| chance.below(5_000)),
            piece: chance.one_in(3).then(|| 1 + chance.below(200)),
            delay: if chance.one_in(3) {
                chance.milliseconds(40)
            } else {
                Duration::ZERO
            },
        }
    }
}

async fn accept(listener: TcpListener, network: Arc<Network>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = network.accepted.fetch_add(1, Ordering::Relaxed);
        if network.refuses.load(Ordering::Relaxed) {
            continue;
        }
        let network = network.clone();
        tokio::spawn(async move {
            // The server may be down.
            let Ok(server) = TcpStream::connect(network.server).await else {
                return;
            };
            let (flow, turned) = watch::channel(Flow::Pass);
            network.links.lock().unwrap().insert(number, flow);
            let fate = network.fate();
            if carry(&network, client, server, turned, fate).await == End::Cut {
                network.cut.fetch_add(1, Ordering::Relaxed);
            }
            network.links.lock().unwrap().remove(&number);
        });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Closed,
    Cut,
}

async fn carry(
    network: &Network,
    client: TcpStream,
    server: TcpStream,
    flow: watch::Receiver<Flow>,
    fate: Fate,
) -> End {
    for socket in [&client, &server] {
        let _ = socket.set_nodelay(true);
        // What a slow client does not take has to be felt by the server, and not to be kept here.
        let _ = SockRef::from(socket).set_send_buffer_size(4 << 10);
        let _ = SockRef::from(socket).set_recv_buffer_size(4 << 10);
    }
    if fate.cut_after.is_some_and(|bytes| bytes % 2 == 0) {
        // A reset rather than a good-bye, on both sides.
        for socket in [&client, &server] {
            let _ = SockRef::from(socket).set_linger(Some(Duration::ZERO));
        }
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let upwards = Fate {
        cut_after: None,
        ..fate
    };
    let mut cut = flow.clone();
    tokio::select! {
        end = pump(network, from_client, to_server, flow.clone(), upwards) => end,
        end = pump(network, from_server, to_client, flow, fate) => end,
        _ = cut.wait_for(|flow| *flow == Flow::Cut) => End::Cut,
    }
}

async fn pump(
    network: &Network,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut flow: watch::Receiver<Flow>,
    fate: Fate,
) -> End {
    let mut bytes = vec![0; fate.piece.unwrap_or(8 << 10)];
    let mut left = fate.cut_after;
    loop {
        if flow.wait_for(|flow| *flow != Flow::Stall).await.is_err() {
            return End::Closed;
        }
        let read = from.read(&mut bytes).await.unwrap_or(0);
        if read == 0 {
            return End::Closed;
        }
        // A fault of birth is healed by peace.
        let is_rough = network.is_rough.load(Ordering::Relaxed);
        if is_rough && !fate.delay.is_zero() {
            sleep(fate.delay).await;
        }
        left = left.filter(|_| is_rough);
        let passes = left.map_or(read, |left| left.min(read));
        // Turned while it was read: what was under way is held, or lost.
        let Ok(now) = flow.wait_for(|flow| *flow != Flow::Stall).await.map(|flow| *flow) else {
            return End::Closed;
        };
        match now {
            // Else what comes behind a hole could pass before the other branch is looked at.
            Flow::Cut => return End::Cut,
            Flow::Swallow => {}
            Flow::Pass | Flow::Stall => {
                if to.write_all(&bytes[..passes]).await.is_err() {
                    return End::Closed;
                }
            }
        }
        if let Some(left) = &mut left {
            *left -= passes;
            if *left == 0 {
                return End::Cut;
            }
        }
    }
}
