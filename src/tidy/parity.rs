//! The table of `src/docs/parity.md` is complete and true: a row for each behaviour of htmx, files and tests that exist, and
//! a test for whatever is kept, changed or avoided.
//!
//! After tests were added, renamed or removed, `UPDATE_PARITY=1 cargo test parity` writes the table's column of tests anew,
//! as far as it is wrong.

use std::collections::{BTreeSet, HashMap};
use std::fs;

use super::named_ids::{self, Named, crate_sources, specs};
use super::parity_table::{BREAK, DEFECT, DEFECTS, MISSING, NOTHING, Row, SECTIONS, Verdict, ids_in, rows};
use super::{none, root};

const TABLE: &str = "src/docs/parity.md";
const UPDATE: &str = "UPDATE_PARITY";
const SPEC: &str = ".spec.ts`";

/// What has no test yet. It shrinks to nothing; whatever has got its test must leave it.
const OPEN: &[&str] = &[];

fn text() -> String {
    fs::read_to_string(root().join(TABLE)).unwrap()
}

fn table() -> Vec<Row> {
    rows(&text())
}

/// The tests of each behaviour, as the table names them.
fn tests_by_id(named: Vec<Named>) -> HashMap<String, Vec<String>> {
    let mut tests: HashMap<String, Vec<String>> = HashMap::new();
    for Named { id, test } in named {
        let known = tests.entry(id).or_default();
        if !known.contains(&test) {
            known.push(test);
        }
    }
    tests
}

fn of_row(row: &Row, tests: &HashMap<String, Vec<String>>) -> Vec<String> {
    let subjects = row.subjects(|id| tests.contains_key(id));
    subjects
        .iter()
        .filter_map(|id| tests.get(id))
        .flatten()
        .cloned()
        .collect()
}

fn entries(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(BREAK)
        .map(str::trim)
        .filter(|entry| ![MISSING, NOTHING].contains(entry))
}

#[test]
fn parity_has_a_row_for_each_behaviour() {
    let mut expected: Vec<String> = SECTIONS
        .iter()
        .flat_map(|(section, count)| (1..=*count).map(move |number| format!("{section}-{number:02}")))
        .collect();
    expected.extend((1..=DEFECTS).map(|number| format!("{DEFECT}{number:02}")));
    let found: Vec<String> = table().into_iter().map(|row| row.id).collect();
    let missing = expected.iter().filter(|id| !found.contains(id));
    none(missing.cloned().collect(), "each behaviour has a row");
    assert_eq!(found, expected, "rows stand in their order, once each");
}

#[test]
fn parity_names_files_that_exist() {
    let mut broken = Vec::new();
    for row in table() {
        for place in entries(&row.places) {
            let path = place.trim_matches('`');
            if !root().join("src").join(path).exists() && !path.starts_with("showcase/") {
                broken.push(format!("{}: {path}", row.id));
            }
        }
    }
    none(broken, "the table names files below src");
}

#[test]
fn parity_points_name_behaviours() {
    let points = table().into_iter().filter(|row| row.id.starts_with(DEFECT));
    let broken = points.filter(|row| ids_in(&row.what).is_empty());
    none(
        broken.map(|row| row.id).collect(),
        "a point of the checklist says which behaviour it is",
    );
}

/// Whether a row lacks its test.
fn is_open(row: &Row, tests: &HashMap<String, Vec<String>>) -> bool {
    let subjects = row.subjects(|id| tests.contains_key(id));
    !subjects.iter().all(|id| tests.contains_key(id))
        && match row.verdict {
            Verdict::Keep | Verdict::Change | Verdict::Decided => !row.differs(),
            // There is no excuse for a defect.
            Verdict::Avoid => true,
            Verdict::Optional => row.note == NOTHING,
        }
}

#[test]
fn parity_is_tested_or_differs() {
    let rows = table();
    let (named, has_specs) = named_ids::all();
    let tests = tests_by_id(named);
    // Without the specs, the table knows what they name.
    let is_trusted = |row: &Row| !has_specs && row.tests.contains(SPEC);
    let open: BTreeSet<&str> = rows
        .iter()
        .filter(|row| is_open(row, &tests) && !is_trusted(row))
        .map(|row| row.id.as_str())
        .collect();
    let expected: BTreeSet<&str> = OPEN.iter().copied().collect();
    let new = open.difference(&expected).map(|id| (*id).to_owned());
    none(
        new.collect(),
        "a behaviour is named by a test, or its note begins with `DIFFERENCE:`",
    );
    let done = expected.difference(&open).filter(|_| has_specs);
    let done = done.map(|id| (*id).to_owned());
    none(done.collect(), "whatever has its test leaves the list `OPEN`");
}

#[test]
fn parity_names_tests_that_exist() {
    let (named, has_specs) = named_ids::all();
    let tests = tests_by_id(named);
    let mut lines: Vec<String> = text().lines().map(str::to_owned).collect();
    let mut broken = Vec::new();
    for row in table() {
        let known = of_row(&row, &tests);
        // A spec that is not there cannot be looked at.
        let is_known =
            |entry: &str| known.iter().any(|test| test == entry) || (!has_specs && entry.contains(SPEC));
        let written: Vec<&str> = entries(&row.tests).collect();
        let is_complete = !written.is_empty() || known.is_empty();
        let is_right = is_complete && written.iter().all(|entry| is_known(entry));
        if is_right {
            continue;
        }
        let right = cell(&known, &row);
        broken.push(format!("{}: expected {right}, found {}", row.id, row.tests));
        lines[row.line] = row.with_tests(&right);
    }
    if std::env::var_os(UPDATE).is_some() && has_specs {
        fs::write(root().join(TABLE), lines.join("\n") + "\n").unwrap();
        return;
    }
    none(
        broken,
        "the table names tests that name the behaviour (UPDATE_PARITY=1 corrects it)",
    );
}

/// The first test of each kind.
fn cell(known: &[String], row: &Row) -> String {
    let (specs, own): (Vec<_>, Vec<_>) = known.iter().partition(|test| test.contains(SPEC));
    let firsts: Vec<&str> = [own.first(), specs.first()]
        .into_iter()
        .flatten()
        .map(|test| test.as_str())
        .collect();
    if !firsts.is_empty() {
        firsts.join(BREAK)
    } else if row.tests == NOTHING {
        NOTHING.to_owned()
    } else {
        MISSING.to_owned()
    }
}

#[test]
fn parity_knows_every_id_that_is_named() {
    let known: BTreeSet<String> = table().into_iter().map(|row| row.id).collect();
    let mut broken = Vec::new();
    for source in crate_sources().iter().chain(&specs()) {
        let unknown = ids_in(&source.text).into_iter().filter(|id| !known.contains(id));
        broken.extend(unknown.map(|id| format!("{}: {id}", source.name())));
    }
    let (named, _) = named_ids::all();
    let unknown = named.into_iter().filter(|named| !known.contains(&named.id));
    broken.extend(unknown.map(|named| format!("{}: {}", named.test, named.id)));
    none(broken, "an id that is named is one of the table's");
}

#[test]
fn parity_and_code_agree_on_differences() {
    let rows: HashMap<String, bool> = table()
        .into_iter()
        .map(|row| (row.id.clone(), row.differs()))
        .collect();
    let mut broken = Vec::new();
    for source in crate_sources().iter().chain(&specs()) {
        let named = named_ids::in_differences(source).into_iter();
        let denied = named.filter(|id| rows.get(id) == Some(&false));
        broken.extend(denied.map(|id| format!("{}: {id}", source.name())));
    }
    none(
        broken,
        "what code calls a `DIFFERENCE:` of a behaviour, the table's note calls so too",
    );
}
