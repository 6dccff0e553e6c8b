//! Publishing on a client's behalf, which takes the policy's consent.

use super::{Action, Client, Denied};
use crate::server::{Hub, Payload, PublishError};
use crate::wire::{EventName, Position, Topic};

impl Hub {
    /// Asks the policy whether a client may do something with a topic now.
    ///
    /// # Errors
    /// [`Denied`] when it may not.
    pub async fn authorize(&self, client: &Client, action: Action, topic: &Topic) -> Result<(), Denied> {
        let access = &self.config().access;
        let asking = access
            .policy
            .ask(client, action, vec![topic.clone()], access.policy_timeout);
        asking.await.map(|_until| ())
    }

    /// Publishes what a client wants to say, if the policy allows it to write to this topic. Code that speaks for itself
    /// uses [`Hub::publish`].
    ///
    /// ```
    /// use axum::{extract::State, http::StatusCode};
    /// use leptos_live::server::{Client, Fragment, Hub};
    /// use leptos_live::{EventName, Topic};
    ///
    /// async fn say(State(hub): State<Hub>, client: Client, line: String) -> StatusCode {
    ///     let Ok(room) = Topic::new("room") else { return StatusCode::NOT_FOUND };
    ///     match hub.publish_as(&client, &room, &EventName::default(), Fragment::text(&line)).await {
    ///         Ok(_) => StatusCode::NO_CONTENT,
    ///         Err(_) => StatusCode::FORBIDDEN,
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`PublishError::Denied`] when it may not, else as [`Hub::publish`].
    pub async fn publish_as(
        &self,
        client: &Client,
        topic: &Topic,
        event: &EventName,
        data: impl Into<Payload>,
    ) -> Result<Position, PublishError> {
        self.may_publish(client, topic).await?;
        self.publish(topic, event, data).await
    }

    /// Asks whether a client may publish, and counts a refusal.
    pub(crate) async fn may_publish(&self, client: &Client, topic: &Topic) -> Result<(), Denied> {
        let answer = self.authorize(client, Action::Write, topic).await;
        if answer.is_err() {
            self.counters().refuse("publish_denied");
        }
        answer
    }
}
