//! Which readers have to be asked again whether they may go on.

use crate::wire::Topic;

/// The readers whose rights have changed, for [`Hub::revoke`](super::Hub::revoke): those of a user, of a topic, with a tag,
/// or of several of these at once. It is a plain value, so that nodes can tell each other.
///
/// ```
/// use leptos_live::{Topic, server::{Hub, Revocation}};
///
/// # let hub = Hub::default();
/// hub.revoke(&Revocation::user("ann"));
/// hub.revoke(&Revocation::user("ann").and_topic(Topic::new("room/7")?));
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revocation {
    pub(super) user: Option<String>,
    pub(super) topic: Option<Topic>,
    pub(super) tag: Option<String>,
}

impl Revocation {
    /// Every reader: the rules as a whole have changed.
    pub fn everybody() -> Self {
        Self {
            user: None,
            topic: None,
            tag: None,
        }
    }

    /// The readers of a user; see [`UserId`](crate::server::UserId).
    pub fn user(id: impl Into<String>) -> Self {
        Self::everybody().and_user(id)
    }

    /// The readers of a topic.
    pub fn topic(topic: Topic) -> Self {
        Self::everybody().and_topic(topic)
    }

    /// The readers with a tag.
    pub fn tag(tag: impl Into<String>) -> Self {
        Self::everybody().and_tag(tag)
    }

    /// The user, the topic and the tag.
    pub fn parts(&self) -> (Option<&str>, Option<&Topic>, Option<&str>) {
        (self.user.as_deref(), self.topic.as_ref(), self.tag.as_deref())
    }

    /// The revocation of these [`parts`](Self::parts).
    pub fn of_parts(user: Option<String>, topic: Option<Topic>, tag: Option<String>) -> Self {
        Self { user, topic, tag }
    }

    /// Of these, those of a user.
    pub fn and_user(mut self, id: impl Into<String>) -> Self {
        self.user = Some(id.into());
        self
    }

    /// Of these, those of a topic.
    pub fn and_topic(mut self, topic: Topic) -> Self {
        self.topic = Some(topic);
        self
    }

    /// Of these, those with a tag.
    pub fn and_tag(mut self, tag: impl Into<String>) -> Self {
        self.tag = Some(tag.into());
        self
    }
}
