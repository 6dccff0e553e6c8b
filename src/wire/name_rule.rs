//! The one rule that topics and event names share: what a name may not contain.
//!
//! A line break in a name would forge a field of the event stream (S08), and characters that are
//! invisible or reorder text would let two different names look the same in a log.

use super::InvalidName;

/// The longest topic or event name, in bytes.
pub(super) const MAX_NAME_BYTES: usize = 255;

pub(super) fn check(kind: &'static str, text: &str) -> Result<(), InvalidName> {
    if text.is_empty() {
        return Err(InvalidName::Empty { kind });
    }
    if text.len() > MAX_NAME_BYTES {
        return Err(InvalidName::TooLong {
            kind,
            limit: MAX_NAME_BYTES,
            found: text.len(),
        });
    }
    match text.char_indices().find(|(_, c)| is_forbidden(*c)) {
        Some((at, c)) => Err(InvalidName::ForbiddenCharacter {
            kind,
            code: c as u32,
            at,
        }),
        None => Ok(()),
    }
}

pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{FEFF}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}')
}
