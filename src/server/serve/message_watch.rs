//! Whether the client of a socket is in the middle of a message, told from the bytes that it sends.
//!
//! Whoever reads a socket is given whole messages, and does not hear of one that was begun and is never finished. So its
//! frames are followed on their way in: their heads alone, which say where each ends and whether more of its message
//! comes. Nothing is kept, and nothing is checked: that is the reader's task.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Requests come, and the last bytes were the end of a head.
const HTTP: u8 = 0;
/// Requests come, and something has come after the head of the last one.
const HTTP_AND_MORE: u8 = 1;
/// What comes next are frames.
const FRAMES: u8 = 2;
const BETWEEN_MESSAGES: u8 = 3;
const INSIDE_A_MESSAGE: u8 = 4;
/// Frames have come before they were allowed to, so it is not known where they begin.
const LOST: u8 = 5;

/// What an endpoint is told of the connection that its socket came over; it finds it among the extensions of the request.
#[derive(Clone, Debug, Default)]
pub(crate) struct MessageWatch(Arc<AtomicU8>);

impl MessageWatch {
    /// Says that a request was read that asks for another protocol: the client has to wait for the answer, and what it
    /// sends then are frames.
    pub(super) fn begin(&self) {
        let state = match self.0.load(Ordering::Relaxed) {
            HTTP_AND_MORE => LOST,
            _ => FRAMES,
        };
        self.0.store(state, Ordering::Relaxed);
    }

    /// Says that the answer was no.
    pub(super) fn end(&self) {
        self.0.store(HTTP, Ordering::Relaxed);
    }

    /// Whether a message was begun and is not finished yet.
    pub(crate) fn is_unfinished(&self) -> bool {
        matches!(self.0.load(Ordering::Relaxed), INSIDE_A_MESSAGE | LOST)
    }
}

/// Follows what is read from a connection. It is read by one task at a time, so the order of the steps is clear.
#[derive(Debug, Default)]
pub(super) struct Following {
    watch: MessageWatch,
    frames: Frames,
    /// The last byte has ended a line, or came right after such a one.
    is_at_line: bool,
}

impl Following {
    pub(super) fn watch(&self) -> &MessageWatch {
        &self.watch
    }

    /// Takes note of bytes that were read.
    pub(super) fn read(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let next = match self.watch.0.load(Ordering::Relaxed) {
            HTTP | HTTP_AND_MORE => self.look_for_more(bytes),
            LOST => return,
            before => {
                if before == FRAMES {
                    self.frames = Frames::default();
                }
                self.frames.read(bytes);
                if self.frames.is_between_messages() {
                    BETWEEN_MESSAGES
                } else {
                    INSIDE_A_MESSAGE
                }
            }
        };
        self.watch.0.store(next, Ordering::Relaxed);
    }

    /// A head ends with an empty line; these bytes have more behind one, or are no end of a head at all.
    fn look_for_more(&mut self, bytes: &[u8]) -> u8 {
        // Most often it is a body that ends here, and need not be looked through.
        if !matches!(bytes.last(), Some(b'\n' | b'\r')) {
            self.is_at_line = false;
            return HTTP_AND_MORE;
        }
        let mut heads = 0_usize;
        let mut is_end = false;
        for byte in bytes {
            is_end = *byte == b'\n' && self.is_at_line;
            heads = heads.saturating_add(usize::from(is_end));
            self.is_at_line = match byte {
                b'\n' => true,
                b'\r' => self.is_at_line,
                _ => false,
            };
        }
        if is_end && heads == 1 { HTTP } else { HTTP_AND_MORE }
    }
}

/// Where in a frame the next byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Start,
    Length,
    /// So many bytes of a long length are yet to come.
    LongLength(u8),
    Mask(u8),
    Payload,
}

#[derive(Debug, Default)]
struct Frames {
    place: Place,
    is_masked: bool,
    /// Of the payload, as far as it is known or yet to come.
    length: u64,
    /// The last frame of a message that has begun is yet to come.
    is_open: bool,
}

impl Frames {
    fn is_between_messages(&self) -> bool {
        self.place == Place::Start && !self.is_open
    }

    fn read(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.place == Place::Payload {
                let here = self.length.min(bytes.len() as u64);
                self.length = self.length.saturating_sub(here);
                bytes = bytes
                    .get(usize::try_from(here).unwrap_or(usize::MAX)..)
                    .unwrap_or_default();
                self.go_on_unless_empty(Place::Payload);
            } else {
                self.read_head(byte);
                bytes = rest;
            }
        }
    }

    fn read_head(&mut self, byte: u8) {
        match self.place {
            Place::Start => {
                // Frames of the protocol itself may come between those of a message.
                if byte & 0x08 == 0 {
                    self.is_open = byte & 0x80 == 0;
                }
                self.place = Place::Length;
            }
            Place::Length => {
                self.is_masked = byte & 0x80 != 0;
                self.length = 0;
                match byte & 0x7f {
                    126 => self.place = Place::LongLength(2),
                    127 => self.place = Place::LongLength(8),
                    short => {
                        self.length = u64::from(short);
                        self.end_of_length();
                    }
                }
            }
            Place::LongLength(left) => {
                self.length = self.length << 8 | u64::from(byte);
                match left {
                    0 | 1 => self.end_of_length(),
                    _ => self.place = Place::LongLength(left.saturating_sub(1)),
                }
            }
            Place::Mask(left) => match left {
                0 | 1 => self.go_on_unless_empty(Place::Payload),
                _ => self.place = Place::Mask(left.saturating_sub(1)),
            },
            Place::Payload => {}
        }
    }

    fn end_of_length(&mut self) {
        if self.is_masked {
            self.place = Place::Mask(4);
        } else {
            self.go_on_unless_empty(Place::Payload);
        }
    }

    fn go_on_unless_empty(&mut self, place: Place) {
        self.place = if self.length == 0 { Place::Start } else { place };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A frame as clients send it.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match payload.len() {
            short @ 0..126 => bytes.push(0x80 | short as u8),
            long @ 126..0x1_0000 => {
                bytes.push(0x80 | 126);
                bytes.extend((long as u16).to_be_bytes());
            }
            huge => {
                bytes.push(0x80 | 127);
                bytes.extend((huge as u64).to_be_bytes());
            }
        }
        bytes.extend([1, 2, 3, 4]);
        bytes.extend(payload);
        bytes
    }

    const TEXT: u8 = 0x81;
    const FIRST: u8 = 0x01;
    const NEXT: u8 = 0x00;
    const LAST: u8 = 0x80;
    const PONG: u8 = 0x8a;

    fn socket() -> Following {
        let mut following = Following::default();
        following.read(b"GET / HTTP/1.1\r\nupgrade: websocket\r\n\r\n");
        following.watch.begin();
        following
    }

    #[test]
    fn s20_it_is_known_where_a_message_ends() {
        let mut socket = socket();
        for (bytes, is_unfinished) in [
            (frame(TEXT, b"whole"), false),
            (frame(FIRST, b"a"), true),
            (frame(PONG, b""), true),
            (frame(NEXT, b""), true),
            (frame(PONG, b"x"), true),
            (frame(LAST, &[b'x'; 300]), false),
            (frame(TEXT, &[b'x'; 70_000]), false),
            (frame(PONG, b"x"), false),
            (vec![TEXT], true),
            (frame(TEXT, b"rest")[1..].to_vec(), false),
        ] {
            socket.read(&bytes);
            assert_eq!(socket.watch.is_unfinished(), is_unfinished, "{:?}", bytes.first());
        }
    }

    #[test]
    fn s20_frames_that_come_too_early_are_taken_for_an_unfinished_message() {
        let head = "GET / HTTP/1.1\r\nupgrade: websocket\r\n\r\n";
        for (reads, is_lost) in [
            (vec![head.to_owned()], false),
            (vec![head[..20].to_owned(), head[20..].to_owned()], false),
            (vec![head.replace('\r', "")], false),
            (
                vec![format!("POST / HTTP/1.1\r\n\r\nbody\r\n\r\n"), head.to_owned()],
                false,
            ),
            (vec![format!("{head}\u{1}\u{5}")], true),
            // With what looks like the end of a head behind it.
            (vec![format!("{head}\u{1}\u{5}\r\n\r\n")], true),
            (
                vec![
                    head[..head.len() - 1].to_owned(),
                    "\n\u{1}\u{5}\r\n\r\n".to_owned(),
                ],
                true,
            ),
        ] {
            let mut following = Following::default();
            for read in &reads {
                following.read(read.as_bytes());
            }
            following.watch.begin();
            assert_eq!(following.watch.is_unfinished(), is_lost, "{reads:?}");
            following.read(&frame(PONG, b""));
            assert_eq!(following.watch.is_unfinished(), is_lost, "{reads:?}");
            following.watch.end();
            assert!(!following.watch.is_unfinished());
        }
    }

    proptest! {
        #[test]
        fn wherever_it_is_cut(
            frames in proptest::collection::vec((0_usize..4, 0_usize..200), 1..12),
            cuts in proptest::collection::vec(1_usize..40, 1..80),
        ) {
            let (mut bytes, mut is_open) = (Vec::new(), false);
            for (kind, length) in frames {
                let (first, opens) = match (kind, is_open) {
                    (0, _) => (PONG, is_open),
                    (1, false) => (TEXT, false),
                    (_, false) => (FIRST, true),
                    (1, true) => (LAST, false),
                    (_, true) => (NEXT, true),
                };
                is_open = opens;
                bytes.extend(frame(first, &vec![0xff; length]));
            }
            let mut socket = socket();
            let mut rest = &*bytes;
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                socket.read(piece);
                rest = after;
            }
            socket.read(rest);
            prop_assert_eq!(socket.watch.is_unfinished(), is_open);
        }

        #[test]
        fn any_bytes_are_followed(reads in proptest::collection::vec(any::<Vec<u8>>(), 0..8)) {
            let mut socket = socket();
            for read in reads {
                socket.read(&read);
            }
        }
    }
}
