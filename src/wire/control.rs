//! What the two sides tell each other about the stream itself: the `ll:` events.
//!
//! They are ordinary named events because comments, `retry:` and HTTP status are invisible to an
//! `EventSource`, and because a page that runs htmx instead of this crate ignores names that
//! nobody listens to. Their data is short words separated by blanks, so that reading one needs no
//! JSON parser in the browser.

use std::fmt;

use super::{ConnectionId, MalformedMessage, Position};

/// Why a reader has missed events.
///
/// ```
/// use leptos_live::GapReason;
///
/// assert_eq!(GapReason::Evicted.as_str(), "evicted");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GapReason {
    /// The events it missed are no longer kept.
    Evicted,
    /// Its cursor belongs to a history that was lost, for example by a restart.
    Epoch,
    /// Its cursor was no position at all.
    Malformed,
}

impl GapReason {
    const ALL: [Self; 3] = [Self::Evicted, Self::Epoch, Self::Malformed];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evicted => "evicted",
            Self::Epoch => "epoch",
            Self::Malformed => "malformed",
        }
    }
}

/// A range in which a reader has lost events. Whatever is still kept of it follows.
///
/// ```
/// use leptos_live::{Gap, GapReason};
///
/// /// Where this is so, what a page shows may have nothing to do with what it gets from now on.
/// fn is_another_history(gap: &Gap) -> bool {
///     gap.reason == GapReason::Epoch
/// }
/// # let _ = is_another_history;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Why they are gone.
    pub reason: GapReason,
    /// The reader's cursor, where it was a position.
    pub from: Option<Position>,
    /// The place from which the stream is exact again.
    pub to: Position,
}

/// A control event: something about the stream rather than in it.
///
/// ```
/// use leptos_live::{Control, ControlKind, SseDecoder, encode_control};
///
/// let text = encode_control(&Control::Upstream(false));
/// let messages = SseDecoder::default().push(text.as_bytes());
/// let kind = ControlKind::from_event_name(&messages[0].event).expect("a control event");
/// assert_eq!(Control::parse(kind, &messages[0].data)?, Control::Upstream(false));
/// # Ok::<(), leptos_live::MalformedMessage>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// The stream is alive, and everything up to this position has been sent on it. The first one
    /// comes at once, before anything is sent again. It tells the reader that the stream keeps positions, and where it goes
    /// on: that is the position in the request, or else the reader takes it that its position was not read.
    Heartbeat(Position),
    /// The name of this connection. Requests of the page that bring it back (see [`ConnectionId`]) can
    /// publish to everybody else.
    Connection(ConnectionId),
    /// The stream has topics whose newest values are kept. A reader that goes on from a position can
    /// ask for them as well, by `,latest` after it.
    Latest,
    /// Reconnect no sooner than this many milliseconds after the stream ends.
    Retry(u32),
    /// What follows, up to [`Control::Live`], is the retained state and may have been seen before.
    Snapshot(Position),
    /// The retained state is complete; what follows is new.
    Live(Position),
    /// Events were lost.
    Gap(Gap),
    /// A topic has been added to the stream at this position. What follows, up to [`Control::Live`], is
    /// what is older of it: new to the reader although it stands before its cursor, and without an id.
    Added(Position),
    /// Whether the server is in touch with whatever events come from, where that is not itself: `false` once it is cut off,
    /// and what the page shows may be old; `true` when it is in touch again. A stream that says nothing of it is in touch.
    Upstream(bool),
    /// The server ends this stream and the reader shall not come back.
    Close,
    /// The version of what travels, [`WIRE_VERSION`] of whoever writes it. It ends the greeting: what a resumption has
    /// lost was told before it.
    Version(u32),
}

/// The version of what travels between server and page, which a stream or socket tells when it begins.
///
/// It grows when a page can no longer read what a server of another version writes. What is only added needs no new
/// version: a page ignores control events that it does not know.
pub const WIRE_VERSION: u32 = 1;

/// A page and its server that speak different versions of what travels: one of them was replaced meanwhile (R29).
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, VersionSkew};
///
/// #[component]
/// fn News() -> impl IntoView {
///     let is_old = RwSignal::new(false);
///     let on_version = move |skew: VersionSkew| is_old.set(skew.page < skew.server);
///     view! {
///         <SseSource connect="/news" on_version=on_version>"…"</SseSource>
///         <p hidden=move || !is_old.get()>"Please reload the page"</p>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionSkew {
    /// The version of the page's program.
    pub page: u32,
    /// The version of the server's.
    pub server: u32,
}

/// What a reader adds to its position to get the values that [`Control::Latest`] speaks of.
pub(crate) const WITH_LATEST: &str = ",latest";

/// The data of [`Control::Upstream`].
const UP: &str = "up";
const DOWN: &str = "down";

/// The kind of a [`Control`] event, which is its name on the wire.
///
/// [`Control`] has an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ControlKind {
    /// `ll:heartbeat`
    Heartbeat,
    /// `ll:connection`
    Connection,
    /// `ll:latest`
    Latest,
    /// `ll:retry`
    Retry,
    /// `ll:snapshot`
    Snapshot,
    /// `ll:live`
    Live,
    /// `ll:gap`
    Gap,
    /// `ll:added`
    Added,
    /// `ll:upstream`
    Upstream,
    /// `ll:close`
    Close,
    /// `ll:version`
    Version,
}

impl ControlKind {
    /// Every kind, in the order in which a stream may send them first.
    pub const ALL: [Self; 11] = [
        Self::Heartbeat,
        Self::Connection,
        Self::Latest,
        Self::Gap,
        Self::Version,
        Self::Snapshot,
        Self::Live,
        Self::Added,
        Self::Upstream,
        Self::Retry,
        Self::Close,
    ];

    /// The event name on the wire.
    pub fn event_name(self) -> &'static str {
        match self {
            Self::Heartbeat => "ll:heartbeat",
            Self::Connection => "ll:connection",
            Self::Latest => "ll:latest",
            Self::Retry => "ll:retry",
            Self::Snapshot => "ll:snapshot",
            Self::Live => "ll:live",
            Self::Gap => "ll:gap",
            Self::Added => "ll:added",
            Self::Upstream => "ll:upstream",
            Self::Close => "ll:close",
            Self::Version => "ll:version",
        }
    }

    /// The kind that has this event name, if any.
    pub fn from_event_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.event_name() == name)
    }
}

impl Control {
    /// Which kind of control event this is.
    pub fn kind(&self) -> ControlKind {
        match self {
            Self::Heartbeat(_) => ControlKind::Heartbeat,
            Self::Connection(_) => ControlKind::Connection,
            Self::Latest => ControlKind::Latest,
            Self::Retry(_) => ControlKind::Retry,
            Self::Snapshot(_) => ControlKind::Snapshot,
            Self::Live(_) => ControlKind::Live,
            Self::Gap(_) => ControlKind::Gap,
            Self::Added(_) => ControlKind::Added,
            Self::Upstream(_) => ControlKind::Upstream,
            Self::Close => ControlKind::Close,
            Self::Version(_) => ControlKind::Version,
        }
    }

    /// Reads the data of a control event of the given kind.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the words are not those of this kind.
    pub fn parse(kind: ControlKind, data: &str) -> Result<Self, MalformedMessage> {
        let malformed = |expected| MalformedMessage {
            kind: kind.event_name(),
            expected,
            found: format!("{:?}", data.chars().take(80).collect::<String>()),
        };
        let position = || data.parse::<Position>().map_err(|_| malformed("a position"));
        match kind {
            ControlKind::Heartbeat => position().map(Self::Heartbeat),
            ControlKind::Snapshot => position().map(Self::Snapshot),
            ControlKind::Live => position().map(Self::Live),
            ControlKind::Added => position().map(Self::Added),
            ControlKind::Connection => data.parse().map(Self::Connection),
            ControlKind::Retry => data
                .parse()
                .map(Self::Retry)
                .map_err(|_| malformed("milliseconds")),
            ControlKind::Version => data.parse().map(Self::Version).map_err(|_| malformed("a number")),
            ControlKind::Latest => Ok(Self::Latest),
            ControlKind::Upstream => match data {
                UP => Ok(Self::Upstream(true)),
                DOWN => Ok(Self::Upstream(false)),
                _ => Err(malformed("`up` or `down`")),
            },
            ControlKind::Close => Ok(Self::Close),
            ControlKind::Gap => parse_gap(data)
                .map(Self::Gap)
                .ok_or_else(|| malformed("`reason to [from]`")),
        }
    }
}

fn parse_gap(data: &str) -> Option<Gap> {
    let mut words = data.split(' ');
    let word = words.next()?;
    let reason = GapReason::ALL
        .into_iter()
        .find(|reason| reason.as_str() == word)?;
    let to = words.next()?.parse().ok()?;
    let from = match words.next() {
        Some(word) => Some(word.parse().ok()?),
        None => None,
    };
    words.next().is_none().then_some(Gap { reason, from, to })
}

/// The data of the event, the counterpart of [`Control::parse`].
impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Heartbeat(at) | Self::Snapshot(at) | Self::Live(at) | Self::Added(at) => write!(f, "{at}"),
            Self::Connection(id) => write!(f, "{id}"),
            Self::Retry(number) | Self::Version(number) => write!(f, "{number}"),
            Self::Gap(Gap {
                reason,
                from: None,
                to,
            }) => write!(f, "{} {to}", reason.as_str()),
            Self::Gap(Gap {
                reason,
                from: Some(from),
                to,
            }) => write!(f, "{} {to} {from}", reason.as_str()),
            // An event without any data would not be dispatched by every reader.
            Self::Latest => f.write_str("latest"),
            Self::Upstream(is_up) => f.write_str(if *is_up { UP } else { DOWN }),
            Self::Close => f.write_str("close"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Epoch;
    use super::*;

    #[track_caller]
    fn check(control: Control, data: &str) {
        assert_eq!(control.to_string(), data);
        assert_eq!(Control::parse(control.kind(), data), Ok(control.clone()));
        assert_eq!(
            ControlKind::from_event_name(control.kind().event_name()),
            Some(control.kind())
        );
    }

    #[test]
    fn data_of_each_kind() {
        let at = |offset| Position {
            epoch: Epoch(1),
            offset,
        };
        check(Control::Heartbeat(at(3)), "0000000000000001-3");
        check(Control::Snapshot(at(3)), "0000000000000001-3");
        check(Control::Live(at(3)), "0000000000000001-3");
        check(Control::Added(at(3)), "0000000000000001-3");
        check(
            Control::Connection(ConnectionId::from_bits(0xfeed)),
            "0000000000000000000000000000feed",
        );
        check(Control::Retry(2500), "2500");
        check(Control::Upstream(true), "up");
        check(Control::Upstream(false), "down");
        check(Control::Close, "close");
        check(Control::Version(WIRE_VERSION), "1");
        check(Control::Latest, "latest");
        let gap = Gap {
            reason: GapReason::Evicted,
            from: Some(at(1)),
            to: at(9),
        };
        check(Control::Gap(gap), "evicted 0000000000000001-9 0000000000000001-1");
        let gap = Gap {
            reason: GapReason::Malformed,
            from: None,
            to: at(9),
        };
        check(Control::Gap(gap), "malformed 0000000000000001-9");
    }

    #[test]
    fn malformed_data_is_an_error() {
        for (kind, data) in [
            (ControlKind::Heartbeat, "now"),
            (ControlKind::Connection, "me"),
            (ControlKind::Added, "here"),
            (ControlKind::Retry, "-1"),
            (ControlKind::Upstream, "sideways"),
            (ControlKind::Version, "1.0"),
            (ControlKind::Gap, ""),
            (ControlKind::Gap, "evicted"),
            (ControlKind::Gap, "evicted x"),
            (ControlKind::Gap, "other 0000000000000001-9"),
            (ControlKind::Gap, "epoch 0000000000000001-9 0000000000000001-1 x"),
        ] {
            assert!(Control::parse(kind, data).is_err(), "{kind:?} {data:?}");
        }
    }

    fn any_position() -> impl Strategy<Value = Position> {
        (any::<u64>(), any::<u64>()).prop_map(|(epoch, offset)| Position {
            epoch: Epoch(epoch),
            offset,
        })
    }

    fn any_control() -> impl Strategy<Value = Control> {
        let reason = prop::sample::select(GapReason::ALL.to_vec());
        let gap = (reason, prop::option::of(any_position()), any_position());
        prop_oneof![
            any_position().prop_map(Control::Heartbeat),
            any_position().prop_map(Control::Snapshot),
            any_position().prop_map(Control::Live),
            any_position().prop_map(Control::Added),
            any::<u128>().prop_map(|bits| Control::Connection(ConnectionId::from_bits(bits))),
            any::<u32>().prop_map(Control::Retry),
            any::<u32>().prop_map(Control::Version),
            any::<bool>().prop_map(Control::Upstream),
            gap.prop_map(|(reason, from, to)| Control::Gap(Gap { reason, from, to })),
            Just(Control::Latest),
            Just(Control::Close),
        ]
    }

    proptest! {
        #[test]
        fn writing_and_reading_again(control in any_control()) {
            prop_assert_eq!(Control::parse(control.kind(), &control.to_string()), Ok(control));
        }

        #[test]
        fn any_data_is_answered(
            text in any::<String>(),
            words in "((evicted|epoch|malformed|[0-9a-f]{16}-[0-9]|[0-9]| ){0,8})",
        ) {
            for (kind, data) in ControlKind::ALL.into_iter().flat_map(|kind| [(kind, &text), (kind, &words)]) {
                if let Ok(control) = Control::parse(kind, data) {
                    prop_assert_eq!(Control::parse(kind, &control.to_string()), Ok(control));
                }
            }
        }
    }
}
