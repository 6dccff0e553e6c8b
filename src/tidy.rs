//! The repository's rules, as tests: they fail like any other test, and CI adds nothing of its own.
//!
//! They read the source as text. What they ask for stands in `src/docs/style.md`; that htmx's behaviours are accounted for is
//! checked in [`parity`], faults and attacks in [`guarantees`].

mod guarantees;
mod named_ids;
mod parity;
mod parity_table;

use std::fs;
use std::path::{Path, PathBuf};

const MOST_CODE_LINES: usize = 300;
const MEDIAN_CODE_LINES: usize = 100;

/// The layers and whom each may import (`architecture.md`).
const ARROWS: [(&str, &[&str]); 7] = [
    ("grammar", &[]),
    ("wire", &[]),
    ("browser", &["grammar", "wire"]),
    ("components", &["browser", "grammar", "wire"]),
    // Of components it knows what an attribute is made of.
    (
        "attributes",
        &[
            "browser",
            "grammar",
            "wire",
            "components::address",
            "components::attribute_list",
            "components::attribute_text",
            "components::start",
        ],
    ),
    // Of components it knows the one file by which it finds the source around it.
    (
        "signals",
        &[
            "browser",
            "grammar",
            "wire",
            "components::calling",
            "components::live_context",
        ],
    ),
    ("server", &["wire"]),
];

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        self.path
            .strip_prefix(root())
            .unwrap_or(&self.path)
            .display()
            .to_string()
    }

    /// Whether all of the file is tests, which stand in folders of their own where they need a page or a server.
    fn is_test(&self) -> bool {
        self.name().contains("/page_tests/") || self.name().contains("/tests/")
    }

    /// The lines before the file's unit tests.
    fn without_tests(&self) -> impl Iterator<Item = &str> {
        self.text
            .lines()
            .take_while(|line| !line.starts_with("#[cfg(test)]") && !line.starts_with("#[cfg(all(test"))
    }

    /// Lines that are neither blank nor comment, before the unit tests.
    fn code_lines(&self) -> usize {
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
        self.without_tests().filter(is_code).count()
    }
}

fn root() -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("run by cargo"))
}

/// Every Rust file below these folders; those of the published crate alone when the others are absent.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut found);
    }
    assert!(!found.is_empty(), "no sources below {folders:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(Source {
                text: fs::read_to_string(&path).unwrap(),
                path,
            });
        }
    }
}

fn everything() -> Vec<Source> {
    sources(&["src", "showcase/src", "xtask/src"])
}

#[track_caller]
fn none(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n  {}", broken.join("\n  "));
}

#[test]
fn every_file_says_what_it_is() {
    let broken = everything().into_iter().filter(|source| {
        let text = source.text.trim_start();
        !text.starts_with("//!") && !text.starts_with("#![doc")
    });
    none(
        broken.map(|source| source.name()).collect(),
        "a file begins with `//!` saying what it is and why",
    );
}

#[test]
fn every_folder_states_its_invariant() {
    let broken = sources(&["src"]).into_iter().filter(|source| {
        let depth = source
            .path
            .strip_prefix(root().join("src"))
            .map_or(0, |path| path.components().count());
        let is_layer =
            source.path.ends_with("mod.rs") && depth == 2 && !source.name().starts_with("src/docs");
        is_layer && !source.text.contains("Invariant")
    });
    none(
        broken.map(|source| source.name()).collect(),
        "a layer's `mod.rs` states its invariant",
    );
}

#[test]
fn files_are_short() {
    let all = everything();
    let long = all.iter().filter(|source| source.code_lines() > MOST_CODE_LINES);
    let long: Vec<_> = long
        .map(|source| format!("{}: {}", source.name(), source.code_lines()))
        .collect();
    none(long, "a file has at most 300 code lines");
    let code = sources(&["src"]);
    let code = code.iter().filter(|source| !source.is_test());
    let mut lines: Vec<_> = code.map(Source::code_lines).collect();
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(
        median < MEDIAN_CODE_LINES,
        "the median file of src has {median} code lines"
    );
}

#[test]
fn feature_conditions_stand_in_two_files() {
    let allowed = ["src/lib.rs", "src/server/broker/mod.rs", "src/tidy.rs"];
    let marks = [
        "cfg(feature",
        "cfg!(feature",
        "cfg_attr(feature",
        "(feature =",
        "not(feature",
    ];
    let broken = sources(&["src"]).into_iter().filter(|source| {
        !allowed.contains(&source.name().as_str()) && marks.iter().any(|mark| source.text.contains(mark))
    });
    none(
        broken.map(|source| source.name()).collect(),
        "`cfg(feature)` stands only in lib.rs and broker/mod.rs",
    );
}

#[test]
fn layers_import_along_the_arrows() {
    let layers = ARROWS.map(|(layer, _)| layer);
    let mut broken = Vec::new();
    for (layer, allowed) in ARROWS {
        let code = sources(&[&format!("src/{layer}")]).into_iter();
        for source in code.filter(|source| !source.is_test()) {
            for line in source
                .without_tests()
                .filter(|line| !line.trim().starts_with("//"))
            {
                let forbidden = layers
                    .iter()
                    .filter(|other| **other != layer && !allowed.contains(other));
                for other in forbidden {
                    let is_excepted = allowed.iter().any(|exception| {
                        exception.starts_with(&format!("{other}::"))
                            && line.contains(&format!("crate::{exception}"))
                    });
                    if !is_excepted && line.contains(&format!("crate::{other}")) {
                        broken.push(format!("{}: {}", source.name(), line.trim()));
                    }
                }
            }
        }
    }
    none(broken, "a layer imports only what its arrows allow");
}

#[test]
fn one_file_writes_html() {
    let marks = [
        "set_inner_html(",
        "insert_adjacent_html(",
        "set_outer_html(",
        "create_contextual_fragment(",
    ];
    let broken = sources(&["src"]).into_iter().filter(|source| {
        let is_exempt = ["src/browser/dom.rs", "src/tidy.rs"].contains(&source.name().as_str());
        !is_exempt
            && marks
                .iter()
                .any(|mark| source.without_tests().any(|line| line.contains(mark)))
    });
    none(
        broken.map(|source| source.name()).collect(),
        "HTML is written in browser/dom.rs alone",
    );
}

#[test]
fn names_say_what_a_thing_is() {
    let banned = [
        "utils", "util", "helpers", "helper", "common", "manager", "misc", "types",
    ];
    let broken = everything().into_iter().filter(|source| {
        let stem = source
            .path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        let folder = source
            .path
            .parent()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        banned.contains(&stem) || banned.contains(&folder)
    });
    none(
        broken.map(|source| source.name()).collect(),
        "no file is called after nothing",
    );
}

#[test]
fn every_component_has_a_test_of_its_own() {
    let broken = sources(&["src/components"]).into_iter().filter(|source| {
        source.text.contains("#[component]") && !source.name().ends_with("mod.rs") && {
            let stem = source
                .path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .unwrap_or_default()
                .to_owned();
            let specs = root().join("end2end/tests");
            // The published crate has no end2end folder.
            specs.exists() && !specs.join(format!("{stem}.spec.ts")).exists()
        }
    });
    none(
        broken.map(|source| source.name()).collect(),
        "a component has a spec of its name in end2end/tests",
    );
}
