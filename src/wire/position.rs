//! Where a stream stands: the cursor that a page resumes from.
//!
//! An offset alone would lie after a restart: offset 40 of a new history is another event than
//! offset 40 of the lost one. So a position names its history too, by an epoch.

use std::fmt;
use std::str::FromStr;

use super::InvalidPosition;

/// Names one unbroken history of a hub; it changes when history is lost.
///
/// [`Position`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(pub u64);

/// A place in the history of a hub: everything up to and including `offset` lies before it.
///
/// Offsets grow across the whole hub, not per topic, so that one position resumes a connection
/// that carries many topics. Offset 0 is the place before the first event. It is the `id:` of a
/// server-sent event, the value of `data-position`, and what `Last-Event-ID` brings back.
///
/// ```
/// use leptos_live::{Epoch, Position};
///
/// let position = Position { epoch: Epoch(0xfeed), offset: 42 };
/// assert_eq!(position.to_string(), "000000000000feed-42");
/// assert_eq!("000000000000feed-42".parse(), Ok(position));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The history in which the offset counts.
    pub epoch: Epoch,
    /// How many events of the hub lie before this place.
    pub offset: u64,
}

impl Position {
    /// The longest text of a position, in bytes: 16 hex digits, a dash, 20 decimal digits.
    pub const MAX_TEXT_BYTES: usize = 37;

    /// Whether an event at this position has been seen by a reader whose cursor is `cursor`.
    ///
    /// Positions of different epochs cannot be compared; then the answer is no, because
    /// repeating an event is better than hiding one.
    pub fn is_covered_by(self, cursor: Position) -> bool {
        self.epoch == cursor.epoch && self.offset <= cursor.offset
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{}", self.epoch.0, self.offset)
    }
}

impl FromStr for Position {
    type Err = InvalidPosition;

    /// Reads exactly what `Display` writes; no signs, no spaces, no upper case, no leading zeros.
    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let invalid = || InvalidPosition::new(text);
        if text.len() > Self::MAX_TEXT_BYTES {
            return Err(invalid());
        }
        let (epoch, offset) = text.split_once('-').ok_or_else(invalid)?;
        let is_epoch = epoch.len() == 16 && epoch.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_offset =
            offset.bytes().all(|b| b.is_ascii_digit()) && (offset == "0" || !offset.starts_with('0'));
        if !is_epoch || !is_offset {
            return Err(invalid());
        }
        let epoch = u64::from_str_radix(epoch, 16).map_err(|_| invalid())?;
        let offset = offset.parse().map_err(|_| invalid())?;
        Ok(Self {
            epoch: Epoch(epoch),
            offset,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(u64, u64)>) {
        let found = text.parse::<Position>().ok().map(|p| (p.epoch.0, p.offset));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn s25_only_the_exact_text_is_a_position() {
        check("0000000000000000-0", Some((0, 0)));
        check(
            "ffffffffffffffff-18446744073709551615",
            Some((u64::MAX, u64::MAX)),
        );
        check("ffffffffffffffff-18446744073709551616", None);
        check("000000000000000-0", None);
        check("00000000000000000-0", None);
        check("0000000000000000-", None);
        check("0000000000000000-01", None);
        check("0000000000000000--1", None);
        check("0000000000000000-+1", None);
        check("000000000000000G-1", None);
        check("000000000000000F-1", None);
        check("0000000000000000-1 ", None);
        check("", None);
        check("-", None);
        check(&"9".repeat(10_000), None);
        check("\u{1F600}000000000000-1", None);
    }

    #[test]
    fn positions_of_another_epoch_cover_nothing() {
        let at = |epoch, offset| Position {
            epoch: Epoch(epoch),
            offset,
        };
        assert!(at(1, 5).is_covered_by(at(1, 5)));
        assert!(!at(1, 6).is_covered_by(at(1, 5)));
        assert!(!at(1, 5).is_covered_by(at(2, 9)));
    }

    proptest! {
        #[test]
        fn text_and_back(epoch: u64, offset: u64) {
            let position = Position { epoch: Epoch(epoch), offset };
            prop_assert!(position.to_string().len() <= Position::MAX_TEXT_BYTES);
            prop_assert_eq!(position.to_string().parse(), Ok(position));
        }

        #[test]
        fn any_text_is_answered(text in ".*") {
            if let Ok(position) = text.parse::<Position>() {
                prop_assert_eq!(position.to_string(), text);
            }
        }
    }
}
