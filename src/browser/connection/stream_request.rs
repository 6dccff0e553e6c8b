//! What is said when a stream is requested by `fetch`, for which an `EventSource` has no words.

use std::fmt;
use std::sync::Arc;

use super::fetch_transport;

/// How a stream is requested, where the plain GET of the browser's `EventSource` does not do: with a method, with
/// headers such as a token, with a body; or once, until it ends.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{SseSource, SseSwap, StreamRequest, SwapStyle};
///
/// #[component]
/// fn Answer(token: RwSignal<String>, prompt: RwSignal<String>) -> impl IntoView {
///     let request = StreamRequest::post()
///         .header("Authorization", move || format!("Bearer {}", token.get()))
///         .body(move || prompt.get())
///         .finite();
///     view! {
///         <button id="ask">"Ask"</button>
///         <SseSource connect="/answer" request connect_on="click from:#ask">
///             <SseSwap tag="pre" swap=SwapStyle::BeforeEnd/>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
///
/// A reconnection says the same again, with `Last-Event-ID` (SS4-24, SS4-26). What is given as a closure is asked for
/// anew each time, so that a token that was renewed meanwhile is the one that goes along. The messages of such a stream
/// pass through the program's memory, which those of an `EventSource` do not.
#[derive(Clone)]
pub struct StreamRequest {
    method: String,
    headers: Vec<(String, RequestText)>,
    body: Option<RequestText>,
    is_finite: bool,
}

impl StreamRequest {
    /// A GET, for its headers, or for [`finite`](Self::finite).
    pub fn get() -> Self {
        Self::new("GET")
    }

    /// A POST.
    pub fn post() -> Self {
        Self::new("POST")
    }

    /// A request with any method. One that the browser refuses ends the source with
    /// [`CloseReason::BadAddress`](crate::CloseReason::BadAddress), and the console says why.
    pub fn new(method: impl Into<String>) -> Self {
        // Whoever has such a value needs what carries it out; whoever has none, does not link it.
        fetch_transport::enter();
        Self {
            method: method.into(),
            headers: Vec::new(),
            body: None,
            is_finite: false,
        }
    }

    /// Adds a header: a text, or a closure that is asked at each attempt. Of two with the same name, the last counts.
    ///
    /// `Accept` and `Last-Event-ID` are sent without being named here.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<RequestText>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The body: a text, or a closure that is asked at each attempt. Say what it is by a `Content-Type` header.
    pub fn body(mut self, body: impl Into<RequestText>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// The stream has an end (SS4-02): when the server ends it in good order, the source is closed with
    /// [`CloseReason::EndedByServer`](crate::CloseReason::EndedByServer). A stream that breaks off is opened again, as
    /// any other. Without this, an end is a loss, too (SS4-22).
    pub fn finite(mut self) -> Self {
        self.is_finite = true;
        self
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.is_finite
    }

    pub(super) fn method(&self) -> &str {
        &self.method
    }

    /// The headers as they are now. Runs code of the app.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.clone(), value.read()))
            .collect()
    }

    /// The body as it is now. Runs code of the app.
    pub(super) fn read_body(&self) -> Option<String> {
        self.body.as_ref().map(RequestText::read)
    }

    /// What two requests have in common that say the same; `None` where nobody can know whether they do.
    ///
    /// Two closures may agree today and differ after a token was renewed. And the end of a finite stream is the answer
    /// to whoever asked.
    pub(super) fn key(&self) -> Option<String> {
        let headers: Option<Vec<_>> = self
            .headers
            .iter()
            .map(|(name, value)| Some((name.to_ascii_lowercase(), value.fixed()?)))
            .collect();
        let body = match &self.body {
            None => None,
            Some(body) => Some(body.fixed()?),
        };
        let headers = headers.filter(|_| !self.is_finite)?;
        Some(format!("{} {headers:?} {body:?}", self.method))
    }
}

/// Without values, which may be secret.
impl fmt::Debug for StreamRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("StreamRequest")
            .field("method", &self.method)
            .field("headers", &names)
            .field("has_body", &self.body.is_some())
            .field("is_finite", &self.is_finite)
            .finish()
    }
}

/// A part of a [`StreamRequest`]: a text, or a closure that returns one.
#[derive(Clone)]
pub struct RequestText(Text);

#[derive(Clone)]
enum Text {
    Fixed(String),
    Asked(Arc<dyn Fn() -> String + Send + Sync>),
}

impl RequestText {
    /// A text that is asked for each time.
    pub(crate) fn asked(ask: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Text::Asked(Arc::new(ask)))
    }

    fn read(&self) -> String {
        match &self.0 {
            Text::Fixed(text) => text.clone(),
            Text::Asked(ask) => ask(),
        }
    }

    fn fixed(&self) -> Option<&str> {
        match &self.0 {
            Text::Fixed(text) => Some(text),
            Text::Asked(_) => None,
        }
    }
}

/// Without the text, which may be secret.
impl fmt::Debug for RequestText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Text::Fixed(_) => "RequestText(fixed)",
            Text::Asked(_) => "RequestText(asked for)",
        })
    }
}

impl From<&str> for RequestText {
    fn from(text: &str) -> Self {
        Self(Text::Fixed(text.to_owned()))
    }
}

impl From<String> for RequestText {
    fn from(text: String) -> Self {
        Self(Text::Fixed(text))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn sse_11_what_says_the_same_can_be_shared() {
        let with = |value: &str| StreamRequest::post().header("X-A", value).body("b").key();
        assert!(with("1").is_some());
        assert_eq!(with("1"), with("1"));
        assert_eq!(
            with("1"),
            StreamRequest::post().header("x-a", "1").body("b").key()
        );
        for other in [
            with("2"),
            StreamRequest::new("PUT").header("X-A", "1").body("b").key(),
            StreamRequest::post().header("X-A", "1").body("c").key(),
            StreamRequest::post().header("X-A", "1").key(),
            StreamRequest::post().header("X-A", "1, b").key(),
        ] {
            assert!(other.is_some());
            assert_ne!(with("1"), other);
        }
    }

    #[test]
    fn what_is_read_anew_or_ends_is_not_shared() {
        let ask = || RequestText::asked(String::new);
        assert_eq!(StreamRequest::get().header("X-A", ask()).key(), None);
        assert_eq!(StreamRequest::post().body(ask()).key(), None);
        assert_eq!(StreamRequest::get().finite().key(), None);
    }

    #[test]
    fn need_2_a_closure_is_asked_each_time() {
        let count = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&count);
        let token = RequestText::asked(move || format!("token {}", counted.fetch_add(1, Ordering::Relaxed)));
        let request = StreamRequest::get()
            .header("Authorization", token)
            .header("X-A", "fixed");
        for token in ["token 0", "token 1"] {
            let expected = [("Authorization", token), ("X-A", "fixed")];
            let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(request.headers(), expected);
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let request = StreamRequest::post()
            .header("Authorization", "secret")
            .body("secret");
        let printed = format!("{request:?} {:?}", RequestText::from("secret"));
        assert!(
            printed.contains("Authorization") && !printed.contains("secret"),
            "{printed}"
        );
    }
}
