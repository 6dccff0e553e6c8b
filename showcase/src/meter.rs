//! Counts what happens on a page: connections, events, gaps.

use leptos::prelude::*;
use leptos_live::{Gap, LiveEvent};

/// The counts of one page, given to its sources as callbacks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Meter {
    /// How many times a connection has opened.
    pub connections: RwSignal<u32>,
    /// How many events have arrived.
    pub events: RwSignal<u32>,
    /// How many times events were lost.
    pub gaps: RwSignal<u32>,
    /// The last loss.
    pub last_gap: RwSignal<Option<Gap>>,
}

impl Meter {
    /// For `on_open`.
    pub fn opened(self) -> Callback<()> {
        Callback::new(move |()| count(self.connections))
    }

    /// For `on_message` of a stream.
    pub fn event(self) -> Callback<LiveEvent> {
        Callback::new(move |_| count(self.events))
    }

    /// For `on_message` of a socket.
    pub fn frame(self) -> Callback<String> {
        Callback::new(move |_| count(self.events))
    }

    /// For `on_gap`.
    pub fn gap(self) -> Callback<Gap> {
        Callback::new(move |gap| {
            count(self.gaps);
            let _ = self.last_gap.try_set(Some(gap));
        })
    }
}

fn count(number: RwSignal<u32>) {
    // The last events of a page may arrive while it is being left.
    let _ = number.try_update(|number| *number = number.saturating_add(1));
}

/// The counts, for people. They change many times a second, so they are not read out.
#[component]
pub fn MeterView(
    /// What to show.
    meter: Meter,
) -> impl IntoView {
    let lost = move || {
        meter.last_gap.get().map(|gap| {
            let why = match gap.reason.as_str() {
                "epoch" => "the stream was restarted",
                "evicted" => "they are no longer kept",
                _ => "the cursor was no position",
            };
            format!(
                "Some events were lost: {why}. Everything from {} on is exact again.",
                gap.to
            )
        })
    };
    view! {
        <dl class="meter">
            <div>
                <dt>"connections opened"</dt>
                <dd data-testid="connections">{meter.connections}</dd>
            </div>
            <div>
                <dt>"events"</dt>
                <dd data-testid="events">{meter.events}</dd>
            </div>
            <div>
                <dt>"gaps"</dt>
                <dd data-testid="gaps">{meter.gaps}</dd>
            </div>
        </dl>
        <p class="gap" role="status" data-testid="last-gap">{lost}</p>
    }
}
