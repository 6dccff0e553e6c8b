//! The `on_unauthorized` prop: how a source gets other credentials.

use std::fmt;
use std::future::Future;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;

use super::handler::Handler;
use crate::browser::connection::reauthorization::GetCredentials;

/// How a source gets other credentials when those that it had are refused: an async function that returns whether there
/// are some, so that it is worth trying again.
///
/// It sets a cookie, by a request for one, or the value of a signal that a header of the source's
/// [`StreamRequest`](crate::StreamRequest) is read from at each attempt.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseSwap, StreamRequest};
///
/// # async fn new_token() -> Option<String> { None }
/// fn orders(token: RwSignal<String>) -> impl IntoView {
///     let request = StreamRequest::get().header("Authorization", move || format!("Bearer {}", token.get_untracked()));
///     let refresh = move || async move {
///         let new = new_token().await;
///         let has_one = new.is_some();
///         if let Some(new) = new {
///             token.set(new);
///         }
///         has_one
///     };
///     view! {
///         <SseSource connect="/orders" request on_unauthorized=refresh>
///             <SseSwap event="order"/>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Reauthorize(Handler<(), Promise>);

impl Reauthorize {
    /// The function as the runtime calls it. With its owner gone there is nobody to have credentials.
    pub(super) fn into_hook(self) -> GetCredentials {
        Rc::new(move || {
            self.0
                .call(())
                .unwrap_or_else(|| Promise::resolve(&JsValue::FALSE))
        })
    }
}

impl<F, A> From<F> for Reauthorize
where
    F: Fn() -> A + Send + Sync + 'static,
    A: Future<Output = bool> + 'static,
{
    fn from(get: F) -> Self {
        Self(Handler::from(move |()| {
            let answer = get();
            future_to_promise(async move { Ok(answer.await.into()) })
        }))
    }
}

impl fmt::Debug for Reauthorize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reauthorize")
    }
}
