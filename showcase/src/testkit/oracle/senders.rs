//! Everything that sends over the socket, with every kind of value.

use leptos::prelude::*;
use leptos_live::{SseSource, WsForm, WsSend};

use super::case;
use crate::testkit::form::Fields;

const VALS: &str = r#"{"text": "t", "number": 7, "truth": true, "nothing": null, "list": ["1", 2], "nested": {"a": {"b": "c"}}}"#;

pub(super) fn cases() -> Vec<AnyView> {
    let mut cases = vec![
        case("send-form", "all fields", form()),
        case("send-required", "a field that must not be empty", required()),
        case(
            "send-vals",
            "hx-vals",
            view! { <WsSend id="send-vals" vals=VALS>"Send"</WsSend> },
        ),
        case("send-override", "hx-vals over fields", overriding()),
        case("send-inherited", "inherited hx-vals", inherited()),
        case("send-headers", "hx-headers", headers()),
        case("send-named", "a button with a name", named()),
        case("send-target", "hx-target", target()),
        case("send-container", "fields in no form", container()),
        case("send-within", "a button in a form of its own", within()),
        case("send-include", "hx-include", include()),
        case("send-include-form", "hx-include of a form", include_form()),
        case("send-sse", "an event that makes something send", by_event()),
    ];
    cases.extend(CONTROLS.into_iter().map(control));
    cases.extend(TRIGGERS.into_iter().map(trigger));
    cases.extend(PARAMS.into_iter().map(params));
    cases
}

fn form() -> impl IntoView {
    view! {
        <WsForm action="/oracle/form" id="send-form" {..} name="whole">
            <Fields/>
            <button id="send-form-plain">"Send"</button>
            <button id="send-form-save" name="act" value="save">
                <b>"Save"</b>
            </button>
            <input type="submit" id="send-form-input" name="act" value="input"/>
            <button id="send-form-other" type="button" name="act" value="never">
                "No submit"
            </button>
        </WsForm>
        <button id="send-form-outside" form="send-form" name="act" value="outside">
            "Send from outside"
        </button>
    }
}

fn required() -> impl IntoView {
    view! {
        <WsForm action="/oracle/form" id="send-required">
            <label>"Text" <input id="send-required-text" name="text" required value=""/></label>
            <button id="send-required-send">"Send"</button>
            <button id="send-required-draft" formnovalidate=true>
                "Send as it is"
            </button>
        </WsForm>
    }
}

fn overriding() -> impl IntoView {
    view! {
        <form hx-ws="send" hx-vals=r#""text": "by vals", "more": 1"# id="send-override">
            <label>"Text" <input name="text" value="by field"/></label>
            <button>"Send"</button>
        </form>
    }
}

fn inherited() -> impl IntoView {
    view! {
        <div hx-vals=r#"{"far": 1, "near": 1, "own": 1}"#>
            <div hx-vals=r#"{"near": 2, "own": 2}"#>
                <WsSend id="send-inherited" vals=r#"{"own": 3}"#>
                    "Send"
                </WsSend>
            </div>
        </div>
    }
}

fn headers() -> impl IntoView {
    view! {
        <div hx-headers=r#"{"X-Far": "1", "X-Near": "1", "HX-Request": "no"}"#>
            <button hx-ws="send" id="send-headers" hx-headers=r#"{"X-Near": "2"}"#>
                "Send"
            </button>
        </div>
    }
}

fn named() -> impl IntoView {
    view! {
        <WsSend id="send-named" {..} name="button" value="pressed">
            "Send"
        </WsSend>
    }
}

fn target() -> impl IntoView {
    view! {
        <div hx-target="#send-target-place">
            <WsSend id="send-target">"Send"</WsSend>
        </div>
        <p id="send-target-place">"place"</p>
    }
}

fn container() -> impl IntoView {
    view! {
        <WsSend tag="div" id="send-container" trigger="click">
            <label>"Text" <input name="text" value="in a container"/></label>
        </WsSend>
    }
}

fn within() -> impl IntoView {
    view! {
        <form id="send-within-form" action="/oracle/form">
            <label>"Text" <input name="text" value="around the button"/></label>
            <WsSend id="send-within" {..} type="button">
                "Send"
            </WsSend>
        </form>
    }
}

fn include() -> impl IntoView {
    view! {
        <label>"More" <input id="send-include-more" name="more" value="included"/></label>
        <button hx-ws="send" id="send-include" hx-include="#send-include-more">
            "Send"
        </button>
    }
}

fn include_form() -> impl IntoView {
    view! {
        <form id="send-include-form-more">
            <label>"More" <input name="more" value="1"/></label>
            <label>"And more" <input name="more" value="2"/></label>
        </form>
        <form hx-ws="send" id="send-include-form" hx-include="#send-include-form-more">
            <label>"Own" <input name="own" value="own"/></label>
            <button>"Send"</button>
        </form>
    }
}

fn by_event() -> impl IntoView {
    view! {
        <SseSource connect="/oracle/prompts" early=false>
            <WsSend id="send-sse" trigger="sse:send-sse">
                "Send"
            </WsSend>
        </SseSource>
    }
}

/// Controls that send by themselves: the case and the markup.
const CONTROLS: [(&str, &str); 7] = [
    (
        "send-text",
        r#"<input hx-ws="send" id="send-text" name="text" value="first">"#,
    ),
    (
        "send-area",
        r#"<textarea hx-ws="send" id="send-area" name="area">first</textarea>"#,
    ),
    (
        "send-select",
        r#"<select hx-ws="send" id="send-select" name="select"><option>a</option><option>b</option></select>"#,
    ),
    (
        "send-several",
        r#"<select hx-ws="send" id="send-several" name="several" multiple><option selected>a</option><option>b</option></select>"#,
    ),
    (
        "send-box",
        r#"<input type="checkbox" hx-ws="send" id="send-box" name="box" value="1">"#,
    ),
    (
        "send-submit",
        r#"<input type="submit" hx-ws="send" id="send-submit" name="submit" value="1">"#,
    ),
    (
        "send-link",
        r##"<a href="#" hx-ws="send" id="send-link" hx-vals='{"link": 1}'>Send</a>"##,
    ),
];

fn control((name, markup): (&str, &str)) -> AnyView {
    case(name, markup, view! { <div inner_html=markup.to_owned()></div> })
}

/// When something is sent: the case and `hx-trigger`.
const TRIGGERS: [(&str, &str); 8] = [
    ("send-custom", "my-event"),
    ("send-once", "click once"),
    ("send-delay", "click delay:100ms"),
    ("send-throttle", "click throttle:200ms"),
    ("send-filter", "click[ctrlKey]"),
    ("send-from", "click from:#send-from-other"),
    ("send-changed", "keyup changed"),
    ("send-two", "my-event, click"),
];

fn trigger((name, trigger): (&'static str, &'static str)) -> AnyView {
    let content = view! {
        <WsSend tag="input" id=name trigger {..} name="field" value="first"/>
        <button type="button" id=format!("{name}-other")>
            "Another element"
        </button>
    };
    case(name, trigger, content)
}

/// What is left out: the case and `hx-params`.
const PARAMS: [(&str, &str); 4] = [
    ("send-params-all", "*"),
    ("send-params-none", "none"),
    ("send-params-some", "a,c"),
    ("send-params-not", "not b"),
];

fn params((name, params): (&'static str, &'static str)) -> AnyView {
    let field = |field: &'static str| view! { <label>{field} <input name=field value=field/></label> };
    let content = view! {
        <form hx-ws="send" id=name hx-params=params>
            {field("a")}
            {field("b")}
            {field("c")}
            <button>"Send"</button>
        </form>
    };
    case(name, params, content)
}
