//! Processes of this test program itself, each of which plays a part that has to be one: it is stopped, killed, paused,
//! weighed, and has a limit of files of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// A process that ends when this is dropped.
pub(super) struct ChildProcess {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for ChildProcess {
    fn drop(&mut self) {
        // One that is paused is killed as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl ChildProcess {
    /// Runs one test of this program that is ignored, with these variables, and with as many files as may be had.
    pub(super) fn start(test: &str, variables: &[(&str, String)]) -> Self {
        let program = std::env::current_exe().unwrap();
        let name = format!("server::tests::soak::{test}");
        let mut child = Command::new("sh")
            .args(["-c", r#"ulimit -n "$(ulimit -Hn)" && exec "$0" "$@""#])
            .arg(program)
            .args(["--ignored", "--exact", &name, "--nocapture"])
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        // Read always, or a full pipe would stop it.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { child, lines }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lines that it has written since the last time.
    pub(super) fn new_lines(&self) -> impl Iterator<Item = String> + '_ {
        self.lines.try_iter()
    }

    /// Sends it a signal by its name, such as `STOP`.
    pub(super) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -s {name} {id}");
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits until it has ended; whether that was a success.
    pub(super) async fn ended(&mut self, within: Duration) -> bool {
        let id = self.id();
        let wait = async {
            loop {
                if let Some(status) = self.child.try_wait().unwrap() {
                    return status.success();
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(within, wait)
            .await
            .unwrap_or_else(|_| panic!("process {id} has not ended within {within:?}"))
    }
}
