//! What is added to a list, and frames that take a component's own element over: the same by the short ways as by the long.

use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{CustomEvent, DocumentFragment, Element};

use super::components::{mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{end, eventually, field, find, live, pause, record, stage, swap_into};
use crate::browser::dom::element_children;
use crate::browser::listener::Listener;
use crate::browser::page;
use crate::browser::parsing::is_ordinary;
use crate::browser::swap::place_by_id;
use crate::{WsSource, WsSwap};

/// Looks like an id to whoever looks only at the text, so that a payload with it takes the long way.
const LONG_WAY: &str = "<!-- id= -->";

/// Where something is added, inside of what it needs around it.
const PLACES: [&str; 10] = [
    r#"<ul class="t"><li>old</li></ul>"#,
    r#"<div class="t"></div>"#,
    r#"<form><p class="t">old<!--old--></p></form>"#,
    r#"<table><tbody class="t"><tr><td>old</td></tr></tbody></table>"#,
    r#"<table class="t"></table>"#,
    r#"<select class="t"><option>old</option></select>"#,
    r#"<svg><g class="t"><path/></g></svg>"#,
    r#"<b class="t">old</b>"#,
    r#"<button class="t"><a>old</a></button>"#,
    r#"<textarea class="t">old</textarea>"#,
];

const PAYLOADS: [&str; 20] = [
    "<b>x</b> ->",
    "<body>text</body>",
    "<li>1</li>",
    "<li class=\"own\">1</li><!--c--><li>2</li> ",
    " text <b>1</b>text<i>2</i>",
    "text",
    " ",
    "<p>1<p>2",
    "<div><p>1</div></p>",
    "<tr><td>1</td></tr>",
    "<td>1</td>",
    "<option>1</option>",
    "<form><input></form>",
    "<noscript><u>1</u></noscript>",
    "<svg><circle/><circle/></svg>",
    "<circle r=\"1\"/><circle r=\"2\"/>",
    "<math><mi>x</mi></math>",
    "<body class=\"b\"><u>1</u></body>",
    "<a><b><a>1</a></b>",
    "<template><i>1</i></template><textarea>\n1</textarea>",
];

#[wasm_bindgen_test]
async fn swp_04_swp_06_whatever_is_added_anywhere_is_the_same_on_the_long_way() {
    let added = |place: &str, style: &str, payload: &str| {
        let stage = stage(place);
        let (heard, listeners) = record(&stage, &["htmx:load", "htmx:afterSwap", "htmx:afterSettle"]);
        swap_into(&find(&stage, ".t"), style, payload);
        (stage, heard, listeners)
    };
    let mut all = Vec::new();
    for place in PLACES {
        for style in ["afterbegin", "beforeend"] {
            for payload in PAYLOADS {
                let short = added(place, style, payload);
                let long = added(place, style, &format!("{payload}{LONG_WAY}"));
                all.push((short, long, format!("{style} of {payload} in {place}")));
            }
        }
    }
    let without = |stage: &Element| stage.inner_html().replace(LONG_WAY, "");
    let is_settled = |heard: &Vec<String>| heard.last().is_some_and(|name| name == "htmx:afterSettle");
    for (short, long, what) in &all {
        // With the classes of what is new.
        assert_eq!(without(&short.0), without(&long.0), "{what}");
    }
    for (short, long, what) in &all {
        eventually(|| is_settled(&short.1.borrow()) && is_settled(&long.1.borrow())).await;
        assert_eq!(without(&short.0), without(&long.0), "{what}");
        assert_eq!(short.1, long.1, "{what}");
        short.0.remove();
        long.0.remove();
    }
}

#[wasm_bindgen_test]
async fn set_01_what_is_added_is_what_is_marked_and_told_of() {
    for (style, expected) in [("beforeend", "oo12"), ("afterbegin", "12oo")] {
        let stage = stage(r#"<ul class="t"><li>o</li><li>o</li></ul>"#);
        let target: Element = find(&stage, ".t");
        assert!(is_ordinary(&target));
        swap_into(&target, style, "<li>1</li> <li>2</li>");
        let is_new = |element: &Element| element.class_name() == "htmx-added";
        let marked = element_children(&target).into_iter().filter(is_new);
        let marked: Vec<_> = marked.filter_map(|element| element.text_content()).collect();
        assert_eq!(marked, ["1", "2"], "{style}");
        assert_eq!(target.text_content().unwrap().replace(' ', ""), expected);
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn act_07_set_08_what_is_live_or_asks_for_the_focus_is_found_in_a_list() {
    js_sys::eval(
        r#"customElements.get("adds-live") ?? customElements.define("adds-live", class extends HTMLElement {
            connectedCallback() { this.innerHTML = '<i hx-trigger="sse:x"></i>'; }
        })"#,
    )
    .unwrap();
    let fake = FakeEventSource::install();
    let stage = live(r#"<div hx-sse="connect:/adding"><ul></ul></div>"#).await;
    let list: Element = find(&stage, "ul");
    for item in [
        "<li hx-trigger='sse:x'>1</li>",
        "<li><i data-hx-trigger=\"sse:x\">2</i></li>",
        "<li><adds-live></adds-live></li>",
        "<li><input autofocus></li>",
    ] {
        swap_into(&list, "beforeend settle:0ms", item);
    }
    let (heard, _listeners) = record(&stage, &["htmx:trigger"]);
    fake.say("x", "", "");
    assert_eq!(heard.borrow().len(), 3);
    let focused = page::document().unwrap().active_element();
    assert_eq!(focused, Some(find(&stage, "input")));
    end(&stage);
}

#[wasm_bindgen_test]
async fn ssw_10_what_a_list_says_is_read_anew_for_each_item() {
    let fake = FakeEventSource::install();
    let stage = live(
        r##"<div hx-sse="connect:/anew"><ul hx-sse="swap:x" hx-swap="beforeend"></ul><ol hx-sse="swap:x" hx-swap="afterbegin"></ol></div>
        <p id="anew"></p>"##,
    )
    .await;
    let (list, other): (Element, Element) = (find(&stage, "ul"), find(&stage, "ol"));
    let say = |text: &str| fake.say("x", text, "");
    say("1");
    say("2");
    list.set_attribute("hx-swap", "afterbegin").unwrap();
    say("3");
    list.set_attribute("hx-swap", "unset").unwrap();
    say("4");
    list.remove_attribute("hx-swap").unwrap();
    list.set_attribute("data-hx-swap", "beforeend").unwrap();
    say("5");
    list.parent_element()
        .unwrap()
        .set_attribute("hx-target", "#anew")
        .unwrap();
    say("6");
    list.set_attribute("hx-target", "this").unwrap();
    list.set_attribute("hx-swap", "beforeend").unwrap();
    say("7");
    let shows = |selector: &str| find::<Element>(&stage, selector).text_content().unwrap();
    assert_eq!(
        [shows("ul"), shows("ol"), shows("#anew")],
        ["457", "54321", "766"]
    );
    other.remove();
    end(&stage);
}

/// What a frame says of a component's element holds at once, but for what is carried over until it has settled.
#[wasm_bindgen_test]
async fn set_04_a_component_s_element_takes_over_what_frames_say_one_after_the_other() {
    let sockets = FakeWebSocket::install();
    let (stage, handle) = mounted(|| view_of_one()).await;
    sockets.open();
    let target: Element = find(&stage, "#own");
    let said = || {
        let names = ["class", "title", "lang", "style"];
        names.map(|name| target.get_attribute(name).unwrap_or_default())
    };
    sockets.say(r#"<div id="own" class="a" title="1">1</div>"#);
    assert_eq!(said(), ["htmx-added htmx-settling", "1", "", ""]);
    sockets.say(r#"<div id="own" class="b" style="color: red" lang="en"><i>2</i>3</div>"#);
    assert_eq!(said(), ["htmx-added htmx-settling", "", "en", ""]);
    sockets.say(r#"<div id="own" class="c" title="3"><i>3</i></div>"#);
    assert_eq!(said(), ["htmx-added htmx-settling", "3", "", ""]);
    eventually(|| said() == ["c", "3", "", ""]).await;
    assert_eq!(find::<Element>(&stage, "#own"), target);
    sockets.say(r#"<div id="own">4</div>"#);
    assert_eq!(said()[1..], ["", "", ""]);
    eventually(|| !target.has_attribute("class")).await;
    assert_eq!(shown(&stage, "#own"), "4");
    drop(handle);
    stage.remove();
}

fn view_of_one() -> impl leptos::prelude::IntoView {
    use leptos::prelude::*;
    view! { <WsSource connect="/takes_over"><WsSwap id="own"/></WsSource> }
}

/// What listeners make of a part before it is swapped in counts, however plain its text was.
#[wasm_bindgen_test]
async fn oob_04_a_listener_may_change_a_plain_part() {
    let fake = FakeEventSource::install();
    let sockets = FakeWebSocket::install();
    let (stage, handle) = mounted(|| view_of_one()).await;
    sockets.open();
    let live = live(r#"<div hx-sse="connect:/listener"><b id="plain"></b></div>"#).await;
    let changing = Listener::add(
        &page::body().unwrap(),
        "htmx:oobBeforeSwap",
        |event: CustomEvent| {
            let fragment: DocumentFragment = field(&event.detail(), "fragment").into();
            let part = fragment.first_element_child().unwrap();
            part.set_attribute("title", "listener").unwrap();
            let live = page::document().unwrap().create_element("i").unwrap();
            live.set_attribute("hx-trigger", "sse:x").unwrap();
            part.append_child(&live).unwrap();
        },
    );
    sockets.say(r#"<div id="own"><u>1</u></div>"#);
    sockets.say(r#"<b id="plain">2</b>"#);
    drop(changing);
    assert_eq!(shown(&stage, "#own"), r#"<u>1</u><i hx-trigger="sse:x"></i>"#);
    for (root, selector) in [(&stage, "#own"), (&live, "#plain")] {
        let title = find::<Element>(root, selector).get_attribute("title");
        assert_eq!(title.as_deref(), Some("listener"), "{selector}");
    }
    let (heard, _listeners) = record(&live, &["htmx:trigger"]);
    fake.say("x", "", "");
    assert_eq!(heard.borrow().len(), 1);
    drop(handle);
    stage.remove();
    end(&live);
}

/// Parts are parsed in a place that all frames share.
#[wasm_bindgen_test]
async fn wsm_02_a_listener_may_place_another_frame_between_the_parts_of_one() {
    let stage = stage(r#"<i id="b1"></i><i id="b2"></i><i id="b3"></i>"#);
    let between = Listener::add(&stage, "htmx:oobBeforeSwap", |event: CustomEvent| {
        let target: Element = field(&event.detail(), "target").into();
        if target.id() == "b1" {
            place_by_id(
                &r#"text<i id="b3">nested</i><i id="nowhere">0</i>"#.into(),
                &[],
                None,
            );
        }
    });
    place_by_id(&r#"text<i id="b1">1</i>text<i id="b2">2</i>"#.into(), &[], None);
    drop(between);
    pause(60).await;
    assert_eq!(
        stage.inner_html(),
        r#"<i id="b1">1</i><i id="b2">2</i><i id="b3">nested</i>"#
    );
    stage.remove();
}

#[wasm_bindgen_test]
async fn set_06_what_is_added_to_what_was_replaced_is_marked_and_told_of() {
    for (replacement, item) in [("<u>r</u>", "<i>a</i>"), ("<tr>r</tr>", "<svg></svg>")] {
        let stage = stage(r#"<div class="t"></div>"#);
        let target: Element = find(&stage, ".t");
        let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
        for spec in ["innerHTML", "innerHTML", "beforeend", "afterbegin", "beforeend"] {
            let payload = if spec == "innerHTML" { replacement } else { item };
            swap_into(&target, spec, payload);
        }
        assert_eq!(target.class_name(), "t htmx-settling");
        let times = |name: &str| heard.borrow().iter().filter(|heard| *heard == name).count();
        eventually(|| times("htmx:afterSettle") == 5).await;
        // The first replacement is not there any more.
        let loads = element_children(&target).len();
        assert_eq!(times("htmx:load"), loads, "{item}");
        assert_eq!(target.class_name(), "t", "{item}");
        assert_eq!(stage.query_selector(".htmx-added").unwrap(), None, "{item}");
        stage.remove();
    }
}

#[wasm_bindgen_test]
async fn set_06_what_stands_beside_a_target_is_not_replaced_with_its_content() {
    for beside in ["afterend", "beforebegin"] {
        let stage = stage(r#"<div class="t"></div>"#);
        let target: Element = find(&stage, ".t");
        let (heard, _listeners) = record(&stage, &["htmx:load", "htmx:afterSettle"]);
        swap_into(&target, beside, "<p>1</p>");
        swap_into(&target, "innerHTML", "<b>2</b>");
        let times = |name: &str| heard.borrow().iter().filter(|heard| *heard == name).count();
        eventually(|| times("htmx:afterSettle") == 2).await;
        assert_eq!(times("htmx:load"), 2, "{beside}");
        assert_eq!(stage.query_selector(".htmx-added").unwrap(), None, "{beside}");
        stage.remove();
    }
}
