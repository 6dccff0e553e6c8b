//! Why a message did not go out on a socket.

use thiserror::Error;

use super::connection::state::CloseReason;

/// Why a message was not sent. Whoever sent it is told by a callback or a `Result`, and the page by the event
/// `htmx:wsError` on the sending element.
///
/// ```
/// use leptos_live::SendError;
///
/// /// What a person can do something about.
/// fn advice(error: &SendError) -> &'static str {
///     match error {
///         SendError::FilesTooLarge { .. } => "Choose a smaller file",
///         SendError::QueueFull(_) | SendError::NotAcknowledged(_) => "Try again in a moment",
///         _ => "That was not sent",
///     }
/// }
/// # assert_eq!(advice(&SendError::QueueFull(100)), "Try again in a moment");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SendError {
    /// As many messages as may wait are waiting already.
    #[error("expected room for a message, found {0} waiting ones, which is the most")]
    QueueFull(u32),
    /// It waited as the oldest of all when a newer one needed the room (`QueueRule::DropOldest`).
    #[error("expected room for every message, found a newer one that took the place of this one")]
    Displaced,
    /// It waited when its sender sent a newer one (`QueueRule::CoalesceBySender`).
    #[error("expected to be the newest message of its sender, found a newer one")]
    Superseded,
    /// The connection is over and will not be opened again by itself.
    #[error("expected a connection, found it {0}")]
    Closed(CloseReason),
    /// The socket is not open, and the message was not to wait.
    #[error("expected an open socket, found none")]
    NotOpen,
    /// There is no source around the sender, or it is not live yet, as on the server.
    #[error("expected a source around the sender, found none")]
    NoSource,
    /// The browser would not take it.
    #[error("expected text, a Blob or an ArrayBuffer, found something that the socket refused")]
    Refused,
    /// The form holds a file, and was not told how to send one (WSS-28).
    #[error("expected text values in a form sent live, found a file in {0:?}; choose `Files::base64`")]
    File(String),
    /// The form's files are bigger than it may send.
    #[error("expected files of at most {limit} bytes, found {found}")]
    FilesTooLarge {
        /// The most bytes that the files of one message may have.
        limit: u32,
        /// How many they had.
        found: u64,
    },
    /// The browser could not read a file.
    #[error("expected to read the file {0:?}, found that the browser cannot")]
    UnreadableFile(String),
    /// The server did not acknowledge the message within this many milliseconds of its sending.
    #[error("expected an acknowledgement within {0} ms, found none")]
    NotAcknowledged(u32),
    /// The value could not be written as JSON.
    #[error("expected a value that JSON can hold, found {0}")]
    Encoding(String),
}
