//! Times as htmx writes them: `10`, `10ms`, `0.5s`, `1m`.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;

const LANGUAGE: &str = "interval";
const EXPECTED: &str = "a time such as 500ms, 1s or 1m";

/// Browsers keep timer delays in a signed 32-bit number and run a longer one at once.
const LONGEST: u32 = i32::MAX.unsigned_abs();

/// Digits of a fraction that can change the result; the rest would only make the products overflow.
const FRACTION_DIGITS: usize = 9;

/// A length of time in whole milliseconds (SWP-18).
///
/// It is never longer than [`Interval::MAX`], because a browser's timer would take a longer one for zero.
///
/// ```
/// use leptos_live::grammar::Interval;
///
/// assert_eq!("0.5s".parse(), Ok(Interval::from_millis(500)));
/// assert_eq!("1m".parse(), Ok(Interval::from_millis(60_000)));
/// assert_eq!(Interval::from_millis(60_000).to_string(), "60s");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    millis: u32,
}

impl Interval {
    /// The longest delay that a browser's timer can hold: 2³¹ − 1 milliseconds, nearly 25 days.
    pub const MAX: Self = Self { millis: LONGEST };

    /// An interval of so many milliseconds, at most [`Interval::MAX`].
    pub const fn from_millis(millis: u32) -> Self {
        if millis > LONGEST {
            Self::MAX
        } else {
            Self { millis }
        }
    }

    /// The length in milliseconds.
    pub const fn as_millis(self) -> u32 {
        self.millis
    }

    /// Reads a word of a larger text, so that the error points into that text.
    pub(crate) fn read(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Self, ParseError> {
        let Some(millis) = read_millis(word.text) else {
            return Err(cursor.error_at(word.offset, EXPECTED));
        };
        match u32::try_from(millis) {
            Ok(millis) if millis <= LONGEST => Ok(Self { millis }),
            _ => Err(cursor.error_at(word.offset, format!("a time of at most {LONGEST}ms"))),
        }
    }
}

/// Integers only; what is below a millisecond is cut off, as timers do.
///
/// DIFFERENCE: htmx reads with `parseFloat`, which also takes signs and exponents and ignores what follows
/// the number.
fn read_millis(text: &str) -> Option<u64> {
    let (number, unit) = [("ms", 1), ("s", 1000), ("m", 60_000)]
        .into_iter()
        .find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?, unit)))
        .unwrap_or((text, 1_u64));
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None if number.is_empty() => return None,
        None => (number, ""),
    };
    if !whole
        .bytes()
        .chain(fraction.bytes())
        .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let fraction = fraction.get(..FRACTION_DIGITS).unwrap_or(fraction);
    let scale = fraction.bytes().fold(1, |scale, _| scale * 10);
    Some(
        number_of(whole)
            .saturating_mul(unit)
            .saturating_add(number_of(fraction) * unit / scale),
    )
}

/// The value of a run of digits; none at all is zero, too many are the largest number.
fn number_of(digits: &str) -> u64 {
    digits.bytes().fold(0, |sum: u64, digit| {
        sum.saturating_mul(10)
            .saturating_add(u64::from(digit.saturating_sub(b'0')))
    })
}

impl FromStr for Interval {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor.remainder();
        Self::read(&cursor, word)
    }
}

/// Prints whole seconds as `2s` and everything else as `1500ms`.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.millis {
            millis if millis > 0 && millis % 1000 == 0 => write!(f, "{}s", millis / 1000),
            millis => write!(f, "{millis}ms"),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn any_interval() -> BoxedStrategy<Interval> {
        prop_oneof![0..2000_u32, (0..90_u32).prop_map(|s| s * 1000), any::<u32>()]
            .prop_map(Interval::from_millis)
            .boxed()
    }

    #[track_caller]
    fn check(input: &str, millis: u32) {
        assert_eq!(input.parse(), Ok(Interval::from_millis(millis)), "{input:?}");
    }

    #[test]
    fn times() {
        // SWP-18
        check("10", 10);
        check("10ms", 10);
        check("0.5s", 500);
        check(".5s", 500);
        check("1m", 60_000);
        check("0", 0);
        check("0s", 0);
        check(" 2s ", 2000);
        check("1.5m", 90_000);
        check("0.0019s", 1);
        check("0.9ms", 0);
        check("0.99999999999999999999999999s", 999);
        check("2147483647", 2_147_483_647);
    }

    #[track_caller]
    fn check_error(input: &str, expected: &str) {
        let error = input.parse::<Interval>().err();
        assert_eq!(
            error.as_ref().map(ParseError::expected),
            Some(expected),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        for input in [
            "", "s", "ms", ".", "1.", ".s", "1 s", "soon", "1h", "1sms", "1.2.3", "1S", "١s",
            // DIFFERENCE: parseFloat takes these.
            "-1s", "+1s", "1e3", "10px", "0x10", "1,5s",
        ] {
            check_error(input, EXPECTED);
        }
        for input in ["2147483648", "1000000m", "99999999999999999999999999m"] {
            check_error(input, "a time of at most 2147483647ms");
        }
    }

    #[test]
    fn longer_than_a_timer_can_hold() {
        assert_eq!(Interval::from_millis(u32::MAX), Interval::MAX);
    }

    #[track_caller]
    fn check_print(millis: u32, expected: &str) {
        assert_eq!(Interval::from_millis(millis).to_string(), expected);
    }

    #[test]
    fn canonical_text() {
        check_print(0, "0ms");
        check_print(10, "10ms");
        check_print(1000, "1s");
        check_print(1500, "1500ms");
        check_print(60_000, "60s");
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(interval in any_interval()) {
            prop_assert_eq!(interval.to_string().parse(), Ok(interval));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), fragments in "[0-9.]{0,40}(ms|s|m)?") {
            let _ = text.parse::<Interval>();
            let _ = fragments.parse::<Interval>();
        }
    }
}
