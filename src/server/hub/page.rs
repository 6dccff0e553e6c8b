//! The memory in which the short texts of one topic stand, one after the other.
//!
//! An event that is published is text that is read soon. A piece of memory of its own for each costs more than writing it: it
//! is asked for by a publisher, counted by a reader and given back by another publisher, on whichever processors they are. So
//! texts that go in the order in which they came share a page, which goes with the last of them. A page is at most a quarter of
//! what its topic keeps, so that no more than that is held for what has gone.

use bytes::{Bytes, BytesMut};

use crate::wire::sse_text::{room_for_line, write_event};
use crate::wire::{EventName, Position};

const MOST_BYTES: usize = 8 << 10;

/// The rest of the page that is being written.
#[derive(Debug, Default)]
pub(super) struct Page(BytesMut);

impl Page {
    /// Writes an event whose data is one line, in the event-stream format. `kept` are the bytes that the topic keeps in the order
    /// in which they came.
    pub(super) fn write(&mut self, name: &EventName, position: Position, data: &[u8], kept: usize) -> Bytes {
        let room = room_for_line(name, data);
        if self.0.capacity() < room {
            self.0 = BytesMut::with_capacity(room.max((kept / 4).min(MOST_BYTES)));
        }
        let put = &mut |part: &[u8]| self.0.extend_from_slice(part);
        write_event(put, name, Some(position), data);
        self.0.split().freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Epoch, encode_event};

    const AT: Position = Position {
        epoch: Epoch(u64::MAX),
        offset: u64::MAX,
    };

    #[test]
    fn texts_are_what_they_are_elsewhere_wherever_a_page_ends() {
        let name = EventName::new("news").unwrap();
        let mut page = Page::default();
        let texts: Vec<_> = (0..200).map(|n| "x".repeat(n * 7 % 300)).collect();
        let written: Vec<_> = texts
            .iter()
            .map(|text| page.write(&name, AT, text.as_bytes(), 4_000))
            .collect();
        for (text, written) in texts.iter().zip(written) {
            assert_eq!(written, encode_event(&name, Some(AT), text));
        }
    }

    #[test]
    fn s18_a_page_is_no_bigger_than_a_quarter_of_what_is_kept() {
        let name = EventName::default();
        for (kept, most) in [(0, 150), (400, 150), (4_000, 1_000), (1 << 30, MOST_BYTES)] {
            let mut page = Page::default();
            let text = page.write(&name, AT, &[b'x'; 80], kept);
            assert!(page.0.capacity() + text.len() <= most, "{kept}");
        }
    }
}
