//! A server of an engine as a process of this test, on a free port and in a folder of its own.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::sleep;

/// How it is started.
#[derive(Clone, Copy)]
pub(in crate::server::broker) struct Launch {
    /// The name of the program, and of the Debian package that it comes in.
    pub(in crate::server::broker) program: &'static str,
    /// The variable that names it elsewhere.
    pub(in crate::server::broker) variable: &'static str,
    /// Its arguments on a port and with a folder.
    pub(in crate::server::broker) arguments: fn(u16, &Path) -> Vec<String>,
}

pub(in crate::server::broker) struct Process {
    launch: Launch,
    program: PathBuf,
    child: Child,
    pub(in crate::server::broker) port: u16,
    pub(in crate::server::broker) folder: PathBuf,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.folder);
        let _ = fs::remove_dir_all(self.copy());
    }
}

/// The program; where there is none, that is said.
fn find(launch: &Launch) -> Option<PathBuf> {
    let named = std::env::var_os(launch.variable).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program = named.or_else(|| {
        let folders = std::env::split_paths(&path).chain(["/usr/bin".into(), "/usr/sbin".into()]);
        folders
            .map(|folder| folder.join(launch.program))
            .find(|file| file.is_file())
    });
    if program.is_none() {
        let (package, variable) = (launch.program, launch.variable);
        assert!(
            std::env::var_os("CI").is_none(),
            "no {package} on this machine, and continuous integration skips nothing"
        );
        eprintln!(
            "!!! SKIPPED: no {package} on this machine; `apt-get install {package}`, or set {variable}"
        );
    }
    program
}

/// A port at which nobody listens. No other test of this process gets it, and it is none of those that the system gives to
/// connections: the server's clients, who try again and again while it is dead, would sooner or later connect to themselves.
fn free_port() -> u16 {
    static TRIED: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() as u16;
    loop {
        let tried = TRIED.fetch_add(1, Ordering::Relaxed);
        let port = 10_000 + first.wrapping_mul(97).wrapping_add(tried) % 20_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Process {
    pub(in crate::server::broker) async fn start(launch: Launch) -> Option<Self> {
        let program = find(&launch)?;
        // Another process may take the port in between; then there is another one.
        for _ in 0..5 {
            let port = free_port();
            let folder = std::env::temp_dir().join(format!("leptos-live-{}-{port}", launch.program));
            fs::create_dir_all(&folder).unwrap();
            let child = spawn(&launch, &program, port, &folder);
            let mut process = Self {
                launch,
                program: program.clone(),
                child,
                port,
                folder,
            };
            if process.answers().await {
                return Some(process);
            }
        }
        panic!("{} does not start", launch.program);
    }

    async fn answers(&mut self) -> bool {
        for _ in 0..500 {
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return true;
            }
            sleep(Duration::from_millis(10)).await;
        }
        false
    }

    pub(in crate::server::broker) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Without a word.
    pub(in crate::server::broker) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// The same server with what is in its folder.
    pub(in crate::server::broker) async fn start_again(&mut self) {
        self.child = spawn(&self.launch, &self.program, self.port, &self.folder);
        assert!(
            self.answers().await,
            "{} does not start again",
            self.launch.program
        );
    }

    /// `STOP` and `CONT`.
    pub(in crate::server::broker) fn signal(&self, signal: &str) {
        let status = Command::new("kill")
            .arg(format!("-{signal}"))
            .arg(self.child.id().to_string())
            .status();
        assert!(status.unwrap().success());
    }

    /// Keeps a copy of the folder, of a server that does not run.
    pub(in crate::server::broker) fn save(&self) {
        let _ = fs::remove_dir_all(self.copy());
        copy(&self.folder, &self.copy());
    }

    /// Puts the copy in its place.
    pub(in crate::server::broker) fn set_back(&self) {
        fs::remove_dir_all(&self.folder).unwrap();
        copy(&self.copy(), &self.folder);
    }

    /// Takes away everything that the server has kept.
    pub(in crate::server::broker) fn wipe(&self) {
        fs::remove_dir_all(&self.folder).unwrap();
        fs::create_dir_all(&self.folder).unwrap();
    }

    fn copy(&self) -> PathBuf {
        self.folder.with_extension("copy")
    }
}

fn spawn(launch: &Launch, program: &Path, port: u16, folder: &Path) -> Child {
    Command::new(program)
        .args((launch.arguments)(port, folder))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
