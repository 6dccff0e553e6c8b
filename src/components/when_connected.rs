//! When a source is connected: the props `connect_on`, `connect_when` and `pause_when_hidden` of both kinds.

use std::rc::Rc;

use web_sys::Element;

use super::connect_on::ConnectOn;
use super::connect_when::ConnectWhen;
use super::live_context::{SourceContext, Started};
use crate::browser::connect_trigger::Disarm;
use crate::browser::demand::Demanded;

/// What an app says about when a source is connected.
#[derive(Clone, Debug)]
pub(super) struct WhenConnected {
    pub(super) connect_on: Option<ConnectOn>,
    pub(super) connect_when: Option<ConnectWhen>,
    pub(super) pause_when_hidden: bool,
}

impl WhenConnected {
    /// Connects and closes the source as the signal says from now on; how it begins, is read when the source starts.
    pub(super) fn follow<S: Started + Demanded>(&self, context: SourceContext<S>) {
        let Some(wanted) = &self.connect_when else { return };
        wanted.follow(move |is_on| {
            if let Some(source) = context.source() {
                source.switch(is_on);
            }
        });
    }

    /// Tells a new source how to begin, and when it is called; what ends that, is returned.
    pub(super) fn begin<S: Demanded>(&self, source: &Rc<S>, element: &Element) -> Option<Disarm> {
        let is_on = self.connect_when.as_ref().is_none_or(ConnectWhen::get_untracked);
        source.begin(is_on, self.connect_on.is_none());
        if self.pause_when_hidden {
            source.pause_when_hidden();
        }
        let called = Rc::downgrade(source);
        self.connect_on.as_ref()?.arm(element, move || {
            if let Some(source) = called.upgrade() {
                source.call();
            }
        })
    }
}
