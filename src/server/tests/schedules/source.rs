//! A source of the page, and what it has got.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::truth::VALUES;
use crate::browser::connection::cursor::Cursor;
use crate::browser::consumers::Audience;
use crate::wire::{Control, Gap, Position};

/// Something that a source was given.
#[derive(Clone, Debug)]
pub(crate) enum Note {
    Event {
        name: String,
        number: usize,
        in_snapshot: bool,
    },
    /// A loss, and where the source stood.
    Gap(Gap, Option<Position>),
    /// The same for a consumer that is behind, which may be none of its own.
    LateGap(Gap),
}

/// Somebody at a source who shows a value.
#[derive(Debug, Default)]
pub(crate) struct Consumer {
    /// It has yet to be given the newest one.
    pub(crate) is_new: bool,
    /// It has no claim to what was published before. One that comes before anybody knows that the stream has newest
    /// values cannot be told from one that is hydrated.
    pub(crate) since: usize,
    /// What it has seen, until it has caught up with its source.
    pub(crate) late: Option<Cursor>,
}

/// A source, and what it has got.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) cursor: Cursor,
    /// How many events were published when it was rendered; `None` where it was mounted in the browser.
    pub(crate) begins: Option<usize>,
    /// The head of the first retained state that it was given. It has a claim to what comes after.
    pub(crate) first_snapshot: Option<Position>,
    /// What it was rendered with.
    pub(crate) content: Vec<(String, usize)>,
    /// Where it was rendered.
    pub(crate) rendered_at: Option<Position>,
    /// The values of which the consumers are still to be hydrated.
    pub(crate) unhydrated: Vec<&'static str>,
    /// Those that were hydrated late.
    pub(crate) were_late: BTreeSet<&'static str>,
    /// The consumers of values, by name.
    pub(crate) consumers: BTreeMap<&'static str, Consumer>,
    pub(crate) notes: Vec<Note>,
}

/// What it was rendered with, then what it got; numbers in parentheses came in a snapshot.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.consumers.keys().collect();
        write!(
            f,
            "begins {:?} {:?}, wants {names:?}:",
            self.begins, self.first_snapshot
        )?;
        for (name, number) in &self.content {
            write!(f, " {name} {number}")?;
        }
        f.write_str(" |")?;
        for note in &self.notes {
            match note {
                Note::Event {
                    name,
                    number,
                    in_snapshot: false,
                } => write!(f, " {name} {number}")?,
                Note::Event { name, number, .. } => write!(f, " ({name} {number})")?,
                Note::Gap(gap, cursor) => write!(f, " {} at {cursor:?}", Control::Gap(*gap))?,
                Note::LateGap(gap) => write!(f, " {} for a late one", Control::Gap(*gap))?,
            }
        }
        Ok(())
    }
}

impl Source {
    /// Of what it wants, some is hydrated late.
    pub(crate) fn new(
        at: Option<(Position, usize)>,
        content: Vec<(String, usize)>,
        wants: u8,
        late: u8,
    ) -> Self {
        let named = |bits: u8| {
            let all = VALUES.into_iter().enumerate();
            all.filter(move |(bit, _)| bits & (1 << bit) != 0)
                .map(|(_, name)| name)
        };
        Self {
            cursor: Cursor::new(at.map(|(position, _)| position)),
            begins: at.map(|(_, begins)| begins),
            first_snapshot: None,
            content,
            rendered_at: at.map(|(position, _)| position),
            unhydrated: named(wants & late).collect(),
            were_late: BTreeSet::new(),
            consumers: named(wants & !late)
                .map(|name| (name, Consumer::default()))
                .collect(),
            notes: Vec::new(),
        }
    }

    /// From which number on it shows the values of a name; `None` where it shows none.
    pub(crate) fn shows_since(&self, name: &str) -> Option<usize> {
        self.consumers.get(name).map(|consumer| consumer.since)
    }

    /// Everything that is no value is wanted always.
    pub(crate) fn wants(&self, name: &str) -> bool {
        !VALUES.contains(&name) || self.consumers.contains_key(name)
    }

    pub(crate) fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.notes.iter().filter_map(|note| match note {
            Note::Event { number, .. } => Some(*number),
            Note::Gap(..) | Note::LateGap(_) => None,
        })
    }

    pub(crate) fn gaps(&self) -> impl Iterator<Item = (Gap, Option<Position>)> + '_ {
        self.notes.iter().filter_map(|note| match note {
            Note::Gap(gap, cursor) => Some((*gap, *cursor)),
            Note::Event { .. } | Note::LateGap(_) => None,
        })
    }

    /// The number that it shows under a name.
    pub(crate) fn newest(&self, wanted: &str) -> Option<usize> {
        let given = self.notes.iter().rev().find_map(|note| match note {
            Note::Event { name, number, .. } if name == wanted => Some(*number),
            _ => None,
        });
        let rendered = || self.content.iter().rev().find(|(name, _)| name == wanted);
        given.or_else(|| rendered().map(|(_, number)| *number))
    }

    pub(crate) fn has_new(&self) -> bool {
        self.consumers.values().any(|consumer| consumer.is_new)
    }

    /// What it has seen, and what those in it have seen who are behind.
    pub(crate) fn cursors(&self) -> impl Iterator<Item = &Cursor> + Clone {
        let late = self
            .consumers
            .values()
            .filter_map(|consumer| consumer.late.as_ref());
        std::iter::once(&self.cursor).chain(late)
    }

    /// Whoever has come to where the source is goes on with it.
    pub(crate) fn catch_up(&mut self) {
        let source = self.cursor.at();
        for consumer in self.consumers.values_mut() {
            consumer.late.take_if(|cursor| {
                let seen = cursor.at();
                seen.is_some_and(|seen| source.is_some_and(|source| source.is_covered_by(seen)))
            });
        }
    }

    pub(crate) fn receive(
        &mut self,
        name: &str,
        number: usize,
        in_snapshot: bool,
        audience: impl Fn(&Cursor) -> Option<Audience>,
    ) {
        let own = audience(&self.cursor);
        let mut is_taken = false;
        // Each of them moves on, whether the event is for it or not.
        for (known, consumer) in &self.consumers {
            if let Some(cursor) = &consumer.late {
                is_taken |= audience(cursor).is_some() && *known == name;
            }
        }
        let is_meant = match self.consumers.get(name) {
            Some(Consumer { late: Some(_), .. }) => is_taken,
            Some(consumer) => own == Some(Audience::All) || (own == Some(Audience::New) && consumer.is_new),
            None => own == Some(Audience::All) && self.wants(name),
        };
        if is_meant {
            self.notes.push(Note::Event {
                name: name.to_owned(),
                number,
                in_snapshot,
            });
        }
    }
}
