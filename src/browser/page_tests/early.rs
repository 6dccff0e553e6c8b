//! Streams that the script of the page has opened before this program came.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::fake_event_source::FakeEventSource;
use super::{at, end, eventually, field, find, pause, record, stage, state, text};
use crate::browser::connection::early;
use crate::browser::{page, parsing, processing, processors};

const CONNECTING: u32 = 0;

/// Runs the script at the end of a source.
fn run(stage: &Element, source: &str, url: &str, names: &str, elsewhere: &str) {
    let script: HtmlElement = page::document()
        .unwrap()
        .create_element("script")
        .map(JsCast::unchecked_into)
        .unwrap();
    for (name, value) in [("data-u", url), ("data-n", names), ("data-k", elsewhere)] {
        script.set_attribute(name, value).unwrap();
    }
    script.set_text_content(Some(&early::script()));
    find::<Element>(stage, source).append_child(&script).unwrap();
}

/// The program comes.
fn hydrate(stage: &Element) {
    processing::enter_streams();
    processing::enter_requests();
    processors::process(stage);
}

async fn taken_over() {
    eventually(|| !early::is_there()).await;
    pause(0).await;
}

fn resuming(url: &str, offset: u64) -> String {
    format!("{url}?last-event-id={}", at(offset))
}

#[wasm_bindgen_test]
async fn what_came_before_the_program_is_shown_at_once_and_told_once() {
    let fake = FakeEventSource::install();
    let stage = stage(&format!(
        r#"<div data-state="idle" data-position="{}" hx-sse="connect:/early">
            <p class="plain" hx-sse="swap:x" data-early="x">0</p>
            <ol hx-sse="swap:x swap:y" hx-swap="beforeend"></ol>
            <i hx-trigger="sse:y"></i></div>"#,
        at(1)
    ));
    let names = [
        "htmx:sseOpen",
        "htmx:sseBeforeMessage",
        "htmx:sseMessage",
        "htmx:trigger",
    ];
    let (heard, _listeners) = record(&stage, &names);
    run(&stage, "div", &resuming("/early", 1), "x\ny", "");
    assert!(stage.query_selector("script").unwrap().is_none());
    fake.open();
    fake.say("ll:heartbeat", &at(1), "");
    fake.say("ll:version", "1", "");
    for (name, data, offset) in [("x", "<b>2</b>", 2), ("y", "<b>3</b>", 3), ("x", "<b>4</b>", 4)] {
        fake.say(name, data, &at(offset));
    }
    assert_eq!(
        (text(&stage, ".plain"), text(&stage, "ol")),
        ("<b>4</b>".into(), String::new())
    );
    assert!(heard.borrow().is_empty());
    hydrate(&stage);
    taken_over().await;
    assert_eq!(text(&stage, ".plain"), "<b>4</b>");
    assert_eq!(
        find::<HtmlElement>(&stage, "ol").inner_text().replace('\n', ""),
        "234"
    );
    let count = |name: &str| heard.borrow().iter().filter(|heard| *heard == name).count();
    // Those of the list could be refused; those of the region are told of afterwards.
    assert_eq!(names.map(count), [1, 3, 6, 1]);
    assert_eq!(state(&stage), "open");
    // It goes on with the same object.
    assert_eq!(fake.urls(), [resuming("/early", 1)]);
    fake.say("x", "<b>5</b>", &at(5));
    assert_eq!(text(&stage, ".plain b"), "5");
    assert_eq!(
        find::<HtmlElement>(&stage, "ol").inner_text().replace('\n', ""),
        "2345"
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn what_may_write_anywhere_stops_what_comes_after_it() {
    for (first, name) in [
        (r#"<u id="early-b" hx-swap-oob="true">new</u>"#, "x"),
        ("new", "there"),
    ] {
        let fake = FakeEventSource::install();
        let stage = stage(&format!(
            r#"<div data-state="idle" data-position="{}" hx-sse="connect:/order">
                <p class="a" hx-sse="swap:x" data-early="x">0</p>
                <s hx-sse="swap:there" hx-target=".b" hx-swap="outerHTML"></s>
                <p class="b" id="early-b" hx-sse="swap:y" data-early="y">0</p></div>"#,
            at(1)
        ));
        run(&stage, "div", &resuming("/order", 1), "there\nx\ny", "\nthere\n");
        fake.open();
        fake.say("ll:heartbeat", &at(1), "");
        fake.say("y", "1", &at(2));
        fake.say(name, first, &at(3));
        fake.say("y", "2", &at(4));
        fake.say("x", "3", &at(5));
        assert_eq!(
            (text(&stage, ".a"), text(&stage, ".b")),
            ("0".into(), "1".into()),
            "{name}"
        );
        hydrate(&stage);
        taken_over().await;
        assert_eq!(text(&stage, ".a"), "3");
        assert!(
            stage.query_selector(".b").unwrap().is_none(),
            "it was replaced after its last message"
        );
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn what_others_say_about_a_region_counts() {
    let fake = FakeEventSource::install();
    let stage = stage(
        r#"<div data-state="idle" hx-sse="connect:/inherited"><section data-hx-swap="beforeend">
            <p hx-sse="swap:x" data-early="x">0</p></section>
            <div data-state="idle"><i data-early="x">0</i></div></div>"#,
    );
    run(&stage, "div", "/inherited", "x", "");
    fake.say("x", "1", "");
    assert_eq!((text(&stage, "p"), text(&stage, "i")), ("0".into(), "0".into()));
    hydrate(&stage);
    taken_over().await;
    assert_eq!(text(&stage, "p"), "01");
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_region_that_came_late_keeps_what_is_newest() {
    let fake = FakeEventSource::install();
    let stage = stage(r#"<div data-state="idle" hx-sse="connect:/late-region"></div>"#);
    run(&stage, "div", "/late-region", "x", "");
    fake.say("x", "1", "");
    let late = parsing::parse(&r#"<p hx-sse="swap:x" data-early="x">0</p>"#.into()).unwrap();
    find::<Element>(&stage, "div").append_child(&late).unwrap();
    fake.say("x", "2", "");
    assert_eq!(text(&stage, "p"), "2");
    hydrate(&stage);
    taken_over().await;
    assert_eq!(text(&stage, "p"), "2");
    end(&stage);
}

#[wasm_bindgen_test]
async fn two_sources_share_one_and_a_name_that_was_not_heard_opens_it_anew() {
    let fake = FakeEventSource::install();
    let source = |class: &str, name: &str| {
        format!(
            r#"<div class="{class}" data-state="idle" data-position="{}" hx-sse="connect:/shared-early">
                <p hx-sse="swap:{name}" data-early="{name}">0</p></div>"#,
            at(1)
        )
    };
    let stage = stage(&(source("a", "x") + &source("b", "x") + &source("c", "y")));
    let url = resuming("/shared-early", 1);
    run(&stage, ".a", &url, "x", "");
    run(&stage, ".b", &url, "x", "");
    fake.open();
    // Whatever comes between is lost to it.
    run(&stage, ".c", &url, "y", "");
    assert_eq!(fake.urls(), [url.clone()]);
    fake.say("ll:heartbeat", &at(1), "");
    fake.say("x", "2", &at(2));
    assert_eq!(
        (text(&stage, ".a p"), text(&stage, ".b p")),
        ("2".into(), "2".into())
    );
    hydrate(&stage);
    taken_over().await;
    assert_eq!((fake.urls(), fake.alive()), (vec![url.clone(), url], 1));
    fake.open();
    fake.say("ll:heartbeat", &at(1), "");
    fake.say("x", "2", &at(2));
    fake.say("y", "3", &at(3));
    assert_eq!(
        (text(&stage, ".a p"), text(&stage, ".c p")),
        ("2".into(), "3".into())
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}

#[wasm_bindgen_test]
async fn without_the_program_the_page_stays_live_and_keeps_a_bounded_past() {
    for (position, expected) in [(None, 0), (Some(1), 1)] {
        let fake = FakeEventSource::install();
        let attribute =
            position.map_or_else(String::new, |offset| format!(r#"data-position="{}""#, at(offset)));
        let stage = stage(&format!(
            r#"<div data-state="idle" {attribute} hx-sse="connect:/bounded">
                <p hx-sse="swap:x" data-early="x">0</p></div>"#
        ));
        let url = position.map_or_else(|| "/bounded".to_owned(), |offset| resuming("/bounded", offset));
        run(&stage, "div", &url, "x", "");
        fake.open();
        let long = "x".repeat(300_000);
        for number in 0..4 {
            fake.say("x", &format!("{number}{long}"), "");
        }
        fake.say("x", "last", "");
        assert_eq!(text(&stage, "p"), "last");
        let kept = field(&page::window().unwrap(), "__ll.0.q");
        assert_eq!(kept, JsValue::from(0));
        let (heard, _listeners) = record(&stage, &["live:resync"]);
        hydrate(&stage);
        taken_over().await;
        // A stream with positions is asked again, on another one it is told that something was missed.
        assert_eq!((fake.urls().len(), fake.alive()), (1 + expected, 1));
        assert_eq!(heard.borrow().len(), 1 - expected);
        assert_eq!(text(&stage, "p"), "last");
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn a_stream_that_broke_is_opened_anew_from_where_the_page_was_stage() {
    let fake = FakeEventSource::install();
    let stage = stage(&format!(
        r#"<div data-state="idle" data-position="{}" hx-sse="connect:/broke"><p hx-sse="swap:x" data-early="x">0</p></div>"#,
        at(1)
    ));
    let url = resuming("/broke", 1);
    run(&stage, "div", &url, "x", "");
    fake.open();
    fake.say("x", "2", &at(2));
    field(&page::window().unwrap(), "__ll.0.s.onerror")
        .unchecked_into::<js_sys::Function>()
        .call0(&JsValue::NULL)
        .unwrap();
    fake.fail(CONNECTING);
    hydrate(&stage);
    taken_over().await;
    assert_eq!((fake.urls(), fake.alive()), (vec![url.clone(), url], 1));
    end(&stage);
}

#[wasm_bindgen_test]
async fn a_stream_that_its_source_does_not_want_is_closed() {
    let fake = FakeEventSource::install();
    let stage = stage(r#"<div data-state="idle" hx-sse="connect:/other"><p hx-sse="swap:x"></p></div>"#);
    run(&stage, "div", "/rendered", "x", "");
    hydrate(&stage);
    taken_over().await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/rendered".into(), "/other".into()], 1)
    );
    end(&stage);
    assert_eq!(fake.alive(), 0);
}
