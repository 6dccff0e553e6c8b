//! The body of an event stream as it comes: whole, or in HTTP's chunks.

use anyhow::{Result, bail};

use super::mark::{Mark, Marks};

/// Enough of a stream's beginning to find the first id in.
const START_BYTES: usize = 2048;

/// Where in the framing the next byte is.
#[derive(Clone, Copy, Debug)]
enum Framing {
    /// The body is what is left of the connection.
    None,
    /// In the length of a chunk, as far as it has been read.
    Length(usize),
    /// So much of a chunk is left.
    Chunk(usize),
    /// After a chunk, before the end of its line.
    End,
}

/// Takes a body's bytes and finds the marks in its text.
#[derive(Debug)]
pub(super) struct StreamText {
    framing: Framing,
    marks: Marks,
    /// The beginning of the text, where it is kept.
    start: Option<Vec<u8>>,
}

impl StreamText {
    pub(super) fn new() -> Self {
        Self {
            framing: Framing::None,
            marks: Marks::default(),
            start: None,
        }
    }

    pub(super) fn chunked(&mut self) {
        self.framing = Framing::Length(0);
    }

    pub(super) fn keep_start(&mut self) {
        self.start = Some(Vec::new());
    }

    /// The id of the first event with a mark, once it is there.
    pub(super) fn first_id(&self) -> Option<String> {
        let text = String::from_utf8_lossy(self.start.as_ref()?);
        let (before, after) = text.split_once('@')?;
        // Before or after the data, but in the same event.
        let before = before.rsplit("\n\n").next()?;
        let (after, _) = after.split_once("\n\n")?;
        let id = |line: &str| Some(line.strip_prefix("id:")?.trim().to_owned());
        before.lines().chain(after.lines()).find_map(id)
    }

    fn text(&mut self, text: &[u8], found: &mut impl FnMut(Mark) -> Result<()>) -> Result<()> {
        if let Some(start) = &mut self.start
            && start.len() < START_BYTES
        {
            start.extend_from_slice(text);
        }
        self.marks.find(text, found)
    }

    pub(super) fn take(&mut self, mut bytes: &[u8], mut found: impl FnMut(Mark) -> Result<()>) -> Result<()> {
        while let Some((&first, rest)) = bytes.split_first() {
            match self.framing {
                Framing::None => return self.text(bytes, &mut found),
                Framing::Length(length) => {
                    self.framing = match first {
                        b'\r' => Framing::Length(length),
                        b'\n' if length == 0 => bail!("the stream has ended"),
                        b'\n' => Framing::Chunk(length),
                        _ => match char::from(first).to_digit(16) {
                            Some(digit) => Framing::Length(length * 16 + digit as usize),
                            None => bail!("expected the length of a chunk, found {first}"),
                        },
                    };
                    bytes = rest;
                }
                Framing::Chunk(left) => {
                    let (text, rest) = bytes.split_at(left.min(bytes.len()));
                    self.text(text, &mut found)?;
                    let left = left - text.len();
                    self.framing = if left == 0 {
                        Framing::End
                    } else {
                        Framing::Chunk(left)
                    };
                    bytes = rest;
                }
                Framing::End => {
                    if first == b'\n' {
                        self.framing = Framing::Length(0);
                    }
                    bytes = rest;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_taken_apart_wherever_they_are_cut() {
        let mark = |number| Mark { number, sent: 5 };
        let event = |number| format!("id: {number}\ndata: {}\n\n", mark(number).text(60));
        let chunk = |text: String| format!("{:x}\r\n{text}\r\n", text.len());
        let body = chunk(event(1) + &event(2)) + &chunk(event(3));
        for at in 0..body.len() {
            let (one, two) = body.as_bytes().split_at(at);
            let (mut text, mut found) = (StreamText::new(), Vec::new());
            text.chunked();
            text.keep_start();
            for part in [one, two] {
                text.take(part, |mark| {
                    found.push(mark.number);
                    Ok(())
                })
                .unwrap();
            }
            assert_eq!(found, [1, 2, 3], "cut at {at}");
            assert_eq!(text.first_id().as_deref(), Some("1"));
        }
    }
}
