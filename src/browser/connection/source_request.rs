//! The request of a source, if it has one.

use std::fmt;
use std::sync::Arc;

use super::stream_request::StreamRequest;

/// What a source takes as its `request`: a [`StreamRequest`].
///
/// It hides what that is made of, so that nothing of it is linked where no source has one.
///
/// ```
/// use leptos_live::{SourceRequest, StreamRequest};
///
/// let request: SourceRequest = StreamRequest::post().body("question").into();
/// # let _ = request;
/// ```
#[derive(Clone)]
pub struct SourceRequest(Arc<dyn Said>);

/// What connections ask of a request.
trait Said: Send + Sync {
    fn all(&self) -> &StreamRequest;
    fn is_finite(&self) -> bool;
    fn key(&self) -> Option<String>;
}

impl Said for StreamRequest {
    fn all(&self) -> &StreamRequest {
        self
    }

    fn is_finite(&self) -> bool {
        self.is_finite()
    }

    fn key(&self) -> Option<String> {
        self.key()
    }
}

impl SourceRequest {
    /// All that is said.
    pub(super) fn all(&self) -> &StreamRequest {
        self.0.all()
    }

    /// Whether the stream is over when the server ends it.
    pub(super) fn is_finite(&self) -> bool {
        self.0.is_finite()
    }

    /// What two requests have in common that can share a connection; `None` where nobody can know.
    pub(super) fn key(&self) -> Option<String> {
        self.0.key()
    }
}

impl From<StreamRequest> for SourceRequest {
    fn from(request: StreamRequest) -> Self {
        Self(Arc::new(request))
    }
}

impl fmt::Debug for SourceRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SourceRequest")
    }
}
