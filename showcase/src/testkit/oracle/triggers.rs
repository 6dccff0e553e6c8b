//! `SseTrigger` with every verb and modifier. Triggers that are written by hand are brought by events.

use leptos::prelude::*;
use leptos_live::{SseTrigger, SwapStyle};

use super::case;

pub(super) fn cases() -> Vec<AnyView> {
    vec![
        case(
            "trigger-get",
            "hx-get",
            view! { <SseTrigger event="trigger-get" get="/oracle/answer/get">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-post",
            "hx-post",
            view! { <SseTrigger event="trigger-post" post="/oracle/answer/post">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-put",
            "hx-put",
            view! { <SseTrigger event="trigger-put" put="/oracle/answer/put">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-patch",
            "hx-patch",
            view! { <SseTrigger event="trigger-patch" patch="/oracle/answer/patch">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-delete",
            "hx-delete",
            view! { <SseTrigger event="trigger-delete" delete="/oracle/answer/delete">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-none",
            "no verb",
            view! { <SseTrigger event="trigger-none">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-names",
            "two names",
            view! {
                <SseTrigger event=["trigger-names", "trigger-names-too"] get="/oracle/answer/names">
                    "nothing yet"
                </SseTrigger>
            },
        ),
        case(
            "trigger-place",
            "hx-target, hx-swap",
            view! {
                <SseTrigger
                    event="trigger-place"
                    get="/oracle/answer/place"
                    target="next p"
                    swap=SwapStyle::BeforeEnd
                    id="trigger-place"
                >
                    "nothing yet"
                </SseTrigger>
                <p>"place"</p>
            },
        ),
        case(
            "trigger-outer",
            "hx-swap=outerHTML",
            view! {
                <SseTrigger event="trigger-outer" get="/oracle/answer/outer" swap=SwapStyle::OuterHtml>
                    "nothing yet"
                </SseTrigger>
            },
        ),
        case(
            "trigger-once",
            "once",
            view! { <SseTrigger event="trigger-once" get="/oracle/answer/once" once=true>"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-delay",
            "delay:100ms",
            view! { <SseTrigger event="trigger-delay" get="/oracle/answer/delay" delay=100>"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-throttle",
            "throttle:200ms",
            view! {
                <SseTrigger event="trigger-throttle" get="/oracle/answer/throttle" throttle=200>
                    "nothing yet"
                </SseTrigger>
            },
        ),
        case(
            "trigger-queue",
            "a request under way",
            view! { <SseTrigger event="trigger-queue" get="/oracle/held/queue">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-refused",
            "an answer of 500",
            view! { <SseTrigger event="trigger-refused" get="/oracle/refused">"nothing yet"</SseTrigger> },
        ),
        case(
            "trigger-empty",
            "an answer of 204",
            view! { <SseTrigger event="trigger-empty" get="/oracle/empty">"nothing yet"</SseTrigger> },
        ),
        case("trigger-field", "a field that asks", field()),
        case("trigger-form", "a form that asks", form()),
    ]
}

/// What the request carries is the field's own value.
fn field() -> impl IntoView {
    view! {
        <label>
            "Field"
            <input
                name="field"
                value="first"
                hx-post="/oracle/answer/field"
                hx-trigger="sse:trigger-field"
                hx-target="next p"
            />
        </label>
        <p>"place"</p>
    }
}

fn form() -> impl IntoView {
    view! {
        <form hx-get="/oracle/answer/form" hx-trigger="sse:trigger-form" hx-target="next p">
            <label>"Text" <input name="text" value="a b&c"/></label>
            <label>"Box" <input type="checkbox" name="box" value="1" checked=true/></label>
        </form>
        <p>"place"</p>
    }
}
