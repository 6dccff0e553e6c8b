//! nginx in front of several servers, with the settings that the documentation recommends: those of `showcase/nginx.conf`.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::folder::renew;
use crate::process::Process;

/// What belongs into `http { … }`, for two servers at example's ports.
const EXAMPLE: &str = include_str!("../../../showcase/nginx.conf");
const LISTEN: &str = "listen 127.0.0.1:3000;";
const SERVERS: [&str; 2] = [
    "server 127.0.0.1:3001 max_fails=0;",
    "server 127.0.0.1:3002 max_fails=0;",
];

/// nginx at an address, in front of these servers.
pub(super) fn nginx(
    program: &Path,
    folder: &Path,
    at: SocketAddr,
    servers: &[SocketAddr],
) -> Result<Process> {
    renew(folder)?;
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration(at, servers)).with_context(|| format!("writing {}", file.display()))?;
    Ok(Process::new(program.to_string_lossy())
        .words("-e stderr -p")
        .path(folder)
        .argument("-c")
        .path(&file))
}

/// One process, so that whoever ends it leaves nothing behind.
fn configuration(at: SocketAddr, servers: &[SocketAddr]) -> String {
    let site = site(at, servers);
    format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
{site}
}}
"
    )
}

/// The example with other addresses.
fn site(at: SocketAddr, servers: &[SocketAddr]) -> String {
    let servers: Vec<_> = servers
        .iter()
        .map(|server| format!("server {server} max_fails=0;"))
        .collect();
    EXAMPLE
        .replace(LISTEN, &format!("listen {at};"))
        .replace(SERVERS[0], &servers.join("\n    "))
        .replace(SERVERS[1], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_with_other_addresses() {
        let addresses = [8080, 8081, 8082, 8083].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let site = site(addresses[0], &addresses[1..]);
        assert!(site.contains("listen 127.0.0.1:8080;"), "{site}");
        assert_eq!(site.matches("max_fails=0;").count(), 3, "{site}");
        assert!(site.contains("server 127.0.0.1:8083 "), "{site}");
        assert!(!site.contains("127.0.0.1:300"), "{site}");
    }

    #[test]
    fn operations_md_shows_the_example() {
        let document = include_str!("../../../src/docs/operations.md");
        // Without the lines that say whose file this is.
        let (_, settings) = EXAMPLE.split_once("\n\n").unwrap();
        assert!(
            document.contains(settings),
            "expected in src/docs/operations.md:\n{settings}"
        );
    }
}
