//! The head of an answer and its body, out of bytes as they come.

/// Something that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The status of the answer.
    Head(u16),
    Body(Vec<u8>),
    /// The body is complete. An answer that breaks off has no such end.
    End,
}

/// Reads an answer that comes in chunks, which are passed on as far as they have come.
#[derive(Debug, Default)]
pub(super) struct Answer {
    bytes: Vec<u8>,
    has_head: bool,
    /// Of the present chunk.
    left: usize,
}

impl Answer {
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Part> {
        self.bytes.extend_from_slice(bytes);
        std::iter::from_fn(|| self.next()).collect()
    }

    fn next(&mut self) -> Option<Part> {
        if !self.has_head {
            let head = self.take_until(b"\r\n\r\n")?;
            self.has_head = true;
            let status = head.split(' ').nth(1)?.parse().ok()?;
            return Some(Part::Head(status));
        }
        if self.left == 0 {
            // Behind a chunk stands a line end of its own.
            if self.bytes.starts_with(b"\r\n") {
                self.bytes.drain(..2);
            }
            let size = self.take_until(b"\r\n")?;
            self.left = usize::from_str_radix(&size, 16).ok()?;
            if self.left == 0 {
                return Some(Part::End);
            }
        }
        let here = self.left.min(self.bytes.len());
        self.left -= here;
        (here > 0).then(|| Part::Body(self.bytes.drain(..here).collect()))
    }

    fn take_until(&mut self, mark: &[u8]) -> Option<String> {
        let at = self.bytes.windows(mark.len()).position(|window| window == mark)?;
        let mut taken: Vec<u8> = self.bytes.drain(..at + mark.len()).collect();
        taken.truncate(at);
        String::from_utf8(taken).ok()
    }
}

#[test]
fn an_answer_reads_the_same_wherever_it_is_cut() {
    let answer = b"HTTP/1.1 200 OK\r\na: b\r\n\r\n5\r\nhello\r\n10\r\n0123\r\n\r\n89abcdef\r\n0\r\n\r\n";
    for size in 1..=answer.len() {
        let mut reading = Answer::default();
        let (mut status, mut body, mut has_ended) = (0, Vec::new(), false);
        for part in answer.chunks(size).flat_map(|piece| reading.push(piece)) {
            match part {
                Part::Head(found) => status = found,
                Part::Body(more) => body.extend(more),
                Part::End => has_ended = true,
            }
        }
        let read = (status, String::from_utf8(body).unwrap(), has_ended);
        assert_eq!(
            read,
            (200, "hello0123\r\n\r\n89abcdef".to_owned(), true),
            "pieces of {size}"
        );
    }
}
