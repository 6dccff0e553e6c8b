//! Thousands of readers in a process of their own, which has a limit of files of its own. They do little: a stream is open,
//! what comes is looked through for numbers, and who loses it comes back as a page does.
//!
//! Each line that it writes says how they are at that moment; whoever has started it reads them.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::time::sleep;

use super::body::{Answer, Part};
use super::serving::end_with_whoever_started_this;
use crate::server::random::random_up_to;
use crate::wire::{Control, ControlKind, SseDecoder};

/// The variables by which whoever starts it says what it wants.
pub(super) const SERVER: &str = "SOAK_CROWD_SERVER";
pub(super) const READERS: &str = "SOAK_CROWD_READERS";

/// How many readers may be connecting at a time at the beginning.
const AT_ONCE: usize = 64;
/// Each address has 28,000 ports for its clients.
const READERS_OF_AN_ADDRESS: usize = 5_000;

/// How they all are.
#[derive(Debug, Default)]
struct State {
    open: AtomicUsize,
    /// Numbers that have come, of all readers.
    events: AtomicUsize,
    /// Numbers that came twice or not in order.
    wrong: AtomicUsize,
    gaps: AtomicUsize,
    /// When streams were opened again, in milliseconds after the first loss.
    returns: Mutex<Vec<u64>>,
    first_loss: Mutex<Option<Instant>>,
}

/// A word on how they are, as it travels between the processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    pub(super) open: usize,
    pub(super) events: usize,
    pub(super) wrong: usize,
    pub(super) gaps: usize,
    pub(super) returns: usize,
    /// The most that came back in any second.
    pub(super) busiest: usize,
    /// When half of them, 99 of 100, and all were back, in milliseconds after the first loss.
    pub(super) median: u64,
    pub(super) most: u64,
    pub(super) last: u64,
}

impl Report {
    pub(super) fn parse(line: &str) -> Option<Self> {
        let words = line.strip_prefix("crowd: ")?;
        let mut numbers = words.split(' ').map(|word| word.parse::<u64>().ok());
        let mut next = || numbers.next()?;
        let mut count = || usize::try_from(next()?).ok();
        Some(Self {
            open: count()?,
            events: count()?,
            wrong: count()?,
            gaps: count()?,
            returns: count()?,
            busiest: count()?,
            median: next()?,
            most: next()?,
            last: next()?,
        })
    }

    fn line(&self) -> String {
        let Self {
            open,
            events,
            wrong,
            gaps,
            returns,
            busiest,
            median,
            most,
            last,
        } = self;
        format!("crowd: {open} {events} {wrong} {gaps} {returns} {busiest} {median} {most} {last}")
    }

    fn of(state: &State) -> Self {
        let mut returns = state.returns.lock().unwrap().clone();
        returns.sort_unstable();
        let at = |share: usize| {
            returns
                .get(returns.len() * share / 100)
                .copied()
                .unwrap_or_default()
        };
        let busiest = returns
            .chunk_by(|one, other| one / 1_000 == other / 1_000)
            .map(<[u64]>::len)
            .max();
        Self {
            open: state.open.load(Ordering::Relaxed),
            events: state.events.load(Ordering::Relaxed),
            wrong: state.wrong.load(Ordering::Relaxed),
            gaps: state.gaps.load(Ordering::Relaxed),
            returns: returns.len(),
            busiest: busiest.unwrap_or_default(),
            median: at(50),
            most: at(99),
            last: returns.last().copied().unwrap_or_default(),
        }
    }
}

#[test]
fn a_report_says_the_same_on_both_ends() {
    let report = Report {
        open: 1,
        wrong: 3,
        last: 9,
        ..Report::default()
    };
    assert_eq!(Report::parse(&report.line()), Some(report));
    assert_eq!(Report::parse("test result: ok"), None);
}

/// Reads until whoever has started it is gone. Without a server it was not started by a soak, and does nothing.
pub(super) async fn run() {
    let variable = |name| std::env::var(name).ok();
    let (Some(server), Some(readers)) = (variable(SERVER), variable(READERS)) else {
        return;
    };
    let (server, readers): (SocketAddr, usize) = (server.parse().unwrap(), readers.parse().unwrap());
    end_with_whoever_started_this();
    let state = Arc::<State>::default();
    let doors = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    for number in 0..readers {
        tokio::spawn(live(server, number, state.clone(), doors.clone()));
    }
    loop {
        println!("{}", Report::of(&state).line());
        sleep(Duration::from_millis(200)).await;
    }
}

/// A reader through all of its connections.
async fn live(server: SocketAddr, number: usize, state: Arc<State>, doors: Arc<tokio::sync::Semaphore>) {
    let mut reader = Reader {
        state,
        cursor: String::new(),
        last: 0,
        delay: 0,
        has_been_open: false,
    };
    let mut retries = 0;
    loop {
        let door = doors.acquire().await.unwrap();
        // The beginning is a queue; who comes back is spread by the policy, and by nothing else.
        if reader.has_been_open {
            drop(door);
            let opened = reader.connect(server, number, None).await.unwrap_or(false);
            retries = if opened { 0 } else { retries + 1 };
        } else {
            let _ = reader.connect(server, number, Some(door)).await;
        }
        // The page's own policy, after what it was asked for.
        let own = random_up_to(500 << retries.min(6));
        let delay = std::mem::take(&mut reader.delay) + own;
        sleep(Duration::from_millis(u64::from(delay))).await;
    }
}

struct Reader {
    state: Arc<State>,
    cursor: String,
    last: u64,
    delay: u32,
    has_been_open: bool,
}

impl Reader {
    /// Reads until the connection ends; whether it was open.
    async fn connect(
        &mut self,
        server: SocketAddr,
        number: usize,
        mut door: Option<tokio::sync::SemaphorePermit<'_>>,
    ) -> std::io::Result<bool> {
        let host = u8::try_from(2 + number / READERS_OF_AN_ADDRESS).unwrap();
        let socket = TcpSocket::new_v4()?;
        socket.bind(([127, 0, 0, host], 0).into())?;
        let mut socket = socket.connect(server).await?;
        let cursor = match &*self.cursor {
            "" => String::new(),
            cursor => format!("last-event-id: {cursor}\r\n"),
        };
        let request = format!("GET /sse?topic=log HTTP/1.1\r\nhost: {server}\r\n{cursor}\r\n");
        socket.write_all(request.as_bytes()).await?;
        let (mut answer, mut decoder) = (Answer::default(), SseDecoder::default());
        let mut open = None;
        loop {
            // On the stack of the read alone: thousands of them would be much.
            let mut bytes = [0; 1 << 10];
            let read = socket.read(&mut bytes).await?;
            if read == 0 {
                return Ok(open.is_some());
            }
            for part in answer.push(&bytes[..read]) {
                match part {
                    Part::Head(200) => {
                        open = Some(Open::new(self.state.clone(), self.has_been_open));
                        self.has_been_open = true;
                        drop(door.take());
                    }
                    Part::Head(_) => return Ok(false),
                    Part::Body(bytes) => decoder.push(&bytes).iter().for_each(|message| self.hear(message)),
                    Part::End => return Ok(true),
                }
            }
        }
    }

    fn hear(&mut self, message: &crate::SseMessage) {
        if !message.last_event_id.is_empty() {
            self.cursor = message.last_event_id.to_string();
        }
        match ControlKind::from_event_name(&message.event) {
            Some(kind) => match Control::parse(kind, &message.data).unwrap() {
                Control::Retry(delay) => self.delay = delay,
                Control::Gap(_) => drop(self.state.gaps.fetch_add(1, Ordering::Relaxed)),
                Control::Heartbeat(at) => self.cursor = at.to_string(),
                _ => {}
            },
            None => {
                let number: u64 = message.data.parse().unwrap();
                let is_next = number == self.last + 1;
                self.last = number;
                self.state.events.fetch_add(1, Ordering::Relaxed);
                self.state
                    .wrong
                    .fetch_add(usize::from(!is_next), Ordering::Relaxed);
            }
        }
    }
}

/// A stream that is open, counted.
struct Open(Arc<State>);

impl Open {
    fn new(state: Arc<State>, is_return: bool) -> Self {
        state.open.fetch_add(1, Ordering::Relaxed);
        if is_return {
            let first = *state.first_loss.lock().unwrap();
            let after = first.map_or(0, |first| first.elapsed().as_millis());
            state.returns.lock().unwrap().push(u64::try_from(after).unwrap());
        }
        Self(state)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
        self.0.first_loss.lock().unwrap().get_or_insert_with(Instant::now);
    }
}
