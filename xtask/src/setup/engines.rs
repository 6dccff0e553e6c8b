//! The servers of the engines that hubs of several processes share: the machine's own, or Debian's packages.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::debian_package;
use crate::process::{Process, on_path};

/// An engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Redis,
    Nats,
}

impl Engine {
    pub(crate) const ALL: [Self; 2] = [Self::Redis, Self::Nats];

    /// As it is typed.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        match name {
            "redis" => Ok(Self::Redis),
            "nats" => Ok(Self::Nats),
            unknown => bail!("no broker is called `{unknown}`; expected redis or nats"),
        }
    }

    /// The feature of library and showcase.
    pub(crate) fn feature(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Nats => "nats",
        }
    }

    /// The program, and the package that it comes in.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Redis => "redis-server",
            Self::Nats => "nats-server",
        }
    }

    /// The variable that tells tests, and this program, where it is.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Redis => "REDIS_SERVER",
            Self::Nats => "NATS_SERVER",
        }
    }

    pub(super) fn find_or_install(self) -> Result<PathBuf> {
        if let Some(program) = self.find() {
            return Ok(program);
        }
        let advice = || format!("install {}, or name it in {}", self.program(), self.variable());
        debian_package::install(&[self.program()]).with_context(advice)?;
        self.find().with_context(advice)
    }

    fn find(self) -> Option<PathBuf> {
        let named = std::env::var_os(self.variable()).map(PathBuf::from);
        // A user's PATH may not name where Debian puts servers.
        let installed = ["/usr/bin", "/usr/sbin"].map(|folder| Path::new(folder).join(self.program()));
        let candidates = named
            .into_iter()
            .chain(on_path(&[self.program()]))
            .chain(installed);
        candidates.into_iter().find(|program| {
            let version = Process::new(program.to_string_lossy()).argument("--version");
            version.answer().is_some()
        })
    }
}
