//! The site's own requests, as they are answered.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::all_newest_first;
use crate::trim::keep_first;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/log",
    title: "Request log",
    text: "Every request to this server, the newest first. Load another page in a second tab and watch.",
    mirrors: None,
    group: Group::Together,
};

const LINES: &str = "log-lines";

/// A request that was answered. Its path is whatever somebody has sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// The time of day.
    pub time: String,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// How long the head of the answer took, in microseconds.
    pub micros: u128,
}

/// The event `line`.
pub fn line(served: &Served) -> impl IntoView + use<> {
    let Served {
        time,
        method,
        path,
        status,
        micros,
    } = served.clone();
    let class = match status {
        0..=299 => "fine",
        300..=399 => "moved",
        400..=499 => "refused",
        _ => "failed",
    };
    view! {
        <li>
            <time>{time}</time>
            " "
            <b>{method}</b>
            " "
            <code>{path}</code>
            " "
            <span class=class>{status}</span>
            " "
            <small>{format!("{}.{:02} ms", micros / 1000, micros % 1000 / 10)}</small>
        </li>
    }
}

/// The page.
#[component]
pub fn RequestLog() -> impl IntoView {
    let meter = Meter::default();
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("request_log.rs")>
            <SseSource
                connect=stream("requests")
                class="box"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <h2>"Requests"</h2>
                <ConnectionStatus class="state"/>
                <SseSwap
                    tag="ol"
                    id=LINES
                    class="log"
                    event="line"
                    swap=SwapStyle::AfterBegin
                    on_after_swap=|_| keep_first(LINES, 100)
                >
                    {all_newest_first("requests", "line")}
                </SseSwap>
            </SseSource>
        </DemoFrame>
    }
}
