//! Reads the text of a filter into its tree.
//!
//! Recursion is counted, because the text may come from anyone who can put markup into a page: nesting too
//! deep is an error and never an overflow of the stack.

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::filter::{Expression, Finite, Literal, Operator};

/// How deep a filter may be: levels of its tree, and parentheses, negations and right-hand sides that enclose
/// each other.
///
/// The second count bounds the recursion of this parser, the first one that of everything which walks the
/// tree. Printing writes no more parentheses than were read, so that what was read once can be read again.
pub(crate) const MAX_DEPTH: usize = 64;

pub(crate) const AFTER_OPERAND: &str =
    "an operator (&&, ||, ==, !=, ===, !==, <, >, <=, >=) or the end of the filter";
const OPERAND: &str = "a member such as detail.data, a number, a text in quotation marks, `!` or `(`";

/// The letter after a backslash, and the character that is meant.
pub(crate) const ESCAPES: [(char, char); 6] = [
    ('\\', '\\'),
    ('\'', '\''),
    ('"', '"'),
    ('n', '\n'),
    ('r', '\r'),
    ('t', '\t'),
];

/// An expression with the number of levels below it, itself included.
struct Tree {
    expression: Expression,
    depth: usize,
}

pub(crate) fn read_expression(cursor: &mut Cursor<'_>) -> Result<Expression, ParseError> {
    Ok(read_binary(cursor, 0, 0)?.expression)
}

/// Reads operands joined by operators that bind at least as tightly as `at_least`.
fn read_binary(cursor: &mut Cursor<'_>, at_least: u8, nesting: usize) -> Result<Tree, ParseError> {
    let mut left = read_operand(cursor, nesting)?;
    while let Some((spelling, operator)) = next_operator(cursor, at_least) {
        let offset = cursor.offset();
        cursor.eat(spelling);
        let nesting = one_deeper(cursor, offset, nesting)?;
        let right = read_binary(cursor, operator.precedence() + 1, nesting)?;
        left = Tree {
            depth: one_deeper(cursor, offset, left.depth.max(right.depth))?,
            expression: Expression::Binary(operator, Box::new(left.expression), Box::new(right.expression)),
        };
    }
    Ok(left)
}

fn next_operator(cursor: &mut Cursor<'_>, at_least: u8) -> Option<(&'static str, Operator)> {
    cursor.skip_blanks();
    Operator::SPELLINGS
        .into_iter()
        .find(|(spelling, _)| cursor.rest().starts_with(spelling))
        .filter(|(_, operator)| operator.precedence() >= at_least)
}

fn read_operand(cursor: &mut Cursor<'_>, nesting: usize) -> Result<Tree, ParseError> {
    cursor.skip_blanks();
    let offset = cursor.offset();
    if cursor.eat("!") {
        let nesting = one_deeper(cursor, offset, nesting)?;
        let inner = read_operand(cursor, nesting)?;
        return Ok(Tree {
            depth: one_deeper(cursor, offset, inner.depth)?,
            expression: Expression::Not(Box::new(inner.expression)),
        });
    }
    if cursor.eat("(") {
        let nesting = one_deeper(cursor, offset, nesting)?;
        let inner = read_binary(cursor, 0, nesting)?;
        if !cursor.eat(")") {
            return Err(cursor.error("an operator or a closing `)`"));
        }
        return Ok(inner);
    }
    Ok(Tree {
        expression: read_leaf(cursor)?,
        depth: 1,
    })
}

fn read_leaf(cursor: &mut Cursor<'_>) -> Result<Expression, ParseError> {
    match cursor.peek() {
        Some(quote @ ('"' | '\'')) => {
            read_text(cursor, quote).map(|text| Expression::Literal(Literal::Text(text)))
        }
        Some('-' | '0'..='9') => {
            read_number(cursor).map(|number| Expression::Literal(Literal::Number(number)))
        }
        Some(c) if starts_name(c) => read_name(cursor),
        _ => Err(cursor.error(OPERAND)),
    }
}

fn one_deeper(cursor: &Cursor<'_>, offset: usize, depth: usize) -> Result<usize, ParseError> {
    if depth < MAX_DEPTH {
        Ok(depth + 1)
    } else {
        Err(cursor.error_at(offset, format!("a filter of at most {MAX_DEPTH} levels")))
    }
}

fn read_text(cursor: &mut Cursor<'_>, quote: char) -> Result<String, ParseError> {
    cursor.bump();
    let mut text = String::new();
    loop {
        let offset = cursor.offset();
        match cursor.bump() {
            Some(c) if c == quote => return Ok(text),
            Some('\\') => {
                let letter = cursor.bump();
                let escape = ESCAPES.iter().find(|(known, _)| Some(*known) == letter);
                let (_, meant) =
                    escape.ok_or_else(|| cursor.error_at(offset, r#"one of \\, \', \", \n, \r and \t"#))?;
                text.push(*meant);
            }
            Some('\n' | '\r') | None => {
                return Err(cursor.error_at(offset, format!("a closing `{quote}`")));
            }
            Some(c) => text.push(c),
        }
    }
}

/// Decimal digits with an optional fraction and sign.
///
/// A leading zero is refused: to JavaScript `010` is eight.
fn read_number(cursor: &mut Cursor<'_>) -> Result<Finite, ParseError> {
    let mut ahead = cursor.clone();
    ahead.eat("-");
    let whole = read_digits(&mut ahead)?;
    if whole.text.len() > 1 && whole.text.starts_with('0') {
        return Err(ahead.error_at(whole.offset, "a decimal number without a leading zero"));
    }
    if ahead.eat(".") {
        read_digits(&mut ahead)?;
    }
    let word = cursor.take(ahead.offset() - cursor.offset());
    let number = word.text.parse().ok().and_then(Finite::new);
    number.ok_or_else(|| cursor.error_at(word.offset, "a smaller number"))
}

fn read_digits<'a>(cursor: &mut Cursor<'a>) -> Result<Word<'a>, ParseError> {
    let digits = cursor.take_until(|c| !c.is_ascii_digit());
    if digits.text.is_empty() {
        return Err(cursor.error("a digit"));
    }
    Ok(digits)
}

fn read_name(cursor: &mut Cursor<'_>) -> Result<Expression, ParseError> {
    let first = cursor.take_until(|c| !continues_name(c));
    let literal = match first.text {
        "undefined" => Some(Literal::Undefined),
        "null" => Some(Literal::Null),
        "true" => Some(Literal::Bool(true)),
        "false" => Some(Literal::Bool(false)),
        _ => None,
    };
    if let Some(literal) = literal {
        return Ok(Expression::Literal(literal));
    }
    let mut path = vec![first.text.to_owned()];
    while cursor.eat(".") {
        if !cursor.peek().is_some_and(starts_name) {
            return Err(cursor.error("the name of a member"));
        }
        path.push(cursor.take_until(|c| !continues_name(c)).text.to_owned());
    }
    Ok(Expression::Path(path))
}

fn starts_name(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '$')
}

fn continues_name(c: char) -> bool {
    starts_name(c) || c.is_numeric()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::filter::Filter;
    use super::*;

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = input.parse::<Filter>().err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn what_is_missing() {
        check_error("", 0, OPERAND);
        check_error("a &&", 4, OPERAND);
        check_error("(", 1, OPERAND);
        check_error("()", 1, OPERAND);
        check_error("!", 1, OPERAND);
        check_error("(a", 2, "an operator or a closing `)`");
        check_error("a)", 1, AFTER_OPERAND);
        check_error("a b", 2, AFTER_OPERAND);
        check_error("a.", 2, "the name of a member");
        check_error("a.1", 2, "the name of a member");
        check_error("'a", 2, "a closing `'`");
        check_error("'a\nb'", 2, "a closing `'`");
        check_error("-", 1, "a digit");
        check_error("1.", 2, "a digit");
    }

    #[test]
    fn javascript_outside_the_language() {
        // DIFFERENCE: decision 15, only this much of JavaScript.
        check_error("check(event)", 5, AFTER_OPERAND);
        check_error("target.matches('.a')", 14, AFTER_OPERAND);
        check_error("detail['a']", 6, AFTER_OPERAND);
        check_error("a?.b", 1, AFTER_OPERAND);
        check_error("a = b", 2, AFTER_OPERAND);
        check_error("a + 1", 2, AFTER_OPERAND);
        check_error("a ? b : c", 2, AFTER_OPERAND);
        check_error("a & b", 2, AFTER_OPERAND);
        check_error("typeof a", 7, AFTER_OPERAND);
        check_error("-a", 1, "a digit");
        check_error("`a`", 0, OPERAND);
        check_error("/a/", 0, OPERAND);
        check_error("'\\u0041'", 1, r#"one of \\, \', \", \n, \r and \t"#);
        check_error("1e3", 1, AFTER_OPERAND);
        check_error("0x10", 1, AFTER_OPERAND);
        check_error("010", 0, "a decimal number without a leading zero");
        check_error(&"9".repeat(400), 0, "a smaller number");
    }

    #[track_caller]
    fn check_depth(build: impl Fn(usize) -> String, deepest: usize) {
        assert!(build(deepest).parse::<Filter>().is_ok(), "{deepest} levels");
        for levels in [deepest + 1, 100_000] {
            let error = build(levels).parse::<Filter>().err();
            let expected = error.as_ref().map(ParseError::expected);
            assert_eq!(expected, Some("a filter of at most 64 levels"), "{levels} levels");
        }
    }

    #[test]
    fn depth_is_bounded() {
        check_depth(|n| format!("{}a{}", "(".repeat(n), ")".repeat(n)), 64);
        check_depth(|n| format!("{}a", "!".repeat(n)), 63);
        check_depth(|n| format!("a{}", " || a".repeat(n)), 63);
        check_depth(|n| format!("a{}", " == a".repeat(n)), 63);
        check_depth(|n| format!("{}a{}", "a && (".repeat(n), ")".repeat(n)), 32);
        check_depth(
            |n| format!("{}a{}", "a || a && a == a < (".repeat(n), ")".repeat(n)),
            12,
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(
            input in "(a|\\.|1|-|'|\"|\\\\|n|null|!|=|<|&|\\||\\(|\\)|\\[| |é){0,30}",
        ) {
            let _ = input.parse::<Filter>();
        }
    }
}
