//! Publishes one line for each request that is answered, for the page that shows them.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use leptos_live::server::{Fragment, Hub};
use leptos_live::{EventName, Topic};
use showcase::demos::{Served, log_line};

use super::clock::time_of_day;
use super::publish;

/// The longest path that is shown.
const MOST_CHARS: usize = 100;

/// The layer. Requests of the test kit are left out, as they would count themselves.
pub(crate) async fn log(State(hub): State<Hub>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/testkit") || path.starts_with("/bench") {
        return next.run(request).await;
    }
    let path: String = path.chars().take(MOST_CHARS).collect();
    let method = request.method().to_string();
    let begun = Instant::now();
    let response = next.run(request).await;
    let served = Served {
        time: time_of_day(),
        method,
        path,
        status: response.status().as_u16(),
        micros: begun.elapsed().as_micros(),
    };
    if let (Ok(topic), Ok(event)) = (Topic::new("requests"), EventName::new("line")) {
        let line = Fragment::render(|| log_line(&served));
        publish(&hub, &topic, &event, line).await;
    }
    response
}
