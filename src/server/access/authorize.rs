//! What an app implements to say who may do what.

use std::pin::Pin;

use super::{Client, Decision};
use crate::wire::Topic;

/// What a client wants to do with a topic.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Action, Client, Decision, Policy};
///
/// let signed_in_people_write = Policy::new(|client: &Client, action: Action, _: &Topic| match (action, client.user()) {
///     (Action::Read, _) | (Action::Write, Some(_)) => Decision::Allowed,
///     (Action::Write, None) => Decision::Unauthenticated,
/// });
/// # let _ = signed_in_people_write;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// To get its events.
    Read,
    /// To publish events to it.
    Write,
}

/// What [`Authorize::authorize`] returns: boxed, so that policies can be chosen at run time.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Action, Authorize, Client, Decision, DecisionFuture};
///
/// struct Members {
///     // A connection pool, say.
/// }
///
/// impl Members {
///     async fn have(&self, user: Option<&str>, room: &Topic) -> bool {
///         # let _ = room;
///         user.is_some()
///     }
/// }
///
/// impl Authorize for Members {
///     fn authorize<'a>(&'a self, client: &'a Client, _: Action, topic: &'a Topic) -> DecisionFuture<'a> {
///         Box::pin(async move {
///             if self.have(client.user(), topic).await { Decision::Allowed } else { Decision::Forbidden }
///         })
///     }
/// }
/// ```
pub type DecisionFuture<'a> = Pin<Box<dyn Future<Output = Decision> + Send + 'a>>;

/// Decides what a client may do. It is asked for each topic of a connection: when the connection begins, and so on every
/// reconnection and before anything is replayed; when a right is [revoked](crate::server::Hub::revoke); and at the instant
/// at which an earlier decision ends.
///
/// Closures are policies, those that decide at once and those that return a future:
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Action, Client, Decision, Policy};
///
/// // Everybody's own topics are theirs to read, and nobody publishes.
/// let policy = Policy::new(|client: &Client, action: Action, topic: &Topic| {
///     let owner = topic.as_str().strip_prefix("user/");
///     match (action, owner, client.user()) {
///         (Action::Write, ..) => Decision::Forbidden,
///         (Action::Read, None, _) => Decision::Allowed,
///         (Action::Read, Some(_), None) => Decision::Unauthenticated,
///         (Action::Read, Some(owner), Some(user)) if owner == user => Decision::Allowed,
///         (Action::Read, ..) => Decision::Forbidden,
///     }
/// });
///
/// # async fn may_read(user: Option<String>, room: String) -> Decision { Decision::Allowed }
/// let asks_the_database = Policy::new(|client: &Client, _: Action, topic: &Topic| {
///     let (user, room) = (client.user().map(str::to_owned), topic.to_string());
///     async move { may_read(user, room).await }
/// });
/// ```
pub trait Authorize: Send + Sync + 'static {
    /// Decides. The answer may be waited for as long as [`AccessConfig::policy_timeout`](super::AccessConfig) says; nothing
    /// is delivered meanwhile.
    fn authorize<'a>(&'a self, client: &'a Client, action: Action, topic: &'a Topic) -> DecisionFuture<'a>;
}

impl<F, R> Authorize for F
where
    F: Fn(&Client, Action, &Topic) -> R + Send + Sync + 'static,
    R: IntoFuture<Output = Decision>,
    R::IntoFuture: Send + 'static,
{
    fn authorize<'a>(&'a self, client: &'a Client, action: Action, topic: &'a Topic) -> DecisionFuture<'a> {
        Box::pin(self(client, action, topic).into_future())
    }
}
