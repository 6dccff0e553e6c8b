//! The servers that are measured, each started anew for each measurement.

use std::fmt;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::companion::{self, free_port};

/// How long a server may take until it answers.
const START: Duration = Duration::from_secs(20);

const BUILD: &str = "cargo build --release -p leptos-live-bench-server";

/// Who is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Ours,
    Axum,
    Nchan,
    BetterSse,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Ours, Self::Axum, Self::Nchan, Self::BetterSse];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "leptos-live",
            Self::Axum => "axum",
            Self::Nchan => "nchan",
            Self::BetterSse => "better-sse",
        }
    }
}

impl Kind {
    /// How much of the load it gets: one that takes ten times as long gets a tenth. The figures are for each delivery.
    pub(crate) fn share(self, messages: u64) -> u64 {
        match self {
            Self::BetterSse => messages.div_ceil(10),
            Self::Ours | Self::Axum | Self::Nchan => messages,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where what is measured lies.
#[derive(Debug)]
pub(crate) struct Places {
    /// The folder of `hub_server` and `axum_peer`.
    pub(crate) programs: PathBuf,
    /// This package, with its `node_modules`.
    pub(crate) package: PathBuf,
    /// Where nginx may write.
    pub(crate) scratch: PathBuf,
}

impl Places {
    /// Why a server cannot be measured here, if so.
    pub(crate) fn is_missing(&self, kind: Kind) -> Option<String> {
        let is_file = |path: PathBuf, remedy: &str| {
            (!path.is_file()).then(|| format!("{} is not there: {remedy}", path.display()))
        };
        match kind {
            Kind::Ours => is_file(self.programs.join("hub_server"), BUILD),
            Kind::Axum => is_file(self.programs.join("axum_peer"), BUILD),
            Kind::Nchan => is_file(nchan_module(), "apt-get install libnginx-mod-nchan"),
            Kind::BetterSse => is_file(
                self.package.join("node_modules/better-sse/package.json"),
                "npm ci in benches/server",
            ),
        }
    }

    fn command(&self, kind: Kind, port: u16) -> Result<Command> {
        let port_text = port.to_string();
        let mut command = match kind {
            Kind::Ours => companion::command(self.programs.join("hub_server")),
            Kind::Axum => companion::command(self.programs.join("axum_peer")),
            Kind::Nchan => companion::command("nginx"),
            Kind::BetterSse => companion::command("node"),
        };
        match kind {
            Kind::Ours => command.args(["--port", &port_text]),
            Kind::Axum => command.arg(&port_text),
            Kind::Nchan => {
                fs::create_dir_all(&self.scratch)?;
                let file = self.scratch.join("nginx.conf");
                fs::write(&file, nginx_config(&self.scratch, port))?;
                command.arg("-p").arg(&self.scratch).arg("-c").arg(file)
            }
            Kind::BetterSse => command
                .arg(self.package.join("peers/better_sse.mjs"))
                .arg(&port_text),
        };
        Ok(command)
    }
}

fn nchan_module() -> PathBuf {
    PathBuf::from("/usr/lib/nginx/modules/ngx_nchan_module.so")
}

/// One worker, which is nchan's cheapest: several tell each other of each message.
fn nginx_config(scratch: &Path, port: u16) -> String {
    let (scratch, module) = (scratch.display(), nchan_module());
    format!(
        "load_module {};
daemon off;
pid {scratch}/nginx.pid;
error_log stderr crit;
worker_processes 1;
events {{ worker_connections 19000; }}
http {{
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  client_body_temp_path {scratch}/body;
  proxy_temp_path {scratch}/proxy;
  fastcgi_temp_path {scratch}/fastcgi;
  uwsgi_temp_path {scratch}/uwsgi;
  scgi_temp_path {scratch}/scgi;
  nchan_shared_memory_size 512M;
  server {{
    listen 127.0.0.1:{port} backlog=8192;
    location ~ ^/sub/(.+)$ {{
      nchan_subscriber eventsource;
      nchan_subscriber_first_message newest;
      nchan_channel_id $1;
    }}
    location ~ ^/pub/(.+)$ {{
      nchan_publisher http;
      nchan_channel_id $1;
      nchan_message_buffer_length 1024;
      nchan_message_timeout 10m;
    }}
  }}
}}
",
        module.display()
    )
}

/// A server that runs; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(kind: Kind, places: &Places) -> Result<Self> {
        let port = free_port()?;
        let child = places
            .command(kind, port)?
            .spawn()
            .with_context(|| format!("cannot start {kind}"))?;
        let mut server = Self { child, port };
        let end = Instant::now() + START;
        while !answers(port) {
            if let Some(status) = server.child.try_wait()? {
                bail!("{kind} has ended at once: {status}");
            }
            if Instant::now() > end {
                bail!("{kind} does not answer");
            }
            sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    /// The process and its children, which for nginx do the work.
    pub(crate) fn processes(&self) -> Result<Vec<u32>> {
        let own = self.child.id();
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children"))?;
        let mut processes = vec![own];
        for child in children.split_whitespace() {
            processes.push(child.parse()?);
        }
        Ok(processes)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // nginx takes its workers along only when it is asked to end; killed, it would leave them.
        let children = self.processes().unwrap_or_default();
        for process in children.iter().filter(|process| **process != self.child.id()) {
            let _ = Command::new("kill").arg(process.to_string()).status();
        }
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        let end = Instant::now() + Duration::from_secs(2);
        while asked.is_ok() && Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            sleep(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the port answers HTTP, whatever it says.
fn answers(port: u16) -> bool {
    let ask = || -> std::io::Result<usize> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(
            b"POST /pub/hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
        )?;
        stream.read(&mut [0; 64])
    };
    ask().is_ok_and(|count| count > 0)
}
