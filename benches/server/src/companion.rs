//! Programs that are started for a measurement, and do not outlive it.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Result;

/// A program that the kernel ends when the thread ends that has started it, also when this process is killed and can end nobody.
///
/// `setpriv` is a part of util-linux, which is everywhere that has `/proc`; it sets the signal and becomes the program.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command
        .args(["--pdeathsig", "TERM", "--"])
        .arg(program)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Where a program is found by its name.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/bin".into(), "/usr/sbin".into()]);
    folders
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use std::thread::{sleep, spawn};
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn what_a_thread_has_started_ends_with_it() {
        let starting = spawn(|| {
            let mut child = command("sleep").arg("60").spawn().unwrap();
            // By then it is the program, and not what sets the signal.
            sleep(Duration::from_millis(200));
            assert!(child.try_wait().unwrap().is_none());
            child
        });
        let mut child = starting.join().unwrap();
        let end = Instant::now() + Duration::from_secs(5);
        while child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < end, "it runs on");
            sleep(Duration::from_millis(10));
        }
    }
}
