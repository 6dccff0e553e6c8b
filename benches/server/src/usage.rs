//! What a server has cost: processor time and memory, as Linux counts them.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// Bytes in a page and in one of `/proc`'s kilobytes.
const PAGE: u64 = 4096;
const KIB: u64 = 1024;

/// The processor time, user and system, of processes with all of their threads.
///
/// From the scheduler, in nanoseconds; the times in `/proc/PID/stat` are counted in hundredths of a second.
pub(crate) fn processor_time(processes: &[u32]) -> Result<Duration> {
    let mut sum = Duration::ZERO;
    for process in processes {
        for thread in fs::read_dir(format!("/proc/{process}/task"))? {
            // A thread may end meanwhile; those of these servers do not.
            let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) else {
                continue;
            };
            let time = text.split(' ').next().context("an empty schedstat")?;
            sum += Duration::from_nanos(time.parse()?);
        }
    }
    Ok(sum)
}

/// The bytes of memory that processes hold of their own, shared memory among themselves included.
pub(crate) fn user_memory(processes: &[u32]) -> Result<u64> {
    let mut most_shared = 0;
    let mut own = 0;
    for process in processes {
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        own += field(&status, "RssAnon:").unwrap_or_default();
        most_shared = most_shared.max(field(&status, "RssShmem:").unwrap_or_default());
    }
    Ok((own + most_shared) * KIB)
}

/// The bytes that the kernel holds for everybody: slabs, stacks, page tables, and what stands in sockets.
pub(crate) fn kernel_memory() -> Result<u64> {
    let memory = fs::read_to_string("/proc/meminfo")?;
    let names = ["Slab:", "KernelStack:", "PageTables:"];
    let kilobytes: u64 = names.iter().filter_map(|name| field(&memory, name)).sum();
    let sockets = fs::read_to_string("/proc/net/sockstat")?;
    let pages = sockets.lines().find_map(|line| {
        let words = line.strip_prefix("TCP:")?;
        words.split_once("mem ")?.1.trim().parse().ok()
    });
    let pages: u64 = pages.unwrap_or_default();
    Ok(kilobytes * KIB + pages * PAGE)
}

fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The processor's name and count, the memory and the kernel, in one line.
pub(crate) fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let name = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let name = name
        .and_then(|line| line.split_once(':'))
        .map_or("unknown", |(_, name)| name.trim());
    let count = processors
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let memory = field(&read("/proc/meminfo"), "MemTotal:").unwrap_or_default() / KIB / KIB;
    let kernel = read("/proc/sys/kernel/osrelease");
    format!("{count} × {name}, {memory} GiB, Linux {}", kernel.trim())
}
