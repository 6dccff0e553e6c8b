//! What is scrolled after a swap: the values of `scroll:` and `show:` in `hx-swap`.

use std::fmt;
use std::str::FromStr;

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::selector::{self, InParentheses};

const LANGUAGE: &str = "hx-swap";

/// Which end of an element: `top` or `bottom`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// Its upper end.
    Top,
    /// Its lower end.
    Bottom,
}

/// `scroll:bottom`, `scroll:#log:top`: the scroll position of an element after the swap (SWP-20).
///
/// A selector that holds blanks stands in parentheses, which is our own: `scroll:(#log .end):top`.
///
/// DIFFERENCE: `scroll:window:top`, which htmx reads and then does nothing with, is an error;
/// `show:window:top` works.
///
/// ```
/// use leptos_live::grammar::{Edge, Scroll};
///
/// let scroll = Scroll { selector: Some("#log".into()), edge: Edge::Bottom };
/// assert_eq!("#log:bottom".parse(), Ok(scroll));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scroll {
    /// The element to scroll; without one, the element that was swapped.
    pub selector: Option<String>,
    /// Where to.
    pub edge: Edge,
}

/// `show:top`, `show:#log:bottom`, `show:window:top`, `show:none`: what is brought into view after the swap
/// (SWP-21).
///
/// ```
/// use leptos_live::grammar::{Edge, Show};
///
/// assert_eq!("window:top".parse(), Ok(Show::Window(Edge::Top)));
/// assert_eq!("none".parse(), Ok(Show::None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Show {
    /// Nothing, whatever was inherited or configured.
    None,
    /// One end of an element.
    Element {
        /// The element; without one, the element that was swapped.
        selector: Option<String>,
        /// Which end of it.
        edge: Edge,
    },
    /// One end of the page.
    Window(Edge),
}

impl Edge {
    /// The attribute's spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top",
            Self::Bottom => "bottom",
        }
    }
}

impl Scroll {
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        let offset = cursor.offset();
        let place = Place::read(cursor, "top, bottom or <selector>:top")?;
        if place.is_window {
            return Err(cursor.error_at(
                offset,
                "the selector of an element (show:window:top moves the window)",
            ));
        }
        Ok(Self {
            selector: place.selector,
            edge: place.edge,
        })
    }
}

impl Show {
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        let mut ahead = cursor.clone();
        if ahead.take_until(char::is_whitespace).text == "none" {
            *cursor = ahead;
            return Ok(Self::None);
        }
        let place = Place::read(cursor, "top, bottom, <selector>:top, window:top or none")?;
        Ok(if place.is_window {
            Self::Window(place.edge)
        } else {
            Self::Element {
                selector: place.selector,
                edge: place.edge,
            }
        })
    }
}

/// An edge and the selector before it; `window` is a word of its own only where it stands without brackets.
struct Place {
    selector: Option<String>,
    is_window: bool,
    edge: Edge,
}

impl Place {
    /// A bare selector ends at the last colon of its word, so that it may hold colons itself.
    fn read(cursor: &mut Cursor<'_>, expected: &'static str) -> Result<Self, ParseError> {
        if cursor.rest().starts_with(['(', '{', '"', '\'']) {
            let selector = Some(selector::read_word(cursor)?);
            if !cursor.eat(":") {
                return Err(cursor.error("`:top` or `:bottom`"));
            }
            let word = cursor.take_until(char::is_whitespace);
            let edge = read_edge(cursor, word, expected)?;
            return Ok(Self {
                selector,
                is_window: false,
                edge,
            });
        }
        let word = selector::read_balanced(cursor, char::is_whitespace)?;
        let Some((bare, edge)) = word.split_last_colon() else {
            let edge = read_edge(cursor, word, expected)?;
            return Ok(Self {
                selector: None,
                is_window: false,
                edge,
            });
        };
        Ok(Self {
            edge: read_edge(cursor, edge, expected)?,
            is_window: bare.text == "window",
            selector: Some(selector::check(cursor, bare)?),
        })
    }
}

fn read_edge(cursor: &Cursor<'_>, word: Word<'_>, expected: &'static str) -> Result<Edge, ParseError> {
    [Edge::Top, Edge::Bottom]
        .into_iter()
        .find(|edge| edge.as_str() == word.text)
        .ok_or_else(|| cursor.error_at(word.offset, expected))
}

fn read_alone<T>(
    text: &str,
    read: impl FnOnce(&mut Cursor<'_>) -> Result<T, ParseError>,
) -> Result<T, ParseError> {
    let mut cursor = Cursor::new(LANGUAGE, text);
    cursor.skip_blanks();
    let value = read(&mut cursor)?;
    cursor.finish("the end of the value")?;
    Ok(value)
}

impl FromStr for Edge {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read_alone(text, |cursor| {
            let word = cursor.take_until(char::is_whitespace);
            read_edge(cursor, word, "top or bottom")
        })
    }
}

impl FromStr for Scroll {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read_alone(text, Self::read)
    }
}

impl FromStr for Show {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        read_alone(text, Self::read)
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Scroll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, self.selector.as_deref(), self.edge)
    }
}

impl fmt::Display for Show {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Element { selector, edge } => write_place(f, selector.as_deref(), *edge),
            Self::Window(edge) => write!(f, "window:{edge}"),
        }
    }
}

fn write_place(f: &mut fmt::Formatter<'_>, selector: Option<&str>, edge: Edge) -> fmt::Result {
    match selector {
        None => write!(f, "{edge}"),
        Some("window") => write!(f, "(window):{edge}"),
        Some(selector) => write!(f, "{}:{edge}", InParentheses(selector)),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::selector::tests::any_selector;
    use super::*;

    fn any_edge() -> impl Strategy<Value = Edge> {
        prop::sample::select(vec![Edge::Top, Edge::Bottom])
    }

    fn any_element() -> impl Strategy<Value = Option<String>> {
        prop::option::of(prop_oneof![Just("window".to_owned()), any_selector()])
    }

    pub(crate) fn any_scroll() -> BoxedStrategy<Scroll> {
        (any_element(), any_edge())
            .prop_map(|(selector, edge)| Scroll { selector, edge })
            .boxed()
    }

    pub(crate) fn any_show() -> BoxedStrategy<Show> {
        prop_oneof![
            Just(Show::None),
            any_edge().prop_map(Show::Window),
            (any_element(), any_edge()).prop_map(|(selector, edge)| Show::Element { selector, edge }),
        ]
        .boxed()
    }

    #[track_caller]
    fn check_scroll(input: &str, selector: Option<&str>, edge: Edge) {
        let selector = selector.map(str::to_owned);
        assert_eq!(input.parse(), Ok(Scroll { selector, edge }), "{input:?}");
    }

    #[test]
    fn scroll() {
        // SWP-20
        check_scroll("top", None, Edge::Top);
        check_scroll("bottom", None, Edge::Bottom);
        check_scroll("#log:bottom", Some("#log"), Edge::Bottom);
        check_scroll("a:hover:top", Some("a:hover"), Edge::Top);
        check_scroll("a,b:top", Some("a,b"), Edge::Top);
        check_scroll("[a=\"b c:top\"]:bottom", Some("[a=\"b c:top\"]"), Edge::Bottom);
        check_scroll("(#log .end):top", Some("#log .end"), Edge::Top);
        check_scroll("\"#log .end\":top", Some("#log .end"), Edge::Top);
        check_scroll("<#log/>:top", Some("#log"), Edge::Top); // TGT-06
    }

    #[track_caller]
    fn check_show(input: &str, expected: Show) {
        assert_eq!(input.parse(), Ok(expected), "{input:?}");
    }

    #[test]
    fn show() {
        // SWP-21
        let element = |selector: Option<&str>, edge| Show::Element {
            selector: selector.map(str::to_owned),
            edge,
        };
        check_show("top", element(None, Edge::Top));
        check_show("#log:bottom", element(Some("#log"), Edge::Bottom));
        check_show("window:top", Show::Window(Edge::Top));
        check_show("(window):top", element(Some("window"), Edge::Top));
        check_show("none", Show::None);
        check_show("none:top", element(Some("none"), Edge::Top));
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize) {
        assert_eq!(
            input.parse::<Scroll>().err().map(|e| e.offset()),
            Some(offset),
            "{input:?}"
        );
    }

    #[test]
    fn refusals() {
        check_error("", 0);
        check_error("middle", 0);
        check_error("#a", 0);
        check_error("#a:middle", 3);
        check_error(":top", 0);
        check_error("(#a)", 4);
        check_error("(#a):", 5);
        check_error("(#a:top", 7);
        check_error("top bottom", 4);
        check_error("none", 0);
        check_error("window:top", 0); // DIFFERENCE: SWP-21
        assert!("sideways".parse::<Edge>().is_err());
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(edge in any_edge(), scroll in any_scroll(), show in any_show()) {
            prop_assert_eq!(edge.to_string().parse(), Ok(edge));
            prop_assert_eq!(scroll.to_string().parse(), Ok(scroll));
            prop_assert_eq!(show.to_string().parse(), Ok(show));
        }

        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((top|bottom|window|none|:|#a|\\(|\\)|\"|<|/>| |é){0,9})",
        ) {
            for text in [text, fragments] {
                let _ = text.parse::<Edge>();
                let _ = text.parse::<Scroll>();
                let _ = text.parse::<Show>();
            }
        }
    }
}
