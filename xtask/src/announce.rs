//! Says where the showcase is to be seen, as soon as it answers there.
//!
//! `serve` becomes the server (see `Process::replace`), so that stopping the one stops the other. It therefore leaves
//! this small process behind, which waits for the server's first answer, says so, and ends.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// The command line's name for it.
pub(crate) const COMMAND: &str = "announce-when-it-answers";

const PATIENCE: Duration = Duration::from_secs(60);

/// Starts the process that waits; it outlives the program that this one turns into.
pub(crate) fn start(address: SocketAddr) -> Result<()> {
    let program = std::env::current_exe().context("this program's own path")?;
    Command::new(program)
        .args([COMMAND.to_owned(), address.to_string()])
        .stdin(Stdio::null())
        .spawn()
        .context("starting the announcement")?;
    Ok(())
}

/// Waits for an HTTP answer at `address` and prints the URL.
pub(crate) fn when_it_answers(address: SocketAddr) -> Result<()> {
    let server = parent();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        // Another parent: the server has ended and has said why.
        if parent() != server {
            return Ok(());
        }
        if answers(address) {
            println!("\nThe showcase is at http://{address} (Ctrl-C ends it)\n");
            return Ok(());
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!(
        "expected an answer at http://{address} within {} s, found none",
        PATIENCE.as_secs()
    )
}

fn answers(address: SocketAddr) -> bool {
    let probe = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        // In one piece: a server that answers the first one and closes would reset the connection.
        let request = format!("HEAD / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut first = [0; 5];
        stream.read_exact(&mut first)?;
        Ok(&first == b"HTTP/")
    };
    probe().unwrap_or(false)
}

#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn only_an_http_answer_counts() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = thread::spawn(move || {
            for reply in ["hello", "HTTP/1.1 200 OK\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                // A connection that is closed with something unread is reset, and the answer lost.
                let mut request = [0; 1024];
                assert!(stream.read(&mut request).unwrap() > 0);
                stream.write_all(reply.as_bytes()).unwrap();
            }
        });
        assert!(!answers(address));
        assert!(answers(address));
        server.join().unwrap();
        assert!(!answers(address), "nobody listens any more");
    }
}
