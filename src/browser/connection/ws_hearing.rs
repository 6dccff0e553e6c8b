//! What a connection makes of what its socket says.

use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CloseEvent, Event, MessageEvent};

use super::link::Link;
use super::machine::Input;
use super::reauthorization::{UNAUTHORIZED_CODE, reauthorize};
use super::state::CloseReason;
use super::ws::WsConnection;
use super::ws_transport::Ears;
use crate::browser::dom_events::Burst;
use crate::browser::swap::WhenSettled;
use crate::browser::ws_acks;
use crate::browser::ws_codec::TextFrame;
use crate::browser::ws_frame::{Frame, read};
use crate::browser::ws_source::WsSource;
use crate::wire::WIRE_VERSION;

impl Ears for WsConnection {
    fn opened(&self, event: &Event) {
        let attempt = self.attempt();
        self.drive(Input::Opened);
        for source in self.willing() {
            source.opened(event, attempt);
        }
        // WSQ-02: after everybody was told.
        self.sending.flush(self);
    }

    fn received(&self, event: &MessageEvent) {
        let _burst = Burst::begin();
        self.drive(Input::Received);
        let data = event.data();
        match read(&data) {
            Frame::Heartbeat => {
                self.drive(Input::Heartbeat);
                self.let_orphans_go();
            }
            Frame::RetryAfter(delay) => self.drive(Input::RetryAfter(delay)),
            Frame::Gap(gap) => {
                for source in self.willing() {
                    source.lost(&gap);
                }
            }
            Frame::Upstream(is_up) => {
                for source in self.willing() {
                    source.upstream(is_up);
                }
            }
            Frame::Version(version) => self.speaks(version),
            Frame::Acknowledged(id) => drop(ws_acks::acknowledge(&id)),
            Frame::Other => {}
            Frame::Close => self.drive(Input::Close(CloseReason::EndedByServer)),
            Frame::Message => self.hand_out(&data),
        }
    }

    fn closed(&self, event: &CloseEvent) {
        // Who had the socket that has ended; what comes of that may be refused.
        let willing = self.willing();
        self.ended_with(event.code());
        // WSR-15: told after the timer was set.
        for source in willing {
            source.closed(event);
        }
    }

    fn failed(&self, event: &Event) {
        self.let_orphans_go();
        for source in self.willing() {
            source.failed(event);
        }
    }
}

impl WsConnection {
    /// Those for whom the socket is there: to anybody else it is closed, whatever others do with it.
    fn willing(&self) -> Vec<Rc<WsSource>> {
        let sources = self.sources.all().into_iter();
        sources.filter(|source| source.wants()).collect()
    }

    fn ended_with(&self, code: u16) {
        let Some(me) = self.me.upgrade() else { return };
        let link: Rc<dyn Link> = me;
        if code != UNAUTHORIZED_CODE || !reauthorize(&link, CloseReason::Code(code), code) {
            self.drive(Input::ClosedWith(code));
        }
    }

    fn speaks(&self, version: u32) {
        if version != WIRE_VERSION {
            for source in self.sources.all() {
                source.outdated(version);
            }
        }
    }

    /// Every source hears of the frame and reads it in its own way (WSM-29).
    fn hand_out(&self, data: &JsValue) {
        let owners = self.elements();
        let sources = self.sources.all().into_iter();
        let willing: Vec<_> = sources.filter(|source| source.before_message(data)).collect();
        let (told, message) = (willing.clone(), data.clone());
        let settled = WhenSettled::new(move || {
            for source in told {
                source.after_message(&message);
            }
        });
        match data.dyn_ref::<JsString>() {
            Some(text) => {
                let frame = TextFrame::new(text, &owners, &settled);
                for source in willing {
                    source.read(&frame);
                }
            }
            None => {
                for source in willing {
                    source.take_binary(data);
                }
            }
        }
    }

    /// Ends sources whose element a script has taken away. Without this a quiet socket would stay open for nobody.
    pub(super) fn let_orphans_go(&self) {
        for source in self.sources.all() {
            source.ends_as_orphan();
        }
    }
}
