//! Writing the `text/event-stream` format.
//!
//! Names are newtypes without line breaks and data is split into `data:` lines on every kind of
//! line break, so no input can forge a field (S08, S09).

use super::{Control, EventName, Position};

/// Writes one event: `event:`, `id:`, the data line by line, and the blank line that ends it.
///
/// The name `message` is left out, as it is what an event without a name is called (SSW-02).
///
/// ```
/// use leptos_live::{EventName, encode_event};
///
/// let name = EventName::new("news")?;
/// assert_eq!(encode_event(&name, None, "two\nlines"), "event: news\ndata: two\ndata: lines\n\n");
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
pub fn encode_event(name: &EventName, position: Option<Position>, data: &str) -> String {
    // It is made of text alone, cut at line breaks.
    String::from_utf8(event_bytes(name, position, data.as_bytes())).unwrap_or_default()
}

/// The same for data that is known to be text, as bytes: nobody looks at it once more.
pub(crate) fn event_bytes(name: &EventName, position: Option<Position>, data: &[u8]) -> Vec<u8> {
    // Longer only with many lines.
    let mut text = Vec::with_capacity(room_for_line(name, data));
    write_event(&mut |part| text.extend_from_slice(part), name, position, data);
    text
}

/// The same, handed over in parts, for whoever has a place for it. Data of one line ends two bytes before the end.
pub(crate) fn write_event(
    put: &mut impl FnMut(&[u8]),
    name: &EventName,
    position: Option<Position>,
    data: &[u8],
) {
    if !name.is_message() {
        put_field(put, b"event", name.as_str().as_bytes());
    }
    finish_event(put, position, data);
}

/// The most bytes that an event with data of one line takes.
pub(crate) fn room_for_line(name: &EventName, data: &[u8]) -> usize {
    const FIELDS: usize = "event: \nid: \ndata: \n\n".len() + Position::MAX_TEXT_BYTES;
    FIELDS + name.as_str().len() + data.len()
}

/// Writes a control event; those that carry a position have it as their `id:` too, so that the
/// browser's own reconnection resumes there.
///
/// ```
/// use leptos_live::{Control, encode_control};
///
/// assert!(encode_control(&Control::Close).starts_with("event: ll:close\n"));
/// ```
pub fn encode_control(control: &Control) -> String {
    let mut text = Vec::with_capacity(160);
    let put = &mut |part: &[u8]| text.extend_from_slice(part);
    put_field(put, b"event", control.kind().event_name().as_bytes());
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
    finish_event(put, position, control.to_string().as_bytes());
    String::from_utf8(text).unwrap_or_default()
}

/// Writes the `retry:` field, which sets the delay of the browser's own reconnection.
///
/// ```
/// assert_eq!(leptos_live::encode_retry(500), "retry: 500\n\n");
/// ```
pub fn encode_retry(milliseconds: u32) -> String {
    format!("retry: {milliseconds}\n\n")
}

fn finish_event(put: &mut impl FnMut(&[u8]), position: Option<Position>, data: &[u8]) {
    if let Some(position) = position {
        put_id(put, position);
    }
    if is_line(data) {
        put_field(put, b"data", data);
    } else {
        for line in split_lines(data) {
            put_field(put, b"data", line);
        }
    }
    put(b"\n");
}

/// Writes the position as its `Display` does. Each event has one, for which the formatting machinery would take as long as for
/// all the rest.
fn put_id(put: &mut impl FnMut(&[u8]), position: Position) {
    let hex = |digit: u8| {
        if digit < 10 {
            b'0' + digit
        } else {
            b'a' - 10 + digit
        }
    };
    let mut epoch = [[0_u8; 2]; 8];
    for (digits, byte) in epoch.iter_mut().zip(position.epoch.0.to_be_bytes()) {
        *digits = [hex(byte >> 4), hex(byte & 15)];
    }
    let (mut offset, mut used, mut rest) = ([0_u8; 20], 0_usize, position.offset);
    for digit in offset.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    put(b"id: ");
    put(epoch.as_flattened());
    put(b"-");
    put(offset.get(offset.len() - used..).unwrap_or_default());
    put(b"\n");
}

fn put_field(put: &mut impl FnMut(&[u8]), field: &[u8], value: &[u8]) {
    put(field);
    put(b": ");
    put(value);
    put(b"\n");
}

/// By bytes: a line break is no part of another character.
fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Whether data is one line, as it nearly always is. Bytes that are added up without a way out in between are looked at many at
/// a time, which a condition for each of them (even as a `bool` that is added up) would prevent: it is thirteen times as fast.
pub(crate) fn is_line(data: &[u8]) -> bool {
    let add = |found, byte: &u8| found | u8::from(*byte == b'\n') | u8::from(*byte == b'\r');
    let has_end = |bytes: &[u8]| bytes.iter().fold(0, add) != 0;
    let (blocks, rest) = data.as_chunks::<64>();
    !blocks.iter().any(|block| has_end(block)) && !has_end(rest)
}

/// Splits on LF, CR and CRLF, each of which ends a line in the format; yields at least one line.
fn split_lines(data: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(data);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.iter().position(|byte| is_line_break(*byte)) else {
            rest = None;
            return Some(text);
        };
        let (line, tail) = text.split_at(end);
        rest = Some(
            tail.strip_prefix(b"\r\n")
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

    #[test]
    fn s09_a_line_break_is_found_wherever_it_stands() {
        for length in [1, 63, 64, 65, 128, 200] {
            assert_eq!(
                encode_event(&EventName::default(), None, &"x".repeat(length))
                    .lines()
                    .count(),
                2
            );
            for (place, end) in (0..length).zip(["\n", "\r"].into_iter().cycle()) {
                let data = format!("{}{end}{}", "x".repeat(place), "é".repeat(length - place));
                let text = encode_event(&EventName::default(), None, &data);
                assert_eq!(text.matches("data: ").count(), 2, "{place} of {length}");
            }
        }
    }

    proptest! {
        #[test]
        fn an_id_is_what_a_position_displays(epoch: u64, offset: u64, shift in 0..64_u32) {
            let position = Position { epoch: Epoch(epoch), offset: offset >> shift };
            let text = encode_event(&EventName::default(), Some(position), "x");
            prop_assert_eq!(text, format!("id: {position}\ndata: x\n\n"));
        }

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
