//! One chunk of a body, as HTTP/1.1 writes it: its length, its bytes, and an empty line.

use std::io::{self, IoSlice, Write as _};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::AsyncWrite;

/// Up to this many bytes, one copy costs less than telling the kernel of three places.
const SMALL: usize = 1024;

/// Sixteen digits and the end of the line.
const LENGTH_LINE: usize = 18;

/// A chunk that is being written.
#[derive(Debug)]
pub(super) struct Chunk {
    line: [u8; LENGTH_LINE],
    line_length: u8,
    data: Bytes,
    end: &'static [u8],
    /// How much of it has been taken.
    written: usize,
}

impl Chunk {
    /// A chunk of this data, and the end of the body if it is the last; without data the end alone.
    pub(super) fn new(data: Bytes, is_last: bool) -> Self {
        let (line, line_length) = length_line(data.len());
        Self {
            line,
            line_length,
            end: match (data.is_empty(), is_last) {
                (false, false) => b"\r\n",
                (false, true) => b"\r\n0\r\n\r\n",
                (true, _) => b"0\r\n\r\n",
            },
            data,
            written: 0,
        }
    }

    fn parts(&self) -> [&[u8]; 3] {
        let line = self.line.get(..usize::from(self.line_length));
        [line.unwrap_or_default(), &self.data, self.end]
    }

    /// Writes what is left of it.
    pub(super) fn poll_write<W: AsyncWrite>(
        &mut self,
        mut io: Pin<&mut W>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let mut skip = self.written;
            let rest = self.parts().map(|part| {
                let (before, rest) = part.split_at(skip.min(part.len()));
                skip = skip.saturating_sub(before.len());
                rest
            });
            let left: usize = rest.iter().map(|part| part.len()).sum();
            if left == 0 {
                return Poll::Ready(Ok(()));
            }
            let taken = if left <= SMALL {
                let mut space = [0; SMALL];
                let mut free = space.as_mut_slice();
                for part in rest {
                    let _ = free.write(part);
                }
                let whole = space.get(..left).unwrap_or_default();
                ready!(io.as_mut().poll_write(cx, whole))?
            } else {
                ready!(io.as_mut().poll_write_vectored(cx, &rest.map(IoSlice::new)))?
            };
            if taken == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written = self.written.saturating_add(taken);
        }
    }
}

/// The length in hexadecimal digits and the end of its line; nothing for a chunk without data, which would end the body. The
/// standard library's formatting would be a tenth of what a chunk costs.
fn length_line(length: usize) -> ([u8; LENGTH_LINE], u8) {
    let mut line = [0; LENGTH_LINE];
    let digits = (usize::BITS - length.leading_zeros()).div_ceil(4);
    let digit = |place: u32| match (length >> (4 * place) & 0xf) as u8 {
        digit @ 0..10 => b'0' + digit,
        digit => b'a' - 10 + digit,
    };
    let text = (0..digits).rev().map(digit).chain(*b"\r\n");
    let mut line_length = 0;
    if length > 0 {
        for (place, byte) in line.iter_mut().zip(text) {
            *place = byte;
            line_length += 1;
        }
    }
    (line, line_length)
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes a few bytes at a time.
    struct Narrow {
        taken: Vec<u8>,
        width: usize,
    }

    impl AsyncWrite for Narrow {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let count = bytes.len().min(self.width);
            self.taken.extend_from_slice(&bytes[..count]);
            Poll::Ready(Ok(count))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[track_caller]
    fn check(data: &[u8], is_last: bool, expected: &[u8]) {
        for width in [1, 2, 3, 7, 1 << 20] {
            let mut chunk = Chunk::new(Bytes::copy_from_slice(data), is_last);
            let mut narrow = Narrow {
                taken: Vec::new(),
                width,
            };
            let mut cx = Context::from_waker(Waker::noop());
            assert!(chunk.poll_write(Pin::new(&mut narrow), &mut cx).is_ready());
            assert_eq!(narrow.taken, expected, "{width} bytes at a time");
        }
    }

    #[test]
    fn a_length_is_written_in_hexadecimal_digits() {
        let lengths = (1..300).chain([0xfff, 0x1000, 0x1234_5678_9abc_def0, usize::MAX]);
        for length in lengths {
            let (line, line_length) = length_line(length);
            let text = &line[..usize::from(line_length)];
            assert_eq!(text, format!("{length:x}\r\n").as_bytes());
        }
        assert_eq!(length_line(0).1, 0);
    }

    #[test]
    fn a_chunk_is_whole_however_it_is_taken() {
        check(b"data: x\n\n", false, b"9\r\ndata: x\n\n\r\n");
        check(b"data: x\n\n", true, b"9\r\ndata: x\n\n\r\n0\r\n\r\n");
        check(b"", true, b"0\r\n\r\n");
        let long = vec![b'x'; 5_000];
        let expected = [b"1388\r\n", long.as_slice(), b"\r\n"].concat();
        check(&long, false, &expected);
    }
}
