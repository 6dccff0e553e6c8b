//! A page: the library's own rules, without a browser around them.
//!
//! The loops are those of `browser/connection/{hearing,sse}.rs`, where they hand on `MessageEvent`s instead of numbers.

use std::collections::VecDeque;
use std::time::Duration;

use axum::body::BodyDataStream;
use tokio::time::Instant;

use super::source::{Consumer, Note, Source};
use crate::browser::connection::cursor::Cursor;
use crate::browser::connection::machine::{Input, Machine, Order};
use crate::browser::connection::progress::Progress;
use crate::browser::connection::retry_policy::RetryPolicy;
use crate::browser::connection::stream_address::position_text;
use crate::wire::{Control, ControlKind, SseDecoder, SseMessage};

/// A connection on its way through the network.
#[derive(Debug, Default)]
pub(crate) struct Transport {
    /// The request, until the server has it.
    pub(crate) request: Option<String>,
    /// What the server has not written yet.
    pub(crate) body: Option<BodyDataStream>,
    /// What the page has not got yet.
    pub(crate) under_way: VecDeque<u8>,
    /// The server has nothing more to say.
    pub(crate) has_ended: bool,
    pub(crate) is_black_hole: bool,
    /// A snapshot is being written.
    pub(crate) writes_snapshot: bool,
    decoder: SseDecoder,
}

/// The page.
#[derive(Debug)]
pub(crate) struct Page {
    policy: RetryPolicy,
    machine: Machine,
    began: Instant,
    /// How far its clock is ahead, where time cannot jump for everybody.
    ahead: Duration,
    timer: Option<Instant>,
    progress: Progress,
    in_snapshot: bool,
    restarts: bool,
    /// The names of values of which everything was heard since the transport was opened.
    heard: Vec<&'static str>,
    /// What was asked and heard, for whoever has to find out what went wrong.
    pub(crate) story: String,
    /// Counts the connections.
    pub(crate) connections: u64,
    pub(crate) sources: Vec<Source>,
    pub(crate) left: Vec<Source>,
    pub(crate) transport: Option<Transport>,
    /// Connections that the server does not know to be dead.
    pub(crate) dead: Vec<BodyDataStream>,
}

impl Page {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            machine: Machine::new(policy),
            began: Instant::now(),
            ahead: Duration::ZERO,
            timer: None,
            progress: Progress::default(),
            in_snapshot: false,
            restarts: false,
            heard: Vec::new(),
            story: String::new(),
            connections: 0,
            sources: Vec::new(),
            left: Vec::new(),
            transport: None,
            dead: Vec::new(),
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.machine.state().is_open()
    }

    fn now(&self) -> Instant {
        Instant::now() + self.ahead
    }

    /// For the page alone time passes.
    pub(crate) fn jump(&mut self, time: Duration) {
        self.ahead += time;
        self.tick();
    }

    pub(crate) fn drive(&mut self, input: Input) {
        let now = self.now().duration_since(self.began).as_secs_f64() * 1_000.0;
        for order in self.machine.step(input, now, 0.5) {
            match order {
                Order::Connect => self.connect(),
                Order::Disconnect => self.disconnect(),
                Order::StartTimer(delay) => {
                    self.timer = Some(self.now() + Duration::from_millis(u64::from(delay)));
                }
                Order::StopTimer => self.timer = None,
            }
        }
    }

    /// When it wants to be told that time has passed.
    pub(crate) fn timer(&self) -> Option<Instant> {
        self.timer
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self) {
        if self.timer.is_some_and(|timer| timer <= self.now()) {
            self.timer = None;
            self.drive(Input::TimerFired);
        }
    }

    fn connect(&mut self) {
        if self.sources.is_empty() {
            return;
        }
        let has_new = self.sources.iter().any(Source::has_new);
        let (from, with_latest) = self.progress.connect(cursors(&self.sources), has_new);
        let request = from.map_or_else(String::new, |from| position_text(from, with_latest));
        self.in_snapshot = false;
        self.heard = self
            .sources
            .iter()
            .flat_map(|source| source.consumers.keys().copied())
            .collect();
        self.connections += 1;
        self.story.push_str(&format!("\n  asks {request:?}:"));
        self.transport = Some(Transport {
            request: Some(request),
            ..Transport::default()
        });
    }

    fn disconnect(&mut self) {
        let body = self.transport.take().and_then(|transport| transport.body);
        self.dead.extend(body);
    }

    /// A source joins, as `SseConnection::add_source` has it.
    pub(crate) fn join(&mut self, source: Source) {
        let names: Vec<_> = source.consumers.keys().copied().collect();
        let unheard = names.into_iter().filter(|name| !self.listen(name)).count();
        let restarts = self.transport.is_some()
            && source
                .cursors()
                .any(|cursor| self.progress.must_restart_for(cursor, unheard > 0));
        self.story
            .push_str(&format!("\n  joined by {:?}", source.cursor.at()));
        self.sources.push(source);
        if self.sources.len() == 1 {
            self.drive(Input::Open);
        }
        self.restarts |= restarts;
        self.restart_if_asked();
    }

    /// A source goes; with the last one goes the connection, and a later one is another.
    pub(crate) fn leave(&mut self, index: usize) {
        if index < self.sources.len() {
            let source = self.sources.remove(index);
            self.left.push(source);
        }
        // What nobody listens to passes unseen.
        let sources = &self.sources;
        self.heard
            .retain(|name| sources.iter().any(|source| source.wants(name)));
        if self.sources.is_empty() {
            self.disconnect();
            let fresh = Self::new(self.policy);
            let story = std::mem::take(&mut self.story);
            let left = std::mem::take(&mut self.left);
            let dead = std::mem::take(&mut self.dead);
            *self = Self {
                story,
                left,
                dead,
                ahead: self.ahead,
                ..fresh
            };
        }
    }

    /// A consumer comes, as `SseSource::subscribe_late` has it.
    pub(crate) fn consume(&mut self, index: usize, name: &'static str, now: usize) {
        let Some(source) = self.sources.get_mut(index).filter(|source| !source.wants(name)) else {
            return;
        };
        let is_new = self.progress.has_latest();
        let since = if is_new { 0 } else { now };
        let late = None;
        source.consumers.insert(name, Consumer { is_new, since, late });
        self.listen(name);
        self.restarts |= is_new && self.transport.is_some();
        self.restart_if_asked();
    }

    /// A consumer is hydrated that is late, as `SseSource::subscribe_rendered` has it.
    pub(crate) fn hydrate_late(&mut self, index: usize) {
        let Some(source) = self.sources.get_mut(index) else {
            return;
        };
        let Some(name) = source.unhydrated.pop() else {
            return;
        };
        if source.wants(name) {
            return;
        }
        let rendered_at = source.rendered_at.expect("what is hydrated was rendered");
        let has_moved = source.cursor.at() != Some(rendered_at);
        source.were_late.insert(name);
        let consumer = Consumer {
            late: has_moved.then(|| Cursor::new(Some(rendered_at))),
            ..Consumer::default()
        };
        source.consumers.insert(name, consumer);
        let was_heard = self.listen(name);
        self.restarts |= self.transport.is_some() && (has_moved || !was_heard);
        self.restart_if_asked();
    }

    /// Listens to a name, and says whether everything of it is heard since the transport was opened.
    fn listen(&mut self, name: &'static str) -> bool {
        if self.transport.is_some() && !self.progress.has_begun_to_come() {
            self.heard.push(name);
        }
        self.transport.is_none() || self.heard.contains(&name)
    }

    fn restart_if_asked(&mut self) {
        if std::mem::take(&mut self.restarts) {
            self.drive(Input::Restart);
        }
    }

    /// Whether the stream has shown that it sends them.
    pub(crate) fn expects_heartbeats(&self) -> bool {
        self.progress.is_ours()
    }

    /// The head of an answer has come.
    ///
    /// A page that asks for the first time cannot know that silence means something on this stream: it may be a
    /// stranger's. So for it the head comes together with the first event, which are one packet.
    pub(crate) fn opened(&mut self) {
        self.drive(Input::Opened);
    }

    /// Bytes have come.
    pub(crate) fn arrive(&mut self, bytes: &[u8]) {
        let connection = self.connections;
        let messages = match &mut self.transport {
            Some(transport) => transport.decoder.push(bytes),
            None => return,
        };
        for message in messages {
            // What a closed connection still has is heard by nobody.
            if self.connections != connection || self.transport.is_none() {
                return;
            }
            self.hear(&message);
            self.restart_if_asked();
        }
    }

    fn hear(&mut self, message: &SseMessage) {
        self.story
            .push_str(&format!(" {} {}", message.event, message.data));
        match ControlKind::from_event_name(&message.event) {
            Some(kind) => self.obey(Control::parse(kind, &message.data).unwrap()),
            // An `EventSource` dispatches what somebody listens to.
            None if self.sources.iter().any(|source| source.wants(&message.event)) => self.received(message),
            None => {}
        }
    }

    fn received(&mut self, message: &SseMessage) {
        self.drive(Input::Received);
        let position = self.progress.event(|| message.last_event_id.to_string());
        let number = message.data.parse().unwrap();
        for source in &mut self.sources {
            source.receive(&message.event, number, self.in_snapshot, |cursor| {
                self.progress.audience(cursor, position)
            });
        }
    }

    fn obey(&mut self, control: Control) {
        match control {
            Control::Heartbeat(position) => {
                assert!(!self.progress.was_not_heard(position), "{position}");
                self.restarts |= self.progress.heartbeat(position, cursors(&self.sources));
                for source in &mut self.sources {
                    source.cursors().for_each(|cursor| cursor.heartbeat(position));
                    source.catch_up();
                }
                self.drive(Input::Heartbeat);
            }
            Control::Latest => {
                let has_new = self.sources.iter().any(Source::has_new);
                self.restarts |= self.progress.latest(cursors(&self.sources), has_new);
            }
            Control::Retry(delay) => self.drive(Input::RetryAfter(delay)),
            Control::Snapshot(head) => {
                self.progress.snapshot(cursors(&self.sources));
                for source in &mut self.sources {
                    source.first_snapshot.get_or_insert(head);
                }
                self.in_snapshot = true;
                self.drive(Input::Received);
            }
            Control::Live(position) => {
                self.progress.live(position);
                self.in_snapshot = false;
                for source in &mut self.sources {
                    source.cursors().for_each(|cursor| cursor.live(position));
                    source.catch_up();
                    for consumer in source.consumers.values_mut() {
                        consumer.is_new = false;
                    }
                }
                self.restarts |= self.progress.owes_latest(cursors(&self.sources));
            }
            Control::Gap(gap) => {
                self.progress.gap(gap.to);
                for source in &mut self.sources {
                    let stood = source.cursor.at();
                    if source.cursor.gap(&gap) {
                        source.notes.push(Note::Gap(gap, stood));
                    }
                    // Each of them takes note of it.
                    let lost = source.cursors().skip(1).filter(|cursor| cursor.gap(&gap)).count();
                    if lost > 0 {
                        source.notes.push(Note::LateGap(gap));
                    }
                }
            }
            other => assert_ne!(
                other.kind(),
                ControlKind::Close,
                "nobody ends these streams for good"
            ),
        }
    }
}

/// What each of the sources has seen, and whoever in them is behind.
fn cursors(sources: &[Source]) -> impl Iterator<Item = &Cursor> + Clone {
    sources.iter().flat_map(Source::cursors)
}
