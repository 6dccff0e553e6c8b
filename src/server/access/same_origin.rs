//! The layer that refuses what other sites' pages post here.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::cross_site;
use crate::server::Hub;

/// A layer for the whole app: requests that change something (whose method is not `GET`, `HEAD` or `OPTIONS`) are taken
/// from pages of this site only. Others pass; streams and sockets check for themselves.
///
/// | `Sec-Fetch-Site` | `Origin` | cookies | |
/// | --- | --- | --- | --- |
/// | `same-origin`, `none` | any | any | passes |
/// | any other | one of [`public_origins`](crate::server::AccessConfig::public_origins) | any | passes |
/// | any other | any other, or none | any | 403 |
/// | absent | this server's, or one of `public_origins` | any | passes |
/// | absent | any other | any | 403 |
/// | absent | absent | none | passes: a program, which nobody can trick |
/// | absent | absent | some | 403 |
///
/// Requests with cookies whose use was not [declared](crate::server::AccessConfig::cookies) are refused in any case.
///
/// ```
/// use axum::{Router, middleware::from_fn_with_state, routing::post};
/// use leptos_live::server::{Hub, same_origin};
///
/// let hub = Hub::default();
/// let app: Router = Router::new()
///     .route("/say", post(|| async { "said" }))
///     .layer(from_fn_with_state(hub, same_origin));
/// ```
pub async fn same_origin(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match cross_site::check_request(&parts, &hub.config().access) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(refused) => {
            hub.count(&refused);
            refused.into_response()
        }
    }
}
