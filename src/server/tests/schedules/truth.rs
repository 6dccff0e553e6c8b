//! What was published, and whether a source got what it should have.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::source::{Note, Source};
use crate::wire::{Control, Epoch, Gap, GapReason, Position};

/// Every kind of event that a schedule has: its topic and its name.
pub(crate) const STREAMS: [(&str, &str); 8] = [
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
pub(crate) const TOPICS: [&str; 4] = ["log", "other-log", "latest", "moment"];

/// The names of the latest values.
pub(crate) const VALUES: [&str; 3] = ["a", "b", "c"];

pub(crate) fn is_log(name: &str) -> bool {
    name.ends_with("log")
}

fn is_value(name: &str) -> bool {
    VALUES.contains(&name)
}

#[derive(Clone, Copy, Debug)]
struct Published {
    name: &'static str,
    /// `None` where the server died before it answered: nobody knows whether it was published.
    position: Option<Position>,
}

/// The events of logs to which a source has a claim, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Account {
    pub(crate) expected: usize,
    /// Those that it did not get, and was told of.
    pub(crate) told: usize,
}

/// Everything that was published, in order. The data of an event is its number here.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// The number of the first event that is remembered.
    first: usize,
    events: Vec<Published>,
    epochs: Vec<Epoch>,
    /// Another history may begin with what is left of the one before, as that of an engine does.
    pub(crate) keeps_a_part: bool,
    /// The end of a history may have been lost unnoticed, and its places given anew.
    pub(crate) repeats_places: bool,
    /// The engine does not keep values that nodes of before still have: a new node does not know them.
    pub(crate) has_lost_values: bool,
    /// A node may have missed values for ever, and give older ones than others have given.
    pub(crate) has_old_values: bool,
}

/// `0 log@1, 1 a@2`; the histories are numbered.
impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, event) in (self.first..).zip(&self.events) {
            match event.position.map(|position| self.place(position)) {
                Some((epoch, offset)) => write!(f, "{number} {}@{epoch}-{offset}, ", event.name)?,
                None => write!(f, "{number} {}@?, ", event.name)?,
            }
        }
        write!(f, "in {:?}", self.epochs)
    }
}

impl Truth {
    pub(crate) fn next(&self) -> usize {
        self.first + self.events.len()
    }

    /// Forgets what is older than the newest events, so many, of which nobody will speak any more.
    pub(crate) fn forget_all_but(&mut self, newest: usize) {
        let old = self.events.len().saturating_sub(newest);
        self.events.drain(..old);
        self.first += old;
    }

    fn event(&self, number: usize) -> Option<Published> {
        self.events.get(number.checked_sub(self.first)?).copied()
    }

    pub(crate) fn published(&mut self, name: &'static str, position: Option<Position>) {
        if let Some(position) = position {
            self.begun(position.epoch);
        }
        self.events.push(Published { name, position });
    }

    /// The same, where each place is given once, or again when a lost one is given anew. Then nobody has a claim to the
    /// event that stood there before.
    pub(crate) fn published_once(
        &mut self,
        name: &'static str,
        position: Option<Position>,
    ) -> Result<(), String> {
        if let Some(place) = position {
            let next = self.next();
            let stands_there = (self.first..)
                .zip(&mut self.events)
                .find(|(_, event)| event.position == position);
            match stands_there {
                Some((_, event)) if self.repeats_places => event.position = None,
                Some((number, _)) => return Err(format!("{place} was given to {number} and to {next}")),
                None => {}
            }
        }
        self.published(name, position);
        Ok(())
    }

    /// A history has begun.
    pub(crate) fn begun(&mut self, epoch: Epoch) {
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
    pub(crate) fn count_up_to(&self, at: Position) -> usize {
        let place = self.place(at);
        let up_to = self
            .events
            .iter()
            .take_while(|event| {
                event
                    .position
                    .is_none_or(|position| self.place(position) <= place)
            })
            .count();
        self.first + up_to
    }

    /// Whether a gap that was told when the source stood at `cursor` speaks of this event.
    fn covers(&self, gap: &Gap, cursor: Option<Position>, event: Position) -> bool {
        // Where the histories differ, everything after the source's own place in the old one is gone.
        let from = gap.from.filter(|from| from.epoch == gap.to.epoch).or(cursor);
        // What was lost there may have been written anew before anybody knew.
        let from = from.filter(|_| !(self.repeats_places && gap.reason == GapReason::Epoch));
        let event = self.place(event);
        event <= self.place(gap.to) && from.is_none_or(|from| event > self.place(from))
    }

    /// Where an event was published, if that is known.
    pub(crate) fn place_of(&self, number: usize) -> Option<Position> {
        self.event(number)?.position
    }

    /// The events after one place and up to another: number, name and place of each.
    pub(crate) fn between(
        &self,
        after: Position,
        up_to: Position,
    ) -> impl Iterator<Item = (usize, &'static str, Position)> + '_ {
        let (after, up_to) = (self.place(after), self.place(up_to));
        let known = move |(number, event): (usize, &Published)| {
            let position = event.position?;
            let place = self.place(position);
            (place > after && place <= up_to).then_some((number, event.name, position))
        };
        (self.first..).zip(&self.events).filter_map(known)
    }

    /// Whether everything lies up to this place.
    pub(crate) fn is_after_all(&self, at: Position) -> bool {
        let last = self.events.iter().rev().find_map(|event| event.position);
        last.is_none_or(|last| self.place(last) <= self.place(at))
    }

    /// The newest number of a value, in the present history.
    fn newest(&self, name: &str) -> Option<usize> {
        let epoch = self.epochs.last()?;
        let newest = self
            .events
            .iter()
            .rposition(|event| event.name == name && event.position.is_some_and(|at| at.epoch == *epoch));
        newest.map(|index| self.first + index)
    }

    /// Whether what a source has got is right so far.
    pub(crate) fn check_order(&self, source: &Source) -> Result<(), String> {
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
        // Those of which nobody knows where they were published.
        let mut unplaced = BTreeSet::new();
        for note in &source.notes {
            let (name, number, in_snapshot) = match note {
                Note::Event {
                    name,
                    number,
                    in_snapshot,
                } => (name, number, in_snapshot),
                Note::Gap(gap, _) | Note::LateGap(gap) => {
                    // What is left of the history before comes again, in order.
                    if self.keeps_a_part && gap.reason == GapReason::Epoch {
                        last = None;
                        seen.clear();
                        unplaced.clear();
                    }
                    continue;
                }
            };
            let event = self
                .event(*number)
                .ok_or_else(|| format!("{number} was never published"))?;
            if event.name != *name {
                return Err(format!("{number} was {}, and arrived as {name}", event.name));
            }
            if self.keeps_a_part && event.position.is_none() {
                if !unplaced.insert(*number) && !*in_snapshot {
                    return Err(format!("{name} {number} came twice"));
                }
                continue;
            }
            let before = seen.insert(name, *number);
            // The newest values are given again after a gap, and to what is new on a page.
            let is_state = *in_snapshot && is_value(name) && (before <= Some(*number) || self.has_old_values);
            // Who was late gets what the others have had, in order.
            let is_late = source.were_late.contains(name.as_str()) && before < Some(*number);
            if Some(*number) <= last && !is_state && !is_late {
                return Err(format!("{name} {number} came after {last:?}"));
            }
            last = last.max(Some(*number));
        }
        Ok(())
    }

    /// Whether a source that nothing disturbs any more has got everything; how much that was.
    pub(crate) fn check_complete(&self, source: &Source, is_exact: bool) -> Result<Account, String> {
        let begins = match (source.begins, source.first_snapshot) {
            (Some(begins), _) => begins,
            (None, Some(first)) => self.count_up_to(first),
            (None, None) => return Err("nothing was heard".to_owned()),
        };
        let received: BTreeSet<usize> = source.numbers().collect();
        let gaps: Vec<_> = source.gaps().collect();
        let known = |(number, event): (usize, &Published)| {
            let position = event.position.filter(|_| is_log(event.name))?;
            Some((number, position))
        };
        let logged: Vec<_> = (self.first..).zip(&self.events).filter_map(known).collect();
        let missing: Vec<_> = logged
            .iter()
            .filter(|(number, _)| !received.contains(number))
            .collect();
        let covers = |(gap, cursor): &(Gap, Option<Position>), at| self.covers(gap, *cursor, at);
        for (number, position) in missing.iter().filter(|(number, _)| *number >= begins) {
            if !gaps.iter().any(|told| covers(told, *position)) {
                return Err(format!(
                    "{number} at {position} is missing, and no gap speaks of it"
                ));
            }
        }
        for told in gaps
            .iter()
            .filter(|(gap, _)| is_exact && gap.reason == GapReason::Evicted)
        {
            if !missing.iter().any(|(_, position)| covers(told, *position)) {
                return Err(format!(
                    "{} was told, and nothing is missing there",
                    Control::Gap(told.0)
                ));
            }
        }
        for name in VALUES.into_iter().filter(|_| !self.has_lost_values) {
            let since = source.shows_since(name);
            let newest = self
                .newest(name)
                .filter(|newest| since.is_some_and(|since| *newest >= since));
            let shown = source.newest(name);
            // One may have been taken though nobody was told so, or as if it were of the history before.
            let is_newer = self.keeps_a_part
                && shown.is_some_and(|number| match self.place_of(number) {
                    Some(place) => shown > newest && self.epochs.last() != Some(&place.epoch),
                    None => true,
                });
            if newest.is_some() && shown != newest && !is_newer {
                return Err(format!("{name} is {newest:?}, and the source shows {shown:?}"));
            }
        }
        let claimed = |number: usize| number >= begins;
        let expected = logged.iter().filter(|(number, _)| claimed(*number)).count();
        let told = missing.iter().filter(|(number, _)| claimed(*number)).count();
        Ok(Account { expected, told })
    }
}
