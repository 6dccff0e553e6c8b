//! The condition of a trigger, `click[ctrlKey && detail.count > 2]`, as a value that is computed without
//! evaluating code.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;
use super::filter_parser;
use super::filter_value::Value;

const LANGUAGE: &str = "filter";

/// A condition over the members of an event (TRG-02).
///
/// | part | examples |
/// | --- | --- |
/// | member path | `ctrlKey`, `detail.data`, `event.detail.count` |
/// | literal | `12`, `-0.5`, `'text'`, `"text"`, `true`, `false`, `null`, `undefined` |
/// | operator | `!`, `<`, `>`, `<=`, `>=`, `==`, `!=`, `===`, `!==`, `&&`, `\|\|` |
/// | grouping | `(a \|\| b) && c` |
///
/// Operators bind and compute as in JavaScript, see [`Value`]; `&&` and `||` give one of their operands. In a page a path
/// begins at the event, which `event` names as well, or else at the window; `this` is the element.
///
/// DIFFERENCE: htmx 1 and 2 want exactly `true`. Here, as in htmx 4, whatever is as good as true will do, so that
/// `[detail.data]` means what it says.
///
/// DIFFERENCE: htmx evaluates any JavaScript. Calls, brackets, arithmetic and everything else are errors
/// here, because a page whose security policy forbids evaluating strings could not run them. An empty filter,
/// which htmx takes for true, is an error as well, and so is one that is nested more than 64 levels deep.
///
/// ```
/// use leptos_live::grammar::{Filter, Value};
///
/// let filter: Filter = "ctrlKey && detail.count >= 2".parse()?;
/// let lookup = |path: &[String]| match path.join(".").as_str() {
///     "ctrlKey" => Value::Bool(true),
///     "detail.count" => Value::Number(2.0),
///     _ => Value::Undefined,
/// };
/// assert!(filter.evaluate(&lookup));
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    expression: Expression,
}

/// The tree, at most `filter_parser::MAX_DEPTH` deep, so that walking it needs no more than a bounded stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    Literal(Literal),
    Path(Vec<String>),
    Not(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Undefined,
    Null,
    Bool(bool),
    Number(Finite),
    Text(String),
}

/// A number as it can be written, never NaN, so that equality is total.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Finite(f64);

impl Eq for Finite {}

impl Finite {
    pub(crate) fn new(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self(number))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    StrictlyEqual,
    StrictlyNotEqual,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

/// Binds tighter than every binary operator.
const UNARY: u8 = 5;

impl Operator {
    /// Longer spellings stand before their beginnings, so that the first match is the right one.
    pub(crate) const SPELLINGS: [(&'static str, Self); 10] = [
        ("===", Self::StrictlyEqual),
        ("!==", Self::StrictlyNotEqual),
        ("==", Self::Equal),
        ("!=", Self::NotEqual),
        ("<=", Self::AtMost),
        (">=", Self::AtLeast),
        ("<", Self::Less),
        (">", Self::Greater),
        ("&&", Self::And),
        ("||", Self::Or),
    ];

    /// How tightly it binds; all operators group to the left.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual | Self::StrictlyEqual | Self::StrictlyNotEqual => 3,
            Self::Less | Self::Greater | Self::AtMost | Self::AtLeast => 4,
        }
    }

    fn as_str(self) -> &'static str {
        Self::SPELLINGS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(spelling, _)| spelling)
    }

    /// What a comparison says about two values; `&&` and `||` are not comparisons and say nothing.
    fn holds(self, left: &Value, right: &Value) -> bool {
        let order = || left.order(right);
        match self {
            Self::Or | Self::And => false,
            Self::Equal => left.loosely_equals(right),
            Self::NotEqual => !left.loosely_equals(right),
            Self::StrictlyEqual => left.strictly_equals(right),
            Self::StrictlyNotEqual => !left.strictly_equals(right),
            Self::Less => order().is_some_and(Ordering::is_lt),
            Self::Greater => order().is_some_and(Ordering::is_gt),
            Self::AtMost => order().is_some_and(Ordering::is_le),
            Self::AtLeast => order().is_some_and(Ordering::is_ge),
        }
    }
}

impl Filter {
    /// Computes the condition. `lookup` answers what a member path holds; a path is never empty, and
    /// `event.detail.x` comes with its `event`.
    pub fn evaluate(&self, lookup: &dyn Fn(&[String]) -> Value) -> bool {
        self.expression.evaluate(lookup).is_truthy()
    }

    /// Reads as far as an expression goes; what follows is the caller's.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, ParseError> {
        let expression = filter_parser::read_expression(cursor)?;
        Ok(Self { expression })
    }
}

impl Expression {
    fn evaluate(&self, lookup: &dyn Fn(&[String]) -> Value) -> Value {
        match self {
            Self::Literal(literal) => literal.value(),
            Self::Path(path) => lookup(path),
            Self::Not(inner) => Value::Bool(!inner.evaluate(lookup).is_truthy()),
            Self::Binary(Operator::And, left, right) => match left.evaluate(lookup) {
                value if value.is_truthy() => right.evaluate(lookup),
                value => value,
            },
            Self::Binary(Operator::Or, left, right) => match left.evaluate(lookup) {
                value if value.is_truthy() => value,
                _ => right.evaluate(lookup),
            },
            Self::Binary(operator, left, right) => {
                Value::Bool(operator.holds(&left.evaluate(lookup), &right.evaluate(lookup)))
            }
        }
    }

    /// Writes parentheses where the tree would otherwise be read differently.
    fn write(&self, f: &mut fmt::Formatter<'_>, at_least: u8) -> fmt::Result {
        match self {
            Self::Literal(literal) => write!(f, "{literal}"),
            Self::Path(path) => f.write_str(&path.join(".")),
            Self::Not(inner) => {
                f.write_str("!")?;
                inner.write(f, UNARY)
            }
            Self::Binary(operator, left, right) => {
                let precedence = operator.precedence();
                let (open, close) = if precedence < at_least {
                    ("(", ")")
                } else {
                    ("", "")
                };
                f.write_str(open)?;
                left.write(f, precedence)?;
                write!(f, " {} ", operator.as_str())?;
                right.write(f, precedence + 1)?;
                f.write_str(close)
            }
        }
    }
}

impl Literal {
    fn value(&self) -> Value {
        match self {
            Self::Undefined => Value::Undefined,
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(Finite(value)) => Value::Number(*value),
            Self::Text(value) => Value::Text(value.clone()),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undefined => f.write_str("undefined"),
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(Finite(value)) => write!(f, "{value}"),
            Self::Text(text) => write_text(f, text),
        }
    }
}

/// Single quotation marks, because the attribute around it usually has double ones.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("'")?;
    for c in text.chars() {
        match filter_parser::ESCAPES.iter().find(|(_, meant)| *meant == c) {
            Some((letter, meant)) if *meant != '"' => write!(f, "\\{letter}")?,
            _ => write!(f, "{c}")?,
        }
    }
    f.write_str("'")
}

impl FromStr for Filter {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = Cursor::new(LANGUAGE, text);
        let filter = Self::read(&mut cursor)?;
        cursor.finish(filter_parser::AFTER_OPERAND)?;
        Ok(filter)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.expression.write(f, 0)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_literal() -> impl Strategy<Value = Literal> {
        let number = prop_oneof![
            any::<i32>().prop_map(f64::from),
            (-999..999_i32).prop_map(|n| f64::from(n) / 8.0)
        ];
        prop_oneof![
            Just(Literal::Undefined),
            Just(Literal::Null),
            any::<bool>().prop_map(Literal::Bool),
            number
                .prop_filter_map("finite", Finite::new)
                .prop_map(Literal::Number),
            any::<String>().prop_map(Literal::Text),
            "[\\]\\[,'\"\\\\\n\r\t a]{0,6}".prop_map(Literal::Text),
        ]
    }

    pub(crate) fn any_filter() -> BoxedStrategy<Filter> {
        let path = (
            "[a-z$_][a-zA-Z0-9_$é]{0,3}",
            prop::collection::vec("[a-z]{1,6}", 0..3),
        )
            .prop_filter_map("a keyword", |(first, rest)| {
                let is_keyword = ["true", "false", "null"].contains(&first.as_str());
                (!is_keyword).then(|| Expression::Path([vec![first], rest].concat()))
            });
        let leaf = prop_oneof![any_literal().prop_map(Expression::Literal), path];
        let operator = prop::sample::select(Operator::SPELLINGS.map(|(_, operator)| operator).to_vec());
        leaf.prop_recursive(6, 32, 2, move |inner| {
            prop_oneof![
                inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
                (operator.clone(), inner.clone(), inner).prop_map(|(operator, left, right)| {
                    Expression::Binary(operator, Box::new(left), Box::new(right))
                }),
            ]
        })
        .prop_map(|expression| Filter { expression })
        .boxed()
    }

    /// The members that the filters below see.
    fn lookup(path: &[String]) -> Value {
        match path.join(".").as_str() {
            "ctrlKey" | "event.ctrlKey" => Value::Bool(true),
            "shiftKey" => Value::Bool(false),
            "key" => "Enter".into(),
            "detail.data" => "5".into(),
            "detail.count" => 2.0.into(),
            "detail.nothing" => Value::Null,
            _ => Value::Undefined,
        }
    }

    #[track_caller]
    fn check(input: &str, expected: bool) {
        let actual = input.parse::<Filter>().map(|filter| filter.evaluate(&lookup));
        assert_eq!(actual, Ok(expected), "{input:?}");
    }

    #[test]
    fn members() {
        // TRG-02
        check("ctrlKey", true);
        check("event.ctrlKey", true);
        check("shiftKey", false);
        check("missing.member", false);
        check(" detail.data\n", true);
    }

    #[test]
    fn literals() {
        check("true", true);
        check("false", false);
        check("null", false);
        check("undefined", false);
        check("0", false);
        check("-0.5", true);
        check("''", false);
        check("\"a\"", true);
    }

    #[test]
    fn comparisons() {
        check("key == 'Enter'", true);
        check("key=='Enter'", true);
        check("key != \"Enter\"", false);
        check("detail.data == 5", true);
        check("detail.data === 5", false);
        check("detail.data !== 5", true);
        check("detail.count < 3", true);
        check("detail.count <= 2", true);
        check("detail.count > 2", false);
        check("detail.count >= -2", true);
        check("detail.nothing == null", true);
        check("missing == null", true);
        check("missing === null", false);
        check("missing === undefined", true);
        check("missing < 1 || missing >= 1", false);
        check("'a\\'b' == \"a'b\"", true);
    }

    #[test]
    fn logic_and_precedence() {
        check("!ctrlKey", false);
        check("!!ctrlKey", true);
        check("ctrlKey&&shiftKey", false);
        check("shiftKey || ctrlKey", true);
        check("ctrlKey || missing && shiftKey", true);
        check("(ctrlKey || missing) && shiftKey", false);
        check("!shiftKey && key == 'Enter'", true);
        check("!(shiftKey && ctrlKey)", true);
        check("1 < 2 == true", true);
        check("3 > 2 > 1", false);
        // `&&` and `||` give an operand, as in JavaScript.
        check("(missing || key) == 'Enter'", true);
        check("(0 && key) === 0", true);
    }

    #[test]
    fn the_right_side_is_not_asked_in_vain() {
        let asked = std::cell::Cell::new(0);
        let counting = |path: &[String]| {
            asked.set(asked.get() + 1);
            lookup(path)
        };
        for (input, expected) in [("shiftKey && a", 1), ("ctrlKey || a", 1), ("ctrlKey && a", 2)] {
            asked.set(0);
            let _ = input.parse::<Filter>().map(|filter| filter.evaluate(&counting));
            assert_eq!(asked.get(), expected, "{input:?}");
        }
    }

    #[track_caller]
    fn check_print(input: &str, expected: &str) {
        let printed = input.parse::<Filter>().map(|filter| filter.to_string());
        assert_eq!(printed, Ok(expected.to_owned()), "{input:?}");
    }

    #[test]
    fn canonical_text() {
        check_print("((a))", "a");
        check_print("a&&(b||!c)", "a && (b || !c)");
        check_print("(a&&b)||c", "a && b || c");
        check_print("a||(b||c)", "a || (b || c)");
        check_print("!(a==b)", "!(a == b)");
        check_print("1.50", "1.5");
        check_print("\"a\\\"'\\n\"", "'a\"\\'\\n'");
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(filter in any_filter()) {
            prop_assert_eq!(filter.to_string().parse(), Ok(filter));
        }

        #[test]
        fn what_was_read_can_be_evaluated_and_read_again(
            input in "(a|detail\\.x|1|'b'|null|!|\\(|\\)| ?(&&|\\|\\||==|!==|<|>=) ?){0,20}",
        ) {
            if let Ok(filter) = input.parse::<Filter>() {
                let _ = filter.evaluate(&lookup);
                prop_assert_eq!(filter.to_string().parse(), Ok(filter));
            }
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = text.parse::<Filter>();
        }
    }
}
