//! htmx's attributes on plain elements.
//!
//! In a view they are spread: each function gives an attribute that is rendered on the server and makes its element
//! live in the browser, for as long as the view is there.
//!
//! ```
//! use leptos::prelude::*;
//! use leptos_live::attributes::{hx_swap, sse_connect, sse_swap};
//! use leptos_live::SwapStyle;
//!
//! #[component]
//! fn Prices() -> impl IntoView {
//!     view! {
//!         <table {..sse_connect("/prices")}>
//!             <tbody {..sse_swap("price")} {..hx_swap(SwapStyle::AfterBegin)}></tbody>
//!         </table>
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! What an attribute says may be a text, a signal or a closure, as in the props of components: an address is an
//! [`Address`](crate::Address), everything else an [`AttributeText`](crate::AttributeText), which may also be absent for a
//! while. When it changes, what it has said before ends, and what it says now begins. [`hx_swap`] alone takes a
//! [`SwapSpec`](crate::SwapSpec), which stays as it is.
//!
//! Two spellings mean the same: [`hx_sse`] and [`hx_ws`], of htmx 1.9, and [`sse_connect`], [`sse_swap`], [`sse_close`],
//! [`ws_connect`] and [`ws_send`], of the extensions. No `hx-ext` is needed; where the same page has to work with htmx,
//! write it. Attributes that only say how, such as `hx-vals`, need no function: write them in the view.
//!
//! What messages change belongs to the server. So give an element that swaps, or that is a target, no children that
//! change by themselves; [`SseSwap`](crate::SseSwap) can have some until its first message.
//!
//! Markup that is no view, such as the text of an `inner_html`, takes [`enable`] or [`process`].
//!
//! Invariant: names what to process; how it is done stands in the runtime.

mod hold;
mod raw;
mod spread;

pub use raw::{enable, enable_morphing, enable_streamed_answers, process};
pub use spread::{
    hx_delete, hx_get, hx_patch, hx_post, hx_put, hx_sse, hx_swap, hx_target, hx_trigger, hx_ws, sse_close,
    sse_connect, sse_swap, ws_connect, ws_send,
};
