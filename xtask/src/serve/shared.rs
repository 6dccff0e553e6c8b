//! Several servers of the showcase on one engine, which is started for them and keeps nothing when they end.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};

use super::server;
use crate::announce;
use crate::folder::renew;
use crate::process::Process;
use crate::setup::engines::Engine;
use crate::site::Site;
use crate::workspace::Workspace;

/// Runs them until one of them ends, which ends all; Ctrl-C reaches each of them.
pub(super) fn run(
    workspace: &Workspace,
    site: &Site,
    engine: Engine,
    program: &Path,
    addresses: &[SocketAddr],
) -> Result<()> {
    let folder = workspace.scratch(engine.feature());
    renew(&folder)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let mut running = Running(vec![engine_server(engine, program, port, &folder).start()?]);
    // A server that finds no engine ends at once.
    while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        running.check()?;
        thread::sleep(Duration::from_millis(20));
    }
    for (node, address) in addresses.iter().enumerate() {
        let server = server(workspace, site, *address)
            .set(
                "LEPTOS_LIVE_BROKER",
                format!("{}://127.0.0.1:{port}", engine.feature()),
            )
            // What is fed by each of them would come several times.
            .set("LEPTOS_LIVE_FEEDS", if node == 0 { "1" } else { "0" });
        running.0.push(server.start()?);
        announce::start(*address)?;
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
