//! What is known of a program before it is used: whether someone has named it, where it is, and which version it says that it is.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::{Process, on_path};

/// The browser that `variable` names, if it names any: someone's wish, which is not replaced by another.
pub(super) fn named_browser(variable: &str) -> Result<Option<PathBuf>> {
    let Some(named) = env::var_os(variable).filter(|named| !named.is_empty()) else {
        return Ok(None);
    };
    let named = PathBuf::from(named);
    match version(&named) {
        Some(_) => Ok(Some(named)),
        None => bail!(
            "expected {variable} to name a browser that runs, found {}",
            named.display()
        ),
    }
}

/// The first of `names` on PATH that runs: one by one, since a name may belong to a stub that only says where to get the
/// program.
pub(super) fn first_that_runs(names: &[&str]) -> Option<PathBuf> {
    let mut programs = names.iter().filter_map(|name| on_path(&[name]));
    programs.find(|program| version(program).is_some())
}

/// `None` if it does not run, or says no version.
pub(super) fn version(program: &Path) -> Option<String> {
    let answer = Process::new(program.to_string_lossy())
        .argument("--version")
        .answer()?;
    version_in(&answer).map(str::to_owned)
}

/// The first word that looks like a version.
fn version_in(answer: &str) -> Option<&str> {
    answer
        .split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(answer: &str, expected: Option<&str>) {
        assert_eq!(version_in(answer), expected, "{answer}");
    }

    #[test]
    fn the_version_in_what_a_browser_says_of_itself() {
        check(
            "Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n",
            Some("156.0.8078.79"),
        );
        check(
            "ChromeDriver 156.0.8078.79 (a21ce95-refs/branch-heads/8078@{#1704})",
            Some("156.0.8078.79"),
        );
        check("Google Chrome 150.0.1.2 ", Some("150.0.1.2"));
        check("Mozilla Firefox 153.7.0esr\n", Some("153.7.0esr"));
        check(
            "geckodriver 0.37.1\n\nThe source code of this program is available from",
            Some("0.37.1"),
        );
        check(
            "Command '/usr/bin/chromium-browser' requires the chromium snap",
            None,
        );
    }
}
