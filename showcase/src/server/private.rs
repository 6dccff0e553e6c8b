//! The topics `private/…` of the test kit, which one user each may read.
//!
//! The cookie `testkit-user` says who somebody is, and nothing proves it: it stands for an app's session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::COOKIE;
use leptos_live::server::{Action, Client, Decision, Policy, UserId};
use leptos_live::{InvalidName, Topic};

/// What the names of these topics begin with.
const PREFIX: &str = "private/";

/// Users whose rights were taken back, and what they are told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Revoked(Arc<Mutex<HashMap<String, Decision>>>);

impl Revoked {
    pub(crate) fn revoke(&self, user: &str, decision: Decision) {
        let mut revoked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.insert(user.to_owned(), decision);
    }

    pub(crate) fn restore(&self, user: &str) {
        let mut revoked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.remove(user);
    }

    /// The site's policy: everything but what is private is for everybody, and nobody publishes but the site itself.
    pub(crate) fn policy(&self) -> Policy {
        let revoked = self.clone();
        Policy::new(
            move |client: &Client, action: Action, topic: &Topic| match action {
                Action::Read => revoked.may_read(client, topic),
                Action::Write => Decision::Forbidden,
            },
        )
    }

    fn may_read(&self, client: &Client, topic: &Topic) -> Decision {
        let Some(of_user) = topic.as_str().strip_prefix(PREFIX) else {
            return Decision::Allowed;
        };
        let owner = of_user.split_once('/').map_or(of_user, |(owner, _)| owner);
        let Some(user) = client.user() else {
            return Decision::Unauthenticated;
        };
        let revoked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match revoked.get(user) {
            Some(told) => *told,
            None if user != owner => Decision::Forbidden,
            None => expiry(client.headers()).map_or(Decision::Allowed, Decision::AllowedUntil),
        }
    }
}

/// The topic of a user.
pub(crate) fn topic_of(user: &str) -> Result<Topic, InvalidName> {
    Topic::new(format!("{PREFIX}{user}"))
}

/// The topic of a user's socket, whose events are whole frames.
pub(crate) fn socket_topic_of(user: &str) -> Result<Topic, InvalidName> {
    Topic::new(format!("{PREFIX}{user}/socket"))
}

/// The layer that knows users by their cookie.
pub(crate) async fn identify(mut request: Request, next: Next) -> Response {
    let user = cookie(request.headers(), "testkit-user").map(UserId::new);
    if let Some(user) = user {
        request.extensions_mut().insert(user);
    }
    next.run(request).await
}

/// The end of the session, as `testkit-expires` says it in milliseconds since 1970.
fn expiry(headers: &HeaderMap) -> Option<SystemTime> {
    let milliseconds = cookie(headers, "testkit-expires")?.parse().ok()?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name && !value.is_empty()).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=1; testkit-user=ann; b=2".parse().unwrap());
        headers.append(COOKIE, "testkit-expires=1000".parse().unwrap());
        assert_eq!(cookie(&headers, "testkit-user"), Some("ann"));
        assert_eq!(cookie(&headers, "user"), None);
        assert_eq!(
            expiry(&headers),
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(1))
        );
    }
}
