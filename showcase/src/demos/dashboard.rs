//! The machine that this site runs on, once a second.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/dashboard",
    title: "Dashboard",
    text: "The machine that this page comes from: processor, memory and load, once a second, four \
        events over one connection.",
    mirrors: None,
    group: Group::Together,
};

/// What is known of the machine at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// How busy each processor is, in percent.
    pub processors: Vec<f32>,
    /// Memory in use, in bytes.
    pub memory_used: u64,
    /// Memory there is, in bytes.
    pub memory_total: u64,
    /// How many tasks wanted to run, over 1, 5 and 15 minutes.
    pub load: [f64; 3],
}

impl Sample {
    /// How busy the processors are together, in percent.
    pub fn busy(&self) -> f32 {
        match self.processors.len() {
            0 => 0.0,
            count => self.processors.iter().sum::<f32>() / count as f32,
        }
    }
}

/// The event `cpu`.
pub fn cpu(sample: &Sample) -> impl IntoView + use<> {
    let busy = sample.busy();
    let each = sample.processors.iter().enumerate().map(|(number, busy)| {
        let label = format!("Processor {number}");
        view! { <meter min="0" max="100" value=format!("{busy:.0}") aria-label=label></meter> }
    });
    view! {
        <p class="figure">{format!("{busy:.0} %")}</p>
        <div class="gauges">{each.collect_view()}</div>
    }
}

/// The event `memory`.
pub fn memory(sample: &Sample) -> impl IntoView + use<> {
    let gib = |bytes: u64| bytes as f64 / f64::from(1 << 30);
    let share = 100.0 * gib(sample.memory_used) / gib(sample.memory_total).max(f64::EPSILON);
    let words = format!(
        "{:.2} of {:.2} GiB",
        gib(sample.memory_used),
        gib(sample.memory_total)
    );
    view! {
        <p class="figure">{format!("{share:.0} %")}</p>
        <meter min="0" max="100" value=format!("{share:.1}") aria-label="Memory in use"></meter>
        <p>{words}</p>
    }
}

/// The event `load`.
pub fn load(sample: &Sample) -> impl IntoView + use<> {
    let [one, five, fifteen] = sample.load.map(|load| format!("{load:.2}"));
    view! {
        <p class="figure">{one}</p>
        <p>{format!("{five} over five minutes, {fifteen} over fifteen")}</p>
    }
}

/// The event `history`: how busy the processors were, oldest first.
pub fn history(busy: &[f32]) -> impl IntoView + use<> {
    let step = 240.0 / 59.0;
    let first = 60_usize.saturating_sub(busy.len());
    let points = busy.iter().enumerate().map(|(i, busy)| {
        let (x, y) = ((first + i) as f32 * step, 58.0 - busy.clamp(0.0, 100.0) * 0.56);
        format!("{x:.1},{y:.1}")
    });
    let points = points.collect::<Vec<_>>().join(" ");
    let newest = busy.last().copied().unwrap_or_default();
    let label = format!("Processors over the last minute, now {newest:.0} percent");
    view! {
        <svg class="history" viewBox="0 0 240 60" preserveAspectRatio="none" role="img" aria-label=label>
            <polyline points=points></polyline>
        </svg>
    }
}

const PARTS: [(&str, &str, &str); 4] = [
    ("cpu", "Processors", "box"),
    ("memory", "Memory", "box"),
    ("load", "Load", "box"),
    ("history", "The last minute", "box wide"),
];

/// The page.
#[component]
pub fn Dashboard() -> impl IntoView {
    let meter = Meter::default();
    let boxes = PARTS.map(|(name, title, class)| {
        view! {
            <div class=class>
                <h2>{title}</h2>
                <SseSwap event=name class="content">
                    {newest("machine", &[name], "Measuring…")}
                </SseSwap>
            </div>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("dashboard.rs")>
            <SseSource
                connect=stream("machine")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                <div class="boxes">{boxes.into_iter().collect_view()}</div>
            </SseSource>
        </DemoFrame>
    }
}
