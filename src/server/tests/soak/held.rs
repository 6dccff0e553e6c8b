//! As many idle streams as asked for on one server: what each costs, and what a restart does to them.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::chance::Chance;
use super::child_process::ChildProcess;
use super::crowd::{self, Report};
use super::exchange::ask;
use super::levels::{Levels, kernel_bytes};
use super::server_process::ServerProcess;

/// What a server may use for an idle stream, in bytes. It is far above what it does use, so that only a mistake is red.
const MOST_BYTES: u64 = 40 << 10;

/// What was held when nobody had come.
struct Before {
    levels: Levels,
    /// Bytes of the kernel, where it says so.
    kernel: Option<u64>,
}

/// What waits for all: connecting thousands takes seconds.
fn patience(readers: usize) -> Duration {
    Duration::from_secs(30) + Duration::from_millis(4) * u32::try_from(readers).unwrap()
}

pub(super) async fn hold(readers: usize, mut chance: Chance) {
    let mut server = ServerProcess::start(&mut chance, Duration::from_secs(15)).await;
    let before = Before {
        levels: server.levels().await,
        kernel: kernel_bytes(),
    };
    let began = Instant::now();
    let crowd = ChildProcess::start(
        "process_of_readers",
        &[
            (crowd::SERVER, server.address.to_string()),
            (crowd::READERS, readers.to_string()),
        ],
    );
    until(&crowd, readers, "all are connected", |report| {
        report.open == readers
    })
    .await;
    let connecting = began.elapsed();
    // What was needed to open them is given back.
    sleep(Duration::from_secs(1)).await;
    weigh(&server, readers, before, connecting).await;

    let began = Instant::now();
    publish(&server, 1).await;
    until(&crowd, readers, "one event reaches all", |report| {
        report.events >= readers
    })
    .await;
    println!("  one event reached all of them within {:?}", began.elapsed());

    let began = Instant::now();
    server.restart().await;
    println!(
        "  the server was asked to stop, and the next one served after {:?}",
        began.elapsed()
    );
    publish(&server, 2).await;
    until(&crowd, readers, "all are back", |report| {
        report.open == readers && report.events >= 2 * readers
    })
    .await;
    publish(&server, 3).await;
    let report = until(&crowd, readers, "all read on", |report| {
        report.events >= 3 * readers
    })
    .await;
    println!(
        "  {} came back, half of them within {} ms, 99 % within {} ms, the last after {} ms; {} in the busiest second",
        report.returns, report.median, report.most, report.last, report.busiest
    );
    assert_eq!(report.events, 3 * readers, "each number once");
    assert_eq!(report.wrong, 0, "each number in order");
    assert_eq!(
        report.gaps, readers,
        "the loss of the history is told, once to each"
    );
    assert_eq!(report.returns, readers, "each came back once");
    // 500 a second are asked to come; the rest is what chance and a busy machine add.
    let fair = 500.max(readers / 60);
    assert!(
        report.busiest <= 2 * fair,
        "{} came back in one second",
        report.busiest
    );
    drop(crowd);
    server.levels_when_all_have_left().await;
}

/// Waits until the crowd says that it is so.
async fn until(
    crowd: &ChildProcess,
    readers: usize,
    what: &str,
    condition: impl Fn(&Report) -> bool,
) -> Report {
    let (began, patience) = (Instant::now(), patience(readers));
    let mut last = Report::default();
    loop {
        for report in crowd.new_lines().filter_map(|line| Report::parse(&line)) {
            last = report;
            if condition(&report) {
                return report;
            }
        }
        assert!(
            began.elapsed() < patience,
            "expected within {patience:?} of {readers} readers that {what}: {last:?}"
        );
        sleep(Duration::from_millis(20)).await;
    }
}

async fn publish(server: &ServerProcess, number: u32) {
    let answer = ask(server.address, "POST", "/publish", &format!("log log {number}\n")).await;
    assert!(matches!(answer, Ok((200, _))), "{answer:?}");
}

async fn weigh(server: &ServerProcess, readers: usize, before: Before, connecting: Duration) {
    let levels = server.levels().await;
    assert_eq!(levels.connections, readers as u64);
    let each = (levels.memory.saturating_sub(before.levels.memory) << 10) / readers as u64;
    println!("  {readers} streams are held, connected within {connecting:?}; the server: {levels}");
    println!("  memory of the server for each: {each} bytes");
    if let (Some(before), Some(now)) = (before.kernel, kernel_bytes()) {
        let each = now.saturating_sub(before) / readers as u64;
        println!("  memory of the kernel for each, both ends together: {each} bytes");
    }
    assert!(
        each <= MOST_BYTES,
        "a stream costs {each} bytes, expected at most {MOST_BYTES}"
    );
}
