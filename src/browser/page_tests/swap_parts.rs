//! What of a message goes where: `hx-select`, `hx-select-oob`, out-of-band parts with modifiers, partials.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::swap_modifiers::consumer;
use super::{details, end, eventually, field, find, text};
use crate::{SseSource, SseSwap};

#[wasm_bindgen_test]
async fn ssw_15_only_what_is_selected_is_used() {
    let (fake, stage) = consumer(r#"hx-select=".in""#, "old", "").await;
    fake.say(
        "x",
        r#"<b class="out">1</b><i class="in">2</i><i class="in">3</i>"#,
        "",
    );
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "23");
    // DIFFERENCE: htmx would empty the target.
    fake.say("x", "<b>nothing of it</b>", "");
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "23");
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_15_ssw_16_a_component_takes_text_whose_mistakes_are_told() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/ssw16">
                <SseSwap tag="p" event="x" select_oob="#ssw16:beforeend"/>
                <SseSwap tag="i" event="x" select_oob="#ssw16:sideways">"old"</SseSwap>
                <SseSwap tag="b" event="y" select_oob="#ssw16:beforeend sideways">"old"</SseSwap>
                <SseSwap tag="q" event="z" select="li >">"old"</SseSwap>
            </SseSource>
            <ol id="ssw16"></ol>
        }
    })
    .await;
    let (lost, _listener) = details(&stage, "htmx:swapError");
    fake.say("x", r#"<u>in</u><ul id="ssw16"><li>out</li></ul>"#, "");
    eventually(|| shown(&stage, "p") == "<u>in</u>").await;
    fake.say("y", "new", "");
    fake.say("z", "<li>new</li>", "");
    assert_eq!(
        ["ol", "i", "b", "q"].map(|tag| shown(&stage, tag)),
        ["<li>out</li>", "old", "old", "old"]
    );
    let error = |index: usize| field(&lost.borrow()[index], "error").as_string().unwrap();
    assert_eq!(
        error(0),
        "hx-select-oob: expected a selector, found `#ssw16:sideways`"
    );
    assert!(error(1).contains("sideways"), "{}", error(1));
    assert_eq!(error(2), "hx-select: expected a selector, found `li >`");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn ssw_16_oob_13_the_receiver_sends_parts_elsewhere() {
    let (fake, stage) = consumer(
        r##"hx-select-oob="#n, #l:beforeend""##,
        "",
        r#"<b id="n">0</b><ol id="l"><li>1</li></ol>"#,
    )
    .await;
    fake.say("x", r#"main<b id="n">7</b><ol id="l"><li>2</li></ol>"#, "");
    assert_eq!(find::<Element>(&stage, ".c").text_content().unwrap(), "main");
    assert_eq!(text(&stage, "#n"), "7");
    assert_eq!(find::<Element>(&stage, "#l").text_content().unwrap(), "12");
    end(&stage);
}

#[wasm_bindgen_test]
async fn oob_14_ss4_11_partials_find_their_targets() {
    let (fake, stage) = consumer(
        "",
        "main",
        r#"<i class="k"></i><i class="k"></i><ol id="p14"><li>1</li></ol>"#,
    )
    .await;
    fake.say(
        "x",
        r##"<hx-partial hx-target=".k"><u>k</u></hx-partial><hx-partial id="p14" hx-swap="beforeend"><li>2</li></hx-partial>"##,
        "",
    );
    assert_eq!(text(&stage, ".c"), "main"); // SS4-10
    assert_eq!(find::<Element>(&stage, "#p14").text_content().unwrap(), "12");
    assert_eq!(stage.query_selector_all(".k u").unwrap().length(), 2);
    end(&stage);
}

#[wasm_bindgen_test]
async fn oob_11_parts_have_modifiers_of_their_own() {
    let (fake, stage) = consumer("", "", r#"<i id="o11">old</i>"#).await;
    fake.say(
        "x",
        r#"<i id="o11" hx-swap-oob="innerHTML swap:40ms settle:10ms">new</i>"#,
        "",
    );
    assert_eq!(text(&stage, "#o11"), "old");
    eventually(|| text(&stage, "#o11") == "new").await;
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_27_blanks_are_content() {
    let (fake, stage) = consumer(r#"hx-swap="beforeend""#, "", "").await;
    for token in ["two", " ", "words\n", "  more"] {
        fake.say("x", token, "");
    }
    assert_eq!(text(&stage, ".c"), "two words\n  more");
    end(&stage);
}
