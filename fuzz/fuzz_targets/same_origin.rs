//! Which pages' requests pass: whatever stands in `Origin`, `Host` and `Sec-Fetch-Site`, those with cookies come from a page
//! of this server, as somebody else reads the three.

#![no_main]

use std::sync::LazyLock;

use http::Method;
use leptos_live::Topic;
use leptos_live::server::{AccessConfig, Cookies, Hub, SseRequest};
use leptos_live_fuzz::requests::{hub, now, request};
use libfuzzer_sys::fuzz_target;

static HUB: LazyLock<Hub> = LazyLock::new(|| {
    hub(AccessConfig {
        cookies: Cookies::Authenticate,
        ..AccessConfig::default()
    })
});

/// Whether the origin is that of a server that is addressed so, read by cutting the texts.
fn is_own(origin: &str, host: &str) -> bool {
    let (origin, host) = (origin.to_ascii_lowercase(), host.to_ascii_lowercase());
    let (authority, port) = if let Some(authority) = origin.strip_prefix("http://") {
        (authority, ":80")
    } else if let Some(authority) = origin.strip_prefix("https://") {
        (authority, ":443")
    } else {
        return false;
    };
    // A port may be written with zeros before it.
    let plain = |text: &str| match text.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{host}:{}", port.trim_start_matches('0'))
        }
        _ => text.to_owned(),
    };
    let plain = |text: &str| {
        let text = plain(text);
        text.strip_suffix(port).map(str::to_owned).unwrap_or(text)
    };
    plain(authority) == plain(&host)
}

fuzz_target!(|input: (Option<&str>, Option<&str>, Option<&str>, bool)| {
    let (origin, host, site, has_cookie) = input;
    let mut headers: Vec<(&'static str, &[u8])> = Vec::new();
    for (name, value) in [("origin", origin), ("host", host), ("sec-fetch-site", site)] {
        headers.extend(value.map(|value| (name, value.as_bytes())));
    }
    if has_cookie {
        headers.push(("cookie", b"session=1"));
    }
    let by_site = matches!(site, Some("same-origin" | "none"));
    let by_origin = origin
        .zip(host)
        .is_some_and(|(origin, host)| is_own(origin, host));

    let Some(post) = request(Method::POST, "/", &headers) else {
        return;
    };
    if HUB.client(&post).is_ok() {
        let is_program = origin.is_none() && site.is_none() && !has_cookie;
        assert!(
            by_site || (site.is_none() && by_origin) || is_program,
            "{headers:?}"
        );
    }
    let Some(get) = request(Method::GET, "/", &headers) else {
        return;
    };
    let topic = Topic::new("a").expect("a name");
    let stream = now(HUB.sse([topic], SseRequest::new(get)).into_future());
    if has_cookie && stream.status().is_success() {
        let is_unsaid = site.is_none() && origin.is_none();
        assert!(
            by_site || (site.is_none() && by_origin) || is_unsaid,
            "{headers:?}"
        );
    }
});
