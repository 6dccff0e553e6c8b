//! What a signed-in user has open: a stream and a socket of their own, and a session that ends while they are.

use leptos::prelude::*;
use leptos_live::{SseSource, SseSwap, SwapStyle, WsSource, WsSwap};

use super::parameter;
use crate::meter::{Meter, MeterView};

/// How long a session is that a test need not see ending.
const LONG: u64 = 600_000;
/// The stream and the socket each ask for a session.
const SOURCES: u32 = 2;

/// Signs a user in for so many milliseconds, by cookies.
#[server(prefix = "/testkit", endpoint = "sign-in")]
pub async fn sign_in(
    /// The user; nothing proves who it is.
    user: String,
    /// How long the session is, in milliseconds.
    life: u64,
) -> Result<(), ServerFnError> {
    use std::time::{Duration, SystemTime};

    use http::header::{HeaderValue, SET_COOKIE};
    use leptos_axum::ResponseOptions;

    let ends = SystemTime::now() + Duration::from_millis(life);
    let ends = ends
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_err(ServerFnError::new)?;
    let response = use_context::<ResponseOptions>().unwrap_or_default();
    for cookie in [
        format!("testkit-user={user}; Path=/; SameSite=Lax"),
        format!("testkit-expires={}; Path=/; SameSite=Lax", ends.as_millis()),
    ] {
        let cookie = HeaderValue::from_str(&cookie).map_err(ServerFnError::new)?;
        response.append_header(SET_COOKIE, cookie);
    }
    Ok(())
}

/// The stream and the socket of `?user=`, who is signed in when one of them is refused: for `ms` milliseconds at first, and
/// for ten minutes once that session has ended.
#[component]
pub fn Session() -> impl IntoView {
    let user = StoredValue::new(parameter("user", "ann"));
    let life = parameter("ms", "1000").parse().unwrap_or(LONG);
    let asked = RwSignal::new(0_u32);
    let meter = Meter::default();
    let refresh = move || {
        asked.update(|asked| *asked = asked.saturating_add(1));
        let is_first = asked.get_untracked() <= SOURCES;
        async move {
            sign_in(user.get_value(), if is_first { life } else { LONG })
                .await
                .is_ok()
        }
    };
    let stream = format!("/testkit/private/{}", user.get_value());
    let socket = format!("{stream}/socket");
    view! {
        <h1>"Session"</h1>
        <SseSource
            connect=stream
            id="stream"
            on_unauthorized=refresh
            on_open=meter.opened()
            on_message=meter.event()
            on_gap=meter.gap()
        >
            <SseSwap tag="ol" id="seq" event="n" swap=SwapStyle::BeforeEnd/>
        </SseSource>
        <WsSource connect=socket id="socket" on_unauthorized=refresh>
            <WsSwap id="frame" tag="p"/>
        </WsSource>
        <p>"Asked for a session: " <output data-testid="asked">{asked}</output></p>
        <MeterView meter/>
    }
}
