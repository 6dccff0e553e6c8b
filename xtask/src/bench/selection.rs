//! Which suites, and which scenarios of them, somebody asked for.

use anyhow::{Result, bail};

use super::SUITES;

/// What to measure, and how thoroughly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Only say which suites there are.
    pub(crate) list: bool,
    /// Only see whether everything runs and is right.
    pub(crate) quick: bool,
    /// How often each scenario is measured; as often as its suite says by default.
    pub(crate) rounds: Option<u32>,
    only: Vec<(String, Option<String>)>,
}

impl Selection {
    /// A quick run of everything.
    pub(crate) fn quick() -> Self {
        Self {
            quick: true,
            ..Self::default()
        }
    }

    /// Narrows the run to `names`, separated by commas: suites, and scenarios as `suite/scenario`.
    pub(crate) fn only(&mut self, names: &str) -> Result<()> {
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let (suite, scenario) = match name.split_once('/') {
                Some((suite, scenario)) => (suite, Some(scenario.to_owned())),
                None => (name, None),
            };
            if !SUITES.iter().any(|known| known.name == suite) {
                let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
                bail!(
                    "no suite is called `{suite}`; expected one of {}",
                    known.join(", ")
                );
            }
            self.only.push((suite.to_owned(), scenario));
        }
        Ok(())
    }

    /// The scenarios of a suite that are to run, none meaning all of them; `None` if the suite is not to run.
    pub(super) fn of(&self, suite: &str) -> Option<Vec<String>> {
        let named = || self.only.iter().filter(|(name, _)| name == suite);
        match named().count() {
            0 => self.only.is_empty().then(Vec::new),
            // The suite itself is more than a scenario of it.
            _ if named().any(|(_, scenario)| scenario.is_none()) => Some(Vec::new()),
            _ => Some(named().filter_map(|(_, scenario)| scenario.clone()).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_and_their_scenarios_are_chosen_by_name() {
        let chosen = |only: &str| {
            let mut selection = Selection::default();
            selection.only(only).unwrap();
            selection.of("browser")
        };
        assert_eq!(chosen(""), Some(vec![]));
        assert_eq!(chosen("browser"), Some(vec![]));
        assert_eq!(
            chosen("browser/one, browser/many"),
            Some(vec!["one".into(), "many".into()])
        );
        assert_eq!(chosen("browser/one,browser"), Some(vec![]));
        let mut selection = Selection::default();
        selection.only("browser").unwrap();
        assert_eq!(selection.of("another"), None);
    }

    #[test]
    fn an_unknown_suite_is_named_with_those_that_exist() {
        let error = Selection::default().only("car/one").unwrap_err().to_string();
        assert!(error.contains("`car`") && error.contains("browser"), "{error}");
    }
}
