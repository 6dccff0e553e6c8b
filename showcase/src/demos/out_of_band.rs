//! One message that changes five places: a line for its consumer, and parts that find their own way.

use leptos::prelude::*;
use leptos_live::{ConnectionStatus, SseSource, SseSwap, SwapStyle};

use super::{Demo, DemoFrame, Group};
use crate::meter::Meter;
use crate::trim::keep_last;
use crate::visit::stream;

/// What this page says about itself.
pub const DEMO: Demo = Demo {
    path: "/out-of-band",
    title: "Out of band",
    text: "Each order is one event. Its line goes to the list that listens; the count, the sum and the newest \
        customer are parts of the same event that find their places by an id or a selector.",
    mirrors: None,
    group: Group::Streams,
};

const LINES: &str = "orders-lines";
const CUSTOMER_LINES: &str = "orders-customers";

/// What somebody has ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// How many orders there have been.
    pub number: u64,
    /// Who it was.
    pub customer: &'static str,
    /// What it was.
    pub thing: &'static str,
    /// What it costs, in cents.
    pub cents: u64,
    /// What all orders cost together, in cents.
    pub total: u64,
}

/// The event `order`: the line first, then what goes elsewhere.
pub fn order(order: &Order) -> impl IntoView + use<> {
    let Order {
        number,
        customer,
        thing,
        cents,
        total,
    } = *order;
    view! {
        <li>{format!("No. {number}: {thing}, {}", money(cents))}</li>
        <p id="orders-count" hx-swap-oob="innerHTML">
            {number}
        </p>
        <p hx-swap-oob="innerHTML settle:400ms target:'#orders .sum'">{money(total)}</p>
        // The element itself replaces the one with its id.
        <p id="orders-customer" class="figure" hx-swap-oob="true">
            {customer}
        </p>
        <hx-partial hx-target="#orders .customers" hx-swap="beforeend">
            <li>{customer}</li>
        </hx-partial>
    }
}

fn money(cents: u64) -> String {
    format!("{}.{:02} €", cents / 100, cents % 100)
}

/// The page.
#[component]
pub fn OutOfBand() -> impl IntoView {
    let meter = Meter::default();
    view! {
        <DemoFrame demo=&DEMO meter source=include_str!("out_of_band.rs")>
            <SseSource
                connect=stream("orders")
                id="orders"
                on_open=meter.opened()
                on_message=meter.event()
                on_gap=meter.gap()
            >
                <ConnectionStatus class="state"/>
                // What stands in these boxes is the server's: Leptos renders it once and leaves it alone.
                <div class="boxes">
                    <div class="box">
                        <h2>"Orders"</h2>
                        <div inner_html=COUNT></div>
                    </div>
                    <div class="box">
                        <h2>"Together"</h2>
                        <div inner_html=SUM></div>
                    </div>
                    <div class="box">
                        <h2>"Newest customer"</h2>
                        <div inner_html=CUSTOMER></div>
                    </div>
                    <div class="box">
                        <h2>"The list that listens"</h2>
                        <div class="tall" tabindex="0" role="region" aria-label="Orders">
                            <SseSwap
                                tag="ol"
                                id=LINES
                                event="order"
                                swap=SwapStyle::BeforeEnd
                                class="content lines"
                                on_after_swap=|_| {
                                    keep_last(LINES, 30);
                                    keep_last(CUSTOMER_LINES, 30);
                                }
                            />
                        </div>
                    </div>
                    <div class="box">
                        <h2>"Customers"</h2>
                        <div
                            class="tall"
                            tabindex="0"
                            role="region"
                            aria-label="Customers"
                            inner_html=CUSTOMERS
                        ></div>
                    </div>
                </div>
            </SseSource>
        </DemoFrame>
    }
}

const COUNT: &str = r#"<p id="orders-count" class="figure">0</p>"#;
const SUM: &str = r#"<p class="sum figure">0.00 €</p>"#;
const CUSTOMER: &str = r#"<p id="orders-customer" class="figure">nobody yet</p>"#;
const CUSTOMERS: &str = r#"<ul id="orders-customers" class="customers lines"></ul>"#;
