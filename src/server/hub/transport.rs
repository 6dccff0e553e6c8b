//! How a reader's events travel, as metrics and spans call it.

/// What carries a stream to its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// Nothing: a task of this process reads it.
    Local,
    /// An event stream.
    Sse,
    /// A socket.
    Ws,
}

impl Transport {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Sse => "sse",
            Self::Ws => "ws",
        }
    }
}
