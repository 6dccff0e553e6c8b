//! What a page says about all of its swaps, in `<meta name="htmx-config">`.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_console::FakeConsole;
use super::fake_event_source::FakeEventSource;
use super::{end, eventually, find, live, pause, stage, swap_into};
use crate::browser::page;
use crate::browser::swap::page_config::read_anew;
use crate::browser::swap::spec_of;
use crate::grammar::SwapStyle;

/// The page's own word, until dropped.
struct Said(Element);

impl Said {
    fn now(text: &str) -> Self {
        let document = page::document().unwrap();
        let meta = document.create_element("meta").unwrap();
        meta.set_attribute("name", "htmx-config").unwrap();
        meta.set_attribute("content", text).unwrap();
        document.head().unwrap().append_child(&meta).unwrap();
        read_anew();
        Self(meta)
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        self.0.remove();
        read_anew();
    }
}

#[wasm_bindgen_test]
async fn cfg_05_cfg_09_style_times_and_classes() {
    let (fake, console) = (FakeEventSource::install(), FakeConsole::install());
    let said = Said::now(
        r#"{"defaultSwapStyle": "beforeend", "defaultSwapDelay": 30, "defaultSettleDelay": 30, "addedClass": "added",
        "settlingClass": "settling", "swappingClass": "swapping", "attributesToSettle": ["title"]}"#,
    );
    let stage = live(
        r#"<div sse-connect="/config"><p class="a" sse-swap="x">0</p><p class="b" sse-swap="x" hx-swap="settle:0">0</p>
        <p class="c" sse-swap="x" hx-swap="innerHTML swap:0 settle:0">0</p></div>"#,
    )
    .await;
    let html = |selector: &str| find::<Element>(&stage, selector).outer_html();
    fake.say("x", r#"<i id="cfg" title="1"></i>"#, "");
    assert_eq!(html(".a"), r#"<p class="a swapping" sse-swap="x">0</p>"#);
    // What an element says itself counts more.
    assert!(
        html(".c").contains(r#"<i id="cfg" title="1"></i>"#),
        "{}",
        html(".c")
    );
    pause(45).await;
    let (a, b) = (html(".a"), html(".b"));
    assert!(
        a.starts_with(r#"<p class="a settling" sse-swap="x">0<i"#) && a.contains(r#"class="added""#),
        "{a}"
    );
    assert!(b.contains(r#"0<i id="cfg" title="1"></i>"#), "{b}");
    pause(60).await;
    assert_eq!(
        html(".a"),
        r#"<p class="a" sse-swap="x">0<i id="cfg" title="1"></i></p>"#
    );
    assert_eq!(console.warnings(), [""; 0]);
    end(&stage);
    drop(said);
}

#[wasm_bindgen_test]
async fn cfg_05_what_cannot_be_read_is_told() {
    for (text, expected) in [
        ("{", "expected a JSON object"),
        ("[]", "expected a JSON object"),
        (
            r#"{"defaultSwapStyle": "sideways"}"#,
            "`defaultSwapStyle`: expected a style",
        ),
        (
            r#"{"defaultSettleDelay": "1s"}"#,
            "`defaultSettleDelay`: expected a number",
        ),
        (
            r#"{"addedClass": "two words"}"#,
            "`addedClass`: expected the name of a class",
        ),
        (r#"{"scrollBehavior": 1}"#, "`scrollBehavior`: expected \"auto\""),
        (
            r#"{"ignoreTitle": "yes"}"#,
            "`ignoreTitle`: expected true or false",
        ),
        (r#"{"ignoretitel": true}"#, "did you mean `ignoreTitle`?"),
        (r#"{"allowScriptTags": true}"#, "scripts:true"),
        (r#"{"historyEnabled": true}"#, "`historyEnabled` is not read here"),
    ] {
        let console = FakeConsole::install();
        let said = Said::now(text);
        let warnings = console.warnings();
        assert!(
            warnings.len() == 1 && warnings[0].contains(expected),
            "{text}: {warnings:?}"
        );
        drop(said);
    }
}

#[wasm_bindgen_test]
async fn cfg_08_the_settings_of_an_element_are_told_of() {
    let (_fake, console) = (FakeEventSource::install(), FakeConsole::install());
    let stage = live(r#"<p sse-connect="/cfg08" hx-config="sse.reconnect:false"></p>"#).await;
    // DIFFERENCE: connections have props.
    assert!(
        console
            .warnings()
            .concat()
            .contains("`hx-config` of htmx 4 is not read here")
    );
    end(&stage);
}

#[wasm_bindgen_test]
fn cfg_05_what_stands_in_the_body_says_nothing() {
    // Content from elsewhere said how the page swaps. DIFFERENCE: in htmx it does.
    let stage = stage(r#"<meta name="htmx-config" content='{"defaultSwapStyle": "delete"}'>"#);
    read_anew();
    assert_eq!(spec_of(None).unwrap().style, SwapStyle::InnerHtml);
    let said = Said::now(r#"{"defaultSwapStyle": "beforeend"}"#);
    assert_eq!(spec_of(None).unwrap().style, SwapStyle::BeforeEnd);
    stage.remove();
    drop(said);
}

#[wasm_bindgen_test]
async fn cfg_05_what_is_read_between_leaves_no_class_behind() {
    // What was removed was called as the page called it by then, and not as what had been set.
    let stage = stage(r#"<p class="a"></p><p class="b"></p>"#);
    swap_into(&find(&stage, ".a"), "innerHTML settle:30ms", "<i>1</i>");
    swap_into(&find(&stage, ".b"), "innerHTML swap:30ms", "<i>2</i>");
    assert_eq!(
        stage.inner_html(),
        r#"<p class="a htmx-settling"><i class="htmx-added">1</i></p><p class="b htmx-swapping"></p>"#
    );
    let said =
        Said::now(r#"{"addedClass": "added", "settlingClass": "settling", "swappingClass": "swapping"}"#);
    pause(150).await;
    assert_eq!(
        stage.inner_html(),
        r#"<p class="a"><i>1</i></p><p class="b"><i>2</i></p>"#
    );
    stage.remove();
    drop(said);
}

#[wasm_bindgen_test]
async fn cfg_05_a_class_of_another_name_is_not_taken_away_with_the_one_before() {
    let stage = stage(r#"<p class="t"></p>"#);
    let target: Element = find(&stage, ".t");
    swap_into(&target, "textContent settle:20ms", "1");
    let said = Said::now(r#"{"settlingClass": "settling"}"#);
    swap_into(&target, "innerHTML settle:200ms", "<i>2</i>");
    assert_eq!(target.class_name(), "t htmx-settling settling");
    eventually(|| target.class_name() == "t settling").await;
    eventually(|| target.class_name() == "t").await;
    stage.remove();
    drop(said);
}
