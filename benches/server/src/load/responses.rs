//! Answers to requests, which are counted.

use anyhow::{Context as _, Result, ensure};

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) length: usize,
    pub(super) is_chunked: bool,
}

impl Head {
    /// The head at the beginning of these bytes, with its own length; `None` when its end has yet to come.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>> {
        let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else {
            return Ok(None);
        };
        let (head, _) = bytes.split_at(end);
        let head = std::str::from_utf8(head)?;
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let status = status.with_context(|| format!("expected an answer, found {head:?}"))?;
        let mut parsed = Self {
            status,
            length: 0,
            is_chunked: false,
        };
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("content-length") {
                parsed.length = value.trim().parse()?;
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                parsed.is_chunked = value.trim().eq_ignore_ascii_case("chunked");
            }
        }
        Ok(Some((parsed, end + 4)))
    }
}

/// Takes what a connection answers.
#[derive(Debug, Default)]
pub(super) struct Responses {
    begun: Vec<u8>,
}

impl Responses {
    /// Says how many answers have become whole.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<u64> {
        self.begun.extend_from_slice(bytes);
        let (mut whole, mut rest) = (0, self.begun.as_slice());
        while let Some((head, length)) = Head::parse(rest)? {
            ensure!(
                (200..300).contains(&head.status) && !head.is_chunked,
                "publishing was answered with {head:?}"
            );
            let Some((_, tail)) = rest.split_at_checked(length + head.length) else {
                break;
            };
            rest = tail;
            whole += 1;
        }
        self.begun = rest.to_vec();
        Ok(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_wherever_they_are_cut() {
        let text =
            b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 204 No Content\r\nDate: x\r\n\r\n";
        for at in 0..text.len() {
            let (one, two) = text.split_at(at);
            let mut responses = Responses::default();
            assert_eq!(
                responses.take(one).unwrap() + responses.take(two).unwrap(),
                2,
                "cut at {at}"
            );
        }
        assert!(Responses::default().take(b"HTTP/1.1 500 Oh\r\n\r\n").is_err());
    }
}
