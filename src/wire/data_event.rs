//! An event whose payload is a value rather than HTML, as a socket carries it.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{EventName, Position};

/// A value with the name and the position of the event that carried it: `{"event", "position", "data"}`.
///
/// A socket endpoint that is told so writes its topics in this form, and a source with the codec
/// `Typed<DataEvent<T>>` reads it.
///
/// ```
/// use leptos_live::DataEvent;
///
/// #[derive(serde::Deserialize)]
/// struct Price { cents: u64 }
///
/// let frame = r#"{"event":"price","position":"000000000000feed-42","data":{"cents":199}}"#;
/// let event: DataEvent<Price> = serde_json::from_str(frame)?;
/// assert_eq!((event.name.as_str(), event.position.offset, event.data.cents), ("price", 42, 199));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DataEvent<T> {
    /// The name it was published under.
    #[serde(rename = "event", deserialize_with = "parsed")]
    pub name: EventName,
    /// The place right after it.
    #[serde(deserialize_with = "parsed")]
    pub position: Position,
    /// The value.
    pub data: T,
}

fn parsed<'de, D, V>(deserializer: D) -> Result<V, D::Error>
where
    D: Deserializer<'de>,
    V: FromStr,
    V::Err: Display,
{
    let text = Cow::<str>::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

/// An event whose payload is JSON. A payload that is not becomes a JSON text, as nothing else could be read back.
///
/// ```
/// use leptos_live::{Epoch, EventName, Position, encode_data_event};
///
/// let position = Position { epoch: Epoch(0xfeed), offset: 42 };
/// let frame = encode_data_event(&EventName::new("price")?, position, "199");
/// assert_eq!(frame, r#"{"event":"price","position":"000000000000feed-42","data":199}"#);
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
pub fn encode_data_event(name: &EventName, position: Position, payload: &str) -> String {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(payload).is_ok();
    let data = if is_json {
        Cow::Borrowed(payload)
    } else {
        Cow::Owned(Value::from(payload).to_string())
    };
    let name = Value::from(name.as_str());
    format!("{{\"event\":{name},\"position\":\"{position}\",\"data\":{data}}}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Epoch;

    fn round_trip<T: for<'de> Deserialize<'de>>(
        payload: &str,
        offset: u64,
    ) -> Result<DataEvent<T>, serde_json::Error> {
        let position = Position {
            epoch: Epoch(5),
            offset,
        };
        serde_json::from_str(&encode_data_event(&EventName::default(), position, payload))
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for frame in [
            "{}",
            r#"{"event":"ll:x","position":"0000000000000001-1","data":1}"#,
            r#"{"event":"x","position":"1","data":1}"#,
            r#"{"event":"x","position":"0000000000000001-1","data":"one"}"#,
        ] {
            assert!(serde_json::from_str::<DataEvent<u32>>(frame).is_err(), "{frame}");
        }
    }

    proptest! {
        #[test]
        fn con_03_values_are_read_as_they_were_written(text in any::<String>(), number in any::<i64>(), offset in any::<u64>()) {
            let payload = serde_json::to_string(&(&text, number)).unwrap();
            let event = round_trip::<(String, i64)>(&payload, offset).unwrap();
            prop_assert_eq!((event.data, event.position.offset), ((text, number), offset));
        }

        #[test]
        fn text_that_is_no_json_stays_text(text in "[^0-9\\[{\"tfn \t\r\n-]\\PC{0,20}") {
            prop_assert_eq!(round_trip::<String>(&text, 1).unwrap().data, text);
        }
    }
}
