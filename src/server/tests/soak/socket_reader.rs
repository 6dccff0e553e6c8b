//! A client of the socket, whose frames carry positions: each of its connections has to bring what it brings without a
//! hole, in order, once.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::super::schedules::truth::{Account, Truth, is_log};
use super::publisher::Record;
use super::stream_reader::Judgement;
use super::wanderer::is_told;
use crate::wire::{Control, ControlKind, Gap, Position};

/// What one connection has brought.
#[derive(Debug, Default)]
struct Session {
    /// Everything of logs after this place has to come. The first heartbeat does not say it: behind its place stand the
    /// newest values, which come first. The first event of a log does, and the second heartbeat.
    begun: Option<Position>,
    heartbeats: usize,
    /// The numbers of what came, with their places, in the order in which they came.
    events: Vec<(Position, usize)>,
    gaps: Vec<Gap>,
    /// Everything up to here was sent.
    told: Option<Position>,
    is_open: bool,
}

pub(super) struct SocketReader {
    sessions: Arc<Mutex<Vec<Session>>>,
    task: JoinHandle<()>,
}

impl Drop for SocketReader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SocketReader {
    /// Connects again and again, as to the address `server` is known by.
    pub(super) fn start(address: SocketAddr) -> Self {
        let sessions = Arc::<Mutex<Vec<Session>>>::default();
        let task = tokio::spawn({
            let sessions = sessions.clone();
            async move {
                loop {
                    sessions.lock().unwrap().push(Session::default());
                    read(address, &sessions).await;
                    sessions.lock().unwrap().last_mut().unwrap().is_open = false;
                    sleep(Duration::from_millis(100)).await;
                }
            }
        });
        Self { sessions, task }
    }

    pub(super) fn judge(&self, record: &Record) -> Judgement {
        let truth = record.truth.lock().unwrap();
        let sessions = self.sessions.lock().unwrap();
        let accounts: Result<Vec<_>, _> = sessions.iter().map(|session| session.account(&truth)).collect();
        match accounts {
            Err(error) => Judgement::Wrong(error),
            Ok(_) if !sessions.last().is_some_and(|last| last.is_at_the_end_of(&truth)) => {
                Judgement::Incomplete("the socket has not got everything".to_owned())
            }
            Ok(accounts) => Judgement::Well(accounts),
        }
    }
}

async fn read(address: SocketAddr, sessions: &Mutex<Vec<Session>>) {
    let mut request = format!("ws://{address}/ws").into_client_request().unwrap();
    let origin = format!("http://{address}");
    request.headers_mut().insert("origin", origin.parse().unwrap());
    let Ok(Ok((mut socket, _))) = timeout(Duration::from_secs(3), connect_async(request)).await else {
        return;
    };
    // Heartbeats come each second; whoever hears nothing for so long is in a black hole.
    while let Ok(Some(Ok(frame))) = timeout(Duration::from_millis(2_500), socket.next()).await {
        if let Message::Text(text) = frame {
            let frame = serde_json::from_str(text.as_str()).unwrap();
            sessions.lock().unwrap().last_mut().unwrap().hear(&frame);
        }
    }
}

impl Session {
    fn hear(&mut self, frame: &Value) {
        self.is_open = true;
        if let Some(position) = frame["position"].as_str() {
            let position: Position = position.parse().unwrap();
            let number = frame["content"].as_str().unwrap().parse().unwrap();
            if frame["event"].as_str().is_some_and(is_log) {
                self.begun.get_or_insert(Position {
                    offset: position.offset - 1,
                    ..position
                });
            }
            self.events.push((position, number));
            self.told = Some(position);
            return;
        }
        for kind in ControlKind::ALL {
            let Some(data) = frame[kind.event_name()].as_str() else {
                continue;
            };
            match Control::parse(kind, data).unwrap() {
                Control::Heartbeat(at) => {
                    self.heartbeats += 1;
                    if self.heartbeats == 2 {
                        self.begun.get_or_insert(at);
                    }
                    self.told = Some(at);
                }
                Control::Gap(gap) => self.gaps.push(gap),
                _ => {}
            }
        }
    }

    fn account(&self, truth: &Truth) -> Result<Account, String> {
        let mut last: Option<Position> = None;
        for (position, number) in &self.events {
            let follows = |last: Position| position.epoch == last.epoch && position.offset > last.offset;
            if !last.is_none_or(follows) {
                return Err(format!("{position} came after {last:?} on a socket"));
            }
            if truth.place_of(*number).is_some_and(|known| known != *position) {
                return Err(format!("{number} came at {position} on a socket"));
            }
            last = Some(*position);
        }
        let (Some(begun), Some(told)) = (self.begun, self.told) else {
            return Ok(Account::default());
        };
        let received: BTreeSet<usize> = self.events.iter().map(|(_, number)| *number).collect();
        let logged: Vec<_> = truth
            .between(begun, told)
            .filter(|(_, name, _)| is_log(name))
            .collect();
        let mut account = Account {
            expected: logged.len(),
            ..Account::default()
        };
        for (number, _, position) in &logged {
            if received.contains(number) {
                continue;
            }
            if self.gaps.iter().any(|gap| is_told(gap, *position)) {
                account.told += 1;
            } else {
                return Err(format!(
                    "{number} at {position} is missing, and no gap speaks of it: {self:?}"
                ));
            }
        }
        Ok(account)
    }

    fn is_at_the_end_of(&self, truth: &Truth) -> bool {
        self.is_open && self.told.is_some_and(|told| truth.is_after_all(told))
    }
}
