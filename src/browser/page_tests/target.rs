//! Where a message goes: `hx-target`, own and inherited.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::fake_event_source::FakeEventSource;
use super::{end, find, live, replace};

// `next .far` found what is in the element itself, and `previous .far` what is around it.
#[wasm_bindgen_test]
async fn tgt_01_tgt_02_every_way_to_name_a_target() {
    for (target, expected) in [
        ("this", "s"),
        ("#d", "d"),
        ("closest section", "outer"),
        ("find b", "inner"),
        ("next", "d"),
        ("next .far", "far"),
        ("previous", "c"),
        ("previous .far", "early"),
        ("<#d/>", "d"), // TGT-06
    ] {
        let fake = FakeEventSource::install();
        let stage = live(&format!(
            r##"<i class="far" id="early"></i><section id="outer" class="far" hx-sse="connect:/target"><i id="c"></i>
            <p id="s" hx-sse="swap:x" hx-target="{target}"><b id="inner" class="far"></b></p><i id="d"></i></section>
            <i class="far" id="far"></i><i class="far"></i>"##
        ))
        .await;
        fake.say("x", "here", "");
        assert_eq!(
            find::<Element>(&stage, &format!("#{expected}")).inner_html(),
            "here",
            "{target}"
        );
        assert_eq!(
            stage.text_content().unwrap().matches("here").count(),
            1,
            "{target}"
        );
        end(&stage);
    }
}

#[wasm_bindgen_test]
async fn ssw_09_inh_02_a_target_is_inherited_and_found_anew() {
    let fake = FakeEventSource::install();
    let stage = live(
        r##"<div hx-sse="connect:/inherited" hx-target="#there"><p hx-sse="swap:x"></p>
        <div hx-disinherit="hx-target"><u hx-sse="swap:y"></u></div></div><i id="there"></i>"##,
    )
    .await;
    fake.say("x", "1", "");
    assert_eq!(find::<Element>(&stage, "#there").inner_html(), "1");
    replace(&stage, "#there", r#"<b id="there"></b>"#);
    fake.say("x", "2", "");
    assert_eq!(find::<Element>(&stage, "b#there").inner_html(), "2");
    // INH-03
    fake.say("y", "3", "");
    assert_eq!(find::<Element>(&stage, "u").inner_html(), "3");
    end(&stage);
}

#[wasm_bindgen_test]
async fn tgt_01_this_is_the_element_that_carries_the_attribute() {
    let fake = FakeEventSource::install();
    let stage = live(
        r#"<div hx-sse="connect:/this"><section hx-target="this"><p hx-sse="swap:x"></p></section></div>"#,
    )
    .await;
    fake.say("x", "1", "");
    assert_eq!(find::<Element>(&stage, "section").inner_html(), "1");
    end(&stage);
}
