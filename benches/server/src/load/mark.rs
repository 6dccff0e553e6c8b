//! What each event carries: its number in its topic, and when it was sent.

use anyhow::{Context as _, Result};

/// Nothing else that the servers send has this byte in it.
pub(super) const SIGN: u8 = b'@';

/// The sign, eight digits of the number, twelve of the time.
const MARK_BYTES: usize = 21;

/// The mark of one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) number: u32,
    /// In microseconds since the load began.
    pub(super) sent: u64,
}

impl Mark {
    /// A payload of this length.
    pub(super) fn text(self, bytes: usize) -> String {
        let mut text = format!("@{:08}{:012}", self.number, self.sent);
        text.extend(std::iter::repeat_n('x', bytes.saturating_sub(MARK_BYTES)));
        text
    }

    fn parse(text: &[u8]) -> Result<Self> {
        let digits = |range: std::ops::Range<usize>| -> Option<u64> {
            text.get(range)?.iter().try_fold(0_u64, |sum, digit| {
                digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0'))
            })
        };
        let mark = || Some((digits(1..9)?, digits(9..MARK_BYTES)?));
        let (number, sent) =
            mark().with_context(|| format!("no mark: {:?}", String::from_utf8_lossy(text)))?;
        Ok(Self {
            number: u32::try_from(number)?,
            sent,
        })
    }
}

/// Finds marks in text that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// The beginning of a mark whose end has yet to come.
    begun: Vec<u8>,
}

impl Marks {
    pub(super) fn find(&mut self, mut text: &[u8], mut found: impl FnMut(Mark) -> Result<()>) -> Result<()> {
        if !self.begun.is_empty() {
            let (rest, tail) = text.split_at(text.len().min(MARK_BYTES - self.begun.len()));
            self.begun.extend_from_slice(rest);
            text = tail;
            if self.begun.len() == MARK_BYTES {
                found(Mark::parse(&self.begun)?)?;
                self.begun.clear();
            }
        }
        while let Some(at) = memchr::memchr(SIGN, text) {
            let (_, from) = text.split_at(at);
            let Some((mark, tail)) = from.split_at_checked(MARK_BYTES) else {
                self.begun.extend_from_slice(from);
                break;
            };
            found(Mark::parse(mark)?)?;
            text = tail;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_the_text_is_cut() {
        let marks = [
            Mark { number: 7, sent: 12 },
            Mark {
                number: 8,
                sent: 99_999,
            },
        ];
        let text: String = marks
            .iter()
            .map(|mark| format!("id: 1\ndata: {}\n\n", mark.text(40)))
            .collect();
        for at in 0..text.len() {
            let (mut finder, mut found) = (Marks::default(), Vec::new());
            let (one, two) = text.as_bytes().split_at(at);
            for part in [one, two] {
                finder
                    .find(part, |mark| {
                        found.push(mark);
                        Ok(())
                    })
                    .unwrap();
            }
            assert_eq!(found, marks, "cut at {at}");
        }
    }
}
