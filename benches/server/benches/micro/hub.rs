//! The hub without a network: into a ring, out of it, and several topics as one stream.

use divan::{Bencher, black_box, counter::ItemsCount};
use futures_util::FutureExt as _;
use leptos_live::server::{Delivery, Hub, Resume, Subscription};
use leptos_live::{EventName, Position, Topic};

const EVENTS: usize = 256;

fn topics(count: usize) -> Vec<Topic> {
    (0..count)
        .filter_map(|n| Topic::new(format!("topic/{n}")).ok())
        .collect()
}

fn publish(hub: &Hub, topic: &Topic, data: &str) -> Option<Position> {
    let name = EventName::default();
    // The broker in memory never waits.
    hub.publish(topic, &name, data).now_or_never()?.ok()
}

/// Takes what is there, and says how many events it was.
fn drain(reader: &mut Subscription) -> usize {
    let next = || reader.next().now_or_never().flatten();
    std::iter::from_fn(next)
        .filter(|delivery| matches!(delivery, Delivery::Event { .. }))
        .count()
}

#[divan::bench(args = [0, 1, 100])]
fn into_a_ring(bencher: Bencher<'_, '_>, readers: usize) {
    let (hub, topics) = (Hub::default(), topics(1));
    let reading: Vec<_> = (0..readers)
        .map(|_| hub.subscribe(topics.clone(), Resume::Start))
        .collect();
    let data = "x".repeat(200);
    bencher.bench_local(|| {
        topics
            .first()
            .and_then(|topic| publish(&hub, topic, black_box(&data)))
    });
    drop(reading);
}

#[divan::bench(args = [1, 2, 16, 100])]
fn out_of_topics(bencher: Bencher<'_, '_>, count: usize) {
    let (hub, topics) = (Hub::default(), topics(count));
    let before = hub.head();
    for topic in topics.iter().cycle().take(EVENTS) {
        publish(&hub, topic, "some text");
    }
    bencher
        .counter(ItemsCount::new(EVENTS))
        .with_inputs(|| hub.subscribe(topics.clone(), Resume::At(before)))
        .bench_local_values(|reader| match reader {
            Ok(mut reader) => assert_eq!(drain(&mut reader), EVENTS),
            Err(error) => unreachable!("{error}"),
        });
}
