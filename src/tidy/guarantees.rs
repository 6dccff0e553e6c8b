//! `src/docs/guarantees.md` is complete and true: each fault (R01 to R35) and attack (S01 to S35) is in a test's name or has a
//! row there, and each test that is named there exists.

use std::collections::BTreeSet;
use std::fs;

use super::named_ids::{crate_sources, specs};
use super::{none, root};

const DOCUMENT: &str = "src/docs/guarantees.md";

/// The lists: the letter, how many, and the heading under which the document has their rows.
const LISTS: [(char, u32, &str); 2] = [('R', 35, "## Faults"), ('S', 35, "## Attacks")];

fn text() -> String {
    fs::read_to_string(root().join(DOCUMENT)).unwrap()
}

/// `R04`, in capitals as it stands in titles.
fn is_id(word: &str) -> bool {
    let mut chars = word.chars();
    let letter = chars.next().unwrap_or_default();
    LISTS.iter().any(|(known, ..)| *known == letter) && word.len() == 3 && chars.all(|c| c.is_ascii_digit())
}

/// The names of all functions of the crate; those of tests bear ids.
fn functions() -> BTreeSet<String> {
    let sources = crate_sources();
    let lines = sources.iter().flat_map(|source| source.text.lines());
    let name = |line: &str| {
        let (_, after) = line.split_once("fn ")?;
        Some(after.split(['(', '<']).next()?.to_owned())
    };
    lines.filter_map(name).collect()
}

/// The titles of the browser suite, each with its file.
fn titles() -> Vec<(String, String)> {
    let in_file = |source: &super::Source| {
        let file = source
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let titles = source.text.match_indices("test(").filter_map(|(at, call)| {
            let after = source.text.get(at + call.len()..)?.trim_start();
            let quote = after.chars().next().filter(|c| "\"'`".contains(*c))?;
            Some(after.get(1..)?.split(quote).next()?.to_owned())
        });
        // A title may be put together before.
        let consts = source
            .text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("const title = "));
        let consts = consts.map(|title| title.trim_matches(|c| "\"'`;".contains(c)).to_owned());
        titles
            .chain(consts)
            .map(|title| (file.clone(), title))
            .collect::<Vec<_>>()
    };
    specs().iter().flat_map(in_file).collect()
}

/// The ids in names and titles.
fn tested() -> BTreeSet<String> {
    let functions = functions();
    let in_names = functions
        .iter()
        .flat_map(|name| name.split('_').map(str::to_uppercase));
    let titles = titles();
    let in_titles = titles.iter().flat_map(|(_, title)| {
        title
            .split(|c: char| !c.is_ascii_alphanumeric())
            .map(str::to_owned)
    });
    in_names.chain(in_titles).filter(|word| is_id(word)).collect()
}

/// The ids that have a row with something in it.
fn explained(text: &str) -> BTreeSet<String> {
    let id = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split('|').map(str::trim);
        let id = cells.next().filter(|id| is_id(id))?;
        cells.any(|cell| cell.len() > 3).then(|| id.to_owned())
    };
    text.lines().filter_map(id).collect()
}

#[test]
fn each_fault_and_attack_has_a_test_or_a_reason() {
    let (text, tested) = (text(), tested());
    let explained = explained(&text);
    let has_specs = !specs().is_empty();
    let lists = LISTS
        .iter()
        .filter(|(.., heading)| text.lines().any(|line| line == *heading));
    let ids =
        lists.flat_map(|(letter, count, _)| (1..=*count).map(move |number| format!("{letter}{number:02}")));
    let missing = ids.filter(|id| !tested.contains(id) && !explained.contains(id));
    let missing: Vec<_> = missing.collect();
    assert!(
        has_specs || missing.len() < 20,
        "without the specs some are missing, not all"
    );
    none(
        if has_specs { missing } else { Vec::new() },
        "a test's name or a row of guarantees.md says what becomes of it",
    );
}

#[test]
fn each_test_that_guarantees_md_names_exists() {
    let (functions, titles, text) = (functions(), titles(), text());
    let quoted = text.split('`').skip(1).step_by(2);
    let is_wrong = |quoted: &&str| {
        let word = quoted.split('_').next().unwrap_or_default().to_uppercase();
        if let Some((file, title)) = quoted.split_once(".spec.ts") {
            let (file, title) = (format!("{file}.spec.ts"), title.trim_start_matches(": "));
            let is_there = titles
                .iter()
                .any(|(known, found)| *known == file && found.contains(title));
            return !titles.is_empty() && !is_there;
        }
        let is_test = quoted.contains('_') && (is_id(&word) || quoted.matches('_').count() > 3);
        is_test && !functions.contains(*quoted)
    };
    none(
        quoted.filter(is_wrong).map(str::to_owned).collect(),
        "a test that guarantees.md names exists",
    );
}

#[test]
fn ids_are_found_in_names_titles_and_rows() {
    for (word, expected) in [
        ("R01", true),
        ("S35", true),
        ("R1", false),
        ("T01", false),
        ("R0x", false),
    ] {
        assert_eq!(is_id(word), expected, "{word}");
    }
    assert_eq!(
        explained("| R26 | presence | none |\n| R27 | | |\n| x | R28 |"),
        BTreeSet::from(["R26".to_owned()])
    );
    assert!(tested().contains("R02"));
}
