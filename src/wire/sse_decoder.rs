//! Reading the `text/event-stream` format, piece by piece as it arrives.
//!
//! Follows the parsing rules of the HTML standard: a byte order mark at the start is dropped;
//! LF, CR and CRLF end a line, also when a chunk ends between CR and LF; an id with a NUL is
//! ignored; ids stick until changed, and count when their block is complete; an event without data is
//! not dispatched.
//!
//! What the standard does not have is an end to the memory that a stream may ask for, by a line that does not end or an
//! event of ever more lines. Here an event has a limit; a longer one is left out, and that is told.

use std::sync::Arc;

use thiserror::Error;

/// How long a line, and the data of an event, may be unless said otherwise.
const MAX_EVENT_BYTES: usize = 4 << 20;

/// An event that a stream has sent and that was left out, for its length.
///
/// ```
/// use leptos_live::SseDecoder;
///
/// let mut decoder = SseDecoder::default().max_event_bytes(10);
/// assert!(decoder.push(b"data: far too long\n\n").is_empty());
/// assert_eq!(decoder.take_error().map(|error| error.limit), Some(10));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("event: expected at most {limit} bytes, found more; it was left out")]
#[non_exhaustive]
pub struct EventTooLong {
    /// The longest event that is taken.
    pub limit: usize,
}

/// One dispatched event, as an `EventSource` would deliver it.
///
/// [`SseDecoder`] has an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SseMessage {
    /// The event's name; `message` when the stream named none.
    pub event: String,
    /// The data lines, joined by LF.
    pub data: String,
    /// The last id seen on the stream, this event's own included; empty when there was none.
    ///
    /// Shared by the events that have it: of a long id each would otherwise take a copy.
    pub last_event_id: Arc<str>,
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
///
/// An event of more than 4 MiB is left out, which [`SseDecoder::take_error`] tells; the stream goes on after it.
#[derive(Clone, Debug)]
pub struct SseDecoder {
    max_event_bytes: usize,
    /// The block is longer than the limit: the rest of it is looked through for its end only.
    is_too_long: bool,
    error: Option<EventTooLong>,
    /// What has arrived of a line whose end has not.
    line: Vec<u8>,
    is_past_first_line: bool,
    /// The last byte was a CR: a LF right after it belongs to the same line end.
    after_cr: bool,
    event: String,
    data: String,
    /// The id that the block so far has brought. It counts once the blank line has come.
    id: Option<Arc<str>>,
    last_event_id: Arc<str>,
    retry: Option<u32>,
}

impl Default for SseDecoder {
    fn default() -> Self {
        Self {
            max_event_bytes: MAX_EVENT_BYTES,
            is_too_long: false,
            error: None,
            line: Vec::new(),
            is_past_first_line: false,
            after_cr: false,
            event: String::new(),
            data: String::new(),
            id: None,
            last_event_id: Arc::default(),
            retry: None,
        }
    }
}

impl SseDecoder {
    /// A reader of a stream that goes on after this id, which events without one of their own then have.
    pub fn resuming_at(last_event_id: impl Into<Arc<str>>) -> Self {
        Self {
            last_event_id: last_event_id.into(),
            ..Self::default()
        }
    }

    /// The same reader with another limit, in bytes, for each line and for the data of an event.
    #[must_use]
    pub fn max_event_bytes(mut self, limit: usize) -> Self {
        self.max_event_bytes = limit;
        self
    }

    /// The error of an event that was too long, once: `None` until there is another one.
    ///
    /// The event itself is lost. Its id counts, so that a reconnection does not get it again.
    pub fn take_error(&mut self) -> Option<EventTooLong> {
        self.error.take()
    }

    /// Takes the next bytes and returns the events that are complete with them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<SseMessage> {
        let mut messages = Vec::new();
        let mut rest = bytes;
        if self.after_cr && !bytes.is_empty() {
            self.after_cr = false;
            rest = bytes.strip_prefix(b"\n").unwrap_or(bytes);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            let (line, tail) = rest.split_at(end);
            messages.extend(self.end_line(line));
            rest = match tail {
                [b'\r', b'\n', rest @ ..] => rest,
                [b'\r'] => {
                    self.after_cr = true;
                    &[]
                }
                [_, rest @ ..] => rest,
                [] => &[],
            };
        }
        self.keep(rest);
        messages
    }

    /// The delay in milliseconds that the stream last asked for by `retry:`.
    pub fn retry(&self) -> Option<u32> {
        self.retry
    }

    /// The id that a reconnection has to send as `Last-Event-ID`; empty when there is none.
    ///
    /// It is that of the last complete block, also when that block had no data and thus was no event. A block that
    /// the stream breaks off in does not count: its event has not been seen.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Keeps the beginning of a line.
    fn keep(&mut self, bytes: &[u8]) {
        self.limit(self.line.len().saturating_add(bytes.len()));
        if !self.is_too_long {
            self.line.extend_from_slice(bytes);
        } else if let ([], [first, ..]) = (&*self.line, bytes) {
            // Nothing of it is needed but that it is no empty line.
            self.line.push(*first);
        }
    }

    /// Gives the event up if something of it is as long as this and that is too long.
    fn limit(&mut self, bytes: usize) {
        if bytes > self.max_event_bytes && !self.is_too_long {
            self.is_too_long = true;
            // Replaced, not cleared: what they had grown to is given back.
            self.data = String::new();
            self.line = self.line.first().copied().into_iter().collect();
        }
    }

    /// Takes the rest of a line. A line that lies within one chunk, as nearly all do, is read where it is.
    fn end_line(&mut self, rest: &[u8]) -> Option<SseMessage> {
        if self.line.is_empty() {
            self.limit(rest.len());
            return self.take_line(rest);
        }
        self.keep(rest);
        let whole = std::mem::take(&mut self.line);
        self.take_line(&whole)
    }

    fn take_line(&mut self, bytes: &[u8]) -> Option<SseMessage> {
        if self.is_too_long && !bytes.is_empty() {
            self.is_past_first_line = true;
            return None;
        }
        // A line end is never part of a character, so a line can be decoded by itself.
        let decoded = String::from_utf8_lossy(bytes);
        let mut line = &*decoded;
        if !std::mem::replace(&mut self.is_past_first_line, true) {
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
                self.limit(self.data.len());
            }
            "id" if !value.contains('\0') => self.id = Some(value.into()),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                self.retry = value.parse().ok().or(self.retry);
            }
            // Comments (an empty field name) and unknown fields are ignored, as the format demands.
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<SseMessage> {
        if let Some(id) = self.id.take() {
            self.last_event_id = id;
        }
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.is_too_long) {
            let limit = self.max_event_bytes;
            self.error = Some(EventTooLong { limit });
            return None;
        }
        // The last LF is the separator of a line that did not come; with no line there is no event.
        data.pop()?;
        Some(SseMessage {
            event: if event.is_empty() {
                "message".to_owned()
            } else {
                event
            },
            data,
            last_event_id: Arc::clone(&self.last_event_id),
        })
    }
}

/// Whether a `Content-Type` is that of an event stream. Its parameters do not matter: the format is always UTF-8.
pub(crate) fn is_event_stream(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("text/event-stream")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn show(message: SseMessage) -> String {
        format!("{}|{}|{}", message.event, message.data, message.last_event_id)
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        SseDecoder::default().push(bytes).into_iter().map(show).collect()
    }

    /// The messages as `name|data|id`, the same whether the bytes come whole, one at a time, or in two pieces cut
    /// anywhere (R02).
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let bytes = text.as_bytes();
        assert_eq!(read(bytes), expected, "{text:?}");
        let mut decoder = SseDecoder::default();
        let bytewise: Vec<_> = text.bytes().flat_map(|b| decoder.push(&[b])).map(show).collect();
        assert_eq!(bytewise, expected, "bytewise {text:?}");
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            let mut decoder = SseDecoder::default();
            let mut found = decoder.push(head);
            found.extend(decoder.push(&[]));
            found.extend(decoder.push(tail));
            let found: Vec<_> = found.into_iter().map(show).collect();
            assert_eq!(found, expected, "cut at {at}: {text:?}");
        }
    }

    /// What a server of the web platform tests sends for a `message` parameter: the text, and a blank line after it.
    #[track_caller]
    fn check_message(text: &str, expected: &[&str]) {
        check(&format!("{text}\n\n"), expected);
    }

    // The format cases of the web platform tests (eventsource/), by their names; what they ask for, in our own words.

    #[test]
    fn r01_event_data() {
        // SS4-30
        check(
            "data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n",
            &["message|msg\nmsg|", "message||", "message|end|"],
        );
    }

    #[test]
    fn r01_format_bom() {
        check_message(
            "\u{feff}data:1\n\n\u{feff}data:2\n\ndata:3",
            &["message|1|", "message|3|"],
        );
    }

    #[test]
    fn r01_format_bom_2() {
        check_message(
            "\u{feff}\u{feff}data:1\n\ndata:2\n\ndata:3",
            &["message|2|", "message|3|"],
        );
    }

    #[test]
    fn r01_format_comments() {
        let long = "x".repeat(2048);
        let text = format!("data:1\r:\0\n:\r\ndata:2\n:{long}\rdata:3\n:data:fail\r:{long}\ndata:4\n\n");
        assert_eq!(read(text.as_bytes()), ["message|1\n2\n3\n4|"]);
    }

    #[test]
    fn r01_format_data_before_final_empty_line() {
        let text = "retry:1000\ndata:test1\n\nid:test\ndata:test2";
        check(text, &["message|test1|"]);
        let mut decoder = SseDecoder::default();
        decoder.push(text.as_bytes());
        // The second event was not seen, so the next connection must not resume behind it.
        assert_eq!((decoder.last_event_id(), decoder.retry()), ("", Some(1000)));
    }

    #[test]
    fn r01_format_field_data() {
        check_message(
            "data:\n\ndata\ndata\n\ndata:test",
            &["message||", "message|\n|", "message|test|"],
        );
    }

    #[test]
    fn r01_format_field_event() {
        check_message("event:test\ndata:x\n\ndata:x", &["test|x|", "message|x|"]);
    }

    #[test]
    fn r01_format_field_event_empty() {
        check_message("event: \ndata:data", &["message|data|"]);
    }

    #[test]
    fn r01_format_field_id() {
        check_message("id: …\nretry: 200\ndata: hello", &["message|hello|…"]);
    }

    #[test]
    fn r01_format_field_id_2() {
        check_message(
            "id: …\ndata: hello\n\ndata: …\n\ndata: …",
            &["message|hello|…", "message|…|…", "message|…|…"],
        );
        // It goes on over a reconnection.
        let mut decoder = SseDecoder::resuming_at("…");
        assert_eq!(decoder.last_event_id(), "…");
        let found: Vec<_> = decoder.push(b"data: a\n\n").into_iter().map(show).collect();
        assert_eq!(found, ["message|a|…"]);
    }

    #[test]
    fn r01_format_field_id_3() {
        check("id: 1\ndata: 1\n\ndata:2\n\n", &["message|1|1", "message|2|1"]);
        check(
            "id: 1\ndata: 1\n\nid: 2\ndata:2\n\ndata:3\n\n",
            &["message|1|1", "message|2|2", "message|3|2"],
        );
        check(
            "id: 1\ndata: 1\n\nid:\ndata:2\n\ndata:3\n\n",
            &["message|1|1", "message|2|", "message|3|"],
        );
        check(
            "id: 1\ndata: a\n\nid\ndata: b\n\n",
            &["message|a|1", "message|b|"],
        );
    }

    #[test]
    fn r01_format_field_id_null() {
        check_message("id: \0\0\ndata: hello", &["message|hello|"]);
        check_message("id: 1\n\nid: a\0b\ndata: hello", &["message|hello|1"]);
    }

    #[test]
    fn r01_format_field_parsing() {
        check(
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
            &["message|\0\n 2\n1\n3\n\n4|"],
        );
    }

    #[test]
    fn r01_format_field_retry() {
        check_retry("retry:3000\ndata:x", Some(3000));
        // It counts without an event, too.
        check_retry("retry: 3000", Some(3000));
        check_retry("", None);
    }

    #[test]
    fn r01_format_field_retry_bogus() {
        check_retry("retry:3000\nretry:1000x\ndata:x", Some(3000));
        check_retry("retry: -1", None);
        check_retry("retry: 99999999999999", None);
    }

    #[test]
    fn r01_format_field_retry_empty() {
        check_retry("retry\ndata:test", None);
        check_message("retry\ndata:test", &["message|test|"]);
    }

    #[track_caller]
    fn check_retry(text: &str, expected: Option<u32>) {
        let mut decoder = SseDecoder::default();
        decoder.push(format!("{text}\n\n").as_bytes());
        assert_eq!(decoder.retry(), expected, "{text:?}");
    }

    #[test]
    fn r01_format_field_unknown() {
        check_message(
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test",
            &["message|test\n\ntest|"],
        );
    }

    #[test]
    fn r01_format_leading_space() {
        check_message("data:\ttest\rdata: \ndata:test", &["message|\ttest\n\ntest|"]);
        check_message("data:  test", &["message| test|"]); // SSW-27
    }

    #[test]
    fn r01_format_mime() {
        for (content_type, expected) in [
            ("text/event-stream", true),
            ("text/event-stream;charset=utf-8", true),
            ("Text/Event-Stream ; charset=windows-1252", true), // read as UTF-8 all the same
            ("text/event-stream;", true),                       // mime-trailing-semicolon
            ("text/x%20bogus", false),                          // mime-bogus
            ("text/x-bogus", false),                            // mime-valid-bogus
            ("text/event-stream-x", false),
            ("text/html", false),
            ("", false),
        ] {
            assert_eq!(is_event_stream(content_type), expected, "{content_type:?}");
        }
    }

    #[test]
    fn r01_format_newlines() {
        check("data:test\r\ndata\ndata:test\r\n\r", &["message|test\n\ntest|"]);
        check(
            "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
            &["message|a|", "message|b|", "message|c|"],
        );
    }

    #[test]
    fn r01_format_null_character() {
        check_message("data:\0\n\n", &["message|\0|"]);
    }

    #[test]
    fn r01_format_utf_8() {
        check_message("data:ok…ü€😀", &["message|ok…ü€😀|"]);
        assert_eq!(
            read(b"data:\xe2\x80\ndata:\xff\n\n"),
            ["message|\u{fffd}\n\u{fffd}|"]
        );
    }

    #[test]
    fn ss4_25_an_id_counts_when_its_block_is_complete_and_needs_no_data() {
        let mut decoder = SseDecoder::default();
        for (chunk, expected) in [
            ("id: 1\n", ""),
            ("\n", "1"),
            ("id: 2\ndata: x", "1"),
            ("\n\n", "2"),
            ("id\n\n", ""),
        ] {
            decoder.push(chunk.as_bytes());
            assert_eq!(decoder.last_event_id(), expected, "{chunk:?}");
        }
    }

    #[test]
    fn ss4_31_fields_of_a_block_without_data_do_not_reach_the_next() {
        check("event: x\n\ndata: a\n\n", &["message|a|"]);
        check("data: a", &[]);
        check("data: a\n", &[]);
    }

    /// Reads with a limit of ten bytes: what came out, and whether something was too long.
    #[track_caller]
    fn check_limit(text: &str, expected: &[&str], is_error: bool) {
        for size in 1..=text.len() {
            let mut decoder = SseDecoder::default().max_event_bytes(10);
            let pieces = text.as_bytes().chunks(size);
            let found: Vec<_> = pieces.flat_map(|piece| decoder.push(piece)).map(show).collect();
            assert_eq!(found, expected, "pieces of {size}: {text:?}");
            let error = decoder.take_error();
            let told = EventTooLong { limit: 10 };
            assert_eq!(error, is_error.then_some(told), "pieces of {size}: {text:?}");
            assert_eq!(decoder.take_error(), None);
        }
    }

    #[test]
    fn s18_an_event_that_is_too_long_is_left_out_and_told() {
        check_limit("data:12345\n\n", &["message|12345|"], false);
        check_limit("data:123456\n\ndata:7\n\n", &["message|7|"], true);
        check_limit("data:1234\ndata:1234\n\n", &["message|1234\n1234|"], false);
        check_limit("data:1234\ndata:1234\ndata\n\ndata:5\n\n", &["message|5|"], true);
        check_limit(":a comment of some length\ndata:1\n\n", &[], true);
        // Many short ones are no long one, and comments are not kept.
        check_limit(
            "data:1\n\n:1234567\n:1234567\ndata:2\n\n",
            &["message|1|", "message|2|"],
            false,
        );
        // Its id counts where it came before, so that the event is not asked for again and again.
        check_limit("id:7\ndata:1234567\r\n\r\ndata:4\r\r", &["message|4|7"], true);
        // A name is no part of the next event's.
        check_limit("event:x\ndata:1234567\n\ndata:4\n\n", &["message|4|"], true);
    }

    #[test]
    fn s18_a_line_without_an_end_takes_no_memory() {
        let mut decoder = SseDecoder::default();
        let piece = vec![b'x'; 64 << 10];
        for _ in 0..1_000 {
            assert!(decoder.push(&piece).is_empty());
            let kept = decoder.line.capacity() + decoder.data.capacity();
            assert!(kept <= 2 * MAX_EVENT_BYTES + piece.len(), "{kept}");
        }
        assert!(decoder.line.capacity() < 100, "{}", decoder.line.capacity());
        assert_eq!(decoder.push(b"\n\ndata: next\n\n").remove(0).data, "next");
        let error = decoder.take_error().unwrap().to_string();
        assert_eq!(
            error,
            "event: expected at most 4194304 bytes, found more; it was left out"
        );
    }

    /// The format read in the plainest way, with the whole text at hand.
    fn by_the_book(bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let (complete, _) = text.rsplit_once('\n').unwrap_or_default();
        let (mut event, mut data, mut id) = (String::new(), Vec::new(), String::new());
        let mut found = Vec::new();
        for line in complete.split('\n') {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value).to_owned();
            match field {
                "" if line.is_empty() => {
                    let name = if event.is_empty() { "message" } else { &event };
                    if !data.is_empty() {
                        found.push(format!("{name}|{}|{id}", data.join("\n")));
                    }
                    event.clear();
                    data.clear();
                }
                "event" => event = value,
                "data" => data.push(value),
                "id" if !value.contains('\0') => id = value,
                _ => {}
            }
        }
        found
    }

    fn any_stream() -> impl Strategy<Value = Vec<u8>> {
        let words: [&[u8]; 19] = [
            b"data",
            b"event",
            b"id",
            b"retry",
            b":",
            b": ",
            b" ",
            b"\n",
            b"\n",
            b"\r",
            b"\r\n",
            b"\r\n\r\n",
            b"\n\n",
            b"\0",
            b"7",
            "ü€😀".as_bytes(),
            "\u{feff}".as_bytes(),
            b"\xe2\x82",
            b"\xff",
        ];
        prop::collection::vec(prop::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn r02_cut_anywhere_a_stream_reads_the_same(
            stream in any_stream(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let expected = by_the_book(&stream);
            prop_assert_eq!(&read(&stream), &expected);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.sort_unstable();
            let mut decoder = SseDecoder::default();
            let (mut found, mut from) = (Vec::new(), 0);
            for to in cuts.into_iter().chain([stream.len()]) {
                found.extend(decoder.push(&stream[from..to]));
                from = to;
            }
            prop_assert_eq!(found.into_iter().map(show).collect::<Vec<_>>(), expected);
        }

        #[test]
        fn s18_cut_anywhere_the_same_is_too_long(
            stream in any_stream(),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
            limit in 0_usize..12,
        ) {
            let mut whole = SseDecoder::default().max_event_bytes(limit);
            let expected = whole.push(&stream);
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.index(stream.len() + 1)).collect();
            cuts.sort_unstable();
            let mut decoder = SseDecoder::default().max_event_bytes(limit);
            let (mut found, mut from) = (Vec::new(), 0);
            for to in cuts.into_iter().chain([stream.len()]) {
                found.extend(decoder.push(&stream[from..to]));
                from = to;
            }
            prop_assert_eq!(found, expected);
            prop_assert_eq!(decoder.take_error(), whole.take_error());
            prop_assert_eq!(decoder.last_event_id(), whole.last_event_id());
        }
    }
}
