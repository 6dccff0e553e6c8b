//! The feeds: tasks that publish to the hub, whether somebody reads or not.
//!
//! | topic | events | pace |
//! | --- | --- | --- |
//! | `posts`, `comments`, `albums`, `todos`, `users` | without names | 200 to 399 ms, drawn at the start |
//! | `posts/named` | `Event1` to `Event4`, at random | the same |
//! | `kinds/post`, `kinds/comment`, … | an event of the same name each | 1 to 2 s, drawn at the start |
//! | `count` | `n`: the numbers in order | 1 s |
//! | `heartbeat` | a random number for sockets | 1 s |
//! | `site` | `clock`, `pages` for the footer's socket | 1 s |

use std::time::Duration;

use leptos_live::server::{Fragment, Hub, Retention};
use leptos_live::{EventName, InvalidName, Topic};
use showcase::demos::{beat, count};
use showcase::site_footer::{clock, pages};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::clock::time_of_day;
use super::data::{Kind, item};
use super::dice::{between, number, one_of};
use super::{cards, publish, shared_hub};

/// Where the footer's news is published, and by whose readers open pages are counted.
pub(crate) const SITE: &str = "site";

const SECOND: Duration = Duration::from_secs(1);

/// Starts every feed.
///
/// # Errors
/// None in practice: the names are written above.
pub(crate) fn start(hub: &Hub) -> Result<(), InvalidName> {
    for kind in Kind::ALL {
        let topic = latest(hub, kind.topic())?;
        let unnamed = EventName::default();
        run(hub, pace(), topic, move || {
            (unnamed.clone(), cards::card(&item(kind), None))
        });
    }
    let names = names(&["Event1", "Event2", "Event3", "Event4"])?;
    run(hub, pace(), latest(hub, "posts/named")?, move || {
        let name = one_of(&names).cloned().unwrap_or_default();
        let card = cards::card(&item(Kind::Post), Some(name.as_str()));
        (name, card)
    });
    for kind in Kind::ALL {
        // Slower, as five of them share a page.
        let time = Duration::from_millis(between(1_000, 2_000));
        let name = EventName::new(kind.event())?;
        run(hub, every(time), latest(hub, kind.named_topic())?, move || {
            (name.clone(), cards::card(&item(kind), Some(name.as_str())))
        });
    }
    start_seconds(hub)
}

fn start_seconds(hub: &Hub) -> Result<(), InvalidName> {
    let numbers = Topic::new("count")?;
    hub.declare(numbers.clone(), log(600, Duration::from_secs(600)));
    let (n, mut next) = (EventName::new("n")?, 0);
    run(hub, every(SECOND), numbers, move || {
        next += 1;
        (n.clone(), Fragment::render(move || count(next)))
    });
    let unnamed = EventName::default();
    run(hub, every(SECOND), latest(hub, "heartbeat")?, move || {
        let number = number() % 10_000_000_000;
        (unnamed.clone(), Fragment::render(move || beat(number)))
    });
    let (time, open) = (EventName::new("clock")?, EventName::new("pages")?);
    let site = latest(hub, SITE)?;
    let counted = hub.clone();
    run(hub, every(SECOND), site.clone(), move || {
        (time.clone(), Fragment::render(|| clock(&time_of_day())))
    });
    run(hub, every(SECOND), site, move || {
        let count = open_pages(&counted);
        (open.clone(), Fragment::render(move || pages(count)))
    });
    for (topic, events) in [("chat", 100), ("requests", 50)] {
        hub.declare(Topic::new(topic)?, log(events, Duration::from_secs(24 * 3600)));
    }
    Ok(())
}

/// How many pages are open: each has one footer.
pub(crate) fn open_pages(hub: &Hub) -> u64 {
    let stats = hub.stats();
    let site = stats.topics.iter().find(|(topic, _)| topic.as_str() == SITE);
    site.map_or(0, |(_, site)| site.subscribers)
}

/// Publishes what `make` makes, at each tick, for as long as the process lives.
pub(super) fn run(
    hub: &Hub,
    mut ticks: Interval,
    topic: Topic,
    mut make: impl FnMut() -> (EventName, Fragment) + Send + 'static,
) {
    if !shared_hub::is_fed_here() {
        return;
    }
    let hub = hub.clone();
    tokio::spawn(async move {
        loop {
            ticks.tick().await;
            let (event, fragment) = make();
            publish(&hub, &topic, &event, fragment).await;
        }
    });
}

pub(super) fn every(time: Duration) -> Interval {
    let mut ticks = interval(time);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// A pace as on htmx's test server.
fn pace() -> Interval {
    every(Duration::from_millis(between(200, 400)))
}

pub(super) fn names(names: &[&str]) -> Result<Vec<EventName>, InvalidName> {
    names.iter().map(EventName::new).collect()
}

pub(super) fn latest(hub: &Hub, name: &str) -> Result<Topic, InvalidName> {
    let topic = Topic::new(name)?;
    hub.declare(topic.clone(), Retention::Latest);
    Ok(topic)
}

fn log(max_events: usize, max_age: Duration) -> Retention {
    Retention::Log {
        max_events,
        max_bytes: 1 << 20,
        max_age,
    }
}
