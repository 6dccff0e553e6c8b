//! What became of a reader that goes on after an interruption.

use super::{Gap, GapReason};

/// What a source has missed while it was away: said each time its stream goes on, and when something is lost on the way.
///
/// After [`Gap`](Self::Gap) and [`Reset`](Self::Reset) a stream of a [`Hub`](crate::server::Hub) sends by itself what it
/// has kept, all events of a log and the newest values, which the source takes like any other events. What the page
/// shows of data of its own, it has to fetch anew.
///
/// ```
/// use leptos_live::Resumption;
///
/// fn needs_refetch(resumption: Resumption) -> bool {
///     resumption != Resumption::Exact
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumption {
    /// Nothing: the stream goes on right after the last event that the source has seen, or after the position at which
    /// the page was rendered.
    Exact,
    /// The events in this range, which are no longer kept. Everything after it comes.
    Gap(Gap),
    /// Nobody knows what: the history that the source has read was lost, by a restart for example, or its stream or
    /// socket keeps none.
    Reset,
}

impl Resumption {
    /// One word: `exact`, `gap`, `reset`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Gap(_) => "gap",
            Self::Reset => "reset",
        }
    }
}

impl From<Gap> for Resumption {
    fn from(gap: Gap) -> Self {
        match gap.reason {
            GapReason::Evicted => Self::Gap(gap),
            // A position that the history has never had is one of before it lost its end.
            GapReason::Epoch | GapReason::Malformed => Self::Reset,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Epoch, Position};
    use super::*;

    #[test]
    fn r07_a_gap_within_a_history_has_a_range_and_another_history_has_none() {
        let gap = |reason| Gap {
            reason,
            from: None,
            to: Position {
                epoch: Epoch(1),
                offset: 9,
            },
        };
        for (reason, expected) in [
            (GapReason::Evicted, "gap"),
            (GapReason::Epoch, "reset"),
            (GapReason::Malformed, "reset"),
        ] {
            assert_eq!(Resumption::from(gap(reason)).as_str(), expected);
        }
        assert_eq!(Resumption::Exact.as_str(), "exact");
    }
}
