//! From when until when the attributes of a view make its elements live.

use leptos::prelude::*;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use super::components::{html, mounted, shown};
use super::fake_event_source::FakeEventSource;
use super::fake_web_socket::FakeWebSocket;
use super::{click, eventually, find, pause, stage};
use crate::browser::live_elements::count;
use crate::{
    SwapStyle,
    attributes::{hx_sse, hx_swap, sse_connect, sse_swap, ws_connect, ws_send},
};

#[wasm_bindgen_test]
async fn running_a_view_again_starts_nothing_twice() {
    let (fake, sockets, before) = (FakeEventSource::install(), FakeWebSocket::install(), count());
    let number = RwSignal::new(0);
    let (stage, handle) = mounted(move || {
        move || {
            view! {
                <div {..hx_sse("connect:/rerun")} data-number=number.get()>
                    <p {..sse_swap("x")} {..hx_swap(SwapStyle::BeforeEnd)}></p>
                    <i {..ws_connect("/rerun")}><button {..ws_send()}></button></i>
                </div>
            }
        }
    })
    .await;
    sockets.open();
    for next in 1..4 {
        number.set(next);
        pause(0).await;
        fake.say("x", &next.to_string(), "");
        click(&stage, "button");
    }
    assert_eq!((fake.urls().len(), fake.alive(), sockets.urls().len()), (1, 1, 1));
    assert_eq!((shown(&stage, "p"), sockets.sent().len()), ("123".to_owned(), 3));
    drop(handle);
    pause(0).await;
    assert_eq!((fake.alive(), count()), (0, before));
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_what_an_attribute_says_may_change() {
    let fake = FakeEventSource::install();
    let (url, name) = (RwSignal::new("/first".to_owned()), RwSignal::new("a"));
    let (stage, handle) = mounted(move || {
        view! {
            <div {..sse_connect(url)}>
                <p {..sse_swap(Signal::derive(move || name.get().to_owned()))}></p>
                {move || view! { <i {..hx_sse(format!("swap:{}", name.get()))}></i> }}
            </div>
        }
    })
    .await;
    fake.say("a", "1", "");
    name.set("b");
    pause(0).await;
    fake.say("a", "wrong", "");
    fake.say("b", "2", "");
    assert_eq!(
        (shown(&stage, "p"), shown(&stage, "i"), fake.urls().len()),
        ("2".to_owned(), "2".to_owned(), 1)
    );
    url.set("/second".to_owned());
    pause(0).await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/first".to_owned(), "/second".to_owned()], 1)
    );
    fake.say("b", "3", "");
    assert_eq!(
        (shown(&stage, "p"), shown(&stage, "i")),
        ("3".to_owned(), "3".to_owned())
    );
    drop(handle);
    pause(0).await;
    assert_eq!(fake.alive(), 0);
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_a_closure_changes_what_an_attribute_says_and_takes_it_away() {
    let (fake, before) = (FakeEventSource::install(), count());
    let (topic, name) = (RwSignal::new("first"), RwSignal::new(None));
    let (stage, handle) = mounted(move || {
        view! {
            <div {..sse_connect(move || format!("/{}", topic.get()))}>
                <p {..sse_swap(move || name.get())}></p>
            </div>
        }
    })
    .await;
    let without = count();
    fake.say("a", "wrong", "");
    name.set(Some("a"));
    pause(0).await;
    fake.say("a", "1", "");
    assert_eq!((shown(&stage, "p"), count()), ("1".to_owned(), without + 1));
    name.set(None);
    pause(0).await;
    fake.say("a", "wrong", "");
    assert_eq!((shown(&stage, "p"), count()), ("1".to_owned(), without));
    topic.set("second");
    pause(0).await;
    assert_eq!(
        (fake.urls(), fake.alive()),
        (vec!["/first".to_owned(), "/second".to_owned()], 1)
    );
    drop(handle);
    pause(0).await;
    assert_eq!((fake.alive(), count()), (0, before));
    stage.remove();
}

#[wasm_bindgen_test]
async fn act_11_what_changes_before_the_first_effects_is_read_too() {
    let fake = FakeEventSource::install();
    let stage = stage(r#"<div class="here"></div>"#);
    let topic = RwSignal::new("first");
    let handle = leptos::mount::mount_to(find(&stage, ".here"), move || {
        view! { <div {..sse_connect(move || format!("/{}", topic.get()))}></div> }
    });
    topic.set("second");
    pause(0).await;
    assert_eq!(
        (fake.urls().last().map(String::as_str), fake.alive()),
        (Some("/second"), 1)
    );
    drop(handle);
    pause(0).await;
    stage.remove();
}

#[wasm_bindgen_test]
async fn it_ends_with_its_view_and_begins_with_the_next() {
    let (fake, before) = (FakeEventSource::install(), count());
    let shown = RwSignal::new(false);
    let rows = RwSignal::new(vec![1, 2, 3]);
    let (stage, handle) = mounted(move || {
        view! {
            <section {..sse_connect("/always")}>
                <Show when=move || shown.get()>
                    <For each=move || rows.get() key=|row| *row children=|row| {
                        view! { <p {..sse_swap(format!("row{row}"))} {..hx_sse(format!("connect:/row{row}"))}></p> }
                    }/>
                </Show>
            </section>
        }
    })
    .await;
    let always = count() - before;
    for _ in 0..3 {
        shown.set(true);
        pause(0).await;
        assert_eq!(fake.alive(), 4);
        rows.set(vec![3, 1]);
        pause(0).await;
        assert_eq!(fake.alive(), 3);
        rows.set(vec![1, 2, 3]);
        shown.set(false);
        pause(0).await;
        assert_eq!((fake.alive(), count()), (1, before + always));
    }
    drop(handle);
    pause(0).await;
    assert_eq!((fake.alive(), count()), (0, before));
    stage.remove();
}

#[wasm_bindgen_test]
async fn what_is_built_before_it_is_on_the_page_waits() {
    // As behind a Suspense, which builds its children and mounts them later, and takes them out for a while.
    let fake = FakeEventSource::install();
    let stage = stage(r#"<div class="here"></div>"#);
    let here: Element = find(&stage, ".here");
    // Effects need what the first mounting of a page sets up, and other tests may come later.
    drop(leptos::mount::mount_to(find(&stage, ".here"), || ()));
    let owner = Owner::new();
    let mut state = owner.with(|| {
        view! { <div {..sse_connect("/waits")}><p {..sse_swap("x")}></p></div> }
            .into_any()
            .build()
    });
    pause(0).await;
    assert!(fake.urls().is_empty());
    state.mount(&here, None);
    eventually(|| fake.urls() == ["/waits"]).await;
    fake.say("x", "1", "");
    assert_eq!(shown(&stage, "p"), "1");
    state.unmount();
    fake.say("x", "2", "");
    state.mount(&here, None);
    fake.say("x", "3", "");
    assert_eq!(
        (shown(&stage, "p"), fake.alive(), fake.urls().len()),
        ("3".to_owned(), 1, 1)
    );
    owner.cleanup();
    pause(0).await;
    assert_eq!(fake.alive(), 0);
    // Nothing waits for what has ended before it came.
    let owner = Owner::new();
    let mut state = owner.with(|| view! { <p {..sse_connect("/never")}></p> }.into_any().build());
    owner.cleanup();
    state.mount(&here, None);
    pause(0).await;
    assert_eq!(fake.urls().len(), 1);
    stage.remove();
}

#[wasm_bindgen_test]
async fn a_replaced_element_leaves_leptos_its_place() {
    let fake = FakeEventSource::install();
    let shown = RwSignal::new(true);
    let (stage, handle) = mounted(move || {
        view! {
            <div {..sse_connect("/leaves")}>
                <Show when=move || shown.get() fallback=|| view! { <i>"fallback"</i> }>
                    <p {..sse_swap("x")} {..hx_swap(SwapStyle::OuterHtml)}></p>
                </Show>
            </div>
        }
    })
    .await;
    for _ in 0..2 {
        fake.say("x", "<b>1</b><b>2</b>", "");
        fake.say("x", "<u>never</u>", "");
        assert_eq!(html(&find(&stage, "div")), "<b>1</b><b>2</b>");
        shown.set(false);
        pause(0).await;
        assert_eq!(html(&find(&stage, "div")), "<i>fallback</i>");
        shown.set(true);
        pause(0).await;
    }
    drop(handle);
    pause(0).await;
    stage.remove();
}
