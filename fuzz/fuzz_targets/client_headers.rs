//! What a policy and a handler see of a request: everything, but for cookies that the app ignores; and nothing of a request
//! whose cookies were not declared.

#![no_main]

use std::sync::LazyLock;

use http::{HeaderName, HeaderValue, Method, header};
use leptos_live::server::{AccessConfig, Cookies, Hub};
use leptos_live_fuzz::requests::{hub, request};
use libfuzzer_sys::fuzz_target;

fn with(cookies: Cookies) -> Hub {
    hub(AccessConfig {
        cookies,
        ..AccessConfig::default()
    })
}

static UNDECLARED: LazyLock<Hub> = LazyLock::new(|| with(Cookies::Undeclared));
static IGNORED: LazyLock<Hub> = LazyLock::new(|| with(Cookies::Ignored));
static AUTHENTICATE: LazyLock<Hub> = LazyLock::new(|| with(Cookies::Authenticate));

fuzz_target!(|input: (Vec<(&[u8], &[u8])>, Vec<&[u8]>)| {
    let (headers, cookies) = input;
    let mut request = request(Method::GET, "/", &[]).expect("a plain request");
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            request.headers.append(name, value);
        }
    }
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_bytes(cookie) {
            request.headers.append(header::COOKIE, cookie);
        }
    }
    let has_cookies = request.headers.contains_key(header::COOKIE);
    assert_eq!(UNDECLARED.client(&request).is_err(), has_cookies);
    let client = AUTHENTICATE
        .client(&request)
        .expect("a request that changes nothing");
    assert_eq!(client.headers(), &request.headers);
    assert!(
        !format!("{client:?}").contains("HeaderMap"),
        "headers hold secrets"
    );
    let client = IGNORED.client(&request).expect("a request that changes nothing");
    request.headers.remove(header::COOKIE);
    assert_eq!(client.headers(), &request.headers);
});
