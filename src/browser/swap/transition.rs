//! View transitions: `transition:true` (SWP-19).

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

use super::line::Moment;
use crate::browser::dom_events::{Detail, dispatch};
use crate::browser::page;

/// Runs a swap in a view transition, or without one where the browser has none or a listener is against it; `done` runs
/// when the animation is over.
pub(super) fn run(context: &Element, swap: Box<dyn FnOnce(Moment)>, done: impl FnOnce() + 'static) {
    let start = start_of_page().filter(|_| dispatch(context, "htmx:beforeTransition", &Detail::new()));
    let Some((document, start)) = start else {
        swap(Moment::Later);
        done();
        return;
    };
    // The browser calls it in any case, also when it skips the animation.
    let update = Closure::once_into_js(move || swap(Moment::InTransition));
    let transition = start.call1(&document, &update).unwrap_or(JsValue::UNDEFINED);
    let finished = Reflect::get(&transition, &JsValue::from_str("finished"))
        .ok()
        .and_then(|finished| finished.dyn_into::<Promise>().ok());
    wasm_bindgen_futures::spawn_local(async move {
        if let Some(finished) = finished {
            // A skipped animation is finished, too; a failing swap has told so itself.
            let _ = JsFuture::from(finished).await;
        }
        done();
    });
}

/// The page and its `startViewTransition`, looked up when it is used.
fn start_of_page() -> Option<(JsValue, Function)> {
    let document: JsValue = page::document()?.into();
    let start = Reflect::get(&document, &JsValue::from_str("startViewTransition")).ok()?;
    Some((document, start.dyn_into().ok()?))
}
