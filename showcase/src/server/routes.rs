//! Which request goes where.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use http::{Method, StatusCode};
use leptos_axum::{
    LeptosRoutes, file_and_error_handler_with_context, generate_route_list, handle_server_fns_with_context,
    site_pkg_dir_service, site_pkg_dir_service_route_path,
};
use leptos_live::InvalidName;
use leptos_live::server::same_origin;
use showcase::app::{App, shell};
use tower_http::services::{ServeDir, ServeFile};

use super::{
    AppState, health, hostile_text, page_context, page_policy, posts, private, request_log, sockets, streams,
    testkit,
};

/// The site. A site root that holds an `index.html` was built for the browser alone: then that is what
/// every page gets, and nothing is rendered here.
///
/// # Errors
/// None in practice: the names of topics are written in the code.
pub(crate) fn router(state: AppState) -> Result<Router, InvalidName> {
    let router = Router::new()
        .route("/streams/{name}", get(streams::stream))
        .route("/ws/{name}", get(sockets::socket))
        .merge(posts::routes())
        .merge(health::routes())
        .merge(testkit::routes(&state.hub)?)
        .merge(hostile_text::routes());
    let index = Path::new(&*state.options.site_root).join("index.html");
    let router = if index.exists() {
        in_the_browser(router, &state, &index)
    } else {
        on_the_server(router, &state)
    };
    Ok(router
        .layer(from_fn(page_policy::enforce))
        .layer(from_fn(testkit::gate))
        .layer(from_fn_with_state(state.clone(), same_origin))
        .layer(from_fn(private::identify))
        .layer(from_fn_with_state(state.clone(), request_log::log))
        .with_state(state))
}

fn on_the_server(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    let context = {
        let state = state.clone();
        move || page_context::provide(&state)
    };
    let page = {
        let options = state.options.clone();
        move || shell(options.clone())
    };
    router
        .leptos_routes_with_context(state, generate_route_list(App), context.clone(), page)
        // The fallback serves files too, but does not know of `If-Modified-Since`.
        .route_service(
            &site_pkg_dir_service_route_path(&state.options),
            site_pkg_dir_service(&state.options),
        )
        .fallback(file_and_error_handler_with_context::<AppState, _>(context, shell))
}

fn in_the_browser(router: Router<AppState>, state: &AppState, index: &Path) -> Router<AppState> {
    let controls = {
        let state = state.clone();
        post(move |request| {
            let state = state.clone();
            handle_server_fns_with_context(move || page_context::provide(&state), request)
        })
    };
    let files = ServeDir::new(&*state.options.site_root).fallback(ServeFile::new(index));
    // Forms post to the addresses of their pages, which are no file.
    let page = ServeFile::new(index);
    let page_of_form = move |request: Request| {
        let mut page = page.clone();
        async move {
            if *request.method() != Method::GET {
                return StatusCode::METHOD_NOT_ALLOWED.into_response();
            }
            match page.try_call(request).await {
                Ok(found) => found.into_response(),
                Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
            }
        }
    };
    router
        .route("/controls/{*name}", controls)
        .method_not_allowed_fallback(page_of_form)
        .fallback_service(files)
}
