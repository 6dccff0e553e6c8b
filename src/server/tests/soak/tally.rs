//! What came of the rounds, in numbers.

use std::fmt;
use std::ops::AddAssign;

/// What came of some rounds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) published: usize,
    pub(super) expected: usize,
    pub(super) told: usize,
    pub(super) sources: usize,
    pub(super) connections: usize,
    pub(super) cut: usize,
    pub(super) falls: usize,
    pub(super) attacks: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, more: Self) {
        self.published += more.published;
        self.expected += more.expected;
        self.told += more.told;
        self.sources += more.sources;
        self.connections += more.connections;
        self.cut += more.cut;
        self.falls += more.falls;
        self.attacks += more.attacks;
    }
}

/// In one line, or by `{:#}` as a table. What is expected and neither received nor told as lost ends the soak, as does
/// what comes twice; so there are no columns for them.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = [
            ("events published", self.published),
            ("readers", self.sources),
            ("events expected by them", self.expected),
            ("received", self.expected - self.told),
            ("told as lost", self.told),
            ("connections", self.connections),
            ("cut", self.cut),
            ("falls of the server", self.falls),
            ("hostile requests", self.attacks),
        ];
        for (index, (name, count)) in rows.into_iter().enumerate() {
            match (f.alternate(), index) {
                (true, _) => writeln!(f, "  {name:<24}{count:>12}")?,
                (false, 0) => write!(f, "{count} {name}")?,
                (false, _) => write!(f, ", {count} {name}")?,
            }
        }
        Ok(())
    }
}
