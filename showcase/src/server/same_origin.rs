//! Refuses what other sites' pages post here.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};

/// The layer. Every browser of today says where a request comes from; what says nothing is a program,
/// which nobody can trick.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let site = request.headers().get("sec-fetch-site");
    let is_own = site.is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"));
    if is_safe || is_own {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "expected a page of this site").into_response()
    }
}
