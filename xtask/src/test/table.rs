//! The summary at the end of a run.

use std::fmt;

use super::counts::Counts;
use super::stage::StageName;

/// What came of one stage.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) stage: StageName,
    pub(super) counts: Counts,
    /// `None` for a stage that was left out.
    pub(super) seconds: Option<f32>,
}

impl Row {
    /// A stage left out is one skipped test, so that the last line shows that something is missing.
    pub(super) fn left_out(stage: StageName) -> Self {
        Self {
            stage,
            counts: Counts {
                skipped: 1,
                ..Counts::default()
            },
            seconds: None,
        }
    }
}

/// The stages of a run; its last line is the run's result.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    /// Adds a stage.
    pub(super) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// Whether no stage has been added that was to run.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.seconds.is_none())
    }

    /// The counts of all stages together.
    pub(super) fn totals(&self) -> Counts {
        let mut totals = Counts::default();
        self.rows.iter().for_each(|row| totals += row.counts);
        totals
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<14}| {:>6} | {:>6} | {:>7} | {:>7}",
            "stage", "passed", "failed", "skipped", "seconds"
        )?;
        for Row {
            stage,
            counts,
            seconds,
        } in &self.rows
        {
            let seconds = seconds.map_or_else(|| "LEFT OUT".to_owned(), |seconds| format!("{seconds:.1}"));
            writeln!(
                f,
                "{:<14}| {:>6} | {:>6} | {:>7} | {seconds:>7}",
                stage.name(),
                counts.passed,
                counts.failed,
                counts.skipped
            )?;
        }
        write!(f, "\n{}", self.totals())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_sum_and_what_was_left_out_shows() {
        let mut table = Table::default();
        assert!(table.is_empty());
        table.push(Row::left_out(StageName::CargoLeptos));
        assert!(table.is_empty());
        let counts = Counts {
            passed: 7,
            failed: 1,
            skipped: 0,
        };
        table.push(Row {
            stage: StageName::Doc,
            counts,
            seconds: Some(1.25),
        });
        assert!(!table.is_empty());
        let shown = table.to_string();
        assert_eq!(shown.lines().last(), Some("7 passed, 1 failed, 1 skipped"));
        assert!(
            shown.contains("cargo-leptos  |      0 |      0 |       1 | LEFT OUT"),
            "{shown}"
        );
    }
}
