//! Pages that are put away, asleep or without a network, and servers that do not stay.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, PageTransitionEvent, PageTransitionEventInit};

use super::fake_event_source::FakeEventSource;
use super::fake_fetch::FakeFetch;
use super::fake_web_socket::FakeWebSocket;
use super::{at, end, live, pause, state, text};
use crate::browser::page;

const CONNECTING: u32 = 0;
const CLOSED: u32 = 2;

/// A page's clock that a test sets, until dropped. What was started by it has to be ended by it.
struct Clock;

impl Clock {
    fn take() -> Self {
        js_sys::eval(
            "window.__skipped = 0;
             const real = Performance.prototype.now;
             performance.now = () => real.call(performance) + window.__skipped;
             window.__timers ??= [];
             window.__setTimeout = window.setTimeout;
             window.setTimeout = (run, delay) => delay < 400
                 ? window.__setTimeout(run, delay)
                 : (window.__timers.push({ run, due: performance.now() + delay }), -window.__timers.length);
             window.__clearTimeout = window.clearTimeout;
             window.clearTimeout = (id) => id < 0 ? void (window.__timers[-id - 1].due = Infinity) : window.__clearTimeout(id);",
        )
        .unwrap();
        Self
    }

    /// So many seconds pass, and every timer runs that is due by then.
    fn skip(&self, seconds: u32) {
        self.sleep(seconds);
        js_sys::eval(
            "for (const timer of window.__timers) {
                 if (timer.due <= performance.now()) { timer.due = Infinity; timer.run(); }
             }",
        )
        .unwrap();
    }

    /// The same on a machine that is asleep: no timer runs.
    fn sleep(&self, seconds: u32) {
        js_sys::eval(&format!("window.__skipped += {seconds} * 1000")).unwrap();
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        js_sys::eval(
            "delete performance.now; window.setTimeout = window.__setTimeout; window.clearTimeout = window.__clearTimeout;",
        )
        .unwrap();
    }
}

fn happens(name: &str) {
    let window = page::window().unwrap();
    window.dispatch_event(&Event::new(name).unwrap()).unwrap();
}

fn transition(name: &str) {
    let init = PageTransitionEventInit::new();
    init.set_persisted(true);
    let event = PageTransitionEvent::new_with_event_init_dict(name, &init).unwrap();
    page::window().unwrap().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn r13_a_half_open_stream_and_socket_are_found_within_45_seconds() {
    let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let clock = Clock::take();
    let stream = live(r#"<div hx-sse="connect:/half swap:x"></div>"#).await;
    let socket = live(r#"<div hx-ws="connect:/half"></div>"#).await;
    fake.open();
    sockets.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    sockets.say(r#"{"ll:heartbeat":"0000000000000001-3"}"#);
    clock.skip(30);
    assert_eq!(
        (state(&stream), state(&socket)),
        ("open".to_owned(), "open".to_owned())
    );
    // Whatever arrives is a sign of life.
    fake.say("x", "4", &at(4));
    clock.skip(9);
    assert_eq!(
        (state(&stream), state(&socket)),
        ("open".to_owned(), "reconnecting".to_owned())
    );
    assert_eq!(sockets.closed_with(), Some(1000.0));
    // Not a moment more: the next attempt may be due within it.
    for _ in 0..5 {
        clock.skip(6);
    }
    assert_eq!((state(&stream), fake.alive()), ("reconnecting".to_owned(), 0));
    end(&stream);
    end(&socket);
    drop(clock);
}

#[wasm_bindgen_test]
async fn r21_a_machine_that_wakes_up_goes_on_at_once_from_where_it_was() {
    let fake = FakeEventSource::install();
    let clock = Clock::take();
    let stage = live(r#"<div hx-sse="connect:/asleep swap:x" hx-swap="beforeend"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    fake.say("x", "4", &at(4));
    clock.sleep(600);
    happens("online");
    assert_eq!(state(&stage), "reconnecting");
    happens("online");
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/asleep?last-event-id={}", at(4)));
    fake.open();
    fake.say("ll:heartbeat", &at(4), &at(4));
    fake.say("x", "5", &at(5));
    assert_eq!(text(&stage, "div"), "45");
    end(&stage);
    drop(clock);
}

#[wasm_bindgen_test]
async fn r21_a_network_that_comes_back_makes_one_connection() {
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/offline swap:x"></div>"#).await;
    fake.open();
    fake.say("ll:heartbeat", &at(3), &at(3));
    happens("offline");
    fake.fail(CONNECTING);
    for _ in 0..3 {
        happens("online");
    }
    assert_eq!((fake.urls().len(), fake.alive()), (2, 1));
    assert_eq!(fake.urls()[1], format!("/offline?last-event-id={}", at(3)));
    end(&stage);
}

#[wasm_bindgen_test]
async fn r21_a_page_that_is_put_away_and_brought_back_again_and_again_has_one_connection() {
    let (fake, sockets) = (FakeEventSource::install(), FakeWebSocket::install());
    let stream = live(r#"<div hx-sse="connect:/away swap:x"></div>"#).await;
    let socket = live(r#"<div hx-ws="connect:/away"></div>"#).await;
    for round in 1..=3 {
        fake.open();
        sockets.open();
        fake.say("ll:heartbeat", &at(round), &at(round));
        transition("pagehide");
        assert_eq!((fake.alive(), sockets.closed_with()), (0, Some(1000.0)));
        // Nothing wakes what is put away.
        happens("online");
        pause(10).await;
        assert_eq!(
            (fake.alive(), state(&stream), state(&socket)),
            (0, "idle".into(), "idle".into())
        );
        transition("pageshow");
        transition("pageshow");
        assert_eq!((fake.alive(), sockets.closed_with()), (1, None));
        let last = fake.urls().pop().unwrap();
        assert_eq!(last, format!("/away?last-event-id={}", at(round)));
    }
    assert_eq!(sockets.urls().len(), 4);
    end(&stream);
    end(&socket);
}

/// A page that was put away while it asked for a status came back closed, without anybody having been asked for other
/// credentials.
#[wasm_bindgen_test]
async fn r21_a_question_of_a_page_that_is_put_away_is_withdrawn() {
    let (fake, requests) = (FakeEventSource::install(), FakeFetch::install());
    // The next attempt, which withdraws the question, is due at any moment otherwise, also at once.
    let clock = Clock::take();
    js_sys::eval("window.__realRandom = Math.random; Math.random = () => 0.999").unwrap();
    let stage = live(r#"<div hx-sse="connect:/asking swap:x"></div>"#).await;
    fake.fail(CLOSED);
    pause(0).await;
    assert_eq!((fake.urls().len(), requests.count(), requests.alive()), (1, 1, 1));
    transition("pagehide");
    assert_eq!(requests.alive(), 0);
    requests.stream(401, "text/plain").await;
    transition("pageshow");
    assert_eq!((fake.urls().len(), state(&stage)), (2, "connecting".to_owned()));
    js_sys::eval("Math.random = window.__realRandom").unwrap();
    end(&stage);
    drop(clock);
}

#[wasm_bindgen_test]
async fn r18_a_server_that_accepts_and_closes_at_once_is_asked_less_and_less_often() {
    let (fake, _requests) = (FakeEventSource::install(), FakeFetch::install());
    let clock = Clock::take();
    js_sys::eval("window.__realRandom = Math.random; Math.random = () => 0.999").unwrap();
    let stage = live(r#"<div hx-sse="connect:/flapping swap:x"></div>"#).await;
    // So many seconds lie between the attempts: 0.5, 1, 2, 4, 8, 16, 32, 60.
    let mut attempts = Vec::new();
    for _ in 0..8 {
        let opened = fake.urls().len();
        fake.open();
        fake.fail(CLOSED);
        let mut seconds = 0;
        while fake.urls().len() == opened {
            clock.skip(1);
            seconds += 1;
            pause(0).await;
            assert!(seconds < 100, "it must be tried again");
        }
        attempts.push(seconds);
    }
    js_sys::eval("Math.random = window.__realRandom").unwrap();
    end(&stage);
    drop(clock);
    assert!(attempts.is_sorted(), "{attempts:?}");
    assert!(attempts[7] >= 59, "{attempts:?}");
}
