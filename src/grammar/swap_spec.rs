//! The value of `hx-swap`: a style and its modifiers.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::{ParseError, in_full};
use super::interval::Interval;
use super::scroll::{Scroll, Show};
use super::selector::{self, InParentheses};
use super::swap_style::{self, SwapStyle};
use super::target::Target;

const LANGUAGE: &str = "hx-swap";
const MODIFIER: &str = in_full(
    "a modifier (swap:, settle:, scroll:, scrollTarget:, show:, showTarget:, focus-scroll:, transition:, ignoreTitle:, \
     target:, strip:, swapEmpty:, scripts:)",
    "a modifier",
);

/// How a payload is swapped in: `hx-swap="beforeend settle:1s scroll:bottom"` (SWP-15 to SWP-24).
///
/// A modifier that was not written is `None`; what holds then is up to the swap.
///
/// DIFFERENCE: an unknown word, a repeated modifier and a truth value other than `true` and `false` are
/// errors, where htmx logs and skips, lets the last one win, and reads `false`. `scripts:` is our own.
///
/// ```
/// use leptos_live::grammar::{Interval, SwapSpec, SwapStyle};
///
/// let spec: SwapSpec = "beforeend settle:1s".parse()?;
/// assert_eq!(spec.style, SwapStyle::BeforeEnd);
/// assert_eq!(spec.settle, Some(Interval::from_millis(1000)));
///
/// let built = SwapSpec { transition: Some(true), ..SwapStyle::OuterHtml.into() };
/// assert_eq!(built.to_string(), "outerHTML transition:true");
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SwapSpec {
    /// Where the payload goes.
    pub style: SwapStyle,
    /// `swap:<time>`: the wait before the swap (SWP-16).
    pub swap: Option<Interval>,
    /// `settle:<time>`: the wait between the insertion and settling (SWP-17).
    pub settle: Option<Interval>,
    /// `scroll:…`: where an element is scrolled to afterwards (SWP-20).
    pub scroll: Option<Scroll>,
    /// `show:…`: what is brought into view afterwards (SWP-21).
    pub show: Option<Show>,
    /// `focus-scroll:true|false`: whether restoring the focus may scroll (SWP-22).
    pub focus_scroll: Option<bool>,
    /// `transition:true|false`: whether the swap runs in a view transition (SWP-19).
    pub transition: Option<bool>,
    /// `ignoreTitle:true|false`: whether a `<title>` in the payload is ignored (SWP-23).
    pub ignore_title: Option<bool>,
    /// `target:<target>`: where the payload goes, whatever `hx-target` says (SWP-24).
    pub target: Option<Target>,
    /// `strip:true|false`: whether only the content of the payload's first element is used (SWP-24).
    pub strip: Option<bool>,
    /// `swapEmpty:true|false`: whether a payload without content empties the target (SWP-24).
    pub swap_empty: Option<bool>,
    /// `scripts:true|false`: whether scripts in the payload run; they do not by default (SET-07). Those that run are
    /// vouched for: each gets the nonce of the page's own scripts, and one that it brought along is worth nothing (S28).
    pub scripts: Option<bool>,
}

impl From<SwapStyle> for SwapSpec {
    fn from(style: SwapStyle) -> Self {
        Self {
            style,
            ..Self::default()
        }
    }
}

impl SwapSpec {
    /// Reads a text that need not name a style: then it is this one.
    pub(crate) fn parse_or(text: &str, style: SwapStyle) -> Result<Self, ParseError> {
        Self::read(&mut Cursor::new(LANGUAGE, text), style, None)
    }

    /// Reads to the end of the text. With a place for it, `target:` is a selector of several elements and `true`
    /// says the given style, as `hx-swap-oob` has it (OOB-01, OOB-11).
    pub(crate) fn read(
        cursor: &mut Cursor<'_>,
        style: SwapStyle,
        targets: Option<&mut Option<String>>,
    ) -> Result<Self, ParseError> {
        let mut reader = Reader {
            spec: Self::from(style),
            targets,
            scroll_target: None,
            show_target: None,
        };
        let mut seen = Vec::new();
        let mut may_be_style = true;
        loop {
            cursor.skip_blanks();
            if cursor.at_end() {
                return reader.finish(cursor);
            }
            let word = cursor.take_until(|c| c.is_whitespace() || c == ':');
            let is_known = if cursor.eat(":") {
                cursor.only_once(&mut seen, word)?;
                reader.read_modifier(cursor, word)?
            } else {
                may_be_style && reader.read_style(word.text, style)
            };
            if !is_known {
                return Err(unknown(cursor, word, may_be_style, reader.targets.is_some()));
            }
            may_be_style = false;
        }
    }
}

/// A value that is being read.
struct Reader<'t> {
    spec: SwapSpec,
    /// Where the selector of an out-of-band value goes.
    targets: Option<&'t mut Option<String>>,
    /// htmx 4 writes the element beside the edge: `scroll:top scrollTarget:#log`.
    scroll_target: Option<(usize, String)>,
    show_target: Option<(usize, String)>,
}

impl Reader<'_> {
    /// Whether the word is a style.
    fn read_style(&mut self, name: &str, default: SwapStyle) -> bool {
        let named = match name {
            "true" if self.targets.is_some() => Some(default),
            name => SwapStyle::named(name),
        };
        self.spec.style = named.unwrap_or_default();
        named.is_some()
    }

    /// Reads the value of a modifier; the answer is false if there is no such modifier.
    fn read_modifier(&mut self, cursor: &mut Cursor<'_>, word: Word<'_>) -> Result<bool, ParseError> {
        let spec = &mut self.spec;
        match word.text {
            "swap" => spec.swap = Some(interval(cursor)?),
            "settle" => spec.settle = Some(interval(cursor)?),
            "scroll" => spec.scroll = Some(Scroll::read(cursor)?),
            "show" => spec.show = Some(Show::read(cursor)?),
            "scrollTarget" => self.scroll_target = Some((word.offset, selector::read_word(cursor)?)),
            "showTarget" => self.show_target = Some((word.offset, selector::read_word(cursor)?)),
            "focus-scroll" | "focusScroll" => spec.focus_scroll = Some(truth(cursor)?),
            "transition" => spec.transition = Some(truth(cursor)?),
            "ignoreTitle" => spec.ignore_title = Some(truth(cursor)?),
            "strip" => spec.strip = Some(truth(cursor)?),
            "swapEmpty" => spec.swap_empty = Some(truth(cursor)?),
            "scripts" => spec.scripts = Some(truth(cursor)?),
            "target" => match &mut self.targets {
                Some(targets) => **targets = Some(selector::read_word(cursor)?),
                None => {
                    let word = selector::read_raw_word(cursor)?;
                    spec.target = Some(Target::read(cursor, word)?);
                }
            },
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Puts the elements of htmx 4's spelling to their edges.
    fn finish(mut self, cursor: &Cursor<'_>) -> Result<SwapSpec, ParseError> {
        if let Some((offset, selector)) = self.scroll_target {
            match &mut self.spec.scroll {
                Some(Scroll {
                    selector: place @ None,
                    ..
                }) => *place = Some(selector),
                _ => {
                    return Err(
                        cursor.error_at(offset, "scrollTarget: only beside scroll:top or scroll:bottom")
                    );
                }
            }
        }
        if let Some((offset, selector)) = self.show_target {
            match &mut self.spec.show {
                Some(Show::Element {
                    selector: place @ None,
                    ..
                }) => *place = Some(selector),
                _ => return Err(cursor.error_at(offset, "showTarget: only beside show:top or show:bottom")),
            }
        }
        Ok(self.spec)
    }
}

fn unknown(cursor: &Cursor<'_>, word: Word<'_>, may_be_style: bool, is_out_of_band: bool) -> ParseError {
    let mut expected = Vec::new();
    if is_out_of_band && may_be_style {
        expected.push("true");
    }
    if may_be_style {
        expected.push(swap_style::EXPECTED);
    }
    expected.push(MODIFIER);
    cursor.error_at(word.offset, expected.join(" or "))
}

fn interval(cursor: &mut Cursor<'_>) -> Result<Interval, ParseError> {
    let word = cursor.take_until(char::is_whitespace);
    Interval::read(cursor, word)
}

fn truth(cursor: &mut Cursor<'_>) -> Result<bool, ParseError> {
    let word = cursor.take_until(char::is_whitespace);
    match word.text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(cursor.error_at(word.offset, "true or false")),
    }
}

impl FromStr for SwapSpec {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_or(text, SwapStyle::default())
    }
}

/// Prints the style first, then the modifiers in the order of the fields.
impl fmt::Display for SwapSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            style,
            swap,
            settle,
            scroll,
            show,
            focus_scroll,
            transition,
            ignore_title,
            target,
            strip,
            swap_empty,
            scripts,
        } = self;
        write!(f, "{style}")?;
        modifier(f, "swap", swap.as_ref())?;
        modifier(f, "settle", settle.as_ref())?;
        modifier(f, "scroll", scroll.as_ref())?;
        modifier(f, "show", show.as_ref())?;
        modifier(f, "focus-scroll", focus_scroll.as_ref())?;
        modifier(f, "transition", transition.as_ref())?;
        modifier(f, "ignoreTitle", ignore_title.as_ref())?;
        let target = target.as_ref().map(Target::to_string);
        modifier(f, "target", target.as_deref().map(InParentheses).as_ref())?;
        modifier(f, "strip", strip.as_ref())?;
        modifier(f, "swapEmpty", swap_empty.as_ref())?;
        modifier(f, "scripts", scripts.as_ref())
    }
}

fn modifier(f: &mut fmt::Formatter<'_>, keyword: &str, value: Option<&impl fmt::Display>) -> fmt::Result {
    match value {
        Some(value) => write!(f, " {keyword}:{value}"),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::interval::tests::any_interval;
    use super::super::scroll::Edge;
    use super::super::scroll::tests::{any_scroll, any_show};
    use super::super::swap_style::tests::any_style;
    use super::*;

    pub(crate) fn any_spec() -> BoxedStrategy<SwapSpec> {
        let truth = || any::<Option<bool>>();
        let interval = || prop::option::of(any_interval());
        let scrolling = (prop::option::of(any_scroll()), prop::option::of(any_show()));
        (
            any_style(),
            (interval(), interval()),
            scrolling,
            (truth(), truth(), truth()),
            (truth(), truth(), truth()),
        )
            .prop_map(
                |(
                    style,
                    (swap, settle),
                    (scroll, show),
                    (focus_scroll, transition, ignore_title),
                    (strip, swap_empty, scripts),
                )| {
                    SwapSpec {
                        style,
                        swap,
                        settle,
                        scroll,
                        show,
                        focus_scroll,
                        transition,
                        ignore_title,
                        target: None,
                        strip,
                        swap_empty,
                        scripts,
                    }
                },
            )
            .boxed()
    }

    fn ms(millis: u32) -> Option<Interval> {
        Some(Interval::from_millis(millis))
    }

    #[track_caller]
    fn check(input: &str, expected: SwapSpec) {
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn the_style_comes_first_if_at_all() {
        // SWP-14, SWP-15
        check("", SwapSpec::default());
        check("  ", SwapSpec::default());
        check("outerHTML", SwapStyle::OuterHtml.into());
        check("append", SwapStyle::BeforeEnd.into()); // SWP-12
        check(
            "settle:10",
            SwapSpec {
                settle: ms(10),
                ..SwapSpec::default()
            },
        );
    }

    #[test]
    fn delays() {
        // SWP-16, SWP-17
        let both = SwapSpec {
            swap: ms(10),
            settle: ms(11),
            ..SwapSpec::default()
        };
        check("innerHTML swap:10 settle:11", both.clone());
        check("innerHTML   settle:11ms\n swap:10  ", both.clone());
        check("settle:11 swap:10", both);
        check(
            "swap:0s",
            SwapSpec {
                swap: ms(0),
                ..SwapSpec::default()
            },
        );
    }

    #[test]
    fn truth_values() {
        // SWP-19, SWP-22, SWP-23
        check(
            "transition:true",
            SwapSpec {
                transition: Some(true),
                ..SwapSpec::default()
            },
        );
        check(
            "focus-scroll:false",
            SwapSpec {
                focus_scroll: Some(false),
                ..SwapSpec::default()
            },
        );
        check(
            "ignoreTitle:true",
            SwapSpec {
                ignore_title: Some(true),
                ..SwapSpec::default()
            },
        );
    }

    #[test]
    fn scrolling() {
        // SWP-20, SWP-21
        let expected = SwapSpec {
            scroll: Some(Scroll {
                selector: None,
                edge: Edge::Bottom,
            }),
            show: Some(Show::Window(Edge::Top)),
            ..SwapStyle::BeforeEnd.into()
        };
        check("beforeend scroll:bottom show:window:top", expected);
    }

    #[test]
    fn swp_20_to_24_the_modifiers_of_htmx_4() {
        check(
            "beforeend scroll:bottom scrollTarget:#log show:top showTarget:(#a .b) focusScroll:true",
            SwapSpec {
                scroll: Some(Scroll {
                    selector: Some("#log".to_owned()),
                    edge: Edge::Bottom,
                }),
                show: Some(Show::Element {
                    selector: Some("#a .b".to_owned()),
                    edge: Edge::Top,
                }),
                focus_scroll: Some(true),
                ..SwapStyle::BeforeEnd.into()
            },
        );
        for (text, target) in [
            ("#log", Target::Selector("#log".to_owned())),
            ("(closest li)", Target::Closest("li".to_owned())),
            ("this", Target::This),
        ] {
            let expected = SwapSpec {
                target: Some(target),
                ..SwapSpec::default()
            };
            check(&format!("innerHTML target:{text}"), expected.clone());
            check(&expected.to_string(), expected);
        }
        check(
            "strip:true swapEmpty:false scripts:true",
            SwapSpec {
                strip: Some(true),
                swap_empty: Some(false),
                scripts: Some(true),
                ..SwapSpec::default()
            },
        );
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = input.parse::<SwapSpec>().err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        let style_or_modifier = format!("{} or {MODIFIER}", swap_style::EXPECTED);
        // DIFFERENCE: SWP-13, SWP-15.
        check_error("custom settle:1s", 0, &style_or_modifier);
        check_error("innerHTML nonsense settle:11", 10, MODIFIER);
        check_error("settle:1s innerHTML", 10, MODIFIER);
        check_error("innerHTML fancy:1s", 10, MODIFIER);
        check_error("fancy:1s", 0, &style_or_modifier);
        let beside = "scrollTarget: only beside scroll:top or scroll:bottom";
        check_error("innerHTML scrollTarget:#a", 10, beside);
        check_error("scroll:#b:top scrollTarget:#a", 14, beside);
        check_error(
            "show:none showTarget:#a",
            10,
            "showTarget: only beside show:top or show:bottom",
        );
        check_error("swap:1s swap:2s", 8, "`swap` only once");
        check_error("transition:yes", 11, "true or false");
        check_error("transition:", 11, "true or false");
        check_error("swap: 1s", 5, "a time such as 500ms, 1s or 1m");
    }

    #[test]
    fn canonical_text() {
        let text = "outerHTML swap:1s settle:20ms scroll:#a:top show:none focus-scroll:true transition:false ignoreTitle:true";
        assert_eq!(
            text.parse::<SwapSpec>().map(|spec| spec.to_string()),
            Ok(text.to_owned())
        );
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(spec in any_spec()) {
            prop_assert_eq!(spec.to_string().parse(), Ok(spec));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((innerHTML|swap|settle|scroll|show|:|1s|top|#a|window|true|\\(| |é){0,12})",
        ) {
            let _ = text.parse::<SwapSpec>();
            let _ = fragments.parse::<SwapSpec>();
        }
    }
}
