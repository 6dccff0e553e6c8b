//! The buttons that disturb a page on purpose. They are server functions in forms, so they work
//! without JavaScript too, where the page is simply loaded again.

use leptos::prelude::*;

use crate::visit::visit;

/// Ends this page load's streams and sockets on the server; the page may come back at once.
#[server(prefix = "/controls", endpoint = "drop")]
pub async fn drop_connection(
    /// The page load whose connections are meant.
    visit: String,
) -> Result<(), ServerFnError> {
    use leptos_live::server::Hub;
    if let (Some(hub), false) = (use_context::<Hub>(), visit.is_empty()) {
        hub.disconnect(&visit);
    }
    Ok(())
}

/// Ends this page load's connections and refuses new ones for ten seconds.
#[server(prefix = "/controls", endpoint = "outage")]
pub async fn begin_outage(
    /// The page load whose connections are meant.
    visit: String,
) -> Result<(), ServerFnError> {
    use crate::outages::Outages;
    use leptos_live::server::Hub;
    if let (Some(hub), Some(outages)) = (use_context::<Hub>(), use_context::<Outages>()) {
        outages.begin(&visit, std::time::Duration::from_secs(10));
        hub.disconnect(&visit);
    }
    Ok(())
}

/// Loses the whole site's history, as a restart of the server would: a new epoch begins.
#[server(prefix = "/controls", endpoint = "restart")]
pub async fn restart_stream() -> Result<(), ServerFnError> {
    use leptos_live::server::Hub;
    if let Some(hub) = use_context::<Hub>() {
        hub.reset().await.map_err(ServerFnError::new)?;
    }
    Ok(())
}

/// The buttons of every demo.
#[component]
pub fn Controls(
    /// Whether the ten-second outage is offered too.
    #[prop(optional)]
    with_outage: bool,
) -> impl IntoView {
    let drop = ServerAction::<DropConnection>::new();
    let outage = ServerAction::<BeginOutage>::new();
    let restart = ServerAction::<RestartStream>::new();
    view! {
        <div class="controls" role="group" aria-label="Disturb this page">
            <ActionForm action=drop>
                <input type="hidden" name="visit" value=visit()/>
                <button data-testid="drop">"Drop my connection"</button>
            </ActionForm>
            {with_outage
                .then(|| {
                    view! {
                        <ActionForm action=outage>
                            <input type="hidden" name="visit" value=visit()/>
                            <button data-testid="outage">"Cut me off for ten seconds"</button>
                        </ActionForm>
                    }
                })}
            <ActionForm action=restart>
                <button data-testid="restart">"Restart the stream"</button>
            </ActionForm>
        </div>
    }
}
