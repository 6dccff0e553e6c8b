//! `BENCHMARKS.md`: written by people, but for the tables between the marks of each suite.

use std::fs;

use anyhow::{Context as _, Result};

use super::machine;
use crate::workspace::Workspace;

const FILE: &str = "BENCHMARKS.md";

/// Puts the tables, and on which machine they were made, in the place of the suite's last ones.
pub(super) fn replace(workspace: &Workspace, suite: &str, tables: &str) -> Result<()> {
    let file = workspace.root().join(FILE);
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let content = format!("{}\n\n{}", machine::description(), tables.trim());
    let changed = between_marks(&text, suite, &content).with_context(|| {
        let [begin, end] = marks(suite);
        format!("expected `{begin}` and `{end}` in {}", file.display())
    })?;
    fs::write(&file, changed).with_context(|| format!("writing {}", file.display()))?;
    println!(
        "the tables of {} in {} are those of this run",
        suite,
        file.display()
    );
    Ok(())
}

fn marks(suite: &str) -> [String; 2] {
    [
        format!("<!-- {suite}: written by cargo xtask bench -->"),
        format!("<!-- {suite}: end -->"),
    ]
}

fn between_marks(text: &str, suite: &str, content: &str) -> Option<String> {
    let [begin, end] = marks(suite);
    let (before, rest) = text.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{content}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::super::SUITES;
    use super::*;

    #[test]
    fn each_suite_has_a_place() {
        let file = Workspace::find().unwrap().root().join(FILE);
        let text = fs::read_to_string(file).unwrap();
        for suite in SUITES {
            assert!(between_marks(&text, suite.name, "").is_some(), "{}", suite.name);
        }
    }

    #[test]
    fn only_what_stands_between_the_marks_changes() {
        let [begin, end] = marks("browser");
        let text = format!("# Title\n{begin}\nold\n{end}\nlimits\n");
        let expected = format!("# Title\n{begin}\n\nnew\n\n{end}\nlimits\n");
        assert_eq!(between_marks(&text, "browser", "new"), Some(expected.clone()));
        assert_eq!(between_marks(&expected, "browser", "new"), Some(expected));
        assert_eq!(between_marks(&text, "server", "new"), None);
    }
}
