//! The app's policy as the hub holds it, and how it is asked.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::try_join_all;
use tokio::time::{Instant, timeout};

use super::{Action, Authorize, Client, Decision, Denied};
use crate::wire::Topic;

/// Who may read and who may publish what.
///
/// The default leaves reading to the app's handlers, which choose the topics of a stream, and refuses everything that a
/// client would publish ([`Hub::publish_as`](crate::server::Hub::publish_as)). With a policy, the handlers' choice needs its
/// consent too.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{AccessConfig, Action, Client, Decision, Hub, HubConfig, Policy};
///
/// let policy = Policy::new(|_: &Client, action: Action, topic: &Topic| match action {
///     Action::Read if topic.as_str().starts_with("public/") => Decision::Allowed,
///     _ => Decision::Forbidden,
/// });
/// let access = AccessConfig { policy, ..AccessConfig::default() };
/// let hub = Hub::new(HubConfig { access, ..HubConfig::default() });
/// # let _ = hub;
/// ```
#[derive(Clone, Default)]
pub struct Policy(Option<Arc<dyn Authorize>>);

/// An answer that is being waited for: until when the client may go on, if it may.
pub(crate) type Asking = Pin<Box<dyn Future<Output = Result<Option<Instant>, Denied>> + Send>>;

impl Policy {
    /// A policy of the app; see [`Authorize`].
    pub fn new(policy: impl Authorize) -> Self {
        Self(Some(Arc::new(policy)))
    }

    /// Whether there is anybody to ask about a reader.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.is_some()
    }

    /// Asks about all of these topics; the first refusal is the answer.
    pub(crate) fn ask(&self, client: &Client, action: Action, topics: Vec<Topic>, limit: Duration) -> Asking {
        let (policy, client) = (self.clone(), client.clone());
        Box::pin(async move {
            let asked = async {
                let asked = topics.iter().map(|topic| policy.ask_one(&client, action, topic));
                // At the same time: the limit is for all of them together.
                Ok(try_join_all(asked).await?.into_iter().fold(None, earlier))
            };
            timeout(limit, asked).await.unwrap_or(Err(Denied::Undecided))
        })
    }

    async fn ask_one(
        &self,
        client: &Client,
        action: Action,
        topic: &Topic,
    ) -> Result<Option<Instant>, Denied> {
        let decision = match (&self.0, action) {
            (Some(policy), _) => policy.authorize(client, action, topic).await,
            (None, Action::Read) => Decision::Allowed,
            (None, Action::Write) => Decision::Forbidden,
        };
        match decision {
            Decision::Allowed => Ok(None),
            // What has ended already is no right any more.
            Decision::AllowedUntil(until) => match until.duration_since(SystemTime::now()) {
                Ok(left) if !left.is_zero() => Ok(Instant::now().checked_add(left)),
                _ => Err(Denied::Unauthenticated),
            },
            Decision::Unauthenticated => Err(Denied::Unauthenticated),
            Decision::Forbidden => Err(Denied::Forbidden),
        }
    }
}

fn earlier(one: Option<Instant>, other: Option<Instant>) -> Option<Instant> {
    one.into_iter().chain(other).min()
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_asked() {
            "Policy(the app's)"
        } else {
            "Policy(default)"
        })
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::super::AccessConfig;
    use super::*;

    const SOON: Duration = Duration::from_secs(60);

    async fn ask(policy: &Policy, action: Action) -> Result<Option<Instant>, Denied> {
        let (parts, ()) = Request::get("/").body(()).unwrap().into_parts();
        let client = Client::new(&parts, &AccessConfig::default());
        let topics = ["a", "b"].map(|name| Topic::new(name).unwrap()).to_vec();
        policy.ask(&client, action, topics, SOON).await
    }

    #[tokio::test]
    async fn s12_no_default_allows_a_client_to_publish() {
        assert_eq!(ask(&Policy::default(), Action::Read).await, Ok(None));
        assert_eq!(
            ask(&Policy::default(), Action::Write).await,
            Err(Denied::Forbidden)
        );
    }

    #[tokio::test]
    async fn s12_the_first_refusal_and_the_earliest_end_decide() {
        for (decision, expected) in [
            (Decision::Allowed, Ok(None)),
            (Decision::Unauthenticated, Err(Denied::Unauthenticated)),
            (Decision::Forbidden, Err(Denied::Forbidden)),
            (
                Decision::AllowedUntil(SystemTime::UNIX_EPOCH),
                Err(Denied::Unauthenticated),
            ),
        ] {
            let policy = Policy::new(move |_: &Client, _: Action, topic: &Topic| match topic.as_str() {
                "a" => Decision::Allowed,
                _ => decision,
            });
            assert_eq!(ask(&policy, Action::Read).await, expected, "{decision:?}");
        }
        let policy = Policy::new(|_: &Client, _: Action, topic: &Topic| {
            let seconds = if topic.as_str() == "a" { 10 } else { 1_000 };
            let until = SystemTime::now() + Duration::from_secs(seconds);
            async move { Decision::AllowedUntil(until) }
        });
        let until = ask(&policy, Action::Read).await.unwrap().unwrap();
        assert!(until <= Instant::now() + Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn s22_a_policy_that_never_answers_is_a_refusal() {
        let policy = Policy::new(|_: &Client, _: Action, _: &Topic| std::future::pending::<Decision>());
        assert_eq!(ask(&policy, Action::Read).await, Err(Denied::Undecided));
    }
}
