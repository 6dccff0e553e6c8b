//! What an event of a topic is on a socket.

/// The frame in which a socket endpoint writes the events of its topics (CON-03). What handlers send is written as it is.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Hub, SocketFrames, WsEndpoint};
///
/// let prices = WsEndpoint::new(&Hub::default()).topics([Topic::new("prices")?]).frames(SocketFrames::Data);
/// # let _ = prices;
/// # Ok::<(), leptos_live::InvalidName>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SocketFrames {
    /// The payload itself, as HTML that is placed by id (WSM-01), or whatever was published. It carries no position.
    #[default]
    Payload,
    /// `{"event", "position", "content"}` with the payload as HTML, for sources with the codec `JsonEnvelope`, which
    /// leave out what they have seen.
    Envelope,
    /// `{"event", "position", "data"}` with the payload as JSON, for sources with the codec `Typed<DataEvent<T>>`. A
    /// payload that is no JSON becomes a JSON text.
    Data,
}
