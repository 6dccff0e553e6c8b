//! Hearing of every change of what stands on the page.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MutationObserver, MutationObserverInit};

use super::dictionary::dictionary;
use super::page;

/// Runs a function after elements came or went, until it is dropped.
#[derive(Debug)]
pub(crate) struct PageWatch {
    observer: MutationObserver,
    _run: Closure<dyn Fn()>,
}

impl PageWatch {
    /// Starts to watch; `None` where there is no page.
    pub(crate) fn start(run: fn()) -> Option<Self> {
        let document = page::document()?;
        let run = Closure::<dyn Fn()>::new(run);
        let observer = MutationObserver::new(run.as_ref().unchecked_ref()).ok()?;
        let init: MutationObserverInit = dictionary(&[("childList", true.into()), ("subtree", true.into())]);
        observer.observe_with_options(&document, &init).ok()?;
        Some(Self { observer, _run: run })
    }
}

impl Drop for PageWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
