//! Measures the machine once a second, for the dashboard.

use std::collections::VecDeque;
use std::time::Duration;

use leptos_live::InvalidName;
use leptos_live::server::{Fragment, Hub};
use showcase::demos::{Sample, cpu, history, load, memory};
use sysinfo::System;
use tokio::time::{MissedTickBehavior, interval};

use super::feeds::{latest, names};
use super::publish;

/// How many seconds the chart shows.
const SECONDS: usize = 60;

/// Starts measuring.
///
/// # Errors
/// None in practice: the names are written here.
pub(crate) fn start(hub: &Hub) -> Result<(), InvalidName> {
    let topic = latest(hub, "machine")?;
    let names = names(&["cpu", "memory", "load", "history"])?;
    let hub = hub.clone();
    if !super::shared_hub::is_fed_here() {
        return Ok(());
    }
    tokio::spawn(async move {
        let mut system = System::new();
        let mut busy = VecDeque::new();
        let mut ticks = interval(Duration::from_secs(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let sample = measure(&mut system);
            busy.push_back(sample.busy());
            while busy.len() > SECONDS {
                busy.pop_front();
            }
            let parts = [
                Fragment::render(|| cpu(&sample)),
                Fragment::render(|| memory(&sample)),
                Fragment::render(|| load(&sample)),
                Fragment::render(|| history(busy.make_contiguous())),
            ];
            for (name, part) in names.iter().zip(parts) {
                publish(&hub, &topic, name, part).await;
            }
        }
    });
    Ok(())
}

/// Reads files of the kernel; a fraction of a millisecond.
fn measure(system: &mut System) -> Sample {
    system.refresh_cpu_usage();
    system.refresh_memory();
    let load = System::load_average();
    Sample {
        processors: system.cpus().iter().map(sysinfo::Cpu::cpu_usage).collect(),
        memory_used: system.used_memory(),
        memory_total: system.total_memory(),
        load: [load.one, load.five, load.fifteen],
    }
}
