//! The values that a filter computes with, and JavaScript's rules for them.

use std::cmp::Ordering;

/// What a member of an event holds, as far as filters can see.
///
/// Truth, equality and order follow JavaScript for these five kinds. They differ in three points:
///
/// - There are no objects. A lookup that meets one answers with something that stands for it, such as
///   `Bool(true)`, which is as true as the object but compares as `true` does.
/// - A text that spells a number in another base (`0x10`) is not a number here.
/// - Blanks around a number in a text are those of Unicode, which is JavaScript's set without the byte order
///   mark.
///
/// ```
/// use leptos_live::grammar::Value;
///
/// assert!(Value::from("5").loosely_equals(&Value::from(5.0)));
/// assert!(!Value::from("").is_truthy());
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// There is no such member.
    #[default]
    Undefined,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, which may be NaN.
    Number(f64),
    /// A text.
    Text(String),
}

impl Value {
    /// JavaScript's truth: everything but `undefined`, `null`, `false`, zero, NaN and the empty text.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(value) => !value.is_empty(),
        }
    }

    /// JavaScript's `===`: the same kind and the same value; NaN equals nothing.
    pub fn strictly_equals(&self, other: &Self) -> bool {
        self == other
    }

    /// JavaScript's `==`: kinds that differ are compared as numbers, and `null` equals only `undefined` and
    /// itself.
    pub fn loosely_equals(&self, other: &Self) -> bool {
        let is_nothing = |value: &Self| matches!(value, Self::Undefined | Self::Null);
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left == right,
            _ if is_nothing(self) || is_nothing(other) => is_nothing(self) && is_nothing(other),
            _ => self.as_number() == other.as_number(),
        }
    }

    /// The order that JavaScript's `<` and `>` see: two texts by their UTF-16 units, everything else as
    /// numbers, and none at all if one of these is NaN.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => Some(left.encode_utf16().cmp(right.encode_utf16())),
            _ => self.as_number().partial_cmp(&other.as_number()),
        }
    }

    fn as_number(&self) -> f64 {
        match self {
            Self::Undefined => f64::NAN,
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::Text(text) => number_in(text.trim()),
        }
    }
}

/// Rust's own reading also takes `inf`, `nan` and `infinity` in any case, which JavaScript does not.
fn number_in(text: &str) -> f64 {
    let is_decimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if text.bytes().all(is_decimal) => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Value::{Bool, Null, Number, Undefined};
    use super::*;

    #[track_caller]
    fn check_truth(value: impl Into<Value>, expected: bool) {
        let value = value.into();
        assert_eq!(value.is_truthy(), expected, "{value:?}");
    }

    #[test]
    fn truth() {
        check_truth(Undefined, false);
        check_truth(Null, false);
        check_truth(false, false);
        check_truth(true, true);
        check_truth(0.0, false);
        check_truth(-0.0, false);
        check_truth(f64::NAN, false);
        check_truth(-1.0, true);
        check_truth("", false);
        check_truth(" ", true);
        check_truth("false", true);
    }

    /// Loose and strict equality of both orders.
    #[track_caller]
    fn check_equal(left: impl Into<Value>, right: impl Into<Value>, loose: bool, strict: bool) {
        let (left, right) = (left.into(), right.into());
        for (a, b) in [(&left, &right), (&right, &left)] {
            assert_eq!(a.loosely_equals(b), loose, "{a:?} == {b:?}");
            assert_eq!(a.strictly_equals(b), strict, "{a:?} === {b:?}");
        }
    }

    #[test]
    fn equality() {
        check_equal(Undefined, Undefined, true, true);
        check_equal(Undefined, Null, true, false);
        check_equal(Null, 0.0, false, false);
        check_equal(Null, false, false, false);
        check_equal(Undefined, "", false, false);
        check_equal(0.0, -0.0, true, true);
        check_equal(f64::NAN, f64::NAN, false, false);
        check_equal("5", 5.0, true, false);
        check_equal(" 5\n", 5.0, true, false);
        check_equal("", 0.0, true, false);
        check_equal("5", "5.0", false, false);
        check_equal("a", "a", true, true);
        check_equal(true, 1.0, true, false);
        check_equal(true, "1", true, false);
        check_equal(true, "true", false, false);
        check_equal(false, "", true, false);
        check_equal("1e3", 1000.0, true, false);
        check_equal("Infinity", f64::INFINITY, true, false);
        check_equal("inf", f64::INFINITY, false, false);
        check_equal("nan", f64::NAN, false, false);
        // DIFFERENCE: JavaScript reads other bases in texts.
        check_equal("0x10", 16.0, false, false);
    }

    #[track_caller]
    fn check_order(left: impl Into<Value>, right: impl Into<Value>, expected: Option<Ordering>) {
        let (left, right) = (left.into(), right.into());
        assert_eq!(left.order(&right), expected, "{left:?} ? {right:?}");
        assert_eq!(right.order(&left), expected.map(Ordering::reverse));
    }

    #[test]
    fn order() {
        check_order(1.0, 2.0, Some(Ordering::Less));
        check_order("10", 9.0, Some(Ordering::Greater));
        check_order("10", "9", Some(Ordering::Less));
        check_order(Null, 0.0, Some(Ordering::Equal));
        check_order(Undefined, 0.0, None);
        check_order("x", 0.0, None);
        check_order(Bool(true), Number(0.5), Some(Ordering::Greater));
        // By UTF-16 units, where an emoji starts with a surrogate below U+FF5E.
        check_order("\u{1f600}", "\u{ff5e}", Some(Ordering::Less));
    }
}
