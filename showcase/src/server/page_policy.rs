//! Content security policies for pages of the test kit, asked for by `?csp=strict` or `?csp=trusted-types`.
//!
//! An app names the nonce where it renders; here it is read from the finished page, whose first script is that of Leptos.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

const LARGEST_PAGE: usize = 8 << 20;

/// What is asked of every policy: the page's own files, its own inline scripts, and nothing else that runs.
const STRICT: &str = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
    style-src 'self' 'unsafe-inline'; img-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

const TRUSTED_TYPES: &str = "; require-trusted-types-for 'script'; trusted-types default";

/// Leptos and this library write HTML that the server has rendered; scripts and their addresses are never made from text.
const DEFAULT_POLICY: &str = "trustedTypes.createPolicy('default', { createHTML: (html) => html })";

/// The layer that adds the policy.
pub(crate) async fn enforce(request: Request, next: Next) -> Response {
    let asked = request.uri().query().unwrap_or_default();
    let asked = asked.split('&').find_map(|pair| pair.strip_prefix("csp="));
    let with_trusted_types = match asked {
        Some("strict") => false,
        Some("trusted-types") => true,
        _ => return next.run(request).await,
    };
    if !request.uri().path().starts_with("/testkit/") {
        return next.run(request).await;
    }
    let (mut parts, body) = next.run(request).await.into_parts();
    let Ok(page) = to_bytes(body, LARGEST_PAGE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut page = String::from_utf8_lossy(&page).into_owned();
    let nonce = page
        .split_once(" nonce=\"")
        .and_then(|(_, after)| after.split_once('"'));
    let nonce = nonce.map(|(nonce, _)| nonce.to_owned()).unwrap_or_default();
    if with_trusted_types {
        let script = format!("<head><script nonce=\"{nonce}\">{DEFAULT_POLICY}</script>");
        page = page.replacen("<head>", &script, 1);
    }
    let types = if with_trusted_types { TRUSTED_TYPES } else { "" };
    if let Ok(policy) = HeaderValue::from_str(&format!("{STRICT} 'nonce-{nonce}'{types}")) {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}
