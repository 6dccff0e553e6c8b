//! A part of a view that the server renders and that is none of the browser's view.
//!
//! Hydration does not look for it: either the element around has no other children in its view, or it stands behind them.

#[cfg(not(target_family = "wasm"))]
use leptos::either::Either;

/// A view, and on the server with the part, if there is one.
#[cfg(not(target_family = "wasm"))]
pub(super) fn with_server_part<V, P, B>(
    view: V,
    part: Option<P>,
    add: impl FnOnce(V, P) -> B,
) -> Either<B, V> {
    match part {
        Some(part) => Either::Left(add(view, part)),
        None => Either::Right(view),
    }
}

/// A view. The one with the part is no type of the browser's program, which would have to link what builds it.
#[cfg(target_family = "wasm")]
pub(super) fn with_server_part<V, P, B>(view: V, _: Option<P>, _: impl FnOnce(V, P) -> B) -> V {
    view
}
