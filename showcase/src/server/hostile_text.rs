//! Text that means harm, published as a careful app publishes any text: through a `Fragment`.

use axum::extract::{Query, State};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use leptos::prelude::*;
use leptos_live::server::{Fragment, Hub};
use leptos_live::{EventName, Topic};
use serde::Deserialize;
use serde_json::{Value, json};

use super::AppState;

/// Where the text goes.
#[derive(Deserialize)]
struct Place {
    topic: String,
    event: Option<String>,
}

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/testkit/publish-text", post(publish))
}

async fn publish(
    State(hub): State<Hub>,
    Query(place): Query<Place>,
    text: String,
) -> Result<Json<Value>, (StatusCode, String)> {
    let refuse = |reason: String| (StatusCode::BAD_REQUEST, reason);
    let topic = Topic::new(&place.topic).map_err(|error| refuse(error.to_string()))?;
    let event = place
        .event
        .map_or_else(|| Ok(EventName::default()), EventName::new);
    let event = event.map_err(|error| refuse(error.to_string()))?;
    let published = hub.publish(&topic, &event, everywhere(text)).await;
    let position = published.map_err(|error| refuse(error.to_string()))?;
    Ok(Json(json!({ "position": position.to_string() })))
}

/// A fragment with the text in every place that text can have.
fn everywhere(text: String) -> Fragment {
    let plain = Fragment::text(&text);
    let again = || text.clone();
    let rendered = Fragment::render(|| {
        view! {
            <p id=again() class=again() title=again() data-text=again() aria-label=again()>
                "before "
                {again()}
                " after"
                <input value=again() placeholder=again() name=again()/>
                // Leptos writes the children of this element as they stand.
                <textarea inner_html=plain.as_str().to_owned()></textarea>
                <select>
                    <option value=again()>{again()}</option>
                </select>
                <img alt=again() src="/favicon.svg"/>
            </p>
        }
    });
    [
        Fragment::render(|| view! { <i class="shown">{again()}</i> }),
        plain,
        rendered,
    ]
    .into_iter()
    .collect()
}
