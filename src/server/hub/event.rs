//! One event as the hub keeps it: written once, however many readers get it.
//!
//! A short event is written in the event-stream format when it gets its place: then the publisher's copy of the payload can go at
//! once, streams and sockets share what is left, and none of them has to wait for another one that writes it. A long one, or one of
//! several lines, stays as it was published, and is written by the first stream that needs it.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use tokio::time::Instant;

use super::page::Page;
use super::reader::Reader;
use super::{Payload, SocketFrames};
use crate::server::broker::Publication;
use crate::wire::sse_text::{event_bytes, is_line};
use crate::wire::{
    ConnectionId, Epoch, EventName, LiveEvent, Position, Topic, encode_data_event, encode_enveloped_event,
};

/// A payload that is no longer is copied: that costs less than the memory that is shared instead.
const SHORT: usize = 1 << 10;

/// An event in a ring, shared by everybody who reads it.
#[derive(Clone, Debug)]
pub(crate) struct StoredEvent {
    pub(crate) position: Position,
    pub(super) topic: Topic,
    pub(crate) name: EventName,
    body: Body,
    /// Counts the events of this topic, so that a reader can tell how many it has skipped.
    pub(super) sequence: u64,
    pub(super) at: Instant,
    /// Connections that do not get it.
    except: Vec<ConnectionId>,
    /// Filled by the first socket that carries it in a form of its own.
    frame: OnceLock<Box<(SocketFrames, Bytes)>>,
}

/// What an event says.
#[derive(Clone, Debug)]
enum Body {
    /// The event in the event-stream format. The payload has so many bytes, and stands as it is before the two line ends; the text
    /// is on a page of so many.
    Line {
        text: Bytes,
        payload: u32,
        page: u32,
    },
    Apart(Box<Apart>),
}

#[derive(Clone, Debug)]
struct Apart {
    payload: Payload,
    /// Filled by the first event stream that needs it; a topic read only by sockets never does.
    text: OnceLock<Bytes>,
}

/// An event that has yet to get its place. It is made, and memory found for it, before anybody has to wait for that; only where a
/// short one begins a new page is that asked for when it gets its place.
#[derive(Debug)]
pub(super) struct Unplaced {
    event: Arc<StoredEvent>,
    /// The payload of an event that will be written when it gets its place.
    line: Option<Payload>,
}

impl Unplaced {
    pub(super) fn new(publication: Publication, at: Instant) -> Self {
        let payload = publication.payload;
        let (body, line) = if payload.len() <= SHORT && is_line(payload.as_bytes()) {
            let body = Body::Line {
                text: Bytes::new(),
                payload: payload.len() as u32,
                page: 0,
            };
            (body, Some(payload))
        } else {
            let text = OnceLock::new();
            (Body::Apart(Box::new(Apart { payload, text })), None)
        };
        let event = Arc::new(StoredEvent {
            position: Position {
                epoch: Epoch(0),
                offset: 0,
            },
            topic: publication.topic,
            name: publication.event,
            body,
            sequence: 0,
            at,
            except: publication.except,
            frame: OnceLock::new(),
        });
        Self { event, line }
    }

    pub(super) fn topic(&self) -> &Topic {
        &self.event.topic
    }

    /// When it was published.
    pub(super) fn at(&self) -> Instant {
        self.event.at
    }

    /// The event at its place in the history, and with its number in its topic, whose page it is written on; and what is not needed
    /// any more.
    pub(super) fn place(
        mut self,
        position: Position,
        sequence: u64,
        page: &mut Page,
        kept: usize,
    ) -> (Arc<StoredEvent>, Option<Payload>) {
        // Nobody else has it yet, so nothing is copied.
        let event = Arc::make_mut(&mut self.event);
        (event.position, event.sequence) = (position, sequence);
        if let (Some(line), Body::Line { text, page: size, .. }) = (&self.line, &mut event.body) {
            *text = page.write(&event.name, position, line.as_bytes(), kept);
            *size = u32::try_from(page.size()).unwrap_or(u32::MAX);
        }
        (self.event, self.line)
    }
}

impl StoredEvent {
    /// Takes the event off the page that it shares with others, which it would hold for as long as it is kept. A reader that has
    /// it already keeps it as it was.
    pub(super) fn leave_page(event: &mut Arc<Self>) {
        if matches!(event.body, Body::Line { .. })
            && let Body::Line { text, page, .. } = &mut Arc::make_mut(event).body
        {
            *text = Bytes::copy_from_slice(text);
            *page = 0;
        }
    }

    /// Whether the event is not for this reader, whose connection has most likely caused it. Nearly always nobody is left
    /// out, and the reader's name is not looked at.
    pub(super) fn leaves_out(&self, reader: &Reader) -> bool {
        !self.except.is_empty() && self.except.contains(&reader.connection())
    }

    /// What the event counts for in the bounds of a ring.
    pub(super) fn size(&self) -> usize {
        let payload = match &self.body {
            Body::Line { payload, .. } => *payload as usize,
            Body::Apart(apart) => apart.payload.len(),
        };
        self.name.as_str().len().saturating_add(payload)
    }

    /// The bytes of the page that it shares with others, which stays as long as one of them is kept; none where it stands by itself.
    pub(super) fn page(&self) -> usize {
        match &self.body {
            Body::Line { page, .. } => *page as usize,
            Body::Apart(_) => 0,
        }
    }

    fn payload(&self) -> Bytes {
        match &self.body {
            Body::Line { text, payload, .. } => {
                let end = text.len().saturating_sub("\n\n".len());
                text.slice(end.saturating_sub(*payload as usize)..end)
            }
            Body::Apart(apart) => apart.payload.as_bytes().clone(),
        }
    }

    /// The event in the event-stream format.
    pub(crate) fn text(&self) -> Bytes {
        let apart = match &self.body {
            Body::Line { text, .. } => return text.clone(),
            Body::Apart(apart) => apart,
        };
        let written = || event_bytes(&self.name, Some(self.position), apart.payload.as_bytes());
        apart.text.get_or_init(|| written().into()).clone()
    }

    /// The same without its id, for events that must not move the reader's cursor back.
    pub(crate) fn text_without_id(&self) -> Bytes {
        event_bytes(&self.name, None, &self.payload()).into()
    }

    /// The event as a socket carries it.
    pub(crate) fn frame(&self, form: SocketFrames) -> Bytes {
        if form == SocketFrames::Payload {
            return self.payload();
        }
        let encoded = || self.encoded(form, Some(self.position));
        let (kept, bytes) = &**self.frame.get_or_init(|| Box::new((form, encoded())));
        // Two endpoints with different forms of one topic are rare enough to write it anew.
        if *kept == form { bytes.clone() } else { encoded() }
    }

    /// The same for a client that stands after it already, and must take it all the same.
    pub(crate) fn frame_without_position(&self, form: SocketFrames) -> Bytes {
        self.encoded(form, None)
    }

    fn encoded(&self, form: SocketFrames, position: Option<Position>) -> Bytes {
        let payload = self.payload();
        let data = as_text(&payload);
        match form {
            SocketFrames::Payload => payload,
            SocketFrames::Envelope => encode_enveloped_event(&self.name, position, data).into(),
            // What is done with the position of a value is up to the app, whose type has it.
            SocketFrames::Data => encode_data_event(&self.name, self.position, data).into(),
        }
    }

    pub(super) fn to_live_event(&self) -> LiveEvent {
        LiveEvent {
            position: Some(self.position),
            name: self.name.clone(),
            data: as_text(&self.payload()).to_owned(),
        }
    }
}

fn as_text(payload: &[u8]) -> &str {
    // It was text when it was published.
    std::str::from_utf8(payload).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::encode_event;

    #[tokio::test]
    async fn s09_an_event_is_the_same_however_it_is_kept() {
        let position = Position {
            epoch: Epoch(7),
            offset: 12,
        };
        let texts = [
            "".to_owned(),
            "<p>ü</p>".to_owned(),
            "two\nlines".to_owned(),
            "a\r".to_owned(),
        ];
        let long = [SHORT - 1, SHORT, SHORT + 1, 50_000].map(|length| "x".repeat(length));
        for (text, name) in texts
            .iter()
            .chain(&long)
            .zip(["message", "news"].into_iter().cycle())
        {
            let name = EventName::new(name).unwrap();
            let topic = Topic::new("t").unwrap();
            let publication = Publication::new(topic, name.clone(), text.as_str());
            let unplaced = Unplaced::new(publication, Instant::now());
            let (event, _) = unplaced.place(position, 0, &mut Page::default(), 0);
            let what = format!("{} bytes of {name}", text.len());
            assert_eq!(event.size(), text.len() + name.as_str().len(), "{what}");
            assert_eq!(event.text(), encode_event(&name, Some(position), text), "{what}");
            assert_eq!(event.text_without_id(), encode_event(&name, None, text), "{what}");
            assert_eq!(event.frame(SocketFrames::Payload), *text, "{what}");
            assert_eq!(event.to_live_event().data, *text, "{what}");
            let enveloped = encode_enveloped_event(&name, Some(position), text);
            assert_eq!(event.frame(SocketFrames::Envelope), enveloped, "{what}");
        }
    }
}
