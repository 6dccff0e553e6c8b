//! Reading the `text/event-stream` format, piece by piece as it arrives.
//!
//! Follows the parsing rules of the HTML standard: a byte order mark at the start is dropped;
//! LF, CR and CRLF end a line, also when a chunk ends between CR and LF; an id with a NUL is
//! ignored; ids stick until changed; an event without data is not dispatched.

/// One dispatched event, as an `EventSource` would deliver it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseMessage {
    /// The event's name; `message` when the stream named none.
    pub event: String,
    /// The data lines, joined by LF.
    pub data: String,
    /// The last id seen on the stream, this event's own included; empty when there was none.
    pub last_event_id: String,
}

/// An incremental reader of `text/event-stream`.
///
/// ```
/// use leptos_live::SseDecoder;
///
/// let mut decoder = SseDecoder::default();
/// assert!(decoder.push(b"event: news\nda").is_empty());
/// let messages = decoder.push(b"ta: hello\n\n");
/// assert_eq!(messages[0].event, "news");
/// assert_eq!(messages[0].data, "hello");
/// ```
#[derive(Clone, Debug, Default)]
pub struct SseDecoder {
    line: Vec<u8>,
    bom: BomState,
    /// The last byte was a CR: a LF right after it belongs to the same line end.
    after_cr: bool,
    event: String,
    data: String,
    last_event_id: String,
    retry: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum BomState {
    #[default]
    FirstLine,
    Past,
}

impl SseDecoder {
    /// Takes the next bytes and returns the events that are complete with them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<SseMessage> {
        let mut messages = Vec::new();
        for &byte in bytes {
            let after_cr = std::mem::take(&mut self.after_cr);
            match byte {
                b'\n' if after_cr => {}
                b'\n' | b'\r' => {
                    self.after_cr = byte == b'\r';
                    messages.extend(self.end_line());
                }
                _ => self.line.push(byte),
            }
        }
        messages
    }

    /// The delay in milliseconds that the stream last asked for by `retry:`.
    pub fn retry(&self) -> Option<u32> {
        self.retry
    }

    /// The id that a reconnection would send as `Last-Event-ID`; empty when there is none.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    fn end_line(&mut self) -> Option<SseMessage> {
        let bytes = std::mem::take(&mut self.line);
        let decoded = String::from_utf8_lossy(&bytes);
        let mut line = &*decoded;
        if self.bom == BomState::FirstLine {
            self.bom = BomState::Past;
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = match line.split_once(':') {
            Some((field, value)) => (field, value.strip_prefix(' ').unwrap_or(value)),
            None => (line, ""),
        };
        self.take_field(field, value);
        None
    }

    fn take_field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_event_id),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                self.retry = value.parse().ok().or(self.retry);
            }
            // Comments (an empty field name) and unknown fields are ignored, as the format demands.
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<SseMessage> {
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        // The last LF is the separator of a line that did not come; with no line there is no event.
        data.pop()?;
        Some(SseMessage {
            event: if event.is_empty() {
                "message".to_owned()
            } else {
                event
            },
            data,
            last_event_id: self.last_event_id.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages as `name|data|id`, the same whether the bytes come whole or one at a time (R02).
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let show = |m: SseMessage| format!("{}|{}|{}", m.event, m.data, m.last_event_id);
        let whole: Vec<_> = SseDecoder::default()
            .push(text.as_bytes())
            .into_iter()
            .map(show)
            .collect();
        assert_eq!(whole, expected, "{text:?}");
        let mut decoder = SseDecoder::default();
        let bytewise: Vec<_> = text.bytes().flat_map(|b| decoder.push(&[b])).map(show).collect();
        assert_eq!(bytewise, expected, "bytewise {text:?}");
    }

    #[test]
    fn r01_fields() {
        check("data: a\n\n", &["message|a|"]);
        check("data:a\ndata: b\n\n", &["message|a\nb|"]);
        check("data:  a\n\n", &["message| a|"]);
        check("data\n\n", &["message||"]);
        check("data\ndata\n\n", &["message|\n|"]);
        check("event: x\ndata: a\n\ndata: b\n\n", &["x|a|", "message|b|"]);
        check("event:\ndata: a\n\n", &["message|a|"]);
        check("event: x\n\ndata: a\n\n", &["message|a|"]);
        check(": comment\ndata: a\n:\n\n", &["message|a|"]);
        check("unknown: x\nDATA: y\ndata: a\n\n", &["message|a|"]);
        check("data: a", &[]);
        check("data: a\n", &[]);
        check("data:\0\n\n", &["message|\0|"]);
    }

    #[test]
    fn r01_line_ends_and_byte_order_mark() {
        check(
            "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
            &["message|a|", "message|b|", "message|c|"],
        );
        check("\u{feff}data: a\n\n", &["message|a|"]);
        check("\u{feff}\u{feff}data: a\n\ndata: b\n\n", &["message|b|"]);
        check("data: a\n\n\u{feff}data: b\n\n", &["message|a|"]);
        check("data: ü€😀\n\n", &["message|ü€😀|"]);
    }

    #[test]
    fn r01_ids_stick_and_nul_is_ignored() {
        check("id: 1\ndata: a\n\ndata: b\n\n", &["message|a|1", "message|b|1"]);
        check(
            "id: 1\ndata: a\n\nid\ndata: b\n\n",
            &["message|a|1", "message|b|"],
        );
        check("id: 1\n\ndata: b\n\n", &["message|b|1"]);
        check("id: a\0b\ndata: a\n\n", &["message|a|"]);
    }

    #[test]
    fn r01_retry_takes_digits_only() {
        for (text, expected) in [
            ("retry: 3000\n", Some(3000)),
            ("retry: 3000x\n", None),
            ("retry:\n", None),
            ("retry: -1\n", None),
            ("retry: 99999999999999\n", None),
            ("retry: 5\nretry: bogus\n", Some(5)),
        ] {
            let mut decoder = SseDecoder::default();
            decoder.push(text.as_bytes());
            assert_eq!(decoder.retry(), expected, "{text:?}");
        }
    }
}
