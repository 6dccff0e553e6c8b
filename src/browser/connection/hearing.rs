//! What a connection makes of what its stream says.

use std::rc::{Rc, Weak};

use wasm_bindgen::JsValue;
use web_sys::{Event, MessageEvent};

use super::cursor::Cursor;
use super::link::{Link, drive};
use super::machine::Input;
use super::probe::Probe;
use super::reauthorization::{UNAUTHORIZED, reauthorize};
use super::sse::SseConnection;
use super::state::CloseReason;
use super::transport::{Break, Hearer};
use crate::browser::diagnostics;
use crate::browser::dom_events::Burst;
use crate::browser::page_connections::Announced;
use crate::browser::sse_source::SseSource;
use crate::wire::{Control, ControlKind, Gap, Position, WIRE_VERSION};

impl Hearer for SseConnection {
    fn opened(&self) {
        self.drive(Input::Opened);
    }

    fn control(&self, kind: ControlKind, event: &MessageEvent) {
        let data = event.data().as_string().unwrap_or_default();
        match Control::parse(kind, &data) {
            Ok(control) => self.obey(control),
            Err(error) => diagnostics::report_plain(&format!("{}: {error}", self.address.url)),
        }
    }

    fn received(&self, name: &Rc<str>, event: &MessageEvent) {
        let _burst = Burst::begin();
        self.drive(Input::Received);
        self.end_greeting();
        let position = self.progress.event(|| event.last_event_id());
        for source in self.sources.all() {
            // Whoever was handed it before may have paused this one, which gets it when it comes back.
            if source.is_away() {
                continue;
            }
            let audience = self.progress.audience(source.cursor(), position);
            let takers = source.takers(|cursor| self.progress.audience(cursor, position).is_some());
            if audience.is_some() || !takers.is_empty() {
                source.receive(name, event, audience, &takers);
            }
        }
    }

    fn reached(&self, last_event_id: &str) {
        // On a stream of ours positions tell more.
        if !self.progress.is_ours() && *self.last_event_id.borrow() != last_event_id {
            self.last_event_id.replace(last_event_id.to_owned());
        }
    }

    fn asked_to_wait(&self, milliseconds: u32) {
        // A stream of ours says it by an event, which an `EventSource` hears, too.
        if !self.progress.is_ours() {
            self.drive(Input::RetryTime(milliseconds));
        }
    }

    fn left_out(&self, error: &Event) {
        for source in self.sources.all() {
            source.failed(error, None);
        }
    }

    fn broke(&self, transport: &JsValue, how: Break) {
        if let Some((event, status)) = how.error() {
            for source in self.sources.all() {
                source.failed(event, status);
            }
        }
        // A listener may have closed or replaced the connection.
        if self.stream_object() != *transport {
            return;
        }
        match how {
            Break::BrowserReconnects(_) if !self.progress.is_ours() => self.drive(Input::BrowserReconnects),
            Break::BrowserReconnects(_) | Break::Failed(_) => self.drive(Input::Lost),
            Break::GivenUp(_) => {
                self.drive(Input::GivenUp);
                self.ask_for_status();
            }
            Break::Answered(status, _) => {
                // Some end it; the others are a loss.
                self.answered(status);
                self.drive(Input::Lost);
            }
            // SS4-02; what is asked for next begins anew.
            Break::Ended if self.address.is_finite() => {
                self.forget();
                self.drive(Input::Close(CloseReason::EndedByServer));
            }
            // SS4-22
            Break::Ended => self.drive(Input::Lost),
        }
    }
}

impl SseConnection {
    fn ask_for_status(&self) {
        let me = Weak::clone(&self.me);
        let wanted = self.progress.resume_from(each(&cursors(&self.sources.all())));
        let url = self.address.resuming_at(wanted, false);
        let probe = Probe::start(&url, self.address.with_credentials, move |status| {
            if let Some(me) = me.upgrade() {
                match status {
                    Some(status) => me.answered(status),
                    None => me.drive(Input::NoStatus),
                }
            }
        });
        self.probe.replace(probe);
    }

    /// The server has answered with this status, and with no stream.
    fn answered(&self, status: u16) {
        let Some(me) = self.me.upgrade() else { return };
        let link: Rc<dyn Link> = me;
        let refusal = CloseReason::Refused(status);
        if status != UNAUTHORIZED || !reauthorize(&link, refusal, status) {
            drive(&link, Input::Status(status));
        }
    }

    fn obey(&self, control: Control) {
        match control {
            Control::Heartbeat(position) => {
                if !self.progress.is_ours() {
                    self.last_event_id.take();
                }
                self.drive(Input::Heartbeat);
                let sources = self.sources.all();
                let was_not_heard = self.progress.was_not_heard(position);
                if was_not_heard && self.names_positions(&sources) {
                    self.report_unheard(position);
                }
                if self.progress.heartbeat(position, each(&cursors(&sources))) {
                    self.restart_soon();
                }
                for source in sources {
                    if was_not_heard && source.cursors().iter().any(|cursor| cursor.is_before(position)) {
                        source.begins_anew();
                    }
                    // SSX-05: a quiet stream notices, too, whose element a script has taken away.
                    if !source.ends_as_orphan() {
                        source.heartbeat(position);
                    }
                }
            }
            Control::Connection(id) => drop(self.announced.replace(Some(Announced::new(id)))),
            Control::Latest => {
                let sources = self.sources.all();
                if self.progress.latest(each(&cursors(&sources)), has_new(&sources)) {
                    self.restart_soon();
                }
            }
            Control::Retry(delay) => self.drive(Input::RetryAfter(delay)),
            Control::Snapshot(_) => {
                self.drive(Input::Received);
                self.progress.snapshot(each(&cursors(&self.sources.all())));
            }
            Control::Added(_) => {
                self.drive(Input::Received);
                self.progress.added();
            }
            Control::Live(position) => {
                self.end_greeting();
                self.progress.live(position);
                let sources = self.sources.all();
                for source in &sources {
                    source.live(position);
                }
                if self.progress.owes_latest(each(&cursors(&sources))) {
                    self.restart_soon();
                }
            }
            Control::Gap(gap) => self.gap(&gap),
            Control::Upstream(is_up) => {
                self.drive(Input::Heartbeat);
                for source in self.sources.all() {
                    source.upstream(is_up);
                }
            }
            Control::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
            Control::Version(version) => {
                self.end_greeting();
                if version != WIRE_VERSION {
                    for source in self.sources.all() {
                        source.outdated(version);
                    }
                }
            }
        }
    }

    /// The handler reads another parameter, or something on the way has taken it off.
    fn report_unheard(&self, at: Position) {
        let url = &self.address.url;
        diagnostics::report_plain(&format!(
            "{url}: expected the stream to go on where it was asked to, found it at {at}: the position was not read"
        ));
    }

    /// What was lost has been told by now: whoever has lost nothing goes on exactly where it was.
    ///
    /// A server of another kind or age may leave out the word that says so, and then the next one does.
    fn end_greeting(&self) {
        if self.progress.is_ours() && self.greets.take() {
            for source in self.sources.all() {
                source.goes_on();
            }
        }
    }

    fn gap(&self, gap: &Gap) {
        // A loss of a topic that was added is a loss wherever the source stands, and moves nobody.
        let is_of_added = self.progress.is_added();
        if !is_of_added {
            self.progress.gap(gap.to);
        }
        for source in self.sources.all() {
            // Whoever was told before may have paused this one, which is told when it comes back.
            if source.is_away() {
                continue;
            }
            if is_of_added || source.loses(gap, self.greets.get()) {
                source.lost(gap);
            }
        }
    }
}

/// What each of the sources has seen, and whoever in them is behind.
pub(super) fn cursors(sources: &[Rc<SseSource>]) -> Vec<Rc<Cursor>> {
    sources.iter().flat_map(|source| source.cursors()).collect()
}

pub(super) fn each(cursors: &[Rc<Cursor>]) -> impl Iterator<Item = &Cursor> + Clone {
    cursors.iter().map(Rc::as_ref)
}

/// The names that somebody at these sources listens to.
pub(super) fn names(sources: &[Rc<SseSource>]) -> Vec<Rc<str>> {
    sources.iter().flat_map(|source| source.names()).collect()
}

/// Whether somebody in them came after the newest values had been given.
pub(super) fn has_new(sources: &[Rc<SseSource>]) -> bool {
    sources.iter().any(|source| source.has_new())
}
