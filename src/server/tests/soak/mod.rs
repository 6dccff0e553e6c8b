//! The hub's server as a process of its own, under everything at once, over real sockets.
//!
//! The schedules play thousands of orderings on a network in memory; here are the kernel, the clock, signals and memory.
//! A process serves, and is stopped, killed and paused; a proxy in between cuts at any byte, holds back, swallows and
//! refuses; pages read by the library's own rules, sockets beside them; and what each got is compared with what was
//! published. Afterwards everybody leaves, and the process has to hold what it held before.
//!
//! `cargo xtask soak` runs this for as long as it is told to, `cargo xtask test` for half a minute. By itself it is left
//! out of `cargo test`: it wants the machine for itself.
//!
//! `SOAK_SECONDS`, `SOAK_SEED` and `SOAK_CONNECTIONS` say for how long, with which chance, and how many streams are held
//! (a number, or `most`). The seed decides what happens; when it does, the machine decides as well.

mod body;
mod chance;
mod child_process;
mod crowd;
mod exchange;
mod fault_proxy;
mod held;
mod hostile;
mod levels;
mod publisher;
mod round;
mod server_process;
mod serving;
mod socket_reader;
mod stream_reader;
mod tally;
mod wanderer;

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chance::Chance;
use levels::{Levels, most_files};
use publisher::Record;
use round::Round;
use server_process::ServerProcess;
use tally::Tally;

const SECONDS: u64 = 30;
const CONNECTIONS: usize = 2_000;
/// How many are held if it is to be as many as the files allow, for which a million would be too many.
const MOST_CONNECTIONS: usize = 20_000;
/// Files that a process has besides.
const OTHER_FILES: usize = 200;

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name}: expected a number, found {text:?}")),
    )
}

fn connections() -> usize {
    match std::env::var("SOAK_CONNECTIONS") {
        Ok(text) if text == "most" => {
            let files = most_files().unwrap_or(1_024);
            files.saturating_sub(OTHER_FILES).min(MOST_CONNECTIONS)
        }
        _ => setting("SOAK_CONNECTIONS").map_or(CONNECTIONS, |count| usize::try_from(count).unwrap()),
    }
}

/// What is counted here is Linux's to say; elsewhere nothing is tested, and that is said.
fn can_be_counted() -> bool {
    let is_linux = cfg!(target_os = "linux");
    if !is_linux {
        eprintln!("!!! SKIPPED: no /proc here to read memory and files from");
    }
    is_linux
}

fn seed() -> u64 {
    setting("SOAK_SEED").unwrap_or_else(|| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        u64::from(now.subsec_nanos())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "half a minute with the machine for itself: `cargo xtask soak`, `cargo xtask test --only soak`"]
async fn r31_r32_in_mixed_chaos_received_is_expected_and_levels_return() {
    if !can_be_counted() {
        return;
    }
    let (seconds, seed) = (setting("SOAK_SECONDS").unwrap_or(SECONDS), seed());
    println!("mixed chaos for {seconds} s, SOAK_SEED={seed}");
    let mut chance = Chance::new(seed);
    let mut server = ServerProcess::start(&mut chance, Duration::from_secs(1)).await;
    let record = Arc::<Record>::default();
    record.served_by(&server);
    println!("  a fresh server: {}", server.fresh);
    let (began, mut total) = (Instant::now(), Tally::default());
    // What the present process held after its first round.
    let mut first: Option<(crate::Epoch, Levels)> = None;
    for number in 0.. {
        if began.elapsed() >= Duration::from_secs(seconds) {
            break;
        }
        let played = Round::play(number, &mut server, record.clone(), chance.fork()).await;
        let (tally, levels) =
            played.unwrap_or_else(|why| panic!("SOAK_SEED={seed}, {}", shortened(seed, &why)));
        total += tally;
        println!(
            "  {:>4} s, round {number}: {tally}; {levels}",
            began.elapsed().as_secs()
        );
        match first.filter(|(epoch, _)| *epoch == server.epoch) {
            Some((_, first)) => assert!(
                !levels.has_grown_since(&first),
                "SOAK_SEED={seed}: after its first round the server held {first}, now it holds {levels}"
            ),
            None => first = Some((server.epoch, levels)),
        }
    }
    println!(
        "mixed chaos for {} s, SOAK_SEED={seed}\n{total:#}",
        began.elapsed().as_secs()
    );
    // Or it would prove nothing.
    assert!(total.expected - total.told > 10_000 && total.cut > 100, "{total}");
}

/// What has gone wrong, in full in a file if it is long.
fn shortened(seed: u64, why: &str) -> String {
    let file = std::env::temp_dir().join(format!("leptos-live-soak-{seed}.txt"));
    let short: String = why.chars().take(1_500).collect();
    match std::fs::write(&file, why) {
        Ok(()) => format!("{short}\nin full in {}", file.display()),
        Err(_) => why.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "thousands of connections: `cargo xtask soak`, `cargo xtask test --only soak`"]
async fn r16_r19_r35_thousands_of_streams_are_held_and_come_back_spread() {
    if !can_be_counted() {
        return;
    }
    let readers = connections();
    println!("{readers} streams held");
    held::hold(readers, Chance::new(seed())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the soak, which starts it"]
async fn process_that_serves() {
    serving::run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the soak, which starts it"]
async fn process_of_readers() {
    crowd::run().await;
}
