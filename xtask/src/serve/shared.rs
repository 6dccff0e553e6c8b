//! Several servers of the showcase on one engine, which is started for them and keeps nothing when they end, behind nginx.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use super::{front, server};
use crate::announce;
use crate::folder::renew;
use crate::process::Process;
use crate::setup::engines::Engine;
use crate::site::Site;
use crate::workspace::Workspace;

/// What runs besides the servers.
pub(super) struct Programs {
    pub(super) engine: PathBuf,
    /// Where there are several servers.
    pub(super) nginx: Option<PathBuf>,
}

/// Runs them until one of them ends, or this program does, which ends all. The first address is that of the site, the
/// others are those of several servers.
pub(super) fn run(
    workspace: &Workspace,
    site: &Site,
    engine: Engine,
    programs: &Programs,
    addresses: &[SocketAddr],
) -> Result<()> {
    let Some((front, nodes)) = addresses.split_first() else {
        bail!("expected the address of a site, found none");
    };
    let folder = workspace.scratch(engine.feature());
    renew(&folder)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut running = Running(Vec::new());
    running.start(engine_server(engine, &programs.engine, port, &folder))?;
    // A server that finds no engine ends at once.
    while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        running.check()?;
        thread::sleep(Duration::from_millis(20));
    }
    let servers = if nodes.is_empty() { addresses } else { nodes };
    for (node, address) in servers.iter().enumerate() {
        let server = server(workspace, site, *address)
            .set(
                "LEPTOS_LIVE_BROKER",
                format!("{}://127.0.0.1:{port}", engine.feature()),
            )
            // What is fed by each of them would come several times.
            .set("LEPTOS_LIVE_FEEDS", if node == 0 { "1" } else { "0" });
        running.start(server)?;
        announce::start(*address)?;
    }
    if let Some(program) = &programs.nginx {
        let nginx = front::nginx(program, &workspace.scratch("nodes-nginx"), *front, nodes)?;
        running.start(nginx)?;
        announce::start(*front)?;
    }
    loop {
        running.check()?;
        thread::sleep(Duration::from_millis(200));
    }
}

fn engine_server(engine: Engine, program: &Path, port: u16, folder: &Path) -> Process {
    let process = Process::new(program.to_string_lossy());
    match engine {
        Engine::Redis => process
            .words("--bind 127.0.0.1 --loglevel warning --appendonly yes --port")
            .argument(port.to_string())
            .argument("--dir")
            .path(folder),
        Engine::Nats => process
            .words("-a 127.0.0.1 -js -p")
            .argument(port.to_string())
            .argument("-sd")
            .path(folder),
    }
}

/// What ends together.
struct Running(Vec<Child>);

impl Running {
    /// This program may be ended by a signal, which drops nothing.
    fn start(&mut self, process: Process) -> Result<()> {
        self.0.push(process.ends_with_this().start()?);
        Ok(())
    }

    fn check(&mut self) -> Result<()> {
        for child in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                bail!("one of the processes has ended: {status}");
            }
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
