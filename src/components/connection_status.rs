//! `<ConnectionStatus>`: the state of the nearest source, in words.

use leptos::html::custom;
use leptos::prelude::*;

use super::attribute_list::AttributeList;
use super::attribute_text::AttributeText;
use super::live_context::StatusContext;
use crate::browser::connection::state::ConnectionState;

/// Shows the state of the source around it, for people and for screen readers.
///
/// # Attributes it mirrors
/// None: htmx shows no state. `data-state` on the element has the word that styles can use: `idle`,
/// `connecting`, `open`, `reconnecting`, `closed`.
///
/// # On the server
/// Renders the state `idle`.
///
/// # In the browser
/// Follows the source. The element is a `status` live region, so changes are read out politely.
///
/// # Without JavaScript
/// Stays `idle`.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{ConnectionStatus, SseSource};
///
/// #[component]
/// fn Page() -> impl IntoView {
///     view! {
///         <SseSource connect="/news">
///             <ConnectionStatus/>
///         </SseSource>
///     }
/// }
/// # fn main() {}
/// ```
#[component]
pub fn ConnectionStatus(
    /// What to say of a state; short English words by default.
    #[prop(into, optional)]
    label: Option<Callback<ConnectionState, String>>,
    /// The element's tag.
    #[prop(into, default = "span".into())]
    tag: Oco<'static, str>,
    /// The element's `class`.
    #[prop(into, optional)]
    class: AttributeText,
) -> impl IntoView {
    let state = use_context::<StatusContext>();
    let state = move || state.map(|StatusContext(state)| state.get()).unwrap_or_default();
    let words = move || {
        let state = state();
        match label {
            Some(label) => label.run(state),
            None => in_english(&state),
        }
    };
    let attributes = AttributeList::new()
        .with("role", "status")
        .with("class", class)
        .with("data-state", move || state().as_str().to_owned());
    custom(tag).add_any_attr(attributes).child(words)
}

fn in_english(state: &ConnectionState) -> String {
    match state {
        ConnectionState::Idle => "not connected".to_owned(),
        ConnectionState::Connecting => "connecting".to_owned(),
        ConnectionState::Open => "live".to_owned(),
        ConnectionState::Reconnecting { attempt, .. } => format!("reconnecting (attempt {attempt})"),
        ConnectionState::Closed { reason } => format!("closed: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{ConnectionState, ConnectionStatus, SseSource};

    #[test]
    fn the_first_state_is_the_same_on_both_sides() {
        let html = rendered(|| view! { <ConnectionStatus/> });
        assert_eq!(
            html,
            r#"<span role="status" data-state="idle">not connected</span>"#
        );
    }

    #[test]
    fn words_can_be_ones_own() {
        let html = rendered(|| {
            view! {
                <SseSource connect="/a">
                    <ConnectionStatus tag="output" label=|state: ConnectionState| format!("<{}>", state.as_str())/>
                </SseSource>
            }
        });
        assert!(
            html.contains(r#"<output role="status" data-state="idle">&lt;idle&gt;</output>"#),
            "{html}"
        );
    }
}
