//! The command line.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::scenario::{SCENARIOS, Size};
use crate::server::{Kind, Places};

const HELP: &str =
    "server_bench [--quick] [--rounds N] [--only SCENARIO,…] [--servers NAME,…] [--results FILE]";

/// What is to be measured.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) size: Size,
    pub(crate) rounds: usize,
    only: Vec<String>,
    servers: Vec<String>,
    /// Where counts and tables go, besides the terminal.
    pub(crate) results: Option<PathBuf>,
    pub(crate) places: Places,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let program = env::current_exe()?;
        let programs = program.parent().context("a program without a folder")?.to_owned();
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).to_owned();
        let scratch = programs.join("nchan");
        let mut arguments = Self {
            size: Size::Full,
            rounds: 3,
            only: Vec::new(),
            servers: Vec::new(),
            results: None,
            places: Places {
                programs,
                package,
                scratch,
            },
        };
        let list = |text: String| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        while let Some(word) = words.next() {
            let mut value = || {
                words
                    .next()
                    .with_context(|| format!("expected a value after `{word}`"))
            };
            match word.as_str() {
                "--quick" => (arguments.size, arguments.rounds) = (Size::Quick, 1),
                "--rounds" => arguments.rounds = value()?.parse()?,
                "--only" => arguments.only = list(value()?),
                "--servers" => arguments.servers = list(value()?),
                "--results" => arguments.results = Some(value()?.into()),
                _ => bail!("expected {HELP}, found `{word}`"),
            }
        }
        let scenarios: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
        check(&arguments.only, &scenarios)?;
        check(&arguments.servers, &Kind::ALL.map(Kind::name))?;
        Ok(arguments)
    }

    pub(crate) fn runs(&self, scenario: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == scenario)
    }

    pub(crate) fn measures(&self, kind: Kind) -> bool {
        self.servers.is_empty() || self.servers.iter().any(|name| name == kind.name())
    }
}

fn check(named: &[String], known: &[&str]) -> Result<()> {
    match named.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => bail!("expected one of {}, found `{name}`", known.join(", ")),
        None => Ok(()),
    }
}
