//! Rows of a list whose own elements messages have replaced by other ones.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::components::{html, mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{find, pause};
use crate::attributes::{hx_swap, sse_connect, sse_swap};
use crate::{SwapStyle, WsSource, WsSwap};

/// A list of rows that a socket can replace, and its first frame.
async fn listed(
    rows: RwSignal<Vec<&'static str>>,
    frame: &str,
) -> (web_sys::Element, impl Drop, FakeWebSocket) {
    let sockets = FakeWebSocket::install();
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/list">
                <For each=move || rows.get() key=|row| *row children=|row| view! { <WsSwap id=row tag="p"/> }/>
            </WsSource>
        }
    })
    .await;
    sockets.open();
    sockets.say(frame);
    pause(60).await;
    (stage, handle, sockets)
}

#[wasm_bindgen_test]
async fn a_new_row_stands_before_one_that_was_replaced() {
    // It went to the end of the list, since the element of the next row had no parent any more.
    let rows = RwSignal::new(vec!["a", "c", "e"]);
    let (stage, handle, sockets) =
        listed(rows, r#"<b id="c">C</b><i id="e" hx-swap-oob="delete"></i>"#).await;
    rows.set(vec!["a", "b", "c", "d", "e"]);
    pause(0).await;
    assert_eq!(
        shown(&stage, "div"),
        r#"<p id="a"></p><p id="b"></p><b id="c">C</b><p id="d"></p>"#
    );
    // Replaced once more, it is found where it stands now.
    sockets.say(r#"<u id="c">again</u>"#);
    pause(60).await;
    rows.set(vec!["a", "x", "c"]);
    pause(0).await;
    assert_eq!(
        shown(&stage, "div"),
        r#"<p id="a"></p><p id="x"></p><u id="c">again</u>"#
    );
    drop(handle);
    assert_eq!(html(&stage), "");
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_row_that_was_replaced_moves_with_its_list() {
    // Its old element came back beside what had replaced it.
    let rows = RwSignal::new(vec!["a", "b", "c", "d"]);
    let (stage, handle, _sockets) = listed(rows, r#"<b id="a">A</b>"#).await;
    for order in [
        ["b", "c", "a", "d"],
        ["d", "a", "b", "c"],
        ["c", "b", "d", "a"],
        ["a", "b", "c", "d"],
    ] {
        rows.set(order.to_vec());
        pause(0).await;
        let expected = order.map(|row| match row {
            "a" => r#"<b id="a">A</b>"#.to_owned(),
            row => format!(r#"<p id="{row}"></p>"#),
        });
        assert_eq!(shown(&stage, "div"), expected.concat());
    }
    rows.set(vec!["b"]);
    pause(0).await;
    assert_eq!(shown(&stage, "div"), r#"<p id="b"></p>"#);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn rows_by_attributes_and_rows_of_several_nodes() {
    let fake = FakeEventSource::install();
    let rows = RwSignal::new(vec!["b"]);
    let (stage, handle) = mounted(move || {
        view! {
            <ul {..sse_connect("/rows-by-attributes")}>
                <For each=move || rows.get() key=|row| *row children=|row| view! {
                    <li {..sse_swap(row)} {..hx_swap(SwapStyle::OuterHtml)} id=row></li>
                    <For each=|| [1, 2] key=|number| *number children=|number| view! { <i>{number}</i> }/>
                }/>
            </ul>
        }
    })
    .await;
    fake.say("b", "<b>B</b>", "");
    pause(60).await;
    rows.set(vec!["a", "b"]);
    pause(0).await;
    let list = find::<web_sys::Element>(&stage, "ul");
    assert_eq!(list.text_content().unwrap(), "12B12");
    assert_eq!(list.first_element_child().unwrap().id(), "a");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_row_that_was_replaced_goes_and_comes_with_a_suspense() {
    // What had replaced it stayed beside the fallback, and the old element came back beside it.
    let rows = RwSignal::new(vec!["a", "c", "e"]);
    let (stage, handle, sockets) = listed(rows, r#"<p id="a">A</p>"#).await;
    let element: web_sys::Element = find(&stage, "#c");
    sockets.say(r#"<b id="c">C</b>"#);
    pause(60).await;
    let document = crate::browser::page::document().unwrap();
    let fallback = document.create_element("em").unwrap();
    for _ in 0..2 {
        // By hand as Leptos does it: the next one before the present one, which goes then.
        let parent = element.parent_node().unwrap();
        parent.insert_before(&fallback, Some(&element)).unwrap();
        element.remove();
        pause(0).await;
        assert_eq!(shown(&stage, "div"), r#"<p id="a">A</p><em></em><p id="e"></p>"#);
        let parent = fallback.parent_node().unwrap();
        parent.insert_before(&element, Some(&fallback)).unwrap();
        fallback.remove();
        pause(0).await;
        assert_eq!(
            shown(&stage, "div"),
            r#"<p id="a">A</p><b id="c">C</b><p id="e"></p>"#
        );
    }
    drop(handle);
    assert_eq!(html(&stage), "");
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_new_row_stands_where_a_script_has_removed_what_replaced_the_next_one() {
    // It was inserted nowhere.
    let rows = RwSignal::new(vec!["a", "c", "e"]);
    let (stage, handle, _sockets) = listed(rows, r#"<b id="c">C</b>"#).await;
    find::<web_sys::Element>(&stage, "b").remove();
    rows.set(vec!["a", "b", "c", "e"]);
    pause(0).await;
    assert_eq!(
        shown(&stage, "div"),
        r#"<p id="a"></p><p id="b"></p><p id="e"></p>"#
    );
    drop(handle);
    assert_eq!(html(&stage), "");
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_view_goes_on_where_a_script_has_removed_what_replaced_its_element() {
    // The element stayed in a stand-in whose function was gone, which threw when the next branch came.
    let sockets = FakeWebSocket::install();
    let is_there = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/removed">
                <Show when=move || is_there.get() fallback=|| view! { <i>"else"</i> }>
                    <WsSwap id="removed" tag="p"/>
                </Show>
            </WsSource>
        }
    })
    .await;
    sockets.open();
    sockets.say(r#"<b id="removed">1</b>"#);
    pause(60).await;
    find::<web_sys::Element>(&stage, "b").remove();
    is_there.set(false);
    pause(0).await;
    assert_eq!(shown(&stage, "div"), "<i>else</i>");
    drop(handle);
    stage.remove();
}
