//! The same event morphed into one box and written into another, so that one can see what morphing keeps.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::{newest, newest_or};
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/morph",
    title: "Morph",
    text: "One event, two boxes: the first is made like it and keeps what is the same, the second is written anew. \
        Type, mark words, tick songs, scroll and play the tune in both, and see what the next event leaves.",
    mirrors: None,
    group: Group::Streams,
};

/// A song of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Song {
    /// What it is known by, wherever in the chart it stands.
    pub key: u64,
    /// What it is called.
    pub title: &'static str,
    /// How well it does, up to 100.
    pub points: u64,
}

/// The event `chart`: everything that a box shows, the best song first.
pub fn chart(edition: u64, songs: &[Song]) -> impl IntoView + use<> {
    let rows = songs.iter().copied().map(row).collect_view();
    view! {
        <p>
            "Edition "
            <b>{edition}</b>
            ". Mark some of these words, and see how long they stay marked."
        </p>
        <audio controls=true loop=true preload="none" src="/tune.wav" aria-label="The tune of the station"></audio>
        <label>
            "Write to the station"
            <input name="greeting" autocomplete="off" maxlength="200"/>
        </label>
        <div class="chart" tabindex="0" role="group" aria-label="The chart">
            <ol>{rows}</ol>
        </div>
    }
}

/// The event `air`: the song that is played now. Its element stands for the one on the page, which stays.
pub fn air(song: Song) -> impl IntoView {
    let mood = match song.key % 3 {
        0 => "air calm",
        1 => "air warm",
        _ => "air fresh",
    };
    view! {
        <p class=mood>
            "On air: "
            <b>{song.title}</b>
        </p>
    }
}

fn row(song: Song) -> impl IntoView {
    let Song { key, title, points } = song;
    view! {
        // By its key a row is found again among its siblings, and moved rather than written anew.
        <li data-key=key>
            <label>
                <input type="checkbox" name="favourite" value=key/>
                <span>{title}</span>
            </label>
            <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width=points height="1"></rect>
            </svg>
            <small>{points}</small>
        </li>
    }
}

/// The page.
#[component]
pub fn Morph() -> impl IntoView {
    let meter = Meter::default();
    let now = || newest("hits", &["chart"], "No chart yet.");
    let silence = || view! { <p class="air">"Nothing on air yet"</p> }.into_any();
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("morph.rs")>
            <SseSource
                connect=stream("hits")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                // The lamp itself is made like what comes, and as it stays the same one, its colour can glide.
                <SseSwap event="air" target="find .air" swap=SwapStyle::OuterMorph>
                    {newest_or("hits", &["air"], silence)}
                </SseSwap>
                <div class="boxes">
                    <div class="box">
                        <h2>"Morphed"</h2>
                        <p class="how">
                            <code>"innerMorph"</code>
                            ": what you do stays"
                        </p>
                        <SseSwap id="morphed" event="chart" swap=SwapStyle::InnerMorph class="content station">
                            {now()}
                        </SseSwap>
                    </div>
                    <div class="box">
                        <h2>"Replaced"</h2>
                        <p class="how">
                            <code>"innerHTML"</code>
                            ": what you do is gone"
                        </p>
                        <SseSwap id="replaced" event="chart" class="content station">
                            {now()}
                        </SseSwap>
                    </div>
                </div>
            </SseSource>
        </DemoFrame>
    }
}
