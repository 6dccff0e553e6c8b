//! Unit tests of the runtime in a real page.
//!
//! What needs no server is tested here, close to the code; whole pages are tested in `end2end/`.

mod activation;
mod adding;
mod addresses;
mod avoided_defects;
mod belonging;
mod bursts;
mod callbacks;
mod changing_topics;
mod closing;
mod coalescing;
mod companions;
mod components;
mod drawings;
mod early;
mod event_details;
mod every_name;
mod fake_console;
mod fake_event_source;
mod fake_fetch;
mod fake_web_socket;
mod fetch_failures;
mod fetch_streams;
mod finite_streams;
mod form_clicks;
mod form_values;
mod frozen_details;
mod hidden_tab;
mod inheritance;
mod interruptions;
mod joining;
mod last_attempts;
mod late_hydration;
mod lifecycle;
mod list_rows;
mod live_elements;
mod mistakes;
mod morph;
mod page_config;
mod parts_in_detail;
mod presence;
mod reauthorization;
mod refused;
mod request;
mod request_answers;
mod request_confirmation;
mod request_queue;
mod request_streams;
mod request_values;
mod response_stream;
mod resumption;
mod settling;
mod spread;
mod spread_lifetimes;
mod sse;
mod sse_sources;
mod stream_limit;
mod swap;
mod swap_modifiers;
mod swap_parts;
mod target;
mod target_list;
mod trigger;
mod trigger_component;
mod trigger_messages;
mod trigger_senders;
mod trigger_time;
mod use_ws;
mod version_skew;
mod when_connected;
mod ws;
mod ws_acks;
mod ws_codecs;
mod ws_confirm;
mod ws_connecting;
mod ws_files;
mod ws_life;
mod ws_queue;
mod ws_send;
mod ws_senders;
mod ws_usual;
mod ws_values;
mod ws_wrapper;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::{CustomEvent, Element, Event, EventInit, HtmlElement};

use super::listener::Listener;
use super::live_elements::release_with;
use super::processing;
use super::processors;
use crate::RetryPolicy;

wasm_bindgen_test_configure!(run_in_browser);

/// A place of its own in the page, with this HTML in it.
fn stage(html: &str) -> Element {
    let document = super::page::document().unwrap();
    let stage = document.create_element("div").unwrap();
    super::dom::set_html(&stage, &html.into());
    document.body().unwrap().append_child(&stage).unwrap();
    stage
}

/// The first element below the root that matches.
fn find<T: JsCast>(root: &Element, selector: &str) -> T {
    root.query_selector(selector)
        .unwrap()
        .unwrap()
        .dyn_into()
        .unwrap()
}

/// Swaps a payload into a target.
fn swap_into(target: &Element, spec: &str, payload: &str) {
    super::swap::morph::enter();
    let plan = super::swap::Plan::to(target, spec.parse().unwrap());
    super::swap::swap(plan, &payload.into(), || {});
}

/// Puts other HTML in the place of an element, as a script would.
fn replace(root: &Element, selector: &str, html: &str) {
    let content = super::parsing::parse(&html.into()).unwrap();
    find::<Element>(root, selector)
        .replace_with_with_node_1(&content)
        .unwrap();
}

/// Waits for so many milliseconds of the page's own clock.
async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let window = super::page::window().unwrap();
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds)
            .unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

/// Waits until something is so, for three seconds at most.
async fn eventually(is_so: impl Fn() -> bool) {
    for _ in 0..300 {
        if is_so() {
            return;
        }
        pause(10).await;
    }
    panic!("it did not happen within three seconds");
}

/// Records the names of events on the stage.
fn record(stage: &Element, names: &[&'static str]) -> (Rc<RefCell<Vec<String>>>, Vec<Listener>) {
    let heard = Rc::<RefCell<Vec<String>>>::default();
    let listeners = names.iter().map(|name| {
        let heard = Rc::clone(&heard);
        Listener::on(stage, name, move |event| heard.borrow_mut().push(event.type_()))
    });
    let listeners = listeners.collect();
    (heard, listeners)
}

/// The details of every event of a name, as it was heard on the stage.
type Details = Rc<RefCell<Vec<JsValue>>>;

fn details(stage: &Element, name: &'static str) -> (Details, Listener) {
    let heard = Details::default();
    let hearing = Rc::clone(&heard);
    let listener = Listener::add(stage, name, move |event: CustomEvent| {
        hearing.borrow_mut().push(event.detail());
    });
    (heard, listener)
}

/// A property of an object, or of what an object holds: `errorInfo.error`.
fn field(object: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(object.clone(), |at, name| {
        Reflect::get(&at, &name.into()).unwrap()
    })
}

/// Fires a plain event that bubbles.
fn fire(stage: &Element, selector: &str, name: &str) {
    fire_on(&find(stage, selector), name);
}

/// As the browser does it: a form whose `submit` cannot be cancelled leaves the page in Firefox.
fn fire_on(element: &Element, name: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = Event::new_with_event_init_dict(name, &init).unwrap();
    element.dispatch_event(&event).unwrap();
}

/// Markup on the page, made live.
async fn live(html: &str) -> Element {
    processing::enter_streams();
    processing::enter_sockets();
    processing::enter_requests();
    super::swap::morph::enter();
    let stage = stage(html);
    processors::process(&stage);
    pause(0).await;
    stage
}

/// Takes a stage away, with everything that lives on it.
fn end(stage: &Element) {
    release_with(stage);
    stage.remove();
}

/// What stands in the first element that matches.
fn text(stage: &Element, selector: &str) -> String {
    find::<Element>(stage, selector).inner_html()
}

/// The state of the first source.
fn state(stage: &Element) -> String {
    find::<Element>(stage, "[data-state]")
        .get_attribute("data-state")
        .unwrap()
}

/// Delays of a millisecond at most.
fn quickly() -> RetryPolicy {
    RetryPolicy {
        base: 1,
        cap: 1,
        ..RetryPolicy::default()
    }
}

fn click(stage: &Element, selector: &str) {
    find::<HtmlElement>(stage, selector).click();
}

/// A position of the first history.
fn at(offset: u64) -> String {
    format!("0000000000000001-{offset}")
}
