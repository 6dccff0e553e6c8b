//! The full address of a socket, from what an author wrote and where the page stands.

/// Completes the address of a socket (WSC-05 to WSC-09).
///
/// `page_scheme` is the page's `location.protocol` (`http:` or `https:`), `host` its `location.host` with the
/// port.
///
/// | written | becomes |
/// | --- | --- |
/// | `/chat` | this host, `wss:` on https pages, else `ws:` |
/// | `//other/chat` | that host, the same scheme rule |
/// | `ws:/chat`, `wss:/chat` | this host, that scheme |
/// | `http://…`, `https://…` | `ws://…`, `wss://…` |
/// | `ws://…`, `wss://…` | unchanged |
/// | anything else | unchanged: the browser resolves relative addresses |
///
/// DIFFERENCE: htmx 1 and 2 take `//other/chat` for a path of this host (WSC-08), and the browser reads their
/// `wss:/chat` as the host `chat` although their manual means this host (WSC-07, CON-24).
///
/// ```
/// use leptos_live::grammar::resolve_ws_url;
///
/// assert_eq!(resolve_ws_url("/chat", "https:", "a.example:8443"), "wss://a.example:8443/chat");
/// assert_eq!(resolve_ws_url("ws:/chat", "https:", "a.example"), "ws://a.example/chat");
/// ```
pub fn resolve_ws_url(url: &str, page_scheme: &str, host: &str) -> String {
    let page_ws = if page_scheme.eq_ignore_ascii_case("https:") {
        "wss:"
    } else {
        "ws:"
    };
    if url.starts_with("//") {
        return format!("{page_ws}{url}");
    }
    if url.starts_with('/') {
        return format!("{page_ws}//{host}{url}");
    }
    for (written, scheme) in [
        ("ws:", "ws:"),
        ("wss:", "wss:"),
        ("http:", "ws:"),
        ("https:", "wss:"),
    ] {
        match after_scheme(url, written) {
            Some(rest) if rest.starts_with("//") && scheme != written => {
                return format!("{scheme}{rest}");
            }
            Some(rest) if rest.starts_with('/') && !rest.starts_with("//") && scheme == written => {
                return format!("{scheme}//{host}{rest}");
            }
            _ => {}
        }
    }
    url.to_owned()
}

/// What follows a scheme, which is written in any case.
fn after_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(url: &str, on_http: &str, on_https: &str) {
        assert_eq!(resolve_ws_url(url, "http:", "h:3000"), on_http, "{url:?}");
        assert_eq!(resolve_ws_url(url, "https:", "h:3000"), on_https, "{url:?}");
    }

    #[track_caller]
    fn check_same(url: &str, expected: &str) {
        check(url, expected, expected);
    }

    #[test]
    fn absolute_paths() {
        // WSC-05
        check("/", "ws://h:3000/", "wss://h:3000/");
        check("/chat?a=b", "ws://h:3000/chat?a=b", "wss://h:3000/chat?a=b");
    }

    #[test]
    fn other_hosts() {
        // DIFFERENCE: WSC-08, CON-25.
        check("//o.example/x", "ws://o.example/x", "wss://o.example/x");
    }

    #[test]
    fn a_scheme_for_this_host() {
        // DIFFERENCE: WSC-07, CON-24.
        check_same("ws:/chat", "ws://h:3000/chat");
        check_same("wss:/chat", "wss://h:3000/chat");
        check_same("WSS:/chat", "wss://h:3000/chat");
    }

    #[test]
    fn full_addresses() {
        // WSC-06, WSC-09
        check_same("ws://o/x", "ws://o/x");
        check_same("wss://o/x", "wss://o/x");
        check_same("http://o/x", "ws://o/x");
        check_same("https://o/x", "wss://o/x");
        check_same("HTTPS://o/x", "wss://o/x");
    }

    #[test]
    fn left_to_the_browser() {
        // WSC-06
        for url in [
            "",
            "chat",
            "./chat",
            "../chat",
            "?a",
            "ws:chat",
            "http:/x",
            "ftp://o/x",
            "wö:/x",
        ] {
            check_same(url, url);
        }
    }

    #[test]
    fn a_page_from_a_file_has_the_plain_scheme() {
        assert_eq!(resolve_ws_url("/chat", "file:", ""), "ws:///chat");
    }

    proptest! {
        #[test]
        fn no_text_panics(
            text in any::<String>(),
            fragments in "((ws|wss|http|https|:|/|é){0,6})",
            scheme in any::<String>(),
        ) {
            let _ = resolve_ws_url(&text, &scheme, "h");
            let _ = resolve_ws_url(&fragments, &scheme, "h");
        }

        #[test]
        fn what_was_resolved_stays(url in "(//|/|ws:/|wss:/|http://|https://)[a-z]{1,4}") {
            let resolved = resolve_ws_url(&url, "https:", "h:3000");
            prop_assert_eq!(resolve_ws_url(&resolved, "http:", "x"), resolved);
        }
    }
}
