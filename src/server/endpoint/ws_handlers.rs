//! The app's part of a socket: what it does with what a client sends.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::ws_session::WsSession;
use crate::wire::{FormMessage, MalformedMessage};

pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Reads a text frame, and begins to deal with what was in it.
type OnText = dyn Fn(WsSession, &str) -> Result<BoxFuture<()>, MalformedMessage> + Send + Sync;
type OnBinary = dyn Fn(WsSession, Bytes) -> BoxFuture<()> + Send + Sync;
type OnMalformed = dyn Fn(&WsSession, &MalformedMessage) + Send + Sync;

/// What the app does with what a client sends.
#[derive(Clone, Default)]
pub(super) struct Handlers {
    text: Option<Arc<OnText>>,
    binary: Option<Arc<OnBinary>>,
    malformed: Option<Arc<OnMalformed>>,
}

impl Handlers {
    pub(super) fn on_message<F, Fut>(&mut self, handler: F)
    where
        F: Fn(WsSession, FormMessage) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.text = Some(Arc::new(move |session, text| {
            Ok(Box::pin(handler(session, FormMessage::parse(text)?)))
        }));
    }

    pub(super) fn on_json<T, F, Fut>(&mut self, handler: F)
    where
        T: DeserializeOwned,
        F: Fn(WsSession, T) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.text = Some(Arc::new(move |session, text| {
            let value = serde_json::from_str(text).map_err(|error| MalformedMessage {
                kind: "typed message",
                expected: "JSON of the endpoint's type",
                found: error.to_string(),
            })?;
            Ok(Box::pin(handler(session, value)))
        }));
    }

    pub(super) fn on_binary<F, Fut>(&mut self, handler: F)
    where
        F: Fn(WsSession, Bytes) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.binary = Some(Arc::new(move |session, bytes| Box::pin(handler(session, bytes))));
    }

    pub(super) fn on_malformed<F>(&mut self, handler: F)
    where
        F: Fn(&WsSession, &MalformedMessage) + Send + Sync + 'static,
    {
        self.malformed = Some(Arc::new(handler));
    }

    /// Deals with a text frame.
    ///
    /// # Errors
    /// [`MalformedMessage`] when it is not what the app's handler takes.
    pub(super) async fn text(&self, session: WsSession, text: &str) -> Result<(), MalformedMessage> {
        let Some(handler) = &self.text else {
            // Nobody takes it, and garbage counts as such all the same (S21).
            return FormMessage::parse(text).map(drop);
        };
        handler(session, text)?.await;
        Ok(())
    }

    /// Deals with a binary frame.
    ///
    /// # Errors
    /// [`MalformedMessage`] when the app takes none.
    pub(super) async fn binary(&self, session: WsSession, bytes: Bytes) -> Result<(), MalformedMessage> {
        let Some(handler) = &self.binary else {
            return Err(MalformedMessage {
                kind: "message",
                expected: "a text frame",
                found: "a binary frame".to_owned(),
            });
        };
        handler(session, bytes).await;
        Ok(())
    }

    pub(super) fn malformed(&self, session: &WsSession, error: &MalformedMessage) {
        tracing::debug!(session = session.id(), %error, "socket: message refused");
        if let Some(handler) = &self.malformed {
            handler(session, error);
        }
    }
}
