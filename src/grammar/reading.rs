//! Reading several attributes of one element, with every mistake in them.

use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;

/// The mistakes so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    errors: Vec<ParseError>,
}

impl Reading {
    /// An attribute with a language of its own.
    pub(super) fn parsed<T: FromStr<Err = ParseError> + Default>(&mut self, text: Option<&str>) -> T {
        match text.map(str::parse) {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                self.errors.push(error);
                T::default()
            }
            None => T::default(),
        }
    }

    /// An attribute that is one value as a whole.
    pub(super) fn whole(
        &mut self,
        language: &'static str,
        text: Option<&str>,
        expected: &'static str,
    ) -> Option<String> {
        match Cursor::new(language, text?).whole(expected) {
            Ok(text) => Some(text),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// The address that two attributes name, one of each spelling; they may not disagree.
    pub(super) fn one_address(
        &mut self,
        (old, first): (&'static str, Option<String>),
        (new, second): (&'static str, Option<String>),
    ) -> Option<String> {
        if let (Some(first), Some(second)) = (&first, &second)
            && first != second
        {
            let expected = format!("the same address as in {old}, `{first}`");
            self.errors.push(Cursor::new(new, second).error(expected));
        }
        first.or(second)
    }

    /// What was read, if there was no mistake.
    pub(super) fn finish<T>(self, value: T) -> Result<T, Vec<ParseError>> {
        if self.errors.is_empty() {
            Ok(value)
        } else {
            Err(self.errors)
        }
    }
}
