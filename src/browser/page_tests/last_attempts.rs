//! An attempt after which none is left: why it has failed decides what the end is.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::mounted;
use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::{eventually, pause, quickly, state};
use crate::{CloseReason, RetryPolicy, SseSource, SseSwap};

const CLOSED: u32 = 2;

/// Where no retry was left, a stream ended before anybody knew that it was refused for want of credentials.
#[wasm_bindgen_test]
async fn s16_credentials_are_asked_for_also_where_nothing_is_retried() {
    for (status, is_opened, expected) in [
        (401, true, None),
        (403, false, Some(CloseReason::Refused(403))),
        (503, false, Some(CloseReason::Exhausted)),
        (0, false, Some(CloseReason::Exhausted)),
    ] {
        let (fake, requests) = (FakeEventSource::install(), FakeFetch::install());
        let reason = RwSignal::new(None);
        let (stage, handle) = mounted(move || {
            let renew = move || async move { true };
            let retry = RetryPolicy {
                max_attempts: Some(0),
                ..quickly()
            };
            view! {
                <SseSource
                    connect="/once"
                    retry
                    on_unauthorized=renew
                    on_close=move |found: CloseReason| reason.set(Some(found))
                >
                    <SseSwap/>
                </SseSource>
            }
        })
        .await;
        fake.fail(CLOSED);
        pause(0).await;
        assert_eq!((state(&stage), requests.count()), ("reconnecting".to_owned(), 1));
        match status {
            0 => requests.fail_last().await,
            status => requests.stream(status, "text/plain").await,
        }
        if is_opened {
            eventually(|| fake.urls().len() == 2).await;
        }
        eventually(|| reason.get_untracked() == expected).await;
        assert_eq!(fake.urls().len(), if is_opened { 2 } else { 1 }, "{status}");
        drop(handle);
        stage.remove();
    }
}
