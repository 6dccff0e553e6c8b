//! `cargo xtask serve`: builds the showcase and runs its server, or several on one engine behind nginx.

mod front;
mod shared;

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use anyhow::{Context as _, Result};

use crate::announce;
use crate::process::Process;
use crate::setup::Tools;
use crate::setup::engines::Engine;
use crate::site::{self, Build, Site};
use crate::workspace::Workspace;

/// What `serve` may be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// A dev build instead of a release build.
    pub(crate) dev: bool,
    /// Where it listens, on this machine only; several processes listen at the ports that follow, and nginx here.
    pub(crate) port: u16,
    /// The engine behind its hub, in place of memory.
    pub(crate) broker: Option<Engine>,
    /// How many processes.
    pub(crate) nodes: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dev: false,
            port: 3000,
            broker: None,
            nodes: 1,
        }
    }
}

/// Builds and serves; on Unix it does not return from serving one process, because it becomes the server.
pub(crate) fn run(workspace: &Workspace, tools: &Tools, options: &Options) -> Result<()> {
    let build = if options.dev { Build::Dev } else { Build::Release };
    let addresses = addresses(options);
    for address in &addresses {
        // Found now, not after minutes of building; and the announcement must not take another server's answer for ours.
        TcpListener::bind(address)
            .with_context(|| format!("{address} cannot be listened on; choose another with --port N"))?;
    }
    let Some(engine) = options.broker else {
        let site = site::build(workspace, tools, build, &[])?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
        announce::start(address)?;
        return server(workspace, &site, address).replace();
    };
    let programs = shared::Programs {
        engine: tools.engine(engine)?,
        nginx: (options.nodes > 1).then(|| tools.nginx()).transpose()?,
    };
    let site = site::build(workspace, tools, build, &[engine.feature()])?;
    shared::run(workspace, &site, engine, &programs, &addresses)
}

/// That of the site, and of several processes each one's own.
fn addresses(options: &Options) -> Vec<SocketAddr> {
    let besides = if options.nodes > 1 { options.nodes } else { 0 };
    let ports = (0..=besides).filter_map(|node| options.port.checked_add(node));
    ports
        .map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .collect()
}

/// A server of the site.
fn server(workspace: &Workspace, site: &Site, address: SocketAddr) -> Process {
    Process::new(site.server.to_string_lossy())
        .folder(workspace.root())
        .set_all(site.environment())
        .set("LEPTOS_SITE_ADDR", address.to_string())
}
