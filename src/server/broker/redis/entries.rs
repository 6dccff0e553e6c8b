//! The replies of Redis that hold entries of the stream, as values.

use redis::Value;

use crate::server::broker::engine::Entry;
use crate::wire::Epoch;

/// An entry with the epoch in which it was appended.
pub(super) type Dated = (Epoch, Entry);

/// Reads the reply of XRANGE; `None` when it is not one of ours.
pub(super) fn of_range(reply: Value) -> Option<Vec<Dated>> {
    let Value::Array(entries) = reply else {
        return None;
    };
    entries.into_iter().map(entry).collect()
}

/// Reads the reply of XREAD from one stream, which is nil where nothing came.
pub(super) fn of_read(reply: Value) -> Option<Vec<Dated>> {
    let streams = match reply {
        Value::Nil => return Some(Vec::new()),
        Value::Array(streams) => streams,
        _ => return None,
    };
    let [Value::Array(stream)] = <[Value; 1]>::try_from(streams).ok()? else {
        return None;
    };
    let [_, entries] = <[Value; 2]>::try_from(stream).ok()?;
    of_range(entries)
}

pub(super) fn epoch(text: &str) -> Option<Epoch> {
    u64::from_str_radix(text, 16).ok().map(Epoch)
}

fn entry(value: Value) -> Option<Dated> {
    let Value::Array(parts) = value else { return None };
    let [id, Value::Array(fields)] = <[Value; 2]>::try_from(parts).ok()? else {
        return None;
    };
    let [_, e, _, t, _, m] = <[Value; 6]>::try_from(fields).ok()?;
    let (id, e, t) = (text(id)?, text(e)?, text(t)?);
    let entry = Entry {
        offset: id.split('-').next()?.parse().ok()?,
        stamp: t.parse().ok()?,
        message: bytes(m)?,
    };
    Some((epoch(&e)?, entry))
}

fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        _ => None,
    }
}

fn text(value: Value) -> Option<String> {
    String::from_utf8(bytes(value)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(text: &str) -> Value {
        Value::BulkString(text.into())
    }

    fn entry_of(id: &str, fields: &[&str]) -> Value {
        Value::Array(vec![
            bulk(id),
            Value::Array(fields.iter().map(|text| bulk(text)).collect()),
        ])
    }

    #[test]
    fn entries_of_ours_are_read_and_others_are_refused() {
        let ours = || entry_of("7-0", &["e", "00000000000000ff", "t", "12", "m", "x"]);
        let read = of_range(Value::Array(vec![ours()])).unwrap();
        let [(epoch, entry)] = &read[..] else {
            panic!("{read:?}")
        };
        assert_eq!(
            (epoch.0, entry.offset, entry.stamp, &entry.message[..]),
            (255, 7, 12, &b"x"[..])
        );
        let stream = Value::Array(vec![bulk("key"), Value::Array(vec![ours()])]);
        assert_eq!(of_read(Value::Array(vec![stream])).unwrap().len(), 1);
        assert_eq!(of_read(Value::Nil).unwrap().len(), 0);
        for other in [
            entry_of("7-0", &["field", "value"]),
            entry_of("7-0", &["e", "x", "t", "12", "m", "x"]),
            entry_of("x", &["e", "1", "t", "12", "m", "x"]),
            Value::Int(3),
        ] {
            assert!(of_range(Value::Array(vec![other.clone()])).is_none(), "{other:?}");
        }
        assert!(of_range(Value::Nil).is_none() && of_read(Value::Okay).is_none());
    }
}
