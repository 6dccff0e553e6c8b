//! Which sites' pages a request may come from.
//!
//! A browser sends a visitor's cookies with a socket's handshake, with an event stream and with a posted form whatever page
//! makes the request, from other ports and sub-domains even those that are `SameSite=Strict`. Two headers that pages cannot
//! write tell where a request comes from: `Sec-Fetch-Site`, which compares whole origins, and `Origin`.

use http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use http::request::Parts;

use super::{AccessConfig, Cookies, Origin};
use crate::server::Rejection;

/// Who has sent a request, as one of the two headers says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    /// A page of this server, or the visitor without a page.
    Own,
    /// A page of one of the origins that the app has named.
    Named,
    Elsewhere,
    Unsaid,
}

/// Whether a socket may be opened.
///
/// The `Origin` alone decides: every browser sends one with every handshake, while `Sec-Fetch-Site` is not sent with all,
/// and the two schemes of a page and its socket make browsers disagree about it.
pub(crate) fn check_handshake(request: &Parts, access: &AccessConfig) -> Result<(), Rejection> {
    match by_origin(request, access) {
        Sender::Own | Sender::Named => {}
        Sender::Unsaid if access.allow_missing_origin => {}
        Sender::Unsaid => return Err(Rejection::MissingOrigin),
        Sender::Elsewhere => return Err(Rejection::ForeignOrigin),
    }
    check_cookies(request, access)
}

/// Whether an event stream may be read.
///
/// A page of the same origin sends no `Origin` with it. One of another origin that sends nothing that identifies the visitor
/// reads what everybody may read, if the app lets it (CORS).
pub(crate) fn check_stream(request: &Parts, access: &AccessConfig) -> Result<(), Rejection> {
    if !request.method.is_safe() {
        return check_request(request, access);
    }
    let is_public = !has_credentials(request, access);
    match (by_site(request), by_origin(request, access)) {
        (Sender::Own, _) | (_, Sender::Named) => {}
        (Sender::Unsaid, Sender::Own | Sender::Unsaid) => {}
        // Another page's `fetch`, whose answer its browser keeps from it unless the app says otherwise.
        (_, Sender::Own | Sender::Elsewhere) if is_public => {}
        // What has no `Origin` was not asked for by a script, but embedded.
        _ => return Err(Rejection::ForeignOrigin),
    }
    check_cookies(request, access)
}

/// Whether a plain request may be answered. Those that change nothing may come from anywhere, as links do; the table stands
/// at [`same_origin`](super::same_origin()).
pub(super) fn check_request(request: &Parts, access: &AccessConfig) -> Result<(), Rejection> {
    if !request.method.is_safe() {
        match (by_site(request), by_origin(request, access)) {
            (Sender::Own, _) | (_, Sender::Named) | (Sender::Unsaid, Sender::Own) => {}
            (Sender::Unsaid, Sender::Unsaid) if has_credentials(request, access) => {
                return Err(Rejection::MissingOrigin);
            }
            (Sender::Unsaid, Sender::Unsaid) => {}
            _ => return Err(Rejection::ForeignOrigin),
        }
    }
    check_cookies(request, access)
}

fn check_cookies(request: &Parts, access: &AccessConfig) -> Result<(), Rejection> {
    if access.cookies == Cookies::Undeclared && request.headers.contains_key(COOKIE) {
        return Err(Rejection::CookiesUndeclared);
    }
    Ok(())
}

/// Whether the request carries what a browser adds by itself to tell who the visitor is. A bearer token is added by a script.
fn has_credentials(request: &Parts, access: &AccessConfig) -> bool {
    let is_ambient = |value: &http::HeaderValue| {
        let scheme = value.as_bytes().get(..7);
        !scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"bearer "))
    };
    let has_cookies = access.cookies != Cookies::Ignored && request.headers.contains_key(COOKIE);
    has_cookies || request.headers.get_all(AUTHORIZATION).iter().any(is_ambient)
}

fn by_site(request: &Parts) -> Sender {
    let mut sites = request.headers.get_all("sec-fetch-site").iter();
    match (sites.next(), sites.next()) {
        (None, _) => Sender::Unsaid,
        (Some(site), None) if matches!(site.as_bytes(), b"same-origin" | b"none") => Sender::Own,
        _ => Sender::Elsewhere,
    }
}

fn by_origin(request: &Parts, access: &AccessConfig) -> Sender {
    let mut origins = request.headers.get_all(ORIGIN).iter();
    let origin = match (origins.next(), origins.next()) {
        (None, _) => return Sender::Unsaid,
        (Some(origin), None) => origin.to_str().ok(),
        (Some(_), Some(_)) => None,
    };
    let Some(origin) = origin.and_then(|origin| origin.parse::<Origin>().ok()) else {
        return Sender::Elsewhere;
    };
    if access.public_origins.contains(&origin) {
        return Sender::Named;
    }
    let mut hosts = request.headers.get_all(HOST).iter();
    // HTTP/2 names the host in the request line instead.
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.to_str().ok(),
        (Some(_), Some(_)) => None,
        (None, _) => request.uri.authority().map(|authority| authority.as_str()),
    };
    if host.is_some_and(|host| origin.is_of_host(host)) {
        Sender::Own
    } else {
        Sender::Elsewhere
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, Request};

    use super::*;

    /// The headers of a request, and why it is refused, if it is.
    type Case<'a> = (&'a [(&'a str, &'a str)], Option<Rejection>);
    type Check = fn(&Parts, &AccessConfig) -> Result<(), Rejection>;

    fn request(method: Method, host: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().method(method).header(HOST, host);
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        request.body(()).unwrap().into_parts().0
    }

    fn access(cookies: Cookies) -> AccessConfig {
        AccessConfig {
            cookies,
            public_origins: vec!["https://app.example".parse().unwrap()],
            ..AccessConfig::default()
        }
    }

    #[track_caller]
    fn check_origin(origins: &[&str], host: &str, expected: Result<(), Rejection>) {
        let headers: Vec<_> = origins.iter().map(|origin| ("origin", *origin)).collect();
        let parts = request(Method::GET, host, &headers);
        assert_eq!(
            check_handshake(&parts, &access(Cookies::Undeclared)),
            expected,
            "{origins:?} at {host}"
        );
    }

    #[test]
    fn s02_only_the_exact_origin_passes() {
        let foreign = Err(Rejection::ForeignOrigin);
        check_origin(&["http://localhost:3000"], "localhost:3000", Ok(()));
        check_origin(&["http://LOCALHOST:3000"], "localhost:3000", Ok(()));
        check_origin(&["https://a.example"], "a.example", Ok(()));
        check_origin(&["https://a.example"], "a.example:443", Ok(()));
        check_origin(&["https://a.example:443"], "a.example", Ok(()));
        check_origin(&["http://a.example"], "A.Example:80", Ok(()));
        check_origin(&["http://[::1]:3000"], "[::1]:3000", Ok(()));
        check_origin(&["https://app.example"], "10.0.0.1:8080", Ok(()));
        check_origin(&["https://APP.example:443"], "10.0.0.1:8080", Ok(()));

        check_origin(&["http://app.example"], "10.0.0.1:8080", foreign);
        check_origin(&["https://app.example.evil.io"], "a.example", foreign);
        check_origin(&["https://sub.a.example"], "a.example", foreign);
        check_origin(&["https://a.example:444"], "a.example", foreign);
        check_origin(&["http://a.example"], "a.example:443", foreign);
        check_origin(&["https://a.example@evil.io"], "a.example", foreign);
        check_origin(&["https://evil.io/a.example"], "a.example", foreign);
        check_origin(&["https://a.example/"], "a.example", foreign);
        check_origin(&["https://a.example."], "a.example", foreign);
        check_origin(&["https://а.example"], "a.example", foreign);
        check_origin(&["null"], "null", foreign);
        check_origin(&["file://"], "a.example", foreign);
        check_origin(&["ftp://a.example"], "a.example", foreign);
        check_origin(&[""], "a.example", foreign);
        check_origin(&["https://a.example:99999"], "a.example", foreign);
        check_origin(&["https://a.example:"], "a.example", foreign);
        check_origin(&["https://a.example", "https://a.example"], "a.example", foreign);
        check_origin(&[], "a.example", Err(Rejection::MissingOrigin));
    }

    #[test]
    fn s02_an_absent_origin_passes_only_where_it_is_allowed() {
        let access = AccessConfig {
            allow_missing_origin: true,
            ..AccessConfig::default()
        };
        assert_eq!(
            check_handshake(&request(Method::GET, "a.example", &[]), &access),
            Ok(())
        );
    }

    const OWN: (&str, &str) = ("origin", "https://a.example");
    const NAMED: (&str, &str) = ("origin", "https://app.example");
    const FOREIGN: (&str, &str) = ("origin", "https://evil.example");
    const NULL: (&str, &str) = ("origin", "null");
    const COOKIE: (&str, &str) = ("cookie", "user=ann");
    const SAME: (&str, &str) = ("sec-fetch-site", "same-origin");
    const NONE: (&str, &str) = ("sec-fetch-site", "none");
    const SITE: (&str, &str) = ("sec-fetch-site", "same-site");
    const CROSS: (&str, &str) = ("sec-fetch-site", "cross-site");

    #[track_caller]
    fn check_all(check: Check, method: Method, cases: &[Case<'_>]) {
        for (headers, refused) in cases {
            let parts = request(method.clone(), "a.example", headers);
            let found = check(&parts, &access(Cookies::Authenticate));
            assert_eq!(found.err(), *refused, "{method} {headers:?}");
        }
    }

    #[test]
    fn s04_posts_are_taken_from_own_pages_and_from_programs() {
        let (foreign, missing) = (Some(Rejection::ForeignOrigin), Some(Rejection::MissingOrigin));
        check_all(
            check_request,
            Method::POST,
            &[
                (&[], None),
                (&[COOKIE], missing),
                (&[("authorization", "Basic YTpi")], missing),
                (&[("authorization", "Bearer abc")], None),
                (&[COOKIE, SAME], None),
                (&[COOKIE, NONE], None),
                (&[COOKIE, OWN], None),
                (&[COOKIE, NAMED], None),
                (&[COOKIE, NAMED, CROSS], None),
                // A page whose referrer policy is `no-referrer` posts to itself with a null origin.
                (&[COOKIE, NULL, SAME], None),
                (&[COOKIE, NULL], foreign),
                (&[COOKIE, FOREIGN], foreign),
                (&[FOREIGN], foreign),
                (&[SITE], foreign),
                (&[CROSS], foreign),
                (&[COOKIE, OWN, SITE], foreign),
                (&[COOKIE, SAME, SAME], foreign),
                (&[COOKIE, OWN, OWN], foreign),
            ],
        );
        check_all(check_request, Method::DELETE, &[(&[COOKIE, FOREIGN], foreign)]);
        // Links from elsewhere lead here.
        check_all(
            check_request,
            Method::GET,
            &[(&[COOKIE, CROSS], None), (&[COOKIE], None)],
        );
    }

    #[test]
    fn s04_streams_with_cookies_are_read_by_own_pages() {
        let foreign = Some(Rejection::ForeignOrigin);
        check_all(
            check_stream,
            Method::GET,
            &[
                (&[], None),
                (&[COOKIE], None),
                (&[COOKIE, SAME], None),
                (&[COOKIE, OWN], None),
                (&[COOKIE, NAMED, CROSS], None),
                (&[COOKIE, FOREIGN], foreign),
                (&[COOKIE, FOREIGN, CROSS], foreign),
                (&[COOKIE, NULL], foreign),
                (&[COOKIE, SITE], foreign),
                // Embedded, for example as the address of an image.
                (&[CROSS], foreign),
                (&[SITE], foreign),
                (&[FOREIGN], None),
                (&[FOREIGN, CROSS], None),
                (&[("authorization", "Basic YTpi"), FOREIGN], foreign),
            ],
        );
    }

    #[test]
    fn s04_a_stream_that_is_posted_for_is_a_post() {
        let missing = Some(Rejection::MissingOrigin);
        check_all(
            check_stream,
            Method::POST,
            &[(&[COOKIE], missing), (&[COOKIE, OWN], None)],
        );
    }

    #[test]
    fn s04_cookies_have_to_be_declared() {
        let undeclared = Some(Rejection::CookiesUndeclared);
        for (check, method) in [
            (check_request as Check, Method::POST),
            (check_stream, Method::GET),
            (check_handshake, Method::GET),
        ] {
            let parts = request(method, "a.example", &[COOKIE, OWN]);
            assert_eq!(check(&parts, &access(Cookies::Undeclared)).err(), undeclared);
            assert_eq!(check(&parts, &access(Cookies::Authenticate)), Ok(()));
            assert_eq!(check(&parts, &access(Cookies::Ignored)), Ok(()));
        }
        // Ignored cookies identify nobody, so there is nothing that another page could abuse.
        let parts = request(Method::GET, "a.example", &[COOKIE, FOREIGN]);
        assert_eq!(check_stream(&parts, &access(Cookies::Ignored)), Ok(()));
        let parts = request(Method::POST, "a.example", &[COOKIE]);
        assert_eq!(check_request(&parts, &access(Cookies::Ignored)), Ok(()));
    }

    #[test]
    fn s06_no_setting_lets_a_foreign_page_use_cookies() {
        // The two checks have no switches, so both cannot be off: of all settings none lets this through.
        let headers = [COOKIE, FOREIGN, CROSS];
        for (cookies, allow_missing_origin) in [
            (Cookies::Undeclared, false),
            (Cookies::Undeclared, true),
            (Cookies::Authenticate, false),
            (Cookies::Authenticate, true),
        ] {
            let access = AccessConfig {
                allow_missing_origin,
                ..access(cookies)
            };
            assert!(check_request(&request(Method::POST, "a.example", &headers), &access).is_err());
            assert!(check_stream(&request(Method::GET, "a.example", &headers), &access).is_err());
            assert!(check_handshake(&request(Method::GET, "a.example", &headers), &access).is_err());
        }
    }
}
