//! What a process holds: memory, files, tasks, connections. When nobody is connected, it has to be what it was.

use std::fmt;
use std::fs;

use serde_json::Value;

/// What a process holds at a moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Levels {
    /// In kB.
    pub(super) memory: u64,
    pub(super) files: u64,
    pub(super) tasks: u64,
    pub(super) connections: u64,
    pub(super) subscriptions: u64,
}

/// Files and tasks that may be more: the request that asks is one of each.
const FEW: u64 = 2;

/// Memory that may be more than after the first round, in kB: an allocator does not give everything back, and never the
/// same. What leaks with each of thousands of connections is more.
const SLACK_KB: u64 = 6 << 10;

impl Levels {
    /// From the system's account of the process, and the server's own.
    pub(super) fn read(process: u32, stats: &Value) -> Self {
        let count = |name: &str| stats[name].as_u64().unwrap();
        Self {
            memory: resident_kb(process),
            files: fs::read_dir(format!("/proc/{process}/fd")).map_or(0, |files| files.count() as u64),
            tasks: count("tasks"),
            connections: count("connections"),
            subscriptions: count("subscriptions"),
        }
    }

    /// Whether nothing but memory is left of what came after `fresh`.
    pub(super) fn is_back_to(&self, fresh: &Self) -> bool {
        self.connections == 0
            && self.subscriptions == 0
            && self.tasks <= fresh.tasks + FEW
            && self.files <= fresh.files + FEW
    }

    /// Whether memory has grown since the first round of this process.
    pub(super) fn has_grown_since(&self, first: &Self) -> bool {
        self.memory > first.memory + first.memory / 10 + SLACK_KB
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            memory,
            files,
            tasks,
            connections,
            subscriptions,
        } = self;
        write!(
            f,
            "{:.1} MB, {files} files, {tasks} tasks, {connections} connections, {subscriptions} subscriptions",
            *memory as f64 / 1024.0
        )
    }
}

pub(super) fn resident_kb(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default()
}

/// What the kernel holds for all TCP sockets of this machine, in bytes.
pub(super) fn kernel_bytes() -> Option<u64> {
    let sockets = fs::read_to_string("/proc/net/sockstat").ok()?;
    let line = sockets.lines().find(|line| line.starts_with("TCP:"))?;
    let pages: u64 = line.split(" mem ").nth(1)?.trim().parse().ok()?;
    Some(pages * 4_096)
}

/// How many files this process may open if it asks for as many as it may have.
pub(super) fn most_files() -> Option<usize> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
