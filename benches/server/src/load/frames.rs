//! WebSocket frames, as far as a load needs them.

use anyhow::{Context as _, Result, bail};

use super::mark::{Mark, Marks};

/// The bytes before the payload of a frame that a server sends, at most.
const HEADER_BYTES: usize = 10;

/// A text frame of a client. It has to be masked; a mask of zeros is one.
pub(super) fn masked(text: &str) -> Vec<u8> {
    frame(0x81, text.as_bytes())
}

fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend_from_slice(&u16::try_from(payload.len()).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// Takes a socket's bytes and finds the marks in its texts.
#[derive(Debug, Default)]
pub(super) struct Frames {
    header: Vec<u8>,
    /// So much of a payload is left.
    left: usize,
    marks: Marks,
}

impl Frames {
    /// Returns what has to be answered.
    pub(super) fn take(
        &mut self,
        mut bytes: &[u8],
        mut found: impl FnMut(Mark) -> Result<()>,
    ) -> Result<Vec<u8>> {
        let mut answer = Vec::new();
        while let Some((&first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let (payload, rest) = bytes.split_at(self.left.min(bytes.len()));
                self.marks.find(payload, &mut found)?;
                self.left -= payload.len();
                bytes = rest;
                continue;
            }
            self.header.push(first);
            bytes = rest;
            if let Some(length) = self.length() {
                self.left = length;
                let kind = self.header.first().context("an empty header")? & 0x0f;
                self.header.clear();
                match kind {
                    8 => bail!("the server has closed a socket"),
                    // Those of the servers have no payload.
                    9 => answer.extend(frame(0x8a, &[])),
                    _ => {}
                }
            }
        }
        Ok(answer)
    }

    /// The length of the payload, once the header is whole.
    fn length(&self) -> Option<usize> {
        let (_, rest) = self.header.split_first()?;
        let (length, rest) = rest.split_first()?;
        match length {
            126 => Some(usize::from(u16::from_be_bytes(rest.try_into().ok()?))),
            127 => usize::try_from(u64::from_be_bytes(rest.try_into().ok()?)).ok(),
            length => Some(usize::from(*length)),
        }
        .filter(|_| self.header.len() <= HEADER_BYTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_taken_apart_wherever_they_are_cut() {
        let mark = |number| Mark { number, sent: 5 };
        let mut bytes = vec![0x89, 0];
        for (number, length) in [(1, 60), (2, 200), (3, 70_000_usize)] {
            let text = mark(number).text(length);
            bytes.push(0x81);
            match length {
                60 => bytes.push(60),
                200 => bytes.extend([126, 0, 200]),
                _ => bytes.extend([127].into_iter().chain((length as u64).to_be_bytes())),
            }
            bytes.extend(text.bytes());
        }
        for at in 0..400 {
            let (one, two) = bytes.split_at(at);
            let (mut frames, mut found, mut answers) = (Frames::default(), Vec::new(), Vec::new());
            for part in [one, two] {
                answers.extend(
                    frames
                        .take(part, |mark| {
                            found.push(mark.number);
                            Ok(())
                        })
                        .unwrap(),
                );
            }
            assert_eq!(found, [1, 2, 3], "cut at {at}");
            assert_eq!(answers, [0x8a, 0x80, 0, 0, 0, 0]);
        }
    }
}
