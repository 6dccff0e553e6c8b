//! Components mounted, swapped under and unmounted in a page.

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement};

use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{eventually, find, pause, stage};
use crate::browser::live_elements::count;
use crate::{ConnectionStatus, SseSource, SseSwap, SwapStyle, WsForm, WsSource, WsSwap};

/// Mounts a view on a stage of its own.
pub(super) async fn mounted<V: IntoView>(
    view: impl FnOnce() -> V + 'static,
) -> (Element, UnmountHandle<impl Mountable>) {
    let stage = stage("");
    let handle = mount_to(
        wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(stage.clone()),
        move || view().into_any(),
    );
    pause(0).await;
    (stage, handle)
}

/// The stage's HTML without marker comments and passing classes.
pub(super) fn html(stage: &Element) -> String {
    stage
        .inner_html()
        .replace("<!---->", "")
        .replace("<!-- -->", "")
        .replace(r#" class="htmx-added""#, "")
        .replace(r#" class="htmx-added htmx-settling""#, "")
}

/// The same for the first element that matches.
pub(super) fn shown(stage: &Element, selector: &str) -> String {
    html(&find(stage, selector))
}

#[wasm_bindgen_test]
async fn first_children_are_leptos_own_until_the_first_swap() {
    let fake = FakeEventSource::install();
    let number = RwSignal::new(1);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/first" tag="section">
                <SseSwap tag="p" event="x">{move || number.get()}" first"</SseSwap>
            </SseSource>
        }
    })
    .await;
    number.set(2);
    pause(0).await;
    assert_eq!(find::<Element>(&stage, "p").text_content().unwrap(), "2 first");
    fake.say("x", "<b>swapped</b>", "");
    number.set(3);
    pause(0).await;
    assert_eq!(find::<Element>(&stage, "b").text_content().unwrap(), "swapped");
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_replaced_root_leaves_leptos_its_place() {
    // Leptos puts the next branch before the last one's element; with that replaced by a swap, the
    // next branch would not appear at all.
    let fake = FakeEventSource::install();
    let shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/place">
                <Show when=move || shown.get() fallback=|| view! { <i>"fallback"</i> }>
                    <SseSwap tag="p" event="x" swap=SwapStyle::OuterHtml/>
                </Show>
            </SseSource>
        }
    })
    .await;
    for (payload, expected) in [
        ("<b>1</b><b>2</b>", "<b>1</b><b>2</b>"),
        ("<u>never</u>", "<b>1</b><b>2</b>"),
    ] {
        fake.say("x", payload, "");
        assert_eq!(html(&find(&stage, "div")), expected); // SSW-19: the consumer is gone with its element
    }
    shown.set(false);
    pause(0).await;
    assert_eq!(html(&find(&stage, "div")), "<i>fallback</i>");
    shown.set(true);
    pause(0).await;
    fake.say("x", "", "");
    assert!(html(&find(&stage, "div")).starts_with("<p "), "{}", html(&stage));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_a_changed_address_moves_the_connection() {
    let fake = FakeEventSource::install();
    let url = RwSignal::new("/one".to_owned());
    let (stage, handle) = mounted(move || {
        view! { <SseSource connect=url><ConnectionStatus/><SseSwap tag="p" event="x"/></SseSource> }
    })
    .await;
    fake.open();
    pause(0).await;
    assert_eq!(find::<Element>(&stage, "span").inner_html(), "live");
    fake.say("ll:heartbeat", "0000000000000001-5", "0000000000000001-5");
    url.set("/two".to_owned());
    pause(0).await;
    // A position of one stream means nothing on another.
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/one".to_owned(), "/two".to_owned()], 1)
    );
    fake.say("x", "from two", "");
    assert_eq!(find::<Element>(&stage, "p").inner_html(), "from two");
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn two_sources_on_one_page_do_not_mix() {
    let fake = FakeEventSource::install();
    let (stage, handle) = mounted(|| {
        view! {
            <SseSource connect="/a"><SseSwap tag="p" event="x"/></SseSource>
            <SseSource connect="/b"><SseSwap tag="b" event="x"/></SseSource>
        }
    })
    .await;
    assert_eq!(fake.urls(), ["/a", "/b"]);
    fake.say("x", "of b", "");
    assert_eq!(html(&find(&stage, "p")), "");
    assert_eq!(html(&find(&stage, "b")), "of b");
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn mounting_and_unmounting_leaves_nothing() {
    let fake = FakeEventSource::install();
    let sockets = FakeWebSocket::install();
    let before = count();
    let shown = RwSignal::new(false);
    let (stage, handle) = mounted(move || {
        view! {
            <Show when=move || shown.get()>
                <SseSource connect="/cycle"><SseSwap event="x">"first"</SseSwap></SseSource>
                <WsSource connect="/cycle"><WsSwap id="cycle"/><WsForm action="/"><input/></WsForm></WsSource>
            </Show>
        }
    })
    .await;
    for _ in 0..20 {
        shown.set(true);
        pause(0).await;
        assert_eq!(fake.alive(), 1);
        shown.set(false);
        pause(0).await;
        assert_eq!((fake.alive(), count()), (0, before));
    }
    assert_eq!(sockets.closed_with(), Some(1000.0));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn decision_5_a_late_consumer_gets_the_newest_value() {
    let fake = FakeEventSource::install();
    let (shown, messages) = (RwSignal::new(false), RwSignal::new(0));
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/shows" on_message=move |_| messages.update(|count| *count += 1)>
                <SseSwap tag="b" event="x" swap=SwapStyle::BeforeEnd/>
                <Show when=move || shown.get()>
                    <SseSwap tag="p" event="x" swap=SwapStyle::BeforeEnd/>
                </Show>
            </SseSource>
        }
    })
    .await;
    let at = |offset: u32| format!("0000000000000001-{offset}");
    let begin = || {
        fake.open();
        fake.say("ll:heartbeat", &at(5), &at(5));
        fake.say("ll:latest", "latest", "");
        fake.say("ll:snapshot", &at(5), "");
        fake.say("x", "5", &at(5));
        fake.say("ll:live", &at(5), &at(5));
    };
    begin();
    shown.set(true);
    pause(0).await;
    assert_eq!(
        fake.urls(),
        [
            "/shows".to_owned(),
            format!("/shows?last-event-id={},latest", at(5))
        ]
    );
    begin();
    fake.say("x", "6", &at(6));
    assert_eq!(html(&find(&stage, "p")), "56");
    assert_eq!(html(&find(&stage, "b")), "56", "for it there was nothing new");
    assert_eq!(messages.get_untracked(), 2);
    // It is not new any more.
    fake.fail(0);
    eventually(|| fake.urls().len() == 3).await;
    assert_eq!(fake.urls()[2], format!("/shows?last-event-id={}", at(6)));
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_stays_beside_an_appended_message_goes_on_living() {
    let fake = FakeEventSource::install();
    let number = RwSignal::new(1);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/stays">
                <SseSwap tag="section" event="x" swap=SwapStyle::BeforeEnd>
                    <i>{move || number.get()}</i>
                    <SseSwap tag="p" event="inner"/>
                </SseSwap>
            </SseSource>
        }
    })
    .await;
    fake.say("x", "<b>1</b>", "");
    number.set(2);
    pause(0).await;
    fake.say("inner", "still", "");
    fake.say("x", "<b>2</b>", "");
    let section = html(&find(&stage, "section"));
    assert!(
        section.starts_with("<i>2</i><p") && section.ends_with("still</p><b>1</b><b>2</b>"),
        "{section}"
    );
    drop(handle);
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_row_that_a_message_has_replaced_goes_with_its_list() {
    // A list takes the elements of its rows out before their owners end.
    let sockets = FakeWebSocket::install();
    let rows = RwSignal::new(vec!["one", "two", "three"]);
    let (stage, handle) = mounted(move || {
        view! {
            <WsSource connect="/rows">
                <For each=move || rows.get() key=|row| *row children=|row| view! { <WsSwap id=row tag="p"/> }/>
            </WsSource>
        }
    })
    .await;
    sockets.open();
    sockets.say(r#"<p id="one" hx-swap-oob="delete"></p><b id="two">2</b>"#);
    sockets.say(r#"<i id="two">!</i>"#);
    sockets.say(r#"<p id="three">3</p>"#);
    pause(60).await;
    let shown = || html(&find(&stage, "div"));
    assert_eq!(shown(), r#"<i id="two">!</i><p id="three">3</p>"#);
    rows.set(vec!["three"]);
    pause(0).await;
    assert_eq!(shown(), r#"<p id="three">3</p>"#);
    drop(handle);
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_messages_have_put_beside_a_component_goes_with_it() {
    let fake = FakeEventSource::install();
    let shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <SseSource connect="/beside">
                <i>"stays"</i>
                <Show when=move || shown.get()>
                    <SseSwap tag="p" event="before" swap=SwapStyle::BeforeBegin/>
                    <SseSwap tag="b" event="after" swap=SwapStyle::AfterEnd/>
                </Show>
            </SseSource>
        }
    })
    .await;
    fake.say("before", "<u>1</u>text", "");
    fake.say("after", "<u hx-sse=\"swap:x\">2</u>", "");
    let html_of_source = || html(&find(&stage, "div"));
    assert!(
        html_of_source().contains("<u>1</u>text<p"),
        "{}",
        html_of_source()
    );
    shown.set(false);
    pause(0).await;
    assert_eq!(html_of_source(), "<i>stays</i>");
    drop(handle);
    stage.remove();
}
