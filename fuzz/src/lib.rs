//! What the targets have in common: the properties that hold for every text.

pub mod requests;

use std::fmt::{Debug, Display};
use std::str::FromStr;

/// Reads a text. A value prints a text that is read as the same value; an error can be printed.
///
/// # Panics
/// When that is not so.
pub fn reads_back<T>(text: &str)
where
    T: FromStr<Err: Debug + Display> + Display + PartialEq + Debug,
{
    match text.parse::<T>() {
        Ok(value) => {
            let printed = value.to_string();
            match printed.parse::<T>() {
                Ok(again) => assert_eq!(again, value, "{text:?} was printed as {printed:?}"),
                Err(error) => panic!("{text:?} was printed as {printed:?}, which cannot be read: {error}"),
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
