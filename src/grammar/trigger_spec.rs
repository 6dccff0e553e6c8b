//! The value of `hx-trigger`: which events make an element act, and under which conditions.

use std::fmt;
use std::str::FromStr;

use super::cursor::Cursor;
use super::error::ParseError;
use super::filter::Filter;
use super::interval::Interval;
use super::selector::InParentheses;
use super::target::Target;
use super::trigger_from::TriggerFrom;
use super::trigger_parser;

/// All triggers of an element: `hx-trigger="sse:news delay:1s, click[ctrlKey] once"` (TRG-01).
///
/// An empty attribute names none, so that the element's own default holds.
///
/// ```
/// use leptos_live::grammar::{Interval, TriggerEvent, TriggerList};
///
/// let TriggerList(triggers) = "sse:news delay:1s, click once".parse()?;
/// assert_eq!(triggers[0].event, TriggerEvent::Sse("news".into()));
/// assert_eq!(triggers[0].delay, Some(Interval::from_millis(1000)));
/// assert!(triggers[1].once);
/// # Ok::<(), leptos_live::grammar::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TriggerList(pub Vec<Trigger>);

/// One event with its filter and modifiers.
///
/// DIFFERENCE: modifiers and filters after `sse:<name>` count (CON-11), which htmx 1 drops with all that
/// follows. An unknown or repeated modifier is an error, and so is one that has no meaning where it stands:
/// `root:`, `threshold:` and `rootMargin:` outside `intersect`, any after `every`, and `passive` beside what it
/// forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// What is waited for.
    pub event: TriggerEvent,
    /// `[filter]` right after the name: the event counts only if this holds (TRG-02).
    pub filter: Option<Filter>,
    /// `once`: only the first event counts (TRG-03).
    pub once: bool,
    /// `changed`: only if the element's value changed since the last time (TRG-03).
    pub changed: bool,
    /// `consume`: the event goes to no trigger further up (TRG-03).
    pub consume: bool,
    /// `prevent`: the browser does not do what it would do by itself (TRG-10).
    pub prevent: bool,
    /// `stop`: the event goes no further up, as with `consume` (TRG-10).
    pub stop: bool,
    /// `halt`: `prevent` and `stop` (TRG-10).
    pub halt: bool,
    /// `capture`: heard on the way down to its target, before those below (TRG-10).
    pub capture: bool,
    /// `passive`: the browser need not wait for what the listener does (TRG-10).
    pub passive: bool,
    /// `delay:<time>`: wait, and start again when the event comes again (TRG-04).
    pub delay: Option<Interval>,
    /// `throttle:<time>`: act at once, then wait (TRG-04).
    pub throttle: Option<Interval>,
    /// `from:<targets>`: listen on other elements (TRG-05, TRG-10).
    pub from: Option<TriggerFrom>,
    /// `target:<selector>`: only events whose own target matches (TRG-05).
    pub target: Option<String>,
    /// `queue:<rule>`: what happens to events while a request is in flight (TRG-06).
    pub queue: Option<Queue>,
}

/// What a trigger waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerEvent {
    /// `sse:<name>`: a message of that name from the nearest stream.
    Sse(String),
    /// A DOM event, by a name without blanks, commas and square brackets that is none of the words below.
    Dom(String),
    /// `load`: once, when the element is processed (TRG-07).
    Load,
    /// `revealed`: once, when the element is scrolled into view (TRG-07).
    Revealed,
    /// `intersect`: when the element comes into view (TRG-07).
    Intersect {
        /// `root:<target>`: the element whose view counts, instead of the window's.
        root: Option<Target>,
        /// `threshold:<number>`: the share that must be visible, a decimal number from 0 to 1, as it was
        /// written.
        threshold: Option<String>,
        /// `rootMargin:<lengths>`: by how much the view is made larger, one to four lengths in `px` or `%`.
        root_margin: Option<String>,
    },
    /// `every <time>`: again and again (TRG-07). It takes a filter but no modifiers.
    Every(Interval),
}

/// What happens to events that come while a request is in flight: `first`, `last`, `all`, `none` (TRG-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Queue {
    /// The first one is kept for later.
    First,
    /// The last one is kept for later, which is also what holds without a rule.
    Last,
    /// All are kept.
    All,
    /// None is kept.
    None,
}

impl From<TriggerEvent> for Trigger {
    fn from(event: TriggerEvent) -> Self {
        Self {
            event,
            filter: None,
            once: false,
            changed: false,
            consume: false,
            prevent: false,
            stop: false,
            halt: false,
            capture: false,
            passive: false,
            delay: None,
            throttle: None,
            from: None,
            target: None,
            queue: None,
        }
    }
}

impl Queue {
    pub(crate) const EVERY: [Self; 4] = [Self::First, Self::Last, Self::All, Self::None];

    /// The attribute's spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
            Self::All => "all",
            Self::None => "none",
        }
    }
}

impl TriggerEvent {
    fn write_name(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sse(name) => write!(f, "sse:{name}"),
            Self::Dom(name) => f.write_str(name),
            Self::Load => f.write_str("load"),
            Self::Revealed => f.write_str("revealed"),
            Self::Intersect { .. } => f.write_str("intersect"),
            // The blank leaves room for a filter, as htmx's own examples write it.
            Self::Every(interval) => write!(f, "every {interval}"),
        }
    }

    fn write_options(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Intersect {
            root,
            threshold,
            root_margin,
        } = self
        else {
            return Ok(());
        };
        if let Some(root) = root {
            write!(f, " root:{}", InParentheses(&root.to_string()))?;
        }
        if let Some(threshold) = threshold {
            write!(f, " threshold:{threshold}")?;
        }
        if let Some(margin) = root_margin {
            write!(f, " rootMargin:{}", InParentheses(margin))?;
        }
        Ok(())
    }
}

impl fmt::Display for TriggerList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, trigger) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ", " };
            write!(f, "{separator}{trigger}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.event.write_name(f)?;
        if let Some(filter) = &self.filter {
            let blank = if matches!(self.event, TriggerEvent::Every(_)) {
                " "
            } else {
                ""
            };
            write!(f, "{blank}[{filter}]")?;
        }
        self.event.write_options(f)?;
        let flags = [
            ("once", self.once),
            ("changed", self.changed),
            ("consume", self.consume),
            ("prevent", self.prevent),
            ("stop", self.stop),
            ("halt", self.halt),
            ("capture", self.capture),
            ("passive", self.passive),
        ];
        for (flag, _) in flags.iter().filter(|(_, is_set)| *is_set) {
            write!(f, " {flag}")?;
        }
        if let Some(delay) = self.delay {
            write!(f, " delay:{delay}")?;
        }
        if let Some(throttle) = self.throttle {
            write!(f, " throttle:{throttle}")?;
        }
        if let Some(from) = &self.from {
            write!(f, " from:{from}")?;
        }
        if let Some(target) = &self.target {
            write!(f, " target:{}", InParentheses(target))?;
        }
        if let Some(queue) = self.queue {
            write!(f, " queue:{queue}")?;
        }
        Ok(())
    }
}

impl fmt::Display for TriggerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_name(f)?;
        self.write_options(f)
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TriggerList {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        trigger_parser::read_list(&mut trigger_parser::cursor(text)).map(Self)
    }
}

impl FromStr for Trigger {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor = trigger_parser::cursor(text);
        cursor.skip_blanks();
        let trigger = trigger_parser::read_trigger(&mut cursor)?;
        cursor.finish("the end after one trigger")?;
        Ok(trigger)
    }
}

impl FromStr for TriggerEvent {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let trigger: Trigger = text.parse()?;
        let bare = Trigger::from(trigger.event.clone());
        if trigger == bare {
            Ok(bare.event)
        } else {
            Err(trigger_parser::cursor(text).error("an event without filter and modifiers"))
        }
    }
}

impl FromStr for Queue {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut cursor: Cursor<'_> = trigger_parser::cursor(text);
        let word = cursor.remainder();
        trigger_parser::read_queue(&cursor, word)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::filter::tests::any_filter;
    use super::super::interval::tests::any_interval;
    use super::super::selector::tests::any_selector;
    use super::super::target::tests::any_target;
    use super::super::trigger_from::tests::any_from;
    use super::*;

    fn any_event() -> BoxedStrategy<TriggerEvent> {
        let name = "[a-z](:|[a-zA-Z(){}'.é-]){0,8}";
        let dom = name.prop_filter("a keyword", |name| {
            !["load", "revealed", "intersect", "every"].contains(&name.as_str()) && !name.starts_with("sse:")
        });
        let threshold = prop::option::of("(0|0?\\.[0-9]{1,3}|1(\\.0)?)");
        prop_oneof![
            name.prop_map(TriggerEvent::Sse),
            dom.prop_map(TriggerEvent::Dom),
            Just(TriggerEvent::Load),
            Just(TriggerEvent::Revealed),
            (
                prop::option::of(any_target()),
                threshold,
                prop::option::of("-?[0-9]{1,3}(\\.5)?(px|%)( 0px){0,3}"),
            )
                .prop_map(|(root, threshold, root_margin)| TriggerEvent::Intersect {
                    root,
                    threshold,
                    root_margin,
                }),
        ]
        .boxed()
    }

    fn any_trigger() -> BoxedStrategy<Trigger> {
        let filter = || prop::option::of(any_filter());
        let flags = any::<[bool; 8]>();
        let times = (prop::option::of(any_interval()), prop::option::of(any_interval()));
        let elements = (prop::option::of(any_from()), prop::option::of(any_selector()));
        let queue = prop::option::of(prop::sample::select(Queue::EVERY.to_vec()));
        let full = (any_event(), filter(), flags, times, elements, queue).prop_map(
            |(event, filter, flags, (delay, throttle), (from, target), queue)| Trigger {
                event,
                filter,
                once: flags[0],
                changed: flags[1],
                consume: flags[2],
                prevent: flags[3] && !flags[7],
                stop: flags[4],
                halt: flags[5] && !flags[7],
                capture: flags[6],
                passive: flags[7],
                delay,
                throttle,
                from,
                target,
                queue,
            },
        );
        let above_zero = any_interval().prop_filter("above zero", |interval| interval.as_millis() > 0);
        let every = (above_zero, filter()).prop_map(|(interval, filter)| Trigger {
            filter,
            ..TriggerEvent::Every(interval).into()
        });
        prop_oneof![4 => full, 1 => every].boxed()
    }

    #[track_caller]
    fn check(input: &str, expected: &str) {
        let printed = input.parse::<TriggerList>().map(|list| list.to_string());
        assert_eq!(printed, Ok(expected.to_owned()), "{input:?}");
    }

    #[test]
    fn canonical_text() {
        check("", "");
        check("a,b", "a, b");
        check(
            "a queue:all target:{#a .b} from:(closest form) throttle:1m delay:10 consume changed once",
            "a once changed consume delay:10ms throttle:60s from:closest form target:(#a .b) queue:all",
        );
        check("every 1s[a]", "every 1s [a]");
        check(
            "intersect[a] once rootMargin:'0px  -5%' threshold:.5 root:#a",
            "intersect[a] root:#a threshold:.5 rootMargin:(0px -5%) once",
        );
        check("a passive capture stop", "a stop capture passive");
        check("a halt prevent from:self", "a prevent halt from:self");
        check("a from:(self)", "a from:(self)");
        check("a from:outside", "a from:outside");
        check("a from:(#a,closest b)", "a from:(#a, closest b)");
        check("a from:(previous #a .b)", "a from:previous (#a .b)");
        check("a queue:all from:(next)", "a from:next queue:all");
        check("a from:(next once)", "a from:next (once)");
    }

    #[test]
    fn an_event_alone() {
        assert_eq!("sse:a".parse(), Ok(TriggerEvent::Sse("a".to_owned())));
        for input in ["", "click once", "click[a]", "a, b"] {
            assert!(input.parse::<TriggerEvent>().is_err(), "{input:?}");
        }
    }

    #[test]
    fn a_trigger_alone() {
        assert!(" click once ".parse::<Trigger>().is_ok());
        for input in ["", "a, b", "a,"] {
            assert!(input.parse::<Trigger>().is_err(), "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_again(triggers in prop::collection::vec(any_trigger(), 0..4)) {
            for trigger in &triggers {
                prop_assert_eq!(trigger.to_string().parse(), Ok(trigger.clone()));
                prop_assert_eq!(trigger.event.to_string().parse(), Ok(trigger.event.clone()));
                if let Some(queue) = trigger.queue {
                    prop_assert_eq!(queue.to_string().parse(), Ok(queue));
                }
            }
            let list = TriggerList(triggers);
            prop_assert_eq!(list.to_string().parse(), Ok(list));
        }

        #[test]
        fn what_was_read_can_be_read_again(
            input in "(click|sse:a|every|intersect|load)(( 1s)?(\\[[a!'|]{1,4}\\])?( |,|once|halt|passive|delay:1s|from:|self|target:|root:|rootMargin:|1px|next|closest|#a|<b/>|\\(|\\)|x y){0,9})",
        ) {
            if let Ok(list) = input.parse::<TriggerList>() {
                prop_assert_eq!(list.to_string().parse(), Ok(list));
            }
        }
    }
}
