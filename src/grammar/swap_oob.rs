//! The value of `hx-swap-oob`: how an element of a payload finds its own place in the page.

use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;
use super::selector::{self, InQuotes};
use super::swap_spec::SwapSpec;
use super::swap_style::SwapStyle;

const LANGUAGE: &str = "hx-swap-oob";

/// Where an out-of-band element goes: `true`, `beforeend`, `innerHTML:#log`, `append settle:1s target:#log`.
///
/// `true` and the bare attribute say `outerHTML` on the element with the same id (OOB-01), a style alone says
/// that style there (OOB-02), a style and a selector name all elements that match (OOB-03).
///
/// DIFFERENCE: a value with blanks is a style with modifiers, as in htmx 4 (OOB-11), unless it starts with
/// `<style>:`; then all of the rest is the selector, as in htmx 1 and 2.
///
/// ```
/// use leptos_live::grammar::{SwapOob, SwapStyle};
///
/// let oob: SwapOob = "beforeend:#log".parse()?;
/// assert_eq!(oob.spec.style, SwapStyle::BeforeEnd);
/// assert_eq!(oob.selector.as_deref(), Some("#log"));
/// assert_eq!("true".parse(), Ok(SwapOob::default()));
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwapOob {
    /// The style and its modifiers.
    pub spec: SwapSpec,
    /// The places; without one, the element with the same id.
    pub selector: Option<String>,
}

/// `true`: replace the element with the same id.
impl Default for SwapOob {
    fn default() -> Self {
        SwapStyle::OuterHtml.into()
    }
}

impl From<SwapStyle> for SwapOob {
    fn from(style: SwapStyle) -> Self {
        Self {
            spec: style.into(),
            selector: None,
        }
    }
}

impl FromStr for SwapOob {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        if let Some(oob) = read_style_and_selector(&mut cursor)? {
            return Ok(oob);
        }
        let mut selector = None;
        let spec = SwapSpec::read(&mut cursor, SwapStyle::OuterHtml, Some(&mut selector))?;
        Ok(Self { spec, selector })
    }
}

/// `<style>:<selector>`; nothing is read if the text does not start with a style and a colon.
fn read_style_and_selector(cursor: &mut Cursor<'_>) -> Result<Option<SwapOob>, ParseError> {
    let mut ahead = cursor.clone();
    ahead.skip_blanks();
    let style = SwapStyle::named(ahead.take_until(|c| c == ':').text);
    let (Some(style), true) = (style, ahead.eat(":")) else {
        return Ok(None);
    };
    let selector = ahead.remainder();
    Ok(Some(SwapOob {
        spec: style.into(),
        selector: Some(selector::check(&ahead, selector)?),
    }))
}

/// Prints the form that htmx 1 and 2 read, as long as there are no modifiers.
impl fmt::Display for SwapOob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = self.spec.style;
        let has_modifiers = self.spec != style.into();
        match (&self.selector, has_modifiers) {
            (None, false) if style == SwapStyle::OuterHtml => f.write_str("true"),
            (None, _) => write!(f, "{}", self.spec),
            (Some(selector), false) => write!(f, "{style}:{selector}"),
            (Some(selector), true) => write!(f, "{} target:{}", self.spec, InQuotes(selector)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::interval::Interval;
    use super::super::selector::tests::any_selector;
    use super::super::swap_spec::tests::any_spec;
    use super::super::swap_style::tests::any_style;
    use super::*;

    #[track_caller]
    fn check(input: &str, spec: impl Into<SwapSpec>, selector: Option<&str>) {
        let expected = SwapOob {
            spec: spec.into(),
            selector: selector.map(str::to_owned),
        };
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn the_element_with_the_same_id() {
        // OOB-01
        check("true", SwapStyle::OuterHtml, None);
        check("outerHTML", SwapStyle::OuterHtml, None);
        check("", SwapStyle::OuterHtml, None);
        check(" true ", SwapStyle::OuterHtml, None);
        // OOB-02
        check("innerHTML", SwapStyle::InnerHtml, None);
        check("delete", SwapStyle::Delete, None);
        check("append", SwapStyle::BeforeEnd, None); // SWP-12
        check("outerMorph", SwapStyle::OuterMorph, None); // WSM-06
    }

    #[test]
    fn all_elements_that_match() {
        // OOB-03
        check("innerHTML:#log", SwapStyle::InnerHtml, Some("#log"));
        check("innerMorph:#log", SwapStyle::InnerMorph, Some("#log"));
        check("beforeend:.a:hover", SwapStyle::BeforeEnd, Some(".a:hover"));
        check(
            "beforeend:#table tbody",
            SwapStyle::BeforeEnd,
            Some("#table tbody"),
        );
        check("outerHTML: .a, .b", SwapStyle::OuterHtml, Some(".a, .b"));
    }

    #[test]
    fn modifiers() {
        // DIFFERENCE: OOB-11.
        let settle = |style| SwapSpec {
            settle: Some(Interval::from_millis(1000)),
            ..SwapSpec::from(style)
        };
        check("outerHTML settle:1s", settle(SwapStyle::OuterHtml), None);
        check("true settle:1s", settle(SwapStyle::OuterHtml), None);
        check("settle:1s", settle(SwapStyle::OuterHtml), None);
        check(
            "beforeend settle:1s target:#x",
            settle(SwapStyle::BeforeEnd),
            Some("#x"),
        );
        check(
            "beforeend target:#x settle:1s",
            settle(SwapStyle::BeforeEnd),
            Some("#x"),
        );
        check("innerHTML target:#x", SwapStyle::InnerHtml, Some("#x"));
        check(
            "innerHTML target:\".foo .bar\"",
            SwapStyle::InnerHtml,
            Some(".foo .bar"),
        );
        check(
            "innerHTML target:(.foo .bar)",
            SwapStyle::InnerHtml,
            Some(".foo .bar"),
        );
        check("target:#x", SwapStyle::OuterHtml, Some("#x"));
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize) {
        assert_eq!(
            input.parse::<SwapOob>().err().map(|e| e.offset()),
            Some(offset),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        check_error("false", 0);
        check_error("#log", 0);
        check_error("true:#log", 0);
        check_error("morph:#log", 0);
        check_error("innerHTML:", 10);
        check_error("innerHTML: ", 11);
        check_error("innerHTML:a[b", 13);
        check_error("true beforeend", 5);
        check_error("beforeend true", 10);
        check_error("innerHTML target:", 17);
        check_error("innerHTML target:\"a", 19);
        check_error("innerHTML target:#a target:#b", 20);
        check_error("innerHTML target:#a .b", 20);
    }

    #[track_caller]
    fn check_print(input: &str, expected: &str) {
        let printed = input.parse::<SwapOob>().map(|oob| oob.to_string());
        assert_eq!(printed, Ok(expected.to_owned()), "{input:?}");
    }

    #[test]
    fn canonical_text() {
        check_print("outerHTML", "true");
        check_print("append", "beforeend");
        check_print("innerHTML target:(.a .b)", "innerHTML:.a .b");
        check_print(
            "true settle:1s target:(.a .b)",
            "outerHTML settle:1s target:\".a .b\"",
        );
        check_print(
            "settle:1s target:([a=\"b\"] c)",
            "outerHTML settle:1s target:'[a=\"b\"] c'",
        );
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(
            spec in prop_oneof![any_spec(), any_style().prop_map(SwapSpec::from)],
            selector in prop::option::of(any_selector()),
        ) {
            let oob = SwapOob { spec, selector };
            prop_assert_eq!(oob.to_string().parse(), Ok(oob));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((true|innerHTML|:|settle|target|1s|#a|\\(|\"| |é){0,12})",
        ) {
            let _ = text.parse::<SwapOob>();
            let _ = fragments.parse::<SwapOob>();
        }
    }
}
