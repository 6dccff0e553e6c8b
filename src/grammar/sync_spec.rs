//! The value of `hx-sync`: which requests keep out of each other's way, and how.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector;
use super::target::Target;
use super::trigger_spec::Queue;

const LANGUAGE: &str = "hx-sync";
const RULES: &str = "drop, abort, replace, queue, queue first, queue last or queue all";

/// The element whose requests go one at a time, and what happens to one that comes in between:
/// `closest form:abort`, `this:queue last` (TRG-06, SST-09).
///
/// ```
/// use leptos_live::grammar::{SyncSpec, SyncRule, Target};
///
/// let sync: SyncSpec = "closest form:abort".parse()?;
/// assert_eq!(sync.element, Target::Closest("form".into()));
/// assert_eq!(sync.rule, SyncRule::Abort);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
///
/// DIFFERENCE: a word after the last colon that is no rule is an error; htmx takes it for a rule that does nothing. So a
/// selector with a pseudo-class needs its rule: `li:hover:drop`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSpec {
    /// Whose requests it is about.
    pub element: Target,
    /// What happens to a request that comes while another one is under way.
    pub rule: SyncRule,
}

/// What [`SyncSpec`] does with a request that comes while another one is under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SyncRule {
    /// `drop`: it is left out.
    #[default]
    Drop,
    /// `abort`: it is left out, and one that is sent gives way to the next that has another rule.
    Abort,
    /// `replace`: it takes the other one's place, which is aborted.
    Replace,
    /// `queue`, `queue <rule>`: it waits for its turn.
    Queue(Queue),
}

impl SyncRule {
    const WRITTEN: [(&'static str, Self); 8] = [
        ("drop", Self::Drop),
        ("abort", Self::Abort),
        ("replace", Self::Replace),
        ("queue last", Self::Queue(Queue::Last)),
        ("queue first", Self::Queue(Queue::First)),
        ("queue all", Self::Queue(Queue::All)),
        ("queue none", Self::Queue(Queue::None)),
        ("queue", Self::Queue(Queue::Last)),
    ];

    /// The attribute's spelling.
    pub fn as_str(self) -> &'static str {
        let written = Self::WRITTEN.iter().find(|(_, rule)| *rule == self);
        written.map_or("drop", |(text, _)| text)
    }

    fn read(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Self, ParseError> {
        let words = word.text.split_whitespace();
        let mut known = Self::WRITTEN.into_iter();
        let known = known.find(|(text, _)| text.split(' ').eq(words.clone()));
        known
            .map(|(_, rule)| rule)
            .ok_or_else(|| cursor.error_at(word.trim().offset, RULES))
    }
}

impl FromStr for SyncSpec {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let word = cursor.remainder();
        // A selector may hold colons itself.
        let Some(colon) = selector::outer_colons(word.text).last() else {
            return Ok(Self {
                element: Target::read(&cursor, word)?,
                rule: SyncRule::default(),
            });
        };
        let (element, rest) = word.split_after(colon);
        Ok(Self {
            element: Target::read(&cursor, element.trim())?,
            rule: SyncRule::read(&cursor, rest.split_after(1).1)?,
        })
    }
}

impl fmt::Display for SyncSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.element, self.rule.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::target::tests::any_target;
    use super::*;

    #[track_caller]
    fn check(input: &str, element: &str, rule: SyncRule) {
        let element = element.parse().unwrap();
        assert_eq!(input.parse(), Ok(SyncSpec { element, rule }), "{input:?}");
    }

    #[test]
    fn trg_06_values() {
        check("this", "this", SyncRule::Drop);
        check("this:drop", "this", SyncRule::Drop);
        check("closest form:abort", "closest form", SyncRule::Abort);
        check("#a : replace", "#a", SyncRule::Replace);
        check("this:queue", "this", SyncRule::Queue(Queue::Last));
        check("this:queue  first", "this", SyncRule::Queue(Queue::First));
        check("this:queue all", "this", SyncRule::Queue(Queue::All));
        check("#a:has(:checked):drop", "#a:has(:checked)", SyncRule::Drop);
        check("li:hover:abort", "li:hover", SyncRule::Abort);
    }

    #[test]
    fn refusals() {
        for (input, offset) in [
            ("", 0),
            (":drop", 0),
            ("this:", 5),
            ("this:dorp", 5),
            ("li:hover", 3),
            ("this:queue some", 5),
            ("this:queue all all", 5),
            ("this:drop all", 5),
            ("a[b:drop", 8),
        ] {
            let error = input.parse::<SyncSpec>().err();
            assert_eq!(error.map(|e| e.offset()), Some(offset), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(element in any_target(), rule in 0..7_usize) {
            let (_, rule) = SyncRule::WRITTEN[rule];
            let sync = SyncSpec { element, rule };
            prop_assert_eq!(sync.to_string().parse(), Ok(sync));
        }

        #[test]
        fn no_text_panics(text in any::<String>(), fragments in "((this|:|drop|queue|all|\\(|'| |é){0,9})") {
            let _ = text.parse::<SyncSpec>();
            let _ = fragments.parse::<SyncSpec>();
        }
    }
}
