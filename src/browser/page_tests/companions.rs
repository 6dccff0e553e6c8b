//! What messages put beside a component's element, when that leaves the page for a while.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted};
use super::fake_event_source::FakeEventSource;
use super::{find, pause};
use crate::{SseSource, SseSwap, SwapStyle};

/// A Suspense that showed its fallback again left there what messages had put beside the content.
#[wasm_bindgen_test]
async fn swp_11_what_messages_have_put_beside_a_component_comes_and_goes_with_it() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/beside-suspense">
                <SseSwap tag="p" event="before" swap=SwapStyle::BeforeBegin/>
                <SseSwap tag="b" event="after" swap=SwapStyle::AfterEnd/>
            </SseSource>
        }
    })
    .await;
    let say = |number: &str| {
        fake.say("before", &format!("<u>{number}</u>"), "");
        fake.say("after", &format!("<s>{number}</s>,"), "");
    };
    say("1");
    say("2");
    let here = "<u>1</u><u>2</u><p></p><b></b><s>2</s>,<s>1</s>,";
    let bare = |text: String| {
        let text = text.replace(r#" class="htmx-added""#, "");
        ["hx-sse", "hx-swap"].iter().fold(text, |text, name| {
            let begin = format!(r#" {name}=""#);
            let mut parts = text.split(&begin);
            let first = parts.next().unwrap().to_owned();
            parts.fold(first, |text, part| text + part.split_once('"').unwrap().1)
        })
    };
    let html_of_source = || bare(html(&find(&stage, "div")));
    pause(60).await;
    assert_eq!(html_of_source(), here);
    // By hand as Leptos does it.
    let place = find::<Element>(&stage, "div");
    let document = crate::browser::page::document().unwrap();
    let fallback = document.create_element("em").unwrap();
    let elements = ["p", "b"].map(|name| find::<Element>(&stage, name));
    for _ in 0..2 {
        place.insert_before(&fallback, Some(&elements[0])).unwrap();
        elements.iter().for_each(Element::remove);
        pause(0).await;
        assert_eq!(html_of_source(), "<em></em>");
        for element in &elements {
            place.insert_before(element, Some(&fallback)).unwrap();
        }
        fallback.remove();
        pause(0).await;
        assert_eq!(html_of_source(), here);
    }
    // What comes next stands where it would have.
    say("3");
    pause(60).await;
    assert_eq!(
        html_of_source(),
        "<u>1</u><u>2</u><u>3</u><p></p><b></b><s>3</s>,<s>2</s>,<s>1</s>,"
    );
    place.insert_before(&fallback, Some(&elements[0])).unwrap();
    elements.iter().for_each(Element::remove);
    pause(0).await;
    drop(handle);
    pause(0).await;
    assert!(stage.query_selector("u, s").unwrap().is_none());
    stage.remove();
}
