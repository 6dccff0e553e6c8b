//! Resuming over a socket: exactly what was missed, or a gap that is told.

use axum::Router;

use super::raw_client::RawClient;
use super::*;
use crate::wire::{Control, Epoch, Gap, GapReason};

#[tokio::test]
async fn r04_missed_events_come_by_header_and_by_parameter() {
    // SRV-03
    let server = TestServer::start(Hub::default(), Router::new()).await;
    let seen = publish(&server.hub, "a", "seen").await;
    for data in ["one", "two", "three"] {
        publish(&server.hub, "a", data).await;
    }
    let head = server.hub.head();
    let id = seen.to_string();
    let by_parameter = format!("/sse?topic=a&last-event-id={id}");
    for (path, headers) in [
        ("/sse?topic=a", vec![("Last-Event-ID", &*id)]),
        (&*by_parameter, vec![]),
    ] {
        let mut client = RawClient::get(server.address, path, &headers).await;
        assert_eq!(client.next_control().await, Control::Heartbeat(seen), "{path}");
        for (n, data) in ["one", "two", "three"].into_iter().enumerate() {
            let event = client.next().await.unwrap();
            assert_eq!(event.data, data);
            let position = Position {
                offset: seen.offset + 1 + n as u64,
                ..head
            };
            assert_eq!(&*event.last_event_id, position.to_string());
        }
    }
    let stats = server.hub.stats();
    assert_eq!((stats.delivered, stats.replayed, stats.gaps), (6, 6, 0));
}

#[tokio::test]
async fn r07_s25_useless_cursors_are_told_as_gaps() {
    let server = TestServer::start(small_hub(2), Router::new()).await;
    for data in ["1", "2", "3", "4"] {
        publish(&server.hub, "a", data).await;
    }
    let head = server.hub.head();
    let place = |offset| Position { offset, ..head };
    let foreign = Position {
        epoch: Epoch(head.epoch.0 ^ 1),
        offset: 3,
    };
    let gap = |reason, from| Gap {
        reason,
        from,
        to: place(2),
    };
    for (cursor, goes_on_from, gap) in [
        (place(1).to_string(), 1, gap(GapReason::Evicted, Some(place(1)))),
        (foreign.to_string(), 0, gap(GapReason::Epoch, Some(foreign))),
        (place(5).to_string(), 0, gap(GapReason::Malformed, Some(place(5)))),
        (
            place(u64::MAX).to_string(),
            0,
            gap(GapReason::Malformed, Some(place(u64::MAX))),
        ),
        ("nonsense".to_owned(), 0, gap(GapReason::Malformed, None)),
        ("-1".to_owned(), 0, gap(GapReason::Malformed, None)),
    ] {
        let mut client = RawClient::get(server.address, "/sse?topic=a", &[("Last-Event-ID", &cursor)]).await;
        assert_eq!(client.status(), 200);
        assert_eq!(
            client.next_control().await,
            Control::Heartbeat(place(goes_on_from)),
            "{cursor}"
        );
        assert_eq!(client.next_control().await, Control::Gap(gap), "{cursor}");
        assert_eq!(client.next_control().await, Control::Snapshot(head));
        assert_eq!(client.next().await.unwrap().data, "3");
        assert_eq!(client.next().await.unwrap().data, "4");
        assert_eq!(client.next_control().await, Control::Live(head));
    }
    assert_eq!(server.hub.stats().gaps, 6);
}
