//! Topics that change while others publish, read and leave at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::changing_topics::reader;
use super::*;
use crate::server::HubConfig;
use crate::server::random::random_u64;
use crate::wire::Control;

/// Readers that gain and lose topics at random while others publish, checked against what each was to get.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r15_nothing_is_lost_or_doubled_while_topics_change() {
    let hub = Hub::new(HubConfig {
        retention: Retention::Log {
            max_events: usize::MAX,
            max_bytes: usize::MAX,
            max_age: Duration::from_secs(300),
        },
        ..HubConfig::default()
    });
    let names = ["a", "b", "c", "d"];
    let is_over = Arc::new(AtomicBool::new(false));
    let publishers: Vec<_> = (0..2)
        .map(|_| {
            let (hub, is_over) = (hub.clone(), is_over.clone());
            tokio::spawn(async move {
                while !is_over.load(Ordering::Relaxed) {
                    let to = names[(random_u64() % 4) as usize];
                    publish(&hub, to, to).await;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    // What is always read is the rule by which the others are measured.
    let mut all = reader(&hub, &names);
    let mut subject = reader(&hub, &["a"]);
    let begun = subject.position().offset;
    let connection = subject.connection();
    let changing = tokio::spawn(async move {
        // Of each topic, the stretches of the stream in which it was certainly read.
        let mut stretches = Vec::new();
        for _ in 0..200 {
            let name = names[1 + (random_u64() % 3) as usize];
            let from = connection.subscribe(topic(name), Resume::Start).unwrap();
            tokio::time::sleep(Duration::from_micros(random_u64() % 2_000)).await;
            stretches.push((name, from.offset));
            connection.unsubscribe(&topic(name));
        }
        for name in &names[1..] {
            let from = connection.subscribe(topic(name), Resume::Start).unwrap();
            stretches.push((name, from.offset));
        }
        stretches
    });
    let mut found: BTreeMap<u64, String> = BTreeMap::new();
    let mut last = begun;
    let mut stretches = None;
    let mut changing = Box::pin(changing);
    loop {
        tokio::select! {
            delivery = subject.next() => match delivery.unwrap() {
                Delivery::Event { bytes, position } => {
                    assert!(position.offset > last, "{} after {last}", position.offset);
                    last = position.offset;
                    let text = String::from_utf8(bytes.to_vec()).unwrap();
                    let name = text.trim_end().rsplit(' ').next().unwrap().to_owned();
                    assert!(found.insert(last, name).is_none());
                }
                Delivery::Control(Control::Heartbeat(_)) => {}
                Delivery::Control(other) => panic!("unexpected {other:?}"),
            },
            ended = &mut changing, if stretches.is_none() => {
                stretches = Some(ended.unwrap());
                is_over.store(true, Ordering::Relaxed);
            }
            () = tokio::time::sleep(Duration::from_millis(200)), if stretches.is_some() => break,
        }
    }
    for publisher in publishers {
        publisher.await.unwrap();
    }
    let settled: Vec<_> = stretches.unwrap().into_iter().rev().take(3).collect();
    let mut checked = 0;
    while let Ok(Some(delivery)) = tokio::time::timeout(Duration::from_millis(50), all.next()).await {
        let Delivery::Event { bytes, position } = delivery else {
            continue;
        };
        let offset = position.offset;
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let name = text.trim_end().rsplit(' ').next().unwrap();
        let is_due = name == "a"
            || settled
                .iter()
                .any(|(settled, from)| *settled == name && offset > *from);
        if is_due && offset > begun {
            assert_eq!(
                found.get(&offset).map(String::as_str),
                Some(name),
                "lost {offset}"
            );
            checked += 1;
        } else if let Some(found) = found.get(&offset) {
            assert_eq!(found, name);
        }
    }
    assert!(checked > 100, "only {checked} events were compared");
    drop((all, subject));
    let stats = hub.stats();
    assert_eq!((stats.subscriptions, stats.gaps), (0, 0));
    assert!(stats.topics.values().all(|topic| topic.subscribers == 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r16_ten_thousand_subscribers_come_and_go() {
    let hub = Hub::new(HubConfig {
        max_topics: 50,
        ..HubConfig::default()
    });
    let (kept, before) = (reader(&hub, &["kept"]), hub.stats());
    let tasks = (0..20).map(|task| {
        let hub = hub.clone();
        tokio::spawn(async move {
            for n in 0..500_u64 {
                let own = format!("own/{task}");
                let mut reader = reader(&hub, &["shared", "other", &own]);
                let connection = reader.connection();
                let racing = tokio::spawn({
                    let connection = connection.clone();
                    async move {
                        for name in ["shared", "x", "y"] {
                            let _ = connection.subscribe(topic(name), Resume::Start);
                            connection.unsubscribe(&topic("other"));
                        }
                    }
                });
                if n % 2 == 0 {
                    let _ = reader.try_next();
                    reader.remove(&topic("shared"));
                }
                drop(reader);
                racing.await.unwrap();
                assert!(connection.topics().is_empty());
                assert!(hub.connection(connection.id()).is_none());
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(hub.stats(), before, "as if nobody had been there");
    drop(kept);
    let stats = hub.stats();
    assert_eq!((stats.subscriptions, stats.topics.len(), stats.tasks), (0, 0, 0));
}
