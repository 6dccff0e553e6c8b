//! `cargo xtask serve`: builds the showcase and runs its server.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context as _, Result};

use crate::announce;
use crate::process::Process;
use crate::setup::Tools;
use crate::site::{self, Build};
use crate::workspace::Workspace;

/// What `serve` may be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// A dev build instead of a release build.
    pub(crate) dev: bool,
    /// Where it listens, on this machine only.
    pub(crate) port: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dev: false,
            port: 3000,
        }
    }
}

/// Builds and serves; on Unix it does not return, because it becomes the server.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<()> {
    let build = if options.dev { Build::Dev } else { Build::Release };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    // Found now, not after minutes of building; and the announcement must not take another server's answer for ours.
    TcpListener::bind(address)
        .with_context(|| format!("{address} cannot be listened on; choose another with --port N"))?;
    let site = site::build(workspace, tools, build)?;
    announce::start(address)?;
    Process::new(site.server.to_string_lossy())
        .folder(workspace.root())
        .set_all(site.environment())
        .set("LEPTOS_SITE_ADDR", address.to_string())
        .replace()
}
