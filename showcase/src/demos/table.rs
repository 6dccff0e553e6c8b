//! A table whose rows, cells and footer change: parts of tables come as they are.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::retained::newest_or;
use crate::trim::keep_last;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/table",
    title: "Table",
    text: "Every row listens to a name of its own, the trades are appended as rows, of which the last 30 stay, and the footer comes out of \
        band in a template, because a row alone is nothing that a browser would parse.",
    mirrors: None,
    group: Group::Streams,
};

const TRADES: &str = "trades";

/// What is traded.
pub const GOODS: [&str; 4] = ["Copper", "Cocoa", "Cotton", "Coffee"];

/// The price of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// What it is the price of.
    pub good: &'static str,
    /// The price, in cents.
    pub cents: u64,
    /// The price before, in cents.
    pub before: u64,
}

/// An event named like the good: the cells of its row.
pub fn price(price: Price) -> impl IntoView + use<> {
    let Price { good, cents, before } = price;
    let change = if cents < before { "▼ down" } else { "▲ up" };
    view! {
        <th scope="row">{good}</th>
        <td>{money(cents)}</td>
        <td>{change}</td>
    }
}

/// The event `trade`: a row for the list of trades, and the footer.
pub fn trade(number: u64, price: Price, volume: u64) -> impl IntoView + use<> {
    view! {
        <tr>
            <td>{number}</td>
            <td>{price.good}</td>
            <td>{money(price.cents)}</td>
        </tr>
        <template>
            <tr id="volume" hx-swap-oob="true">
                <th scope="row" colspan="2">
                    "Traded so far"
                </th>
                <td>{money(volume)}</td>
            </tr>
        </template>
    }
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// The page.
#[component]
pub fn Table() -> impl IntoView {
    let meter = Meter::default();
    let rows = GOODS.map(|good| {
        let waiting = move || {
            view! {
                <th scope="row">{good}</th>
                <td>"–"</td>
                <td></td>
            }
            .into_any()
        };
        view! {
            <SseSwap tag="tr" event=good>
                {newest_or("prices", &[good], waiting)}
            </SseSwap>
        }
    });
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("table.rs")>
            <SseSource
                connect=stream("prices")
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                <div class="boxes">
                    <div class="box">
                        <table>
                            <caption>"Prices"</caption>
                            <thead>
                                <tr>
                                    <th scope="col">"Good"</th>
                                    <th scope="col">"Price"</th>
                                    <th scope="col">"Change"</th>
                                </tr>
                            </thead>
                            <tbody>{rows.into_iter().collect_view()}</tbody>
                        </table>
                    </div>
                    <div class="box tall" tabindex="0" role="region" aria-label="Trades">
                        <table>
                            <caption>"Trades"</caption>
                            <thead>
                                <tr>
                                    <th scope="col">"No."</th>
                                    <th scope="col">"Good"</th>
                                    <th scope="col">"Price"</th>
                                </tr>
                            </thead>
                            <SseSwap
                                tag="tbody"
                                id=TRADES
                                event="trade"
                                swap=SwapStyle::BeforeEnd
                                on_after_swap=|_| keep_last(TRADES, 30)
                            />
                            <tfoot inner_html=VOLUME></tfoot>
                        </table>
                    </div>
                </div>
            </SseSource>
        </DemoFrame>
    }
}

/// The footer belongs to the server, which replaces its row.
const VOLUME: &str = r#"<tr id="volume"><th scope="row" colspan="2">Traded so far</th><td>0.00</td></tr>"#;
