//! The figures of all rounds as a table, for people and for `BENCHMARKS.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::measurement::{Figures, Measure, median};
use crate::scenario::Scenario;
use crate::server::Kind;

/// Everything that was measured: for each scenario and figure, each server's values, one a round.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    /// Measurements whose results were right.
    pub(crate) passed: usize,
    pub(crate) failed: usize,
}

struct Row {
    scenario: &'static str,
    title: &'static str,
    measure: Measure,
    /// By server and round.
    values: BTreeMap<Kind, BTreeMap<usize, f64>>,
}

impl Report {
    pub(crate) fn add(&mut self, scenario: &Scenario, round: usize, kind: Kind, figures: Figures) {
        self.passed += 1;
        for (measure, value) in figures {
            if let Some(row) = self.row(scenario, measure) {
                row.values.entry(kind).or_default().insert(round, value);
            }
        }
    }

    fn row(&mut self, scenario: &Scenario, measure: Measure) -> Option<&mut Row> {
        let is_it = |row: &Row| row.scenario == scenario.name && row.measure == measure;
        if !self.rows.iter().any(is_it) {
            self.rows.push(Row {
                scenario: scenario.name,
                title: scenario.title,
                measure,
                values: BTreeMap::new(),
            });
        }
        self.rows.iter_mut().find(|row| is_it(row))
    }

    /// The counts and the tables, for programs.
    pub(crate) fn json(&self) -> Value {
        json!({ "passed": self.passed, "failed": self.failed, "tables": self.markdown() })
    }

    /// A table for each scenario: the middle of all rounds, the least and the most, and the ratio to axum by hand.
    pub(crate) fn markdown(&self) -> String {
        let mut text = String::new();
        let mut title = "";
        for row in &self.rows {
            if row.title != title {
                title = row.title;
                let rounds = row.values.values().map(BTreeMap::len).max().unwrap_or_default();
                let rounds = if rounds == 1 {
                    "1 round".to_owned()
                } else {
                    format!("{rounds} rounds")
                };
                let _ = writeln!(text, "\n**{title}** (`{}`, {rounds})\n", row.scenario);
                text.push_str("| | server | median | spread | ratio to axum |\n|---|---|---|---|---|\n");
            }
            for (kind, values) in &row.values {
                let all: Vec<f64> = values.values().copied().collect();
                let least = all.iter().copied().fold(f64::INFINITY, f64::min);
                let most = all.iter().copied().fold(0.0, f64::max);
                let ratio = row
                    .ratio(*kind)
                    .map(|ratio| format!("{ratio:.2} ×"))
                    .unwrap_or_default();
                let _ = writeln!(
                    text,
                    "| {}, {} | {kind} | {} | {} – {} | {ratio} |",
                    row.measure.name,
                    row.measure.unit,
                    digits(median(&all)),
                    digits(least),
                    digits(most),
                );
            }
        }
        text
    }
}

impl Row {
    /// The middle of the ratios of all rounds: what disturbs a round disturbs both.
    fn ratio(&self, kind: Kind) -> Option<f64> {
        let (own, base) = (self.values.get(&kind)?, self.values.get(&Kind::Axum)?);
        let ratios: Vec<f64> = own
            .iter()
            .filter_map(|(round, value)| Some(value / base.get(round).filter(|base| **base > 0.0)?))
            .collect();
        (!ratios.is_empty()).then(|| median(&ratios))
    }
}

/// Three digits that matter.
fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
