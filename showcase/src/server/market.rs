//! A shop and a market, which are made up: orders, prices and trades.

use std::time::Duration;

use leptos_live::server::{Fragment, Hub, Retention};
use leptos_live::{EventName, InvalidName, Topic};
use showcase::demos::{GOODS, Order, Price, order, price, trade};

use super::dice::{between, one_of};
use super::feeds::{every, latest, names, run};
use super::publish;

const CUSTOMERS: [&str; 5] = ["Ada", "Barbara", "Grace", "Hedy", "Katherine"];
const THINGS: [&str; 4] = ["a teapot", "two cups", "a tray", "four spoons"];

/// What the shop and the market say while nobody listens is kept for so long.
const KEPT: Duration = Duration::from_secs(60);

/// Starts both.
///
/// # Errors
/// None in practice: the names are written here.
pub(crate) fn start(hub: &Hub) -> Result<(), InvalidName> {
    shop(hub)?;
    market(hub)
}

fn shop(hub: &Hub) -> Result<(), InvalidName> {
    let (topic, event) = (kept(hub, "orders")?, EventName::new("order")?);
    let (mut number, mut total) = (0, 0);
    run(hub, every(Duration::from_millis(1_500)), topic, move || {
        let cents = between(250, 9_000);
        number += 1;
        total += cents;
        let new = Order {
            number,
            customer: one_of(&CUSTOMERS).copied().unwrap_or_default(),
            thing: one_of(&THINGS).copied().unwrap_or_default(),
            cents,
            total,
        };
        (event.clone(), Fragment::render(|| order(&new)))
    });
    Ok(())
}

fn market(hub: &Hub) -> Result<(), InvalidName> {
    let (prices, trades) = (latest(hub, "prices")?, kept(hub, "trades")?);
    let (goods, traded) = (names(&GOODS)?, EventName::new("trade")?);
    let mut cents = GOODS.map(|_| between(1_000, 5_000));
    let (mut number, mut volume, hub) = (0, 0, hub.clone());
    let mut ticks = every(Duration::from_secs(1));
    if !super::shared_hub::is_fed_here() {
        return Ok(());
    }
    tokio::spawn(async move {
        loop {
            ticks.tick().await;
            let index = between(0, GOODS.len() as u64) as usize;
            let (Some(good), Some(name), Some(at)) =
                (GOODS.get(index), goods.get(index), cents.get_mut(index))
            else {
                continue;
            };
            let before = *at;
            *at = (before + between(0, 200)).saturating_sub(100).max(100);
            let new = Price {
                good,
                cents: *at,
                before,
            };
            number += 1;
            volume += *at;
            publish(&hub, &prices, name, Fragment::render(|| price(new))).await;
            publish(
                &hub,
                &trades,
                &traded,
                Fragment::render(|| trade(number, new, volume)),
            )
            .await;
        }
    });
    Ok(())
}

fn kept(hub: &Hub, name: &str) -> Result<Topic, InvalidName> {
    let topic = Topic::new(name)?;
    let retention = Retention::Log {
        max_events: 100,
        max_bytes: 1 << 18,
        max_age: KEPT,
    };
    hub.declare(topic.clone(), retention);
    Ok(topic)
}
