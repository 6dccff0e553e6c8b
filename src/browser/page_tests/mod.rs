//! Unit tests of the runtime in a real page.
//!
//! What needs no server is tested here, close to the code; whole pages are tested in `end2end/`.

mod form_values;
mod live_elements;
mod swap;
mod trigger;

use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test_configure;
use web_sys::Element;

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
