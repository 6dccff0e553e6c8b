//! Reads the text of `hx-trigger`.

use super::cursor::{Cursor, Word};
use super::error::ParseError;
use super::filter::Filter;
use super::interval::Interval;
use super::selector;
use super::target::{Relation, Target};
use super::target_list::TargetList;
use super::trigger_from::TriggerFrom;
use super::trigger_spec::{Queue, Trigger, TriggerEvent};

const LANGUAGE: &str = "hx-trigger";
/// Every modifier, with a colon where a value follows. What does not stand here is no modifier, and is never guessed at.
pub(super) const MODIFIERS: [&str; 16] = [
    "once",
    "changed",
    "consume",
    "prevent",
    "stop",
    "halt",
    "capture",
    "passive",
    "delay:",
    "throttle:",
    "from:",
    "target:",
    "queue:",
    "root:",
    "threshold:",
    "rootMargin:",
];
/// The name that stands for all of them.
const EVERY_NAME: &str = "*";
const FROM_WITH_EVERY_NAME: &str = "no `from:` after `sse:*`, since the event about a message is heard elsewhere under the \
    name of the message alone";
const MARGIN: &str = "one to four lengths in px or %, such as 10px or '0px 5%'";

pub(crate) fn cursor(text: &str) -> Cursor<'_> {
    Cursor::new(LANGUAGE, text)
}

/// Triggers between commas. One comma too many at the end is forgiven, as htmx does.
pub(crate) fn read_list(cursor: &mut Cursor<'_>) -> Result<Vec<Trigger>, ParseError> {
    let mut triggers = Vec::new();
    cursor.skip_blanks();
    while !cursor.at_end() {
        triggers.push(read_trigger(cursor)?);
        cursor.eat(",");
        cursor.skip_blanks();
    }
    Ok(triggers)
}

/// Reads one trigger, up to a comma or the end.
pub(crate) fn read_trigger(cursor: &mut Cursor<'_>) -> Result<Trigger, ParseError> {
    let name = cursor.take_until(ends_name);
    let mut trigger = Trigger::from(read_event(cursor, name)?);
    let is_every = matches!(trigger.event, TriggerEvent::Every(_));
    if is_every {
        cursor.skip_blanks();
    }
    if cursor.eat("[") {
        trigger.filter = Some(Filter::read(cursor)?);
        if !cursor.eat("]") {
            return Err(cursor.error("an operator or a closing `]`"));
        }
    }
    let mut seen = Vec::new();
    loop {
        cursor.skip_blanks();
        match cursor.peek() {
            None | Some(',') if trigger.passive && (trigger.prevent || trigger.halt) => {
                return Err(cursor.error("`passive` without `prevent` and `halt`, which it forbids"));
            }
            None | Some(',') => return Ok(trigger),
            Some(_) if is_every => {
                return Err(cursor.error("a filter, a comma or the end after `every <time>`"));
            }
            Some('[') => return Err(cursor.error("a filter only right after the event's name")),
            Some(_) => read_modifier(cursor, &mut trigger, &mut seen)?,
        }
    }
}

fn ends_name(c: char) -> bool {
    ends_word(c) || matches!(c, '[' | ']')
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || c == ','
}

fn read_event(cursor: &mut Cursor<'_>, name: Word<'_>) -> Result<TriggerEvent, ParseError> {
    match name.text {
        "" => Err(cursor.error("the name of an event")),
        "load" => Ok(TriggerEvent::Load),
        "revealed" => Ok(TriggerEvent::Revealed),
        "intersect" => Ok(TriggerEvent::Intersect {
            root: None,
            threshold: None,
            root_margin: None,
        }),
        "every" => {
            cursor.skip_blanks();
            let word = cursor.take_until(ends_name);
            match Interval::read(cursor, word)? {
                // It would keep the page busy for ever.
                interval if interval.as_millis() == 0 => {
                    Err(cursor.error_at(word.offset, "a time above zero"))
                }
                interval => Ok(TriggerEvent::Every(interval)),
            }
        }
        _ => match name.text.strip_prefix("sse:") {
            Some("") => Err(cursor.error("the name of a message after sse:")),
            Some(message) => Ok(TriggerEvent::Sse(message.to_owned())),
            None => Ok(TriggerEvent::Dom(name.text.to_owned())),
        },
    }
}

/// A modifier's name and whether a colon follows, which is read too.
fn read_keyword<'a>(cursor: &mut Cursor<'a>) -> (Word<'a>, bool) {
    let keyword = cursor.take_until(|c| ends_word(c) || c == ':');
    let has_value = cursor.eat(":");
    (keyword, has_value)
}

/// True if a modifier stands where a selector might.
pub(crate) fn starts_with_modifier(text: &str) -> bool {
    let (keyword, has_value) = read_keyword(&mut cursor(text));
    is_modifier(keyword, has_value)
}

fn is_modifier(keyword: Word<'_>, has_value: bool) -> bool {
    MODIFIERS.into_iter().any(|known| match known.strip_suffix(':') {
        Some(name) => has_value && name == keyword.text,
        None => !has_value && known == keyword.text,
    })
}

fn unknown(cursor: &Cursor<'_>, keyword: Word<'_>) -> ParseError {
    let expected = format!("a modifier ({}) or a comma", MODIFIERS.join(", "));
    cursor.error_at(keyword.offset, expected)
}

fn read_modifier<'a>(
    cursor: &mut Cursor<'a>,
    trigger: &mut Trigger,
    seen: &mut Vec<&'a str>,
) -> Result<(), ParseError> {
    let (keyword, has_value) = read_keyword(cursor);
    if !is_modifier(keyword, has_value) {
        return Err(unknown(cursor, keyword));
    }
    cursor.only_once(seen, keyword)?;
    match (keyword.text, has_value, &mut trigger.event) {
        ("once", false, _) => trigger.once = true,
        ("changed", false, _) => trigger.changed = true,
        ("consume", false, _) => trigger.consume = true,
        ("prevent", false, _) => trigger.prevent = true,
        ("stop", false, _) => trigger.stop = true,
        ("halt", false, _) => trigger.halt = true,
        ("capture", false, _) => trigger.capture = true,
        ("passive", false, _) => trigger.passive = true,
        ("delay", true, _) => trigger.delay = Some(read_interval(cursor)?),
        ("throttle", true, _) => trigger.throttle = Some(read_interval(cursor)?),
        ("from", true, TriggerEvent::Sse(name)) if name == EVERY_NAME => {
            return Err(cursor.error_at(keyword.offset, FROM_WITH_EVERY_NAME));
        }
        ("from", true, _) => trigger.from = Some(read_from(cursor)?),
        ("target", true, _) => trigger.target = Some(selector::read_word(cursor)?),
        ("queue", true, _) => {
            let word = cursor.take_until(ends_word);
            trigger.queue = Some(read_queue(cursor, word)?);
        }
        ("root", true, TriggerEvent::Intersect { root, .. }) => {
            let word = selector::read_raw_word(cursor)?;
            *root = Some(Target::read(cursor, word)?);
        }
        ("threshold", true, TriggerEvent::Intersect { threshold, .. }) => {
            *threshold = Some(read_threshold(cursor)?);
        }
        ("rootMargin", true, TriggerEvent::Intersect { root_margin, .. }) => {
            *root_margin = Some(read_margin(cursor)?);
        }
        ("root" | "threshold" | "rootMargin", true, _) => {
            let expected = format!("`{}:` only after intersect", keyword.text);
            return Err(cursor.error_at(keyword.offset, expected));
        }
        _ => return Err(unknown(cursor, keyword)),
    }
    Ok(())
}

fn read_interval(cursor: &mut Cursor<'_>) -> Result<Interval, ParseError> {
    let word = cursor.take_until(ends_word);
    Interval::read(cursor, word)
}

pub(crate) fn read_queue(cursor: &Cursor<'_>, word: Word<'_>) -> Result<Queue, ParseError> {
    Queue::EVERY
        .into_iter()
        .find(|queue| queue.as_str() == word.text)
        .ok_or_else(|| cursor.error_at(word.offset, "first, last, all or none"))
}

/// The share is checked here because a browser refuses the whole observer for a bad one.
fn read_threshold(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let word = cursor.take_until(ends_word);
    let is_plain = word.text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let share = word.text.parse::<f64>().ok().filter(|_| is_plain);
    if share.is_some_and(|share| (0.0..=1.0).contains(&share)) {
        Ok(word.text.to_owned())
    } else {
        Err(cursor.error_at(word.offset, "a decimal number from 0 to 1"))
    }
}

/// Checked for the same reason.
fn read_margin(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let word = selector::read_raw_word(cursor)?;
    let lengths: Vec<_> = word.text.split_whitespace().take(5).collect();
    if (1..=4).contains(&lengths.len()) && lengths.iter().all(|length| is_length(length)) {
        Ok(lengths.join(" "))
    } else {
        Err(cursor.error_at(word.offset, MARGIN))
    }
}

fn is_length(text: &str) -> bool {
    let number = text.strip_suffix("px").or_else(|| text.strip_suffix('%'));
    let digits = number.map(|number| number.strip_prefix('-').unwrap_or(number));
    digits.is_some_and(|digits| {
        let is_plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        is_plain && !digits.ends_with('.') && digits.parse::<f64>().is_ok()
    })
}

/// A relation and its selector are two words: `from:closest form`, `from:previous (#a .b)`. Several targets stand in
/// parentheses.
///
/// DIFFERENCE: htmx takes the word after a bare `next` or `previous` for its selector, whatever it is. Here a
/// modifier stays one, so that `from:next once` means what it says.
fn read_from(cursor: &mut Cursor<'_>) -> Result<TriggerFrom, ParseError> {
    let is_bare = !cursor.rest().starts_with(['(', '{', '"', '\'']);
    let word = selector::read_raw_word(cursor)?;
    match word.text {
        TriggerFrom::ITSELF if is_bare => return Ok(TriggerFrom::Itself),
        TriggerFrom::OUTSIDE if is_bare => return Ok(TriggerFrom::Outside),
        _ => {}
    }
    let Some(relation) = Relation::named(word.text).filter(|_| is_bare) else {
        return match TargetList::read(cursor, word)? {
            TargetList { inherits: true, .. } => {
                Err(cursor.error_at(word.offset, "elements; there is nothing to `inherit` here"))
            }
            TargetList { targets, .. } => Ok(TriggerFrom::Elements(targets)),
        };
    };
    cursor.skip_blanks();
    let is_alone = matches!(cursor.peek(), None | Some(',')) || starts_with_modifier(cursor.rest());
    let target = match relation.alone() {
        Some(target) if is_alone => target,
        _ => relation.with(selector::read_word(cursor)?),
    };
    Ok(TriggerFrom::Elements(vec![target]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::trigger_spec::TriggerList;
    use super::*;

    fn dom(name: &str) -> Trigger {
        TriggerEvent::Dom(name.to_owned()).into()
    }

    fn sse(name: &str) -> Trigger {
        TriggerEvent::Sse(name.to_owned()).into()
    }

    fn every(millis: u32) -> Trigger {
        TriggerEvent::Every(Interval::from_millis(millis)).into()
    }

    fn ms(millis: u32) -> Option<Interval> {
        Some(Interval::from_millis(millis))
    }

    #[track_caller]
    fn check<const N: usize>(input: &str, expected: [Trigger; N]) {
        assert_eq!(input.parse(), Ok(TriggerList(expected.into())), "{input:?}");
    }

    #[test]
    fn trg_01_lists() {
        check("", []);
        check("  ", []);
        check("click", [dom("click")]);
        check("customEvent", [dom("customEvent")]);
        check("htmx:afterSwap", [dom("htmx:afterSwap")]);
        check("event1,event2", [dom("event1"), dom("event2")]);
        check(" event1 ,\n event2 ", [dom("event1"), dom("event2")]);
        check("event1,", [dom("event1")]);
        check(
            "event1 once, event2 changed",
            [
                Trigger {
                    once: true,
                    ..dom("event1")
                },
                Trigger {
                    changed: true,
                    ..dom("event2")
                },
            ],
        );
    }

    #[test]
    fn sst_01_sst_03_sst_04_messages() {
        check("sse:news", [sse("news")]);
        check("sse:a:b", [sse("a:b")]);
        check(
            "click, sse:a, load",
            [dom("click"), sse("a"), TriggerEvent::Load.into()],
        );
        // DIFFERENCE: SST-05, CON-11.
        check(
            "sse:a[detail.data] once delay:1s, sse:b",
            [
                Trigger {
                    filter: "detail.data".parse().ok(),
                    once: true,
                    delay: ms(1000),
                    ..sse("a")
                },
                sse("b"),
            ],
        );
    }

    #[test]
    fn trg_02_filters() {
        let filtered = |name, filter: &str| {
            let filter = filter.parse().ok();
            assert!(filter.is_some());
            Trigger { filter, ..dom(name) }
        };
        check("evt[foo&&bar]", [filtered("evt", "foo && bar")]);
        check("evt[a == ']'], b", [filtered("evt", "a == ']'"), dom("b")]);
        check(
            "evt[ target.id=='foo' ] once",
            [Trigger {
                once: true,
                ..filtered("evt", "target.id == 'foo'")
            }],
        );
        let load = Trigger {
            filter: "true".parse().ok(),
            ..TriggerEvent::Load.into()
        };
        check("load[true]", [load]);
    }

    #[test]
    fn trg_03_trg_04_trg_06_modifiers() {
        // TRG-03
        check(
            "a once changed consume",
            [Trigger {
                once: true,
                changed: true,
                consume: true,
                ..dom("a")
            }],
        );
        // TRG-04
        check(
            "a delay:1s",
            [Trigger {
                delay: ms(1000),
                ..dom("a")
            }],
        );
        check(
            "a throttle:0ms, b",
            [
                Trigger {
                    throttle: ms(0),
                    ..dom("a")
                },
                dom("b"),
            ],
        );
        // TRG-06
        check(
            "a queue:first",
            [Trigger {
                queue: Some(Queue::First),
                ..dom("a")
            }],
        );
        check(
            "a queue:last",
            [Trigger {
                queue: Some(Queue::Last),
                ..dom("a")
            }],
        );
        check(
            "a queue:all",
            [Trigger {
                queue: Some(Queue::All),
                ..dom("a")
            }],
        );
        check(
            "a queue:none",
            [Trigger {
                queue: Some(Queue::None),
                ..dom("a")
            }],
        );
    }

    #[track_caller]
    fn check_from(value: &str, expected: Target) {
        check_from_all(value, TriggerFrom::Elements(vec![expected]));
    }

    #[track_caller]
    fn check_from_all(value: &str, expected: TriggerFrom) {
        let from = Some(expected);
        check(
            &format!("a from:{value}"),
            [Trigger {
                from: from.clone(),
                ..dom("a")
            }],
        );
        check(
            &format!("a from:{value} once, b"),
            [
                Trigger {
                    from,
                    once: true,
                    ..dom("a")
                },
                dom("b"),
            ],
        );
    }

    #[test]
    fn trg_05_other_elements() {
        let text = |selector: &str| selector.to_owned();
        check_from("#d2", Target::Selector(text("#d2")));
        check_from("body", Target::Body);
        check_from("document", Target::Document);
        check_from("window", Target::Window);
        check_from("this", Target::This);
        check_from("closest div", Target::Closest(text("div")));
        check_from("find  a", Target::Find(text("a")));
        check_from(
            "previous (#outer div)",
            Target::Previous(Some(text("#outer div"))),
        );
        check_from(
            "previous {#outer div}",
            Target::Previous(Some(text("#outer div"))),
        );
        check_from("(div #inner)", Target::Selector(text("div #inner")));
        check_from("(closest div)", Target::Closest(text("div")));
        check_from("<div/>", Target::Selector(text("div"))); // TGT-06
        check_from("closest <div/>", Target::Closest(text("div")));
        // DIFFERENCE: nested brackets belong to the selector.
        check_from(
            "closest (ul :not(.a, .b))",
            Target::Closest(text("ul :not(.a, .b)")),
        );
        // DIFFERENCE: a modifier is not a selector.
        check_from("next", Target::Next(None));
        check_from("previous", Target::Previous(None));
        check_from("next (once)", Target::Next(Some(text("once"))));
        check_from("next (halt)", Target::Next(Some(text("halt"))));
        // Several of them, and the two that name no element.
        check_from_all(
            "(#a, closest b)",
            TriggerFrom::Elements(vec![Target::Selector(text("#a")), Target::Closest(text("b"))]),
        );
        check_from_all("self", TriggerFrom::Itself);
        check_from_all("outside", TriggerFrom::Outside);
        check_from("(self)", Target::Selector(text("self")));
        check(
            "a from:next delay:1s",
            [Trigger {
                from: Some(TriggerFrom::Elements(vec![Target::Next(None)])),
                delay: ms(1000),
                ..dom("a")
            }],
        );
    }

    #[test]
    fn trg_05_event_targets() {
        let target = |selector: &str| Trigger {
            target: Some(selector.to_owned()),
            ..dom("a")
        };
        check("a target:#d3", [target("#d3")]);
        check("a target:(.d1 .a2)", [target(".d1 .a2")]);
        check("a target:{.d1 .a2}", [target(".d1 .a2")]);
        check("a target:.d1, b", [target(".d1"), dom("b")]);
    }

    #[test]
    fn trg_07_synthetic_events() {
        check(
            "load delay:1s",
            [Trigger {
                delay: ms(1000),
                ..TriggerEvent::Load.into()
            }],
        );
        check("revealed", [TriggerEvent::Revealed.into()]);
        check("every 1s", [every(1000)]);
        let filter = || "foo".parse().ok();
        check(
            "every 5ms[foo]",
            [Trigger {
                filter: filter(),
                ..every(5)
            }],
        );
        check(
            "every 1s [foo], b",
            [
                Trigger {
                    filter: filter(),
                    ..every(1000)
                },
                dom("b"),
            ],
        );
        let intersect =
            |root: Option<&str>, threshold: Option<&str>, margin: Option<&str>| TriggerEvent::Intersect {
                root: root.and_then(|root| root.parse().ok()),
                threshold: threshold.map(str::to_owned),
                root_margin: margin.map(str::to_owned),
            };
        check("intersect", [intersect(None, None, None).into()]);
        check(
            "intersect threshold:0.5 once root:(#a .b)",
            [Trigger {
                once: true,
                ..intersect(Some("#a .b"), Some("0.5"), None).into()
            }],
        );
        check(
            "intersect rootMargin:10px root:(closest div)",
            [intersect(Some("closest div"), None, Some("10px")).into()],
        );
        check(
            "intersect rootMargin:'0px -2.5%'",
            [intersect(None, None, Some("0px -2.5%")).into()],
        );
    }

    #[test]
    fn trg_10_modifiers_of_htmx_4() {
        check(
            "a prevent stop halt capture, b passive stop",
            [
                Trigger {
                    prevent: true,
                    stop: true,
                    halt: true,
                    capture: true,
                    ..dom("a")
                },
                Trigger {
                    passive: true,
                    stop: true,
                    ..dom("b")
                },
            ],
        );
    }

    #[track_caller]
    fn check_error(input: &str, offset: usize, expected: &str) {
        let error = input.parse::<TriggerList>().err();
        assert_eq!(
            error.map(|e| (e.offset(), e.expected().to_owned())),
            Some((offset, expected.to_owned())),
            "{input:?}"
        );
    }

    #[test]
    fn trg_09_refusals() {
        check_error(",", 0, "the name of an event");
        check_error("a,,b", 2, "the name of an event");
        check_error("[a]", 0, "the name of an event");
        check_error("sse:", 4, "the name of a message after sse:");
        let modifiers = format!("a modifier ({}) or a comma", MODIFIERS.join(", "));
        check_error("a fancy", 2, &modifiers);
        check_error("a fancy:1s", 2, &modifiers);
        check_error("a once:1s", 2, &modifiers);
        check_error("a delay", 2, &modifiers);
        check_error("a]", 1, &modifiers);
        check_error("a delay:", 8, "a time such as 500ms, 1s or 1m");
        check_error("a delay: 1s", 8, "a time such as 500ms, 1s or 1m");
        check_error("a queue:some", 8, "first, last, all or none");
        check_error("a from:", 7, "a selector");
        check_error("a from:closest, b", 14, "a selector");
        check_error("a target:(b", 11, "a closing `)`");
        check_error("every 0ms", 6, "a time above zero");
        check_error("every", 5, "a time such as 500ms, 1s or 1m");
        check_error("every [a]", 6, "a time such as 500ms, 1s or 1m");
        // DIFFERENCE: htmx drops, ignores or accepts the rest.
        check_error("a once once", 7, "`once` only once");
        check_error("a [b]", 2, "a filter only right after the event's name");
        check_error(
            "every 1s once",
            9,
            "a filter, a comma or the end after `every <time>`",
        );
        check_error("a root:#b", 2, "`root:` only after intersect");
        check_error("a threshold:1", 2, "`threshold:` only after intersect");
        check_error("a rootMargin:1px", 2, "`rootMargin:` only after intersect");
        for margin in ["0", "1em", "px", "-px", "1.px", "'1px 1px 1px 1px 1px'", "()"] {
            let offset = if margin.starts_with(['\'', '(']) { 22 } else { 21 };
            check_error(&format!("intersect rootMargin:{margin}"), offset, MARGIN);
        }
        check_error(
            "a passive halt",
            14,
            "`passive` without `prevent` and `halt`, which it forbids",
        );
        check_error("click, sse:* once from:body", 18, FROM_WITH_EVERY_NAME);
        check_error(
            "a from:inherit",
            7,
            "elements; there is nothing to `inherit` here",
        );
        for threshold in ["2", "-1", "1e0", "inf", "half", "."] {
            check_error(
                &format!("intersect threshold:{threshold}"),
                20,
                "a decimal number from 0 to 1",
            );
        }
    }

    #[test]
    fn bad_filters_are_shown_in_the_whole_text() {
        check_error("a[b", 3, "an operator or a closing `]`");
        check_error("click, a[b c]", 11, "an operator or a closing `]`");
        check_error("a[check(event)]", 7, "an operator or a closing `]`");
        let operand = "a member such as detail.data, a number, a text in quotation marks, `!` or `(`";
        check_error("a[]", 2, operand);
        check_error("a[b && ]", 7, operand);
    }

    #[test]
    fn a_megabyte_is_read_at_once() {
        for part in [
            "a,",
            "a[b && 'c'] once delay:1s from:(#a, closest b) target:c,",
            "every 1s [b],",
            "intersect root:#a threshold:0.5 rootMargin:1px,",
            "a from:next once,",
        ] {
            let text = part.repeat(1_000_000 / part.len());
            assert!(text.parse::<TriggerList>().is_ok(), "{part}");
        }
        for text in [
            "a[(".repeat(300_000),
            "a from:<".repeat(100_000),
            format!("a[{}", "!".repeat(1_000_000)),
        ] {
            assert!(text.parse::<TriggerList>().is_err());
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((click|sse:|every|1s|intersect|once|halt|passive|delay|from|target|closest|next|root|rootMargin|self|px|:|,|\\[|\\]|\\(|\\)|'|!| |é){0,15})",
        ) {
            let _ = text.parse::<TriggerList>();
            let _ = fragments.parse::<TriggerList>();
        }
    }
}
