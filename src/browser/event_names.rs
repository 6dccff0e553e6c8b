//! Names of events that go with every message, and of fields of their details, as strings of the page's.
//!
//! A name that crosses over from wasm as text is looked up or decoded each time, and a message is announced five times.
//! Names that are told now and then are plain text where they are used.

use std::thread::LocalKey;

use js_sys::JsString;

thread_local! {
    pub(crate) static CONFIRM: JsString = "htmx:confirm".into();
    pub(crate) static AFTER_SETTLE: JsString = "htmx:afterSettle".into();
    pub(crate) static AFTER_SWAP: JsString = "htmx:afterSwap".into();
    pub(crate) static LOAD: JsString = "htmx:load".into();
    pub(crate) static OOB_AFTER_SWAP: JsString = "htmx:oobAfterSwap".into();
    pub(crate) static OOB_BEFORE_SWAP: JsString = "htmx:oobBeforeSwap".into();
    pub(crate) static SSE_BEFORE_MESSAGE: JsString = "htmx:sseBeforeMessage".into();
    pub(crate) static SSE_MESSAGE: JsString = "htmx:sseMessage".into();
    pub(crate) static TRIGGER: JsString = "htmx:trigger".into();
    pub(crate) static VALIDATE: JsString = "htmx:validation:validate".into();
    pub(crate) static WS_AFTER_SEND: JsString = "htmx:wsAfterSend".into();
    pub(crate) static WS_BEFORE_SEND: JsString = "htmx:wsBeforeSend".into();
    pub(crate) static WS_CONFIG_SEND: JsString = "htmx:wsConfigSend".into();
    pub(crate) static WS_AFTER_MESSAGE: JsString = "htmx:wsAfterMessage".into();
    pub(crate) static WS_BEFORE_MESSAGE: JsString = "htmx:wsBeforeMessage".into();

    pub(crate) static ETC: JsString = "etc".into();
    pub(crate) static ISSUE_REQUEST: JsString = "issueRequest".into();
    pub(crate) static PATH: JsString = "path".into();
    pub(crate) static QUESTION: JsString = "question".into();
    pub(crate) static TRIGGERING_EVENT: JsString = "triggeringEvent".into();
    pub(crate) static VERB: JsString = "verb".into();

    pub(crate) static UNFILTERED_PARAMETERS: JsString = "unfilteredParameters".into();
    pub(crate) static ERRORS: JsString = "errors".into();
    pub(crate) static HEADERS: JsString = "headers".into();
    pub(crate) static MESSAGE_BODY: JsString = "messageBody".into();
    pub(crate) static PARAMETERS: JsString = "parameters".into();
    pub(crate) static SHOULD_SWAP: JsString = "shouldSwap".into();
    /// The element that an event is dispatched on.
    pub(crate) static ELT: JsString = "elt".into();
    /// The element that a swap has changed.
    pub(crate) static TARGET: JsString = "target".into();

    /// The headers of a message, by which name they stand in it, and what they are called.
    pub(crate) static MESSAGE_HEADERS: JsString = "HEADERS".into();
    pub(crate) static HX_CURRENT_URL: JsString = "HX-Current-URL".into();
    pub(crate) static HX_REQUEST: JsString = "HX-Request".into();
    pub(crate) static HX_TARGET: JsString = "HX-Target".into();
    pub(crate) static HX_TRIGGER: JsString = "HX-Trigger".into();
    pub(crate) static HX_TRIGGER_NAME: JsString = "HX-Trigger-Name".into();
}

/// A name: text, or one of those above.
pub(crate) trait EventName {
    /// Hands the name over. What is called may run code of the page.
    fn with<T>(self, act: impl FnOnce(&JsString) -> T) -> T;
}

impl EventName for &str {
    fn with<T>(self, act: impl FnOnce(&JsString) -> T) -> T {
        act(&self.into())
    }
}

impl EventName for &'static LocalKey<JsString> {
    fn with<T>(self, act: impl FnOnce(&JsString) -> T) -> T {
        LocalKey::with(self, act)
    }
}
