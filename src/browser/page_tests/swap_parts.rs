//! What of a message goes where: `hx-select`, `hx-select-oob`, out-of-band parts with modifiers, partials.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::swap_modifiers::consumer;
use super::{end, eventually, find, text};

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
