//! Writing the `text/event-stream` format.
//!
//! Names are newtypes without line breaks and data is split into `data:` lines on every kind of
//! line break, so no input can forge a field (S08, S09).

use std::fmt::Write as _;

use super::{Control, EventName, Position};

/// Writes one event: `event:`, `id:`, the data line by line, and the blank line that ends it.
///
/// The name `message` is left out, as it is what an event without a name is called (SSW-02).
pub fn encode_event(name: &EventName, position: Option<Position>, data: &str) -> String {
    // Field names, line ends and a position fit in 96 bytes; longer only with many data lines.
    let mut text = String::with_capacity(data.len() + name.as_str().len() + 96);
    if !name.is_message() {
        push_field(&mut text, "event", name.as_str());
    }
    finish_event(&mut text, position, data);
    text
}

/// Writes a control event; those that carry a position have it as their `id:` too, so that the
/// browser's own reconnection resumes there.
pub fn encode_control(control: &Control) -> String {
    let mut text = String::with_capacity(160);
    push_field(&mut text, "event", control.kind().event_name());
    let position = match control {
        Control::Heartbeat(at) | Control::Live(at) => Some(*at),
        // A connection that breaks inside the snapshot must get the rest of it again, and one that
        // breaks right after the gap, the gap too: with an id here it would resume behind both.
        Control::Gap(_)
        | Control::Snapshot(_)
        | Control::Added(_)
        | Control::Connection(_)
        | Control::Latest
        | Control::Retry(_)
        | Control::Version(_)
        | Control::Upstream(_)
        | Control::Close => None,
    };
    finish_event(&mut text, position, &control.to_string());
    text
}

/// Writes the `retry:` field, which sets the delay of the browser's own reconnection.
pub fn encode_retry(milliseconds: u32) -> String {
    format!("retry: {milliseconds}\n\n")
}

fn finish_event(text: &mut String, position: Option<Position>, data: &str) {
    if let Some(position) = position {
        text.push_str("id: ");
        // Writing into a string does not fail.
        let _ = writeln!(text, "{position}");
    }
    for line in split_lines(data) {
        push_field(text, "data", line);
    }
    text.push('\n');
}

fn push_field(text: &mut String, field: &str, value: &str) {
    text.push_str(field);
    text.push_str(": ");
    text.push_str(value);
    text.push('\n');
}

/// Splits on LF, CR and CRLF, each of which ends a line in the format; yields at least one line.
fn split_lines(data: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let text = rest?;
        // By bytes, which is several times as fast as by characters, and the same: neither is a part of another one.
        let is_end = |byte: u8| matches!(byte, b'\n' | b'\r');
        let Some(end) = text.bytes().position(is_end) else {
            rest = None;
            return Some(text);
        };
        let (line, tail) = text.split_at(end);
        rest = Some(
            tail.strip_prefix("\r\n")
                .unwrap_or_else(|| tail.get(1..).unwrap_or_default()),
        );
        Some(line)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Epoch, SseDecoder, SseMessage};
    use super::*;

    #[track_caller]
    fn check(name: &str, data: &str, expected: &str) {
        let name = EventName::new(name).unwrap();
        assert_eq!(encode_event(&name, None, data), expected);
    }

    #[test]
    fn events_as_text() {
        check("message", "hi", "data: hi\n\n"); // SSW-02
        check("news", "hi", "event: news\ndata: hi\n\n");
        check("news", "", "event: news\ndata: \n\n");
        check("news", " hi", "event: news\ndata:  hi\n\n"); // SSW-27
    }

    #[test]
    fn s09_data_cannot_forge_fields() {
        check(
            "message",
            "a\n\nevent: x\ndata: y",
            "data: a\ndata: \ndata: event: x\ndata: data: y\n\n",
        );
        check("message", "a\rid: 9", "data: a\ndata: id: 9\n\n");
        check("message", "a\r\nb\n\rc", "data: a\ndata: b\ndata: \ndata: c\n\n");
        check("message", "\n", "data: \ndata: \n\n"); // SSW-26
    }

    #[test]
    fn a_position_is_the_id() {
        let at = Position {
            epoch: Epoch(1),
            offset: 2,
        };
        let text = encode_event(&EventName::default(), Some(at), "x");
        assert_eq!(text, "id: 0000000000000001-2\ndata: x\n\n");
        let text = encode_control(&Control::Heartbeat(at));
        assert_eq!(
            text,
            "event: ll:heartbeat\nid: 0000000000000001-2\ndata: 0000000000000001-2\n\n"
        );
        assert_eq!(encode_retry(1500), "retry: 1500\n\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(data in "(\\PC|[\n\r\t :])*", name in "[a-z][a-z :,é]{0,9}", offset: u64) {
            let name = EventName::new(&name);
            prop_assume!(name.is_ok());
            let name = name.unwrap();
            let position = Position { epoch: Epoch(7), offset };
            let mut decoder = SseDecoder::default();
            let mut found = decoder.push(encode_event(&name, Some(position), &data).as_bytes());
            prop_assert_eq!(found.len(), 1);
            let SseMessage { event, data: read, last_event_id } = found.remove(0);
            prop_assert_eq!(event, name.as_str());
            prop_assert_eq!(&*last_event_id, position.to_string());
            prop_assert_eq!(read, data.replace("\r\n", "\n").replace('\r', "\n"));
        }
    }
}
