//! The site's pages, one file each, in the order of the navigation.
//!
//! Those that mirror a page of htmx's own ws-sse test server name it. Every file holds what its page
//! says about itself, the page, and the views of the fragments that its stream carries, if it has any
//! of its own.

mod answer;
mod chat;
mod dashboard;
mod demo_frame;
mod echo;
mod heartbeat;
mod home;
mod morph;
mod multichannel;
mod multiple;
mod out_of_band;
mod reconnect;
mod request_log;
mod settling;
mod simple;
mod table;
mod target;
mod triggers;

pub use answer::{Answer, beginning as answer_beginning, word as answer_word};
pub use chat::{Chat, line as chat_line};
pub use dashboard::{Dashboard, Sample, cpu, history, load, memory};
pub use demo_frame::DemoFrame;
pub use echo::{Echo, answer};
pub use heartbeat::{Heartbeat, beat};
pub use home::Home;
pub use morph::{Morph, Song, air, chart};
pub use multichannel::Multichannel;
pub use multiple::Multiple;
pub use out_of_band::{Order, OutOfBand, order};
pub use reconnect::{Reconnect, count, receipt};
pub use request_log::{RequestLog, Served, line as log_line};
pub use settling::Settling;
pub use simple::Simple;
pub use table::{GOODS, Price, Table, price, trade};
pub use target::Target;
pub use triggers::Triggers;

/// What a page says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demo {
    /// Its path.
    pub path: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What one sees there, in a line.
    pub text: &'static str,
    /// The page of htmx's test server that it mirrors, if there is one.
    pub mirrors: Option<&'static str>,
    /// Where it stands in the navigation.
    pub group: Group,
}

/// The parts of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Pages on server-sent events.
    Streams,
    /// Pages on sockets.
    Sockets,
    /// Pages that are applications.
    Together,
}

impl Group {
    /// Every part, in order.
    pub const ALL: [Self; 3] = [Self::Streams, Self::Sockets, Self::Together];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Streams => "Streams",
            Self::Sockets => "Sockets",
            Self::Together => "Together",
        }
    }
}

/// Every page but the first, in order.
pub const DEMOS: [&Demo; 16] = [
    &simple::DEMO,
    &multiple::DEMO,
    &multichannel::DEMO,
    &triggers::DEMO,
    &target::DEMO,
    &settling::DEMO,
    &out_of_band::DEMO,
    &table::DEMO,
    &morph::DEMO,
    &answer::DEMO,
    &echo::DEMO,
    &heartbeat::DEMO,
    &reconnect::DEMO,
    &chat::DEMO,
    &dashboard::DEMO,
    &request_log::DEMO,
];
