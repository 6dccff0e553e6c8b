//! A handle on somebody's open stream or socket, for whoever does not read it.

use std::sync::Arc;

use super::reader::{Ending, Reader};
use super::rings::Rings;
use super::{Resume, SubscribeError};
use crate::wire::{ConnectionId, Position, Topic};

/// An open connection: its topics can be changed, and it can be ended. Clones are handles on the same
/// connection; one that is kept after the connection has ended does no harm.
///
/// What is added belongs to the connection. One that breaks and comes back begins with the topics that
/// its handler gives it.
///
/// ```
/// use leptos_live::server::{Hub, Resume};
/// use leptos_live::{ConnectionId, Topic};
///
/// /// A page that has opened a room's tab sends the id that its stream told it.
/// fn enter(hub: &Hub, page: ConnectionId, room: u32) -> Result<(), Box<dyn std::error::Error>> {
///     let Some(connection) = hub.connection(page) else { return Ok(()) };
///     connection.subscribe(Topic::join(["room", &room.to_string()])?, Resume::Start)?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Connection {
    rings: Arc<Rings>,
    reader: Arc<Reader>,
}

impl Connection {
    pub(super) fn new(rings: Arc<Rings>, reader: Arc<Reader>) -> Self {
        Self { rings, reader }
    }

    /// The id by which its page knows it.
    pub fn id(&self) -> ConnectionId {
        self.reader.connection()
    }

    /// The name that it was given.
    pub fn tag(&self) -> Option<&str> {
        self.reader.tag()
    }

    /// The topics that it is to read, in order of their names.
    pub fn topics(&self) -> Vec<Topic> {
        self.rings.read().topics_of(&self.reader).to_vec()
    }

    /// Adds a topic, and returns the position at which it joins the stream: the hub's head. Everything of
    /// the topic after that place comes in order with everything else. What is older comes as well where
    /// `resume` asks for it: the newest values of a topic that keeps them with [`Resume::Start`], and
    /// all that is kept after a position with [`Resume::At`], or a gap. The page takes it although it has
    /// seen newer events of other topics.
    ///
    /// One that the connection has already stays as it is, whatever is asked for. Of several changes
    /// to a topic that follow each other quickly, the last counts.
    ///
    /// # Errors
    /// [`SubscribeError`] when the connection has ended, the hub is shutting down, or the topics are as many as there may be.
    pub fn subscribe(&self, topic: Topic, resume: Resume) -> Result<Position, SubscribeError> {
        self.rings.add_topic(&self.reader, topic, resume)
    }

    /// Takes a topic away; false when the connection does not have it. From then on nothing of it is taken from the
    /// subscription, also nothing that had been read for it before. An endpoint may still be writing what it has taken,
    /// at most 64 KiB and one event; whatever it is given afterwards, such as an answer by [`WsSession::send`], comes
    /// after that.
    ///
    /// [`WsSession::send`]: crate::server::WsSession::send
    pub fn unsubscribe(&self, topic: &Topic) -> bool {
        self.rings.remove_topic(&self.reader, topic)
    }

    /// Ends the connection; its page may come back at once.
    pub fn disconnect(&self) {
        self.reader.end(Ending::Disconnected);
    }
}
