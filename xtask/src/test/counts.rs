//! How many tests passed, failed and were skipped, read from what test programs print.

use std::fmt;
use std::ops::AddAssign;

/// The counts of a test program, a stage or a whole run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
}

impl Counts {
    /// One check that has no counts of its own.
    pub(super) fn check(&mut self, passed: bool) {
        *(if passed {
            &mut self.passed
        } else {
            &mut self.failed
        }) += 1;
    }

    /// From the summary line that cargo's and wasm-bindgen's test programs end with; `None` for any other line.
    pub(super) fn from_test_result(line: &str) -> Option<Self> {
        let (_, summary) = line
            .trim_start()
            .strip_prefix("test result: ")?
            .split_once(". ")?;
        let count = |what: &str| {
            summary
                .split(';')
                .find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored")?,
        })
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.passed += more.passed;
        self.failed += more.failed;
        self.skipped += more.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Option<(usize, usize, usize)>) {
        let expected = expected.map(|(passed, failed, skipped)| Counts {
            passed,
            failed,
            skipped,
        });
        assert_eq!(Counts::from_test_result(line), expected, "{line}");
    }

    #[test]
    fn summary_lines_and_nothing_else_are_counts() {
        check(
            "test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 1 filtered out; finished in 0.02s",
            Some((12, 0, 3)),
        );
        check(
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            Some((1, 2, 0)),
        );
        check(
            "    test result: ok. 3 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.00s",
            Some((3, 0, 0)),
        );
        check("test wire::tests::round_trip ... ok", None);
        check("test result: ok", None);
        check("test result: ok. many passed; 0 failed; 0 ignored", None);
        check("", None);
    }

    #[test]
    fn the_last_line_of_a_run() {
        let mut counts = Counts {
            passed: 3,
            failed: 0,
            skipped: 0,
        };
        assert_eq!(counts.to_string(), "3 passed, 0 failed");
        counts += Counts {
            passed: 1,
            failed: 2,
            skipped: 4,
        };
        counts.check(true);
        counts.check(false);
        assert_eq!(counts.to_string(), "5 passed, 3 failed, 4 skipped");
    }
}
