//! The memory in which the short texts of one topic stand, one after the other.
//!
//! An event that is published is text that is read soon. A piece of memory of its own for each costs more than writing it: it
//! is asked for by a publisher, counted by a reader and given back by another publisher, on whichever processors they are. So
//! texts that go in the order in which they came share a page, which goes with the last of them.
//!
//! A page is made no bigger than a quarter of what its topic keeps at that moment, and never bigger than [`MOST_BYTES`], unless one
//! text alone is. Where less is kept later, the rest of a page that has become too big is not written on any more. So where texts go
//! in their order, what has gone holds memory on one page at most, that of the oldest text that is kept.

use bytes::{Bytes, BytesMut};

use crate::wire::sse_text::{room_for_line, write_event};
use crate::wire::{EventName, Position};

/// Whoever keeps one text keeps its page, so a reader that lags behind may hold so much for each topic of which it has an event yet
/// to take. Twice as much made publishing no faster, half of it a tenth slower, as pages are asked for under the lock.
const MOST_BYTES: usize = 4 << 10;

/// The rest of the page that is being written.
#[derive(Debug, Default)]
pub(super) struct Page {
    rest: BytesMut,
    /// Of all of it.
    size: usize,
}

impl Page {
    /// Writes an event whose data is one line, in the event-stream format. `kept` are the bytes that the topic keeps in the order
    /// in which they came.
    pub(super) fn write(&mut self, name: &EventName, position: Position, data: &[u8], kept: usize) -> Bytes {
        let room = room_for_line(name, data);
        let size = room.max((kept / 4).min(MOST_BYTES));
        let rest = self.rest.capacity();
        if rest < room || rest > size.saturating_mul(2) {
            self.rest = BytesMut::with_capacity(size);
            self.size = size;
        }
        let put = &mut |part: &[u8]| self.rest.extend_from_slice(part);
        write_event(put, name, Some(position), data);
        self.rest.split().freeze()
    }

    /// The bytes of the page on which the last text stands.
    pub(super) fn size(&self) -> usize {
        self.size
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
            assert!(page.rest.capacity() + text.len() <= most, "{kept}");
            assert_eq!(page.rest.capacity() + text.len(), page.size(), "{kept}");
        }
    }

    /// After a burst, an event every few minutes held a big page each.
    #[test]
    fn s18_a_page_that_has_become_too_big_is_not_written_on() {
        let (name, text) = (EventName::default(), [b'x'; 80]);
        let mut page = Page::default();
        let burst = page.write(&name, AT, &text, 1 << 20);
        assert!(page.rest.capacity() > MOST_BYTES / 2);
        let later = page.write(&name, AT, &text, 2 * burst.len());
        assert!(page.rest.capacity() + later.len() <= 150);
        // It would have been a part of the same page as long as as much is kept.
        drop((burst, later));
        let same = [1 << 20; 3].map(|kept| page.write(&name, AT, &text, kept));
        assert!(same.iter().all(|text| !text.is_unique()));
    }
}
