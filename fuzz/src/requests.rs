//! Requests made of texts, as the server's endpoints get them.

use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request};
use leptos_live::server::{AccessConfig, Hub, HubConfig};

/// A request with these headers; `None` where one of them cannot be sent.
pub fn request(method: Method, uri: &str, headers: &[(&'static str, &[u8])]) -> Option<Parts> {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        request = request.header(name, HeaderValue::from_bytes(value).ok()?);
    }
    Some(request.body(()).ok()?.into_parts().0)
}

/// The same as it comes from this address.
pub fn from(peer: IpAddr, mut request: Parts) -> Parts {
    let peer = SocketAddr::from((peer, 1));
    request.extensions.insert(ConnectInfo(peer));
    request
}

/// A hub with these rules of access.
pub fn hub(access: AccessConfig) -> Hub {
    Hub::new(HubConfig {
        access,
        ..HubConfig::default()
    })
}

/// What a future gives that waits for nothing.
///
/// # Panics
/// When it waits.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("expected a future that waits for nothing"),
    }
}
