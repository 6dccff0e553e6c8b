//! What a source makes of frames with HTML in them.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted};
use super::fake_web_socket::FakeWebSocket;
use super::{at, find, pause, record};
use crate::{Envelope, HtmlById, JsonEnvelope, SwapStyle, WsSource, WsSwap};

/// Content and what it leaves in `#log`, which is the source's own target, and in `#other`.
async fn check(frames: &[&str], log: &str, other: &str) {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/envelopes" codec=JsonEnvelope target="#log">
                <WsSwap id="log">"old"</WsSwap>
                <WsSwap id="other">"old"</WsSwap>
            </WsSource>
        }
    })
    .await;
    fake.open();
    for frame in frames {
        fake.say(frame);
    }
    pause(60).await;
    let shown = ["#log", "#other"].map(|selector| html(&find(&stage, selector)));
    assert_eq!(shown, [log, other], "{frames:?}");
    drop(handle);
    stage.remove();
}

/// What stands in the first element that matches.
fn shown(stage: &Element, selector: &str) -> String {
    html(&find(stage, selector))
}

#[wasm_bindgen_test]
async fn wsm_15_content_is_shown_and_other_json_is_data() {
    check(&[r#"{"content":"<b>new</b>"}"#], "<b>new</b>", "old").await;
    check(&[r#"{"payload":"<b>new</b>"}"#], "<b>new</b>", "old").await;
    check(&[r#"{"payload":"no","content":"yes"}"#], "yes", "old").await;
    check(
        &[r#"{"channel":"x"}"#, r#"["content"]"#, r#"{"content":null}"#],
        "old",
        "old",
    )
    .await;
    // What cannot be HTML is reported, and shown nowhere.
    check(&[r#"{"content":7}"#], "old", "old").await;
    // What is no JSON is content as a whole.
    check(&["<b>plain</b>"], "<b>plain</b>", "old").await;
}

#[wasm_bindgen_test]
async fn wsm_27_whatever_can_be_read_is_json() {
    // DIFFERENCE: htmx takes these for HTML.
    check(&["null", "0", "false", r#""""#, r#""<b>text</b>""#], "old", "old").await;
}

#[wasm_bindgen_test]
async fn wsm_16_the_message_says_where_and_how() {
    check(&[r##"{"content":"new","target":"#other"}"##], "old", "new").await;
    check(
        &[r##"{"content":"<i>1</i>","target":"#other","swap":"beforeend"}"##],
        "old",
        "old<i>1</i>",
    )
    .await;
    check(
        &[r#"{"content":"<i>1</i>","swap":"afterbegin"}"#],
        "<i>1</i>old",
        "old",
    )
    .await;
    check(&[r#"{"content":"new","swap":"none"}"#], "old", "old").await;
    // What cannot be read, or is not there, loses this frame and no other.
    check(
        &[
            r##"{"content":"no","target":"#nowhere"}"##,
            r#"{"content":"no","swap":"sideways"}"#,
            r#"{"content":"yes"}"#,
        ],
        "yes",
        "old",
    )
    .await;
}

#[wasm_bindgen_test]
async fn wsm_18_a_part_can_be_selected() {
    let frame = r##"{"content":"<p>no</p><p class='s'>yes</p>","select":".s"}"##;
    check(&[frame], r#"<p class="s">yes</p>"#, "old").await;
    // Parts with places of their own are placed all the same.
    let frame = r##"{"content":"<p class='s'>yes</p><div id='other' hx-swap-oob='innerHTML'>too</div>","select":".s"}"##;
    check(&[frame], r#"<p class="s">yes</p>"#, "too").await;
}

#[wasm_bindgen_test]
async fn wsm_18_parts_can_be_sent_elsewhere() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/oob" codec=JsonEnvelope target="#wsm18" {..} hx-select-oob="#wsm18b">
                <WsSwap id="wsm18"/>
                <WsSwap id="wsm18b"/>
            </WsSource>
        }
    })
    .await;
    fake.open();
    fake.say(r#"{"content":"main<p id='wsm18b'>part</p>"}"#);
    pause(60).await;
    assert_eq!(
        (
            shown(&stage, "#wsm18").as_str(),
            shown(&stage, "#wsm18b").as_str()
        ),
        ("main", "part")
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_19_wsm_20_only_marked_elements_find_their_own_place() {
    let part = r#"<div id='other' hx-swap-oob='innerHTML'>part</div>"#;
    check(&[&format!(r#"{{"content":"main{part}"}}"#)], "main", "part").await;
    check(
        &[&format!(r#"{{"content":"main{part}","swap":"none"}}"#)],
        "old",
        "part",
    )
    .await;
    check(&[part], "old", "part").await;
    // An id alone makes content of it.
    check(
        &[r#"{"content":"<i id='elsewhere'>x</i>"}"#],
        r#"<i id="elsewhere">x</i>"#,
        "old",
    )
    .await;
}

#[wasm_bindgen_test]
async fn an_envelope_that_was_seen_is_left_out() {
    let frame = |offset: u64, content: &str| {
        let position = at(offset);
        format!(r#"{{"content":"{content}","swap":"beforeend","position":"{position}"}}"#)
    };
    let (one, two, three) = (frame(1, "1"), frame(2, "2"), frame(3, "3"));
    check(&[&one, &two, &one, &two, &three], "old123", "old").await;
    // Answers have no position, and another history begins anew.
    let other = r#"{"content":"!","swap":"beforeend","position":"0000000000000002-1"}"#;
    check(
        &[&two, r#"{"content":"a","swap":"beforeend"}"#, other],
        "old2a!",
        "old",
    )
    .await;
}

#[wasm_bindgen_test]
async fn con_04_wsm_17_without_a_target_nothing_is_overwritten() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            // What is meant for others is not inherited.
            <main hx-target="this">
                <WsSource connect="/targetless" codec=JsonEnvelope id="wsm17">
                    <WsSwap id="wsm17a">"old"</WsSwap>
                </WsSource>
            </main>
        }
    })
    .await;
    fake.open();
    let before = html(&stage);
    fake.say(r#"{"content":"<b>gone</b>"}"#);
    fake.say("<b>gone</b>");
    // WSM-14: nor is the owner replaced if one asks for it.
    fake.say(r##"{"content":"<b>gone</b>","target":"#wsm17","swap":"outerHTML"}"##);
    assert_eq!(html(&stage), before);
    fake.say("text<div id='wsm17a' hx-swap-oob='innerHTML'>new</div>");
    pause(60).await;
    assert_eq!(shown(&stage, "#wsm17a"), "new");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_23_events_come_for_every_frame() {
    let fake = FakeWebSocket::install();
    let told = RwSignal::new(Vec::new());
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource
                connect="/every"
                codec=JsonEnvelope
                on_before_message=|text: String| text != "refused"
                on_message=move |text: String| told.update(|all| all.push(text))
            >
                ""
            </WsSource>
        }
    })
    .await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:wsBeforeMessage", "htmx:wsAfterMessage"]);
    for frame in [r#"{"data":1}"#, "refused", "<b>html</b>"] {
        fake.say(frame);
    }
    pause(60).await;
    assert_eq!(heard.borrow().len(), 4);
    assert_eq!(told.get_untracked(), [r#"{"data":1}"#, "<b>html</b>"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_29_each_owner_reads_by_its_own_settings_and_parts_count_once() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        let source = |target: &'static str, id: &'static str| {
            view! {
                <WsSource connect="/both" codec=JsonEnvelope target swap=SwapStyle::BeforeEnd>
                    <WsSwap id=id/>
                </WsSource>
            }
        };
        view! {
            {source("#first", "first")}
            {source("#second", "second")}
            <WsSwap id="parts"/>
        }
    })
    .await;
    assert_eq!(fake.urls().len(), 1);
    fake.open();
    fake.say(r#"{"content":"1<p id='parts' hx-swap-oob='beforeend'>x</p>"}"#);
    // What names its place itself has it once.
    fake.say(r##"{"content":"2","target":"#parts"}"##);
    pause(60).await;
    let shown = ["#first", "#second", "#parts"].map(|selector| shown(&stage, selector));
    assert_eq!(shown, ["1", "1", "x2"]);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn con_22_html_by_id_can_be_named_too() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! { <WsSource connect="/named" codec=HtmlById><WsSwap id="con22">"old"</WsSwap></WsSource> }
    })
    .await;
    fake.open();
    // An envelope is text without an element here.
    fake.say(&Envelope::new("<b>no</b>").target("#con22").to_text());
    fake.say(r#"<div id="con22">new</div>"#);
    pause(60).await;
    assert_eq!(shown(&stage, "#con22"), "new");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_28_patterns() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/patterns" codec=JsonEnvelope target="#notes" swap=SwapStyle::AfterBegin>
                <WsSwap id="notes"/>
                <WsSwap id="cpu"/>
                <WsSwap id="memory"/>
            </WsSource>
        }
    })
    .await;
    fake.open();
    for note in 1..=3 {
        fake.say(&Envelope::new(format!("<p>{note}</p>")).to_text());
    }
    let widgets = r#"<b id="cpu" hx-swap-oob="innerHTML">7</b><b id="memory" hx-swap-oob="innerHTML">8</b>"#;
    fake.say(&Envelope::new(widgets).to_text());
    pause(60).await;
    let element: Element = find(&stage, "#notes");
    assert_eq!(element.text_content().unwrap(), "321");
    assert_eq!(
        (shown(&stage, "#cpu"), shown(&stage, "#memory")),
        ("7".into(), "8".into())
    );
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn wsm_11_con_33_after_message_comes_when_it_has_settled() {
    let fake = FakeWebSocket::install();
    let (stage, handle) = mounted(|| {
        view! {
            <WsSource connect="/settled" codec=JsonEnvelope target="#con33">
                <WsSwap id="con33"/>
            </WsSource>
        }
    })
    .await;
    fake.open();
    let (heard, _listeners) = record(&stage, &["htmx:afterSettle", "htmx:wsAfterMessage"]);
    fake.say(r#"{"content":"<b>1</b>"}"#);
    fake.say(r#"{"content":"<b id='x'>2</b>"}"#);
    assert!(heard.borrow().is_empty());
    pause(60).await;
    let pair = ["htmx:afterSettle", "htmx:wsAfterMessage"];
    assert_eq!(*heard.borrow(), [pair, pair].concat());
    drop(handle);
    stage.remove();
}
