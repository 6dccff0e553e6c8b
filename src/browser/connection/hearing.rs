//! What a connection makes of what its stream says.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::MessageEvent;

use super::machine::Input;
use super::sse::{SseConnection, cursors, has_new};
use super::state::CloseReason;
use super::transport::{Break, Hearer};
use crate::browser::diagnostics;
use crate::wire::{Control, ControlKind, Gap};

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
        self.drive(Input::Received);
        let position = self.progress.event(|| event.last_event_id());
        for source in self.sources.all() {
            // Whoever was handed it before may have paused this one, which gets it when it comes back.
            if source.is_away() {
                continue;
            }
            if let Some(audience) = self.progress.audience(source.cursor(), position) {
                source.receive(name, event, audience);
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
                self.drive(Input::Lost);
                self.ask_for_status();
            }
            Break::Answered(status, _) => {
                // Some end it; the others are a loss.
                self.drive(Input::Status(status));
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
    fn obey(&self, control: Control) {
        match control {
            Control::Heartbeat(position) => {
                if !self.progress.is_ours() {
                    self.last_event_id.take();
                }
                self.drive(Input::Heartbeat);
                let sources = self.sources.all();
                if self.progress.heartbeat(position, cursors(&sources)) {
                    self.restart_soon();
                }
                for source in sources {
                    // SSX-05: a quiet stream notices, too, whose element a script has taken away.
                    if !source.ends_as_orphan() {
                        source.cursor().heartbeat(position);
                    }
                }
            }
            Control::Latest => {
                let sources = self.sources.all();
                if self.progress.latest(cursors(&sources), has_new(&sources)) {
                    self.restart_soon();
                }
            }
            Control::Retry(delay) => self.drive(Input::RetryAfter(delay)),
            Control::Snapshot(_) => {
                self.drive(Input::Received);
                self.progress.snapshot(cursors(&self.sources.all()));
            }
            Control::Live(position) => {
                self.progress.live(position);
                let sources = self.sources.all();
                for source in &sources {
                    source.live(position);
                }
                if self.progress.owes_latest(cursors(&sources)) {
                    self.restart_soon();
                }
            }
            Control::Gap(gap) => self.gap(&gap),
            Control::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
        }
    }

    fn gap(&self, gap: &Gap) {
        self.progress.gap(gap.to);
        for source in self.sources.all() {
            if source.cursor().gap(gap) {
                source.lost(gap);
            }
        }
    }
}
