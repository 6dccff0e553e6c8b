//! The stages of a test run, in their order, and which of them someone asked for.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};

/// A stage of `cargo xtask test`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StageName {
    Fmt,
    Deny,
    Clippy,
    Soak,
    Native,
    Erased,
    Brokers,
    Wasm,
    Firefox,
    Webkit,
    Dev,
    Release,
    Csr,
    CargoLeptos,
    Bench,
    Doc,
}

impl StageName {
    /// The order of a run: what fails fastest comes first, and what wants the machine for itself before anything is built
    /// beside the tests.
    pub(crate) const ALL: [Self; 16] = [
        Self::Fmt,
        Self::Deny,
        Self::Clippy,
        Self::Soak,
        Self::Native,
        Self::Erased,
        Self::Brokers,
        Self::Wasm,
        Self::Firefox,
        Self::Webkit,
        Self::Dev,
        Self::Release,
        Self::Csr,
        Self::CargoLeptos,
        Self::Bench,
        Self::Doc,
    ];

    /// As it is typed and shown.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Deny => "deny",
            Self::Clippy => "clippy",
            Self::Native => "native",
            Self::Soak => "soak",
            Self::Erased => "erased",
            Self::Brokers => "brokers",
            Self::Wasm => "wasm",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
            Self::Dev => "dev",
            Self::Release => "release",
            Self::Csr => "csr",
            Self::CargoLeptos => "cargo-leptos",
            Self::Bench => "bench",
            Self::Doc => "doc",
        }
    }

    /// What it checks.
    pub(crate) fn summary(self) -> &'static str {
        match self {
            Self::Fmt => "formatting",
            Self::Deny => "licences, sources and unwanted crates among the dependencies",
            Self::Clippy => "lints, on both sides of the wire",
            Self::Native => "tests on this machine: library, showcase, xtask",
            Self::Soak => "half a minute of mixed chaos on a server, and thousands of streams held",
            Self::Erased => "the library's tests with erased components, as in dev builds",
            Self::Brokers => "hubs of several processes on real Redis and NATS servers, and their faults",
            Self::Wasm => "the library's unit tests in a browser, Chromium",
            Self::Firefox => "the same tests in Firefox",
            Self::Webkit => "the same tests in WebKit, Safari's engine",
            Self::Dev => "the Playwright suite on the dev site",
            Self::Release => "the Playwright suite on the release site",
            Self::Csr => "the @csr specs on a site without server rendering",
            Self::CargoLeptos => "the @smoke specs on the site that cargo-leptos builds",
            Self::Bench => "that the benchmarks run and are right, not how fast",
            Self::Doc => "the library's documentation",
        }
    }

    /// Its line in the list of all stages.
    pub(crate) fn listed(self) -> String {
        let (name, summary) = (self.name(), self.summary());
        if self.runs_only_by_name() {
            format!("{name:<14}{summary} (runs only when named: --only {name})")
        } else {
            format!("{name:<14}{summary}")
        }
    }

    /// Whether a run of everything leaves it out: it repeats tests in browsers that would have to be installed for it.
    fn runs_only_by_name(self) -> bool {
        matches!(self, Self::Firefox | Self::Webkit)
    }
}

/// Which stages to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// Only say which stages there are.
    pub(crate) list: bool,
    only: BTreeSet<StageName>,
    without: BTreeSet<StageName>,
}

impl Selection {
    /// Narrows the run to `names`, separated by commas, and to those of earlier calls.
    pub(crate) fn only(&mut self, names: &str) -> Result<()> {
        self.only.extend(parse(names)?);
        Ok(())
    }

    /// Leaves out `names`, separated by commas.
    pub(crate) fn without(&mut self, names: &str) -> Result<()> {
        self.without.extend(parse(names)?);
        Ok(())
    }

    /// Whether `stage` is to run.
    pub(crate) fn includes(&self, stage: StageName) -> bool {
        self.asks_for(stage) && !self.without.contains(&stage)
    }

    /// Whether `stage` was left out by name, which a run reports; one that runs only by name is missed only where it was
    /// asked for.
    pub(crate) fn leaves_out(&self, stage: StageName) -> bool {
        self.without.contains(&stage) && (!stage.runs_only_by_name() || self.asks_for(stage))
    }

    fn asks_for(&self, stage: StageName) -> bool {
        if self.only.is_empty() {
            !stage.runs_only_by_name()
        } else {
            self.only.contains(&stage)
        }
    }
}

fn parse(names: &str) -> Result<Vec<StageName>> {
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(parse_one)
        .collect()
}

fn parse_one(name: &str) -> Result<StageName> {
    let known = || StageName::ALL.map(StageName::name).join(", ");
    let stage = StageName::ALL.into_iter().find(|stage| stage.name() == name);
    stage.with_context(|| format!("no stage is called `{name}`; expected one of {}", known()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(only: &[&str], without: &[&str], expected: &[StageName]) {
        let mut selection = Selection::default();
        only.iter().for_each(|names| selection.only(names).unwrap());
        without.iter().for_each(|names| selection.without(names).unwrap());
        let stages: Vec<_> = StageName::ALL
            .into_iter()
            .filter(|stage| selection.includes(*stage))
            .collect();
        assert_eq!(stages, expected, "only {only:?}, without {without:?}");
    }

    const BY_NAME: [StageName; 2] = [StageName::Firefox, StageName::Webkit];

    fn all_but(left_out: &[StageName]) -> Vec<StageName> {
        let all = StageName::ALL.into_iter();
        all.filter(|stage| !left_out.contains(stage)).collect()
    }

    #[test]
    fn stages_keep_their_order_whatever_the_order_of_the_names() {
        use StageName::{CargoLeptos, Doc, Fmt, Native};
        check(&[], &[], &all_but(&BY_NAME));
        check(&["doc, fmt"], &[], &[Fmt, Doc]);
        check(&["doc", "native"], &["doc"], &[Native]);
        let [firefox, webkit] = BY_NAME;
        check(
            &[],
            &["cargo-leptos,fmt"],
            &all_but(&[CargoLeptos, Fmt, firefox, webkit]),
        );
    }

    #[test]
    fn a_run_of_everything_is_without_the_stages_that_run_only_by_name() {
        let [firefox, webkit] = BY_NAME;
        let mut everything = Selection::default();
        for stage in StageName::ALL {
            let by_name = BY_NAME.contains(&stage);
            assert_eq!(everything.includes(stage), !by_name, "{}", stage.name());
            assert_eq!(
                stage.listed().contains("only when named"),
                by_name,
                "{}",
                stage.name()
            );
        }
        check(&["webkit,firefox"], &[], &BY_NAME);
        check(&["wasm", "firefox"], &[], &[StageName::Wasm, firefox]);
        check(&["webkit", "firefox"], &["firefox"], &[webkit]);

        // Nothing is missing from a run that has been told to leave out what it would not have run.
        everything.without("firefox,webkit,doc").unwrap();
        let left_out = StageName::ALL
            .into_iter()
            .filter(|stage| everything.leaves_out(*stage));
        assert_eq!(left_out.collect::<Vec<_>>(), [StageName::Doc]);
        everything.only("firefox").unwrap();
        assert!(everything.leaves_out(firefox) && !everything.includes(firefox));
    }

    #[test]
    fn an_unknown_stage_is_named_with_those_that_exist() {
        let error = parse("fmt,lint").unwrap_err().to_string();
        assert!(error.contains("`lint`") && error.contains("clippy"), "{error}");
    }
}
