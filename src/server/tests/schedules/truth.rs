//! What was published, and whether a source got what it should have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::source::{Note, Source};
use crate::wire::{Control, Epoch, Gap, GapReason, Position};

/// Every kind of event that a schedule has: its topic and its name.
pub(super) const STREAMS: [(&str, &str); 8] = [
    ("log", "log"),
    ("log", "log"),
    ("other-log", "other-log"),
    ("latest", "a"),
    ("latest", "b"),
    ("latest", "c"),
    ("moment", "moment"),
    // A topic that the page does not read; it makes holes in the offsets.
    ("elsewhere", "elsewhere"),
];

/// The topics that the page reads.
pub(super) const TOPICS: [&str; 4] = ["log", "other-log", "latest", "moment"];

/// The names of the latest values.
pub(super) const VALUES: [&str; 3] = ["a", "b", "c"];

pub(super) fn is_log(name: &str) -> bool {
    name.ends_with("log")
}

fn is_value(name: &str) -> bool {
    VALUES.contains(&name)
}

#[derive(Clone, Copy, Debug)]
struct Published {
    name: &'static str,
    position: Position,
}

/// Everything that was published, in order. The data of an event is its number here.
#[derive(Debug, Default)]
pub(super) struct Truth {
    events: Vec<Published>,
    epochs: Vec<Epoch>,
}

/// `0 log@1, 1 a@2`; the histories are numbered.
impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, event) in self.events.iter().enumerate() {
            let (epoch, offset) = self.place(event.position);
            write!(f, "{number} {}@{epoch}-{offset}, ", event.name)?;
        }
        write!(f, "in {:?}", self.epochs)
    }
}

impl Truth {
    pub(super) fn next(&self) -> usize {
        self.events.len()
    }

    pub(super) fn published(&mut self, name: &'static str, position: Position) {
        self.begun(position.epoch);
        self.events.push(Published { name, position });
    }

    /// A history has begun.
    pub(super) fn begun(&mut self, epoch: Epoch) {
        if !self.epochs.contains(&epoch) {
            self.epochs.push(epoch);
        }
    }

    /// Orders positions of all histories.
    fn place(&self, at: Position) -> (usize, u64) {
        let epoch = self.epochs.iter().position(|epoch| *epoch == at.epoch);
        (epoch.expect("an epoch of this hub"), at.offset)
    }

    /// How many events lie up to a position.
    fn count_up_to(&self, at: Position) -> usize {
        let place = self.place(at);
        self.events
            .iter()
            .take_while(|event| self.place(event.position) <= place)
            .count()
    }

    /// Whether a gap that was told when the source stood at `cursor` speaks of this event.
    fn covers(&self, gap: &Gap, cursor: Option<Position>, event: Position) -> bool {
        // Where the histories differ, everything after the source's own place in the old one is gone.
        let from = gap.from.filter(|from| from.epoch == gap.to.epoch).or(cursor);
        let event = self.place(event);
        event <= self.place(gap.to) && from.is_none_or(|from| event > self.place(from))
    }

    /// The newest number of a value, in the present history.
    fn newest(&self, name: &str) -> Option<usize> {
        let epoch = self.epochs.last()?;
        self.events
            .iter()
            .rposition(|event| event.name == name && event.position.epoch == *epoch)
    }

    /// Whether what a source has got is right so far.
    pub(super) fn check_order(&self, source: &Source) -> Result<(), String> {
        let mut last = None;
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, number) in &source.content {
            let newest = seen.insert(name, *number);
            if newest >= Some(*number) {
                return Err(format!(
                    "the page was rendered with {name} {number} after {newest:?}"
                ));
            }
            last = last.max(Some(*number));
        }
        for note in &source.notes {
            let Note::Event {
                name,
                number,
                in_snapshot,
            } = note
            else {
                continue;
            };
            let event = self
                .events
                .get(*number)
                .ok_or_else(|| format!("{number} was never published"))?;
            if event.name != *name {
                return Err(format!("{number} was {}, and arrived as {name}", event.name));
            }
            let before = seen.insert(name, *number);
            // The newest values are given again after a gap, and to what is new on a page.
            let is_state = *in_snapshot && is_value(name) && before <= Some(*number);
            // Who was late gets what the others have had, in order.
            let is_late = source.were_late.contains(name.as_str()) && before < Some(*number);
            if Some(*number) <= last && !is_state && !is_late {
                return Err(format!("{name} {number} came after {last:?}"));
            }
            last = last.max(Some(*number));
        }
        Ok(())
    }

    /// Whether a source that nothing disturbs any more has got everything.
    pub(super) fn check_complete(&self, source: &Source, is_exact: bool) -> Result<(), String> {
        let begins = match (source.begins, source.first_snapshot) {
            (Some(begins), _) => begins,
            (None, Some(first)) => self.count_up_to(first),
            (None, None) => return Err("nothing was heard".to_owned()),
        };
        let received: BTreeSet<usize> = source.numbers().collect();
        let gaps: Vec<_> = source.gaps().collect();
        let missing: Vec<usize> = (0..self.events.len())
            .filter(|number| is_log(self.events[*number].name) && !received.contains(number))
            .collect();
        let covers = |(gap, cursor): &(Gap, Option<Position>), number: usize| {
            self.covers(gap, *cursor, self.events[number].position)
        };
        for number in missing.iter().filter(|number| **number >= begins) {
            if !gaps.iter().any(|told| covers(told, *number)) {
                let Published { name, position } = self.events[*number];
                return Err(format!(
                    "{name} {number} at {position} is missing, and no gap speaks of it"
                ));
            }
        }
        for told in gaps
            .iter()
            .filter(|(gap, _)| is_exact && gap.reason == GapReason::Evicted)
        {
            if !missing.iter().any(|number| covers(told, *number)) {
                return Err(format!(
                    "{} was told, and nothing is missing there",
                    Control::Gap(told.0)
                ));
            }
        }
        for name in VALUES {
            let since = source.shows_since(name);
            let newest = self
                .newest(name)
                .filter(|newest| since.is_some_and(|since| *newest >= since));
            let shown = source.newest(name);
            if newest.is_some() && shown != newest {
                return Err(format!("{name} is {newest:?}, and the source shows {shown:?}"));
            }
        }
        Ok(())
    }
}
