//! Guesses at what an author meant who wrote something else.

use super::swap_style::SwapStyle;
use super::trigger_parser::MODIFIERS as TRIGGER_MODIFIERS;

const SWAP_MODIFIERS: [&str; 13] = [
    "swap:",
    "settle:",
    "scroll:",
    "scrollTarget:",
    "show:",
    "showTarget:",
    "focus-scroll:",
    "transition:",
    "ignoreTitle:",
    "target:",
    "strip:",
    "swapEmpty:",
    "scripts:",
];

/// What was probably meant where a text of this language stops making sense.
pub(super) fn of(language: &str, input: &str, offset: usize) -> Option<String> {
    let (before, rest) = input.split_at_checked(offset)?;
    // The value of a keyword is not one itself.
    if before.ends_with(':') {
        return None;
    }
    let word = rest.split([',', '[']).next()?.split_whitespace().next()?;
    let meant = match language {
        "hx-sse" => address(word).or_else(|| keyword(word, ["connect:", "swap:"])),
        "hx-ws" => address(word).or_else(|| keyword(word, ["connect:", "send"])),
        "hx-swap" | "hx-swap-oob" => keyword(word, SwapStyle::names().chain(SWAP_MODIFIERS)),
        "hx-trigger" => keyword(word, TRIGGER_MODIFIERS),
        _ => None,
    };
    meant.map(|meant| format!("did you mean `{meant}`?"))
}

/// An address alone, where the attribute has words.
fn address(word: &str) -> Option<String> {
    let is_address = word.starts_with(['/', '.']) || word.contains("://");
    is_address.then(|| format!("connect:{word}"))
}

/// The keyword that looks most like the word, with the value that follows it.
pub(crate) fn keyword(word: &str, keywords: impl IntoIterator<Item = &'static str>) -> Option<String> {
    let (name, value) = word.split_once(':').unwrap_or((word, ""));
    let likely = keywords
        .into_iter()
        .map(|keyword| (distance(name, keyword.trim_end_matches(':')), keyword));
    let (distance, keyword) = likely.min_by_key(|(distance, _)| *distance)?;
    let most = if name.chars().count() > 4 { 2 } else { 1 };
    // What differs in case alone is surely meant; what does not differ at all is wrong for another reason.
    let is_likely = distance <= most && keyword.trim_end_matches(':') != name;
    let value = if keyword.ends_with(':') { value } else { "" };
    is_likely.then(|| format!("{keyword}{value}"))
}

/// How many letters have to be changed, put in or left out, whatever their case.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().map(|c| c.to_ascii_lowercase()).enumerate() {
        let mut next = vec![index + 1];
        for ((other, window), left_out) in to.iter().zip(row.windows(2)).zip(row.iter().skip(1)) {
            let replaced = window
                .first()
                .map_or(usize::MAX, |cost| cost + usize::from(letter != *other));
            let put_in = next.last().map_or(usize::MAX, |cost| cost + 1);
            next.push(replaced.min(put_in).min(left_out + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(language: &str, input: &str, offset: usize, meant: Option<&str>) {
        let expected = meant.map(|meant| format!("did you mean `{meant}`?"));
        assert_eq!(of(language, input, offset), expected, "{language} {input:?}");
    }

    #[test]
    fn a_word_that_looks_like_a_keyword() {
        check("hx-swap", "innerhtml", 0, Some("innerHTML"));
        check("hx-swap", "beforeEnd settle:1s", 0, Some("beforeend"));
        check("hx-swap", "outerHTML setle:1s", 10, Some("settle:1s"));
        check("hx-swap-oob", "outerHtml:#log", 0, Some("outerHTML"));
        check("hx-trigger", "sse:a onec", 6, None);
        check("hx-trigger", "sse:a Once", 6, Some("once"));
        check("hx-trigger", "sse:a dellay:1s, sse:b", 6, Some("delay:1s"));
        check("hx-trigger", "click prevnt", 6, Some("prevent"));
        check(
            "hx-trigger",
            "intersect rootmargin:1px",
            10,
            Some("rootMargin:1px"),
        );
        check("hx-sse", "conect:/a", 0, Some("connect:/a"));
        check("hx-sse", "connect:/a Swap:b", 11, Some("swap:b"));
        check("hx-ws", "sent", 0, Some("send"));
    }

    #[test]
    fn an_address_alone() {
        check("hx-sse", "/news", 0, Some("connect:/news"));
        check("hx-ws", "wss://a.example/x", 0, Some("connect:wss://a.example/x"));
    }

    #[test]
    fn no_guess() {
        check("hx-swap", "purple", 0, None);
        check("hx-swap", "innerHTML settle:show", 17, None);
        check("hx-swap", "innerHTML innerHTML", 10, None);
        check("hx-target", "closets li", 0, None);
        check("hx-sse", "", 0, None);
        check("hx-sse", "ä", 1, None);
        check("hx-sse", "a", 9, None);
    }

    #[test]
    fn every_modifier_is_one() {
        for modifier in SWAP_MODIFIERS {
            let error = modifier.parse::<crate::grammar::SwapSpec>().err();
            let offset = error.map(|error| error.offset());
            assert_eq!(offset, Some(modifier.len()), "its value is missing: {modifier}");
        }
        for modifier in TRIGGER_MODIFIERS {
            let text = format!("intersect {modifier}");
            let offset = text
                .parse::<crate::grammar::TriggerList>()
                .err()
                .map(|error| error.offset());
            let is_whole = !modifier.ends_with(':') && offset.is_none();
            assert!(is_whole || offset == Some(text.len()), "{modifier}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), offset in 0..9_usize) {
            for language in ["hx-sse", "hx-ws", "hx-swap", "hx-trigger"] {
                let _ = of(language, &text, offset);
            }
        }

        #[test]
        fn distances(from in "[a-c]{0,5}", to in "[a-c]{0,5}") {
            let there = distance(&from, &to);
            prop_assert_eq!(there, distance(&to, &from));
            prop_assert_eq!(there == 0, from == to);
            prop_assert!(there <= from.len().max(to.len()));
        }
    }
}
