//! Running another program: shown before it starts, in a form that can be pasted into a shell, and never waited for
//! without a limit where a network is involved.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};
use std::{env, thread};

use anyhow::{Context as _, Result, bail};

/// A program with its arguments, environment and folder.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    program: String,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    unset: Vec<String>,
    path_first: Vec<PathBuf>,
    folder: Option<PathBuf>,
    limit: Option<Duration>,
    ends_with_this: bool,
}

impl Process {
    /// `program` is looked up on PATH unless it is a path.
    pub(crate) fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            environment: Vec::new(),
            unset: Vec::new(),
            path_first: Vec::new(),
            folder: None,
            limit: None,
            ends_with_this: false,
        }
    }

    /// Adds arguments written as one text, separated by white space. For text that is known here; a path may hold a space.
    pub(crate) fn words(self, words: &str) -> Self {
        self.arguments(words.split_whitespace())
    }

    /// Adds arguments.
    pub(crate) fn arguments<T: Into<String>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Adds one argument.
    pub(crate) fn argument(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds a path as an argument.
    pub(crate) fn path(self, path: &Path) -> Self {
        self.argument(path.to_string_lossy())
    }

    /// Sets an environment variable.
    pub(crate) fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Sets environment variables.
    pub(crate) fn set_all<'a>(mut self, pairs: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        self.environment
            .extend(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)));
        self
    }

    /// Keeps an environment variable from the program.
    pub(crate) fn unset(mut self, name: &str) -> Self {
        self.unset.push(name.to_owned());
        self
    }

    /// Puts `folder` in front of PATH.
    pub(crate) fn path_first(mut self, folder: PathBuf) -> Self {
        self.path_first.push(folder);
        self
    }

    /// Runs it in `folder` instead of the current one.
    pub(crate) fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Ends it when it takes longer.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Asks it to end (SIGTERM) when the thread ends that has started it: with this program at the latest, also when that is killed
    /// and can ask nobody. Where the system cannot do that, it is left to run.
    pub(crate) fn ends_with_this(mut self) -> Self {
        self.ends_with_this = true;
        self
    }

    /// Shows and runs it; `Err` unless it succeeds.
    pub(crate) fn run(&self) -> Result<()> {
        if self.succeeds()? {
            Ok(())
        } else {
            bail!("`{}` failed", self.name())
        }
    }

    /// Shows and starts it, and leaves it to whoever asked.
    pub(crate) fn start(&self) -> Result<Child> {
        self.show();
        self.spawn(self.command()?)
    }

    /// Shows and starts it, with its output and what it says of errors in a file, and leaves it to whoever asked.
    pub(crate) fn start_into(&self, output: File) -> Result<Child> {
        self.show();
        let mut command = self.command()?;
        let errors = output.try_clone().context("the file of the output")?;
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        self.spawn(command)
    }

    /// Shows and runs it; whether it succeeded. `Err` if it could not run, or not to its end.
    pub(crate) fn succeeds(&self) -> Result<bool> {
        self.show();
        Ok(self.wait(self.spawn(self.command()?)?)?.success())
    }

    /// Shows and runs it, prints each line of its standard output and hands it to `line`; whether it succeeded.
    pub(crate) fn streams(&self, mut line: impl FnMut(&str)) -> Result<bool> {
        self.show();
        let mut command = self.command()?;
        command.stdout(Stdio::piped());
        let mut child = self.spawn(command)?;
        let Some(output) = child.stdout.take() else {
            bail!("no output of `{}`", self.name())
        };
        // Read elsewhere, so that a program that hangs while it holds its output open still meets its limit.
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            // Bytes, since a test may print what is not UTF-8 and must not end the run by it.
            let mut lines = BufReader::new(output).split(b'\n').map_while(Result::ok);
            lines.all(|line| sender.send(line).is_ok())
        });
        let start = Instant::now();
        loop {
            let next = match self.limit {
                Some(limit) => lines.recv_timeout(limit.saturating_sub(start.elapsed())),
                None => lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match next {
                Ok(text) => {
                    let text = String::from_utf8_lossy(&text);
                    println!("{text}");
                    line(&text);
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(self.wait(child)?.success()),
                Err(RecvTimeoutError::Timeout) => return self.stop(child, start.elapsed()),
            }
        }
    }

    /// Runs it unseen; what it wrote to standard output, or `None` if it is missing, fails or takes too long.
    pub(crate) fn answer(&self) -> Option<String> {
        let mut command = self.command().ok()?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let output = child.stdout.take()?;
        // Read beside the wait, or a full pipe would hold the program until its limit.
        let reader = thread::spawn(move || std::io::read_to_string(output));
        let limited = Self {
            limit: self.limit.or(Some(Duration::from_secs(60))),
            ..self.clone()
        };
        let status = limited.wait(child).ok()?;
        if !status.success() {
            return None;
        }
        reader.join().ok()?.ok()
    }

    /// Shows it and becomes it, so that signals and the exit code are its own. Returns only if that fails.
    #[cfg(unix)]
    pub(crate) fn replace(&self) -> Result<()> {
        use std::os::unix::process::CommandExt as _;
        self.show();
        let error = self.command()?.exec();
        Err(error).with_context(|| format!("starting `{}`", self.program))
    }

    /// Shows and runs it. Without `exec` this program stays beside it; a console hands Ctrl-C to both.
    #[cfg(not(unix))]
    pub(crate) fn replace(&self) -> Result<()> {
        self.run()
    }

    /// The command as it could be typed.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for name in &self.unset {
            let _ = write!(shown, "{}-u {name} ", if shown.is_empty() { "env " } else { "" });
        }
        for folder in self.path_first.iter().rev() {
            let _ = write!(shown, "PATH={}:$PATH ", quoted(&folder.to_string_lossy()));
        }
        for (name, value) in &self.environment {
            let _ = write!(shown, "{name}={} ", quoted(value));
        }
        shown.push_str(&quoted(&self.program));
        for argument in &self.arguments {
            let _ = write!(shown, " {}", quoted(argument));
        }
        match &self.folder {
            Some(folder) if env::current_dir().ok().as_ref() != Some(folder) => {
                format!("(cd {} && {shown})", quoted(&folder.to_string_lossy()))
            }
            _ => shown,
        }
    }

    fn show(&self) {
        println!("$ {}", self.shown());
    }

    fn name(&self) -> String {
        let first = self.arguments.iter().take(2).cloned();
        std::iter::once(self.program.clone())
            .chain(first)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn command(&self) -> Result<Command> {
        let mut command = match self.ends_with_this.then(set_signal).flatten() {
            // Of a program that is not there this one would say so, and later.
            Some(mut command) if is_there(&self.program) => {
                command.arg(&self.program);
                command
            }
            _ => Command::new(&self.program),
        };
        command.args(&self.arguments);
        for name in &self.unset {
            command.env_remove(name);
        }
        if !self.path_first.is_empty() {
            let inherited = env::var_os("PATH").unwrap_or_default();
            let folders = self
                .path_first
                .iter()
                .cloned()
                .chain(env::split_paths(&inherited));
            command.env("PATH", env::join_paths(folders).context("a folder for PATH")?);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        Ok(command)
    }

    fn spawn(&self, mut command: Command) -> Result<Child> {
        command
            .spawn()
            .with_context(|| format!("starting `{}`", self.program))
    }

    fn wait(&self, mut child: Child) -> Result<ExitStatus> {
        let Some(limit) = self.limit else {
            return Ok(child.wait()?);
        };
        let start = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if start.elapsed() > limit {
                return self.stop(child, limit);
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn stop<T>(&self, mut child: Child, after: Duration) -> Result<T> {
        child.kill()?;
        child.wait()?;
        bail!(
            "`{}` was stopped: no end after {} s",
            self.name(),
            after.as_secs()
        )
    }
}

/// What sets the signal and becomes the program behind it: util-linux's `setpriv`. None where there is none, or another one that
/// cannot do that.
fn set_signal() -> Option<Command> {
    let words = ["--pdeathsig", "TERM", "--"];
    Process::new("setpriv")
        .arguments(words)
        .argument("true")
        .answer()?;
    let mut command = Command::new("setpriv");
    command.args(words);
    Some(command)
}

fn is_there(program: &str) -> bool {
    Path::new(program).is_file() || on_path(&[program]).is_some()
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The first file called one of `names` on PATH, in the order of the names.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| {
            folders
                .iter()
                .map(move |folder| folder.join(name).with_extension(env::consts::EXE_EXTENSION))
        })
        .find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(process: &Process, expected: &str) {
        assert_eq!(process.shown(), expected);
    }

    #[test]
    fn a_command_is_shown_as_it_could_be_typed() {
        check(
            &Process::new("cargo").words("fmt --all  --check"),
            "cargo fmt --all --check",
        );
        check(
            &Process::new("echo").argument("").argument("it's"),
            r"echo '' 'it'\''s'",
        );
        check(
            &Process::new("cargo")
                .words("doc")
                .set("RUSTDOCFLAGS", "-D warnings"),
            "RUSTDOCFLAGS='-D warnings' cargo doc",
        );
        check(
            &Process::new("npm").words("ci").folder("/a b"),
            "(cd '/a b' && npm ci)",
        );
        check(
            &Process::new("tool")
                .unset("A")
                .path_first("/bin".into())
                .set("B", "1"),
            "env -u A PATH=/bin:$PATH B=1 tool",
        );
    }

    #[test]
    fn the_output_of_a_program_that_is_missing_or_fails_is_none() {
        assert_eq!(Process::new("no-such-program-anywhere").answer(), None);
        assert_eq!(Process::new("cargo").words("no-such-command").answer(), None);
        assert!(
            Process::new("cargo")
                .words("--version")
                .answer()
                .unwrap()
                .starts_with("cargo ")
        );
    }

    #[test]
    fn a_program_that_hangs_is_stopped() {
        let hangs = Process::new("sleep")
            .words("60")
            .limit(Duration::from_millis(100));
        assert!(hangs.run().unwrap_err().to_string().contains("stopped"));
        assert!(hangs.streams(|_| ()).unwrap_err().to_string().contains("stopped"));
    }

    /// What the next test starts and kills: a program that has started another one.
    #[test]
    fn one_that_has_started_another_one() {
        if env::var_os("XTASK_STARTS_ANOTHER").is_some() {
            let mut child = Process::new("sleep")
                .words("60")
                .ends_with_this()
                .start()
                .unwrap();
            println!("started {}", child.id());
            child.wait().unwrap();
        }
    }

    /// SIGTERM to `serve` left its servers, engine and nginx running.
    #[cfg(target_os = "linux")]
    #[test]
    fn what_was_started_ends_with_this_however_it_ends() {
        let until = |what: &str, is_so: &dyn Fn() -> bool| {
            let start = Instant::now();
            while !is_so() {
                assert!(start.elapsed() < Duration::from_secs(5), "expected {what}");
                thread::sleep(Duration::from_millis(10));
            }
        };
        for signal in ["TERM", "INT", "KILL"] {
            let mut middle = Command::new(env::current_exe().unwrap())
                .arg("--exact")
                .arg("process::tests::one_that_has_started_another_one")
                .arg("--nocapture")
                .env("XTASK_STARTS_ANOTHER", "1")
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(middle.stdout.take().unwrap()).lines();
            let started = lines.find_map(|line| Some(line.unwrap().split_once("started ")?.1.to_owned()));
            let folder = Path::new("/proc").join(started.expect("the number of a process"));
            let status = || std::fs::read_to_string(folder.join("status")).unwrap_or_default();
            // It is not yet itself while it sets the signal.
            until("the program", &|| status().starts_with("Name:\tsleep\n"));
            let kill = Process::new("kill").argument(format!("-{signal}"));
            kill.argument(middle.id().to_string()).run().unwrap();
            middle.wait().unwrap();
            // One that has lost its parent may stay in the list when it has ended.
            until(&format!("the end of both after {signal}"), &|| {
                let status = status();
                status.is_empty() || status.contains("\nState:\tZ")
            });
        }
    }

    #[test]
    fn lines_are_handed_on_as_they_come() {
        let mut lines = Vec::new();
        let process = Process::new("printf").argument(r"one\ntwo\377\n");
        assert!(process.streams(|line| lines.push(line.to_owned())).unwrap());
        assert_eq!(lines, ["one", "two\u{fffd}"]);
    }
}
