//! Which tests name which behaviours: by their names (`ssw_15_…`, `wsq_01_to_04_…`), by an id in a comment inside of them,
//! or by their titles (`"SSW-15: …"`).

use std::fs;
use std::path::Path;

use super::parity_table::{SECTIONS, ids_in};
use super::{Source, root, sources};

/// A behaviour and a test that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) id: String,
    /// As it stands in the table.
    pub(super) test: String,
}

/// Everything that is named, and whether the specs were there to be looked at: the published crate has none.
pub(super) fn all() -> (Vec<Named>, bool) {
    let mut named: Vec<Named> = crate_sources().iter().flat_map(in_rust).collect();
    let specs = specs();
    named.extend(specs.iter().flat_map(in_spec));
    (named, !specs.is_empty())
}

/// The library's files, without those whose business is ids.
pub(super) fn crate_sources() -> Vec<Source> {
    let mut found = sources(&["src"]);
    found.retain(|source| !source.name().starts_with("src/tidy"));
    found.sort_by_key(Source::name);
    found
}

/// The specs of the browser suite, if it is there.
pub(super) fn specs() -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join("end2end"), &mut found);
    found.sort_by_key(Source::name);
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                collect(&path, found);
            }
        } else if path.to_string_lossy().ends_with(".spec.ts") {
            let text = fs::read_to_string(&path).unwrap();
            found.push(Source { path, text });
        }
    }
}

/// A test function that is being read.
struct Test {
    name: String,
    /// The line that ends it.
    end: String,
}

fn in_rust(source: &Source) -> Vec<Named> {
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = if stem == "mod" {
        let folder = source.path.parent().and_then(Path::file_name);
        folder.unwrap_or_default().to_string_lossy()
    } else {
        stem
    };
    let name = source.name();
    let mut in_tests = name.contains("/page_tests/") || name.contains("/tests/");
    let mut found = Vec::new();
    let mut current: Option<Test> = None;
    // What stands above a test belongs to it.
    let (mut waiting, mut is_marked) = (Vec::new(), false);
    for line in source.text.lines() {
        let code = line.trim();
        in_tests |= code.ends_with("mod tests {") || code.starts_with("#[test]");
        if !in_tests {
            continue;
        }
        if let Some(test) = &current {
            found.extend(ids_in(code).into_iter().map(|id| Named {
                id,
                test: test.name.clone(),
            }));
            if line == test.end {
                current = None;
            }
        } else if code.starts_with("//") {
            waiting.extend(ids_in(code));
        } else if code.starts_with("#[") {
            is_marked |= code.contains("test");
        } else if let Some(name) = function_name(code).filter(|_| is_marked) {
            let test = format!("`{stem}::{name}`");
            let ids = waiting.drain(..).chain(ids_in_name(name));
            found.extend(ids.map(|id| Named {
                id,
                test: test.clone(),
            }));
            let indent = line.len() - line.trim_start().len();
            current = Some(Test {
                name: test,
                end: format!("{}}}", " ".repeat(indent)),
            });
            is_marked = false;
        } else {
            waiting.clear();
            is_marked = false;
        }
    }
    found
}

fn function_name(code: &str) -> Option<&str> {
    let (before, after) = code.split_once("fn ")?;
    let is_function = before
        .split_whitespace()
        .all(|word| word == "async" || word.starts_with("pub"));
    is_function.then(|| after.split(['(', '<']).next()).flatten()
}

/// `ssw_15_…` names SSW-15, `wsq_01_to_04_…` four.
fn ids_in_name(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split('_').collect();
    let mut text = String::new();
    for (position, word) in words.iter().enumerate() {
        let section = SECTIONS
            .iter()
            .find(|(section, _)| section.eq_ignore_ascii_case(word));
        if let (Some((section, _)), Some(number)) = (section, words.get(position + 1)) {
            text.push_str(&format!(" {section}-{number}"));
            if let (Some(&"to"), Some(last)) = (words.get(position + 2), words.get(position + 3)) {
                text.push_str(&format!(" to {section}-{last}"));
            }
        }
    }
    ids_in(&text)
}

fn in_spec(source: &Source) -> Vec<Named> {
    let file = source.path.file_name().unwrap_or_default().to_string_lossy();
    let mut found = Vec::new();
    for line in source.text.lines().map(str::trim) {
        if line.starts_with("//") || line.starts_with('*') {
            continue;
        }
        let ids = ids_in(line);
        let Some(first) = ids.first() else { continue };
        let test = format!("`{file}`: {}", words_of(title_around(line, first)));
        found.extend(ids.into_iter().map(|id| Named {
            id,
            test: test.clone(),
        }));
    }
    found
}

/// The text between the quotation marks around an id.
fn title_around<'a>(line: &'a str, id: &str) -> &'a str {
    let at = line.find(id).unwrap_or_default();
    let mut open = None;
    for (position, c) in line.char_indices() {
        match open {
            None if matches!(c, '"' | '`' | '\'') => open = Some((position, c)),
            Some((start, quote)) if c == quote => {
                if (start..position).contains(&at) {
                    return &line[start + 1..position];
                }
                open = None;
            }
            _ => {}
        }
    }
    line
}

/// A title without the ids and tags that it begins with, as a cell of the table can hold it.
fn words_of(title: &str) -> String {
    let is_label = |word: &str| word.starts_with('@') || word == "to" || !ids_in(word).is_empty();
    let words = title
        .split_once(": ")
        .filter(|(labels, _)| labels.split_whitespace().all(is_label));
    words
        .map_or(title, |(_, words)| words)
        .chars()
        .map(|c| {
            if matches!(c, '|' | '`' | '<' | '>' | '[' | ']') {
                ' '
            } else {
                c
            }
        })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The behaviours that a file's `DIFFERENCE:` comments name, each comment up to its end or to a blank line in it.
pub(super) fn in_differences(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut is_inside = false;
    for line in source.text.lines().map(str::trim) {
        let words = line.trim_start_matches(['/', '!', '*', ' ']);
        let is_comment = line.starts_with("//");
        match line.split_once("DIFFERENCE:") {
            Some((_, rest)) => {
                found.extend(ids_in(rest));
                is_inside = is_comment;
            }
            None if is_inside && is_comment && !words.is_empty() => found.extend(ids_in(words)),
            None => is_inside = false,
        }
    }
    found
}

#[test]
fn names_and_titles_are_read() {
    let rust = Source {
        path: root().join("src/a/page_tests/b.rs"),
        text: "
// SSW-01
#[test]
fn ssw_15_x_wsq_01_to_02_y() {
    check(1); // TGT-06
}

fn helper() {
    // SSW-02
}
"
        .to_owned(),
    };
    let ids: Vec<_> = in_rust(&rust).into_iter().map(|named| named.id).collect();
    assert_eq!(ids, ["SSW-01", "SSW-15", "WSQ-01", "WSQ-02", "TGT-06"]);
    let spec = Source {
        path: root().join("end2end/tests/b.spec.ts"),
        text: "// SSW-01\n  test(`@csr SSW-02, SSW-03: it is ${x}`, () => {\n  test('\"x\" (DIFFERENCE: SSW-04)', () => {"
            .to_owned(),
    };
    let expected = [
        ("SSW-02", "it is ${x}"),
        ("SSW-03", "it is ${x}"),
        ("SSW-04", "\"x\" (DIFFERENCE: SSW-04)"),
    ];
    assert_eq!(
        in_spec(&spec),
        expected.map(|(id, title)| Named {
            id: id.to_owned(),
            test: format!("`b.spec.ts`: {title}"),
        })
    );
    let commented = Source {
        path: root().join("src/c.rs"),
        text: "/// SSW-01\n/// DIFFERENCE: a\n/// (SSW-02).\n///\n/// SSW-03\nx(); // DIFFERENCE: SSW-04\n// SSW-05".to_owned(),
    };
    assert_eq!(in_differences(&commented), ["SSW-02", "SSW-04"]);
}
