//! A page that reads a stream over TCP, by the rules of the library's own connections and sources.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::schedules::page::Page;
use super::super::schedules::source::Source;
use super::super::schedules::truth::{Account, TOPICS, VALUES};
use super::body::{Answer, Part};
use super::publisher::Record;
use crate::browser::connection::machine::Input;
use crate::browser::connection::retry_policy::RetryPolicy;

/// What happens to a page.
pub(super) enum PageOrder {
    Join(Box<Source>),
    /// A consumer of a value comes, after so many events.
    Consume {
        source: usize,
        value: usize,
        now: usize,
    },
    Leave(usize),
    Nudge,
    Hide,
    Show,
    /// Whether it has got what it should have by now.
    Judge(oneshot::Sender<Judgement>),
}

/// What comes of a page.
#[derive(Debug)]
pub(super) enum Judgement {
    Well(Vec<Account>),
    /// Something may still be on its way.
    Incomplete(String),
    /// Something came that must not come.
    Wrong(String),
}

/// A page that runs until this is dropped.
pub(super) struct StreamReader {
    pace: Pace,
    orders: mpsc::Sender<PageOrder>,
    task: JoinHandle<()>,
}

impl Drop for StreamReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How long a program rests before it reads on, in milliseconds.
type Pace = Arc<AtomicU64>;

/// The policy of pages, in a world where everything happens ten times as often.
fn policy() -> RetryPolicy {
    RetryPolicy {
        base: 50,
        cap: 2_000,
        connect: 3_000,
        silence: 2_500,
        ..RetryPolicy::default()
    }
}

impl StreamReader {
    /// `pace` is how many milliseconds it rests before it reads on.
    pub(super) fn start(address: SocketAddr, record: Arc<Record>, pace: u64) -> Self {
        let (orders, ordered) = mpsc::channel(8);
        let (page, pace) = (Page::new(policy()), Pace::new(pace.into()));
        let task = tokio::spawn(run(page, address, record, pace.clone(), ordered));
        Self { pace, orders, task }
    }

    /// Makes it read as fast as it can.
    pub(super) fn hurry(&self) {
        self.pace.store(0, Ordering::Relaxed);
    }

    /// A page that has failed takes no orders; judging it says so.
    pub(super) async fn order(&self, order: PageOrder) {
        let _ = self.orders.send(order).await;
    }

    pub(super) async fn judge(&self) -> Judgement {
        let (answer, judgement) = oneshot::channel();
        self.order(PageOrder::Judge(answer)).await;
        judgement
            .await
            .unwrap_or_else(|_| Judgement::Wrong("the page has panicked".to_owned()))
    }
}

async fn run(
    mut page: Page,
    address: SocketAddr,
    record: Arc<Record>,
    pace: Pace,
    mut orders: mpsc::Receiver<PageOrder>,
) {
    let mut exchange: Option<Exchange> = None;
    loop {
        match &mut page.transport {
            Some(transport) => {
                if let Some(cursor) = transport.request.take() {
                    exchange = Some(Exchange::start(address, &cursor, pace.clone()));
                }
            }
            None => exchange = None,
        }
        let timer = page
            .timer()
            .unwrap_or_else(|| Instant::now() + Duration::from_secs(60));
        tokio::select! {
            order = orders.recv() => match order {
                Some(order) => obey(&mut page, &record, order),
                None => return,
            },
            () = sleep_until(timer) => page.tick(),
            heard = Exchange::next(&mut exchange) => match heard {
                Some(Part::Head(200)) => page.opened(),
                Some(Part::Body(bytes)) => page.arrive(&bytes),
                // A server that is stopping.
                Some(Part::Head(503) | Part::End) | None => lost(&mut page),
                Some(Part::Head(status)) => panic!("expected 200 or 503, found {status}"),
            },
        }
    }
}

fn lost(page: &mut Page) {
    if page.transport.is_some() {
        page.drive(Input::Lost);
    }
}

fn obey(page: &mut Page, record: &Record, order: PageOrder) {
    match order {
        PageOrder::Join(source) => page.join(*source),
        PageOrder::Consume { source, value, now } => page.consume(source, VALUES[value], now),
        PageOrder::Leave(index) => page.leave(index),
        PageOrder::Nudge => page.drive(Input::Nudge),
        PageOrder::Hide => page.drive(Input::PageHidden),
        PageOrder::Show => page.drive(Input::PageShown),
        PageOrder::Judge(answer) => drop(answer.send(judge(page, record))),
    }
}

fn judge(page: &Page, record: &Record) -> Judgement {
    let truth = record.truth.lock().unwrap();
    for source in page.left.iter().chain(&page.sources) {
        if let Err(error) = truth.check_order(source) {
            return Judgement::Wrong(format!("{error}\n{source}\n{}", page.story));
        }
    }
    let accounts = page.sources.iter().map(|source| {
        let complete = truth.check_complete(source, true);
        complete.map_err(|error| format!("{error}\n{source}\n{}", page.story))
    });
    match accounts.collect() {
        Ok(accounts) => Judgement::Well(accounts),
        Err(error) => Judgement::Incomplete(error),
    }
}

/// A request, and what comes of its answer. Whoever drops it closes its connection.
struct Exchange {
    parts: mpsc::Receiver<Part>,
    task: JoinHandle<()>,
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Exchange {
    fn start(address: SocketAddr, cursor: &str, pace: Pace) -> Self {
        let topics = TOPICS.map(|topic| format!("topic={topic}")).join("&");
        let cursor = match cursor {
            "" => String::new(),
            cursor => format!("&last-event-id={cursor}"),
        };
        let request = format!("GET /sse?{topics}{cursor} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        // What is not taken waits in the sockets, as with any program that is slow.
        let (sender, parts) = mpsc::channel(2);
        let task = tokio::spawn(async move {
            // However it ends, the end of the channel tells it.
            let _ = read(address, &request, &pace, &sender).await;
        });
        Self { parts, task }
    }

    /// The next part; `None` when the connection is closed. Without an exchange there is nothing to wait for.
    async fn next(exchange: &mut Option<Self>) -> Option<Part> {
        let Some(open) = exchange else {
            return std::future::pending().await;
        };
        let part = open.parts.recv().await;
        if part.is_none() {
            *exchange = None;
        }
        part
    }
}

async fn read(
    address: SocketAddr,
    request: &str,
    pace: &AtomicU64,
    parts: &mpsc::Sender<Part>,
) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(4 << 10)?;
    let mut socket = socket.connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Answer::default();
    let mut bytes = [0; 512];
    loop {
        let rest = pace.load(Ordering::Relaxed);
        if rest > 0 {
            sleep(Duration::from_millis(rest)).await;
        }
        let read = socket.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        for part in answer.push(&bytes[..read]) {
            if parts.send(part).await.is_err() {
                return Ok(());
            }
        }
    }
}
