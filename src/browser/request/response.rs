//! What is done with an answer: its headers, its status, and where its body goes.

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Headers, Response};

use super::config::copy_of;
use super::error::RequestError;
use super::exchange::Exchange;
use super::navigation::{self, Navigation};
use super::place;
use super::response_events;
use crate::browser::dom_events::dispatch;
use crate::browser::swap::{WhenSettled, swap};
use crate::browser::{diagnostics, target};
use crate::grammar::Target;

/// A server's word that there is nothing more to poll for.
const STOP_POLLING: u16 = 286;

/// Headers of htmx that write the browser's history.
const HISTORY: [&str; 3] = ["HX-Push-Url", "HX-Push", "HX-Replace-Url"];

/// What becomes of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Stays,
    Leaves,
}

/// Does what an answer says.
pub(super) fn load(exchange: &Exchange, response: &Response, body: &JsString) -> Outcome {
    let element = exchange.requester.element();
    let headers = response.headers();
    let is_error = response.status() >= 400;
    exchange.mark(!is_error);
    if !dispatch(element, "htmx:beforeOnLoad", &exchange.info) {
        return Outcome::Stays;
    }
    if let Some(events) = header(&headers, "HX-Trigger") {
        response_events::dispatch_all("HX-Trigger", &events, element);
    }
    if let Some(navigation) = navigation::wanted(&headers) {
        return leave(exchange, &navigation);
    }
    report_history(element, &headers);
    match show(exchange, response, body, is_error) {
        Ok(is_error) if is_error => {
            let error = RequestError::Status {
                url: exchange.url.clone(),
                status: response.status(),
            };
            exchange
                .requester
                .fail("htmx:responseError", &exchange.info, error);
        }
        Ok(_) => {}
        Err(message) => {
            let target = header(&headers, "HX-Retarget").unwrap_or_default();
            let detail = copy_of(&exchange.info).with("target", target);
            let error = RequestError::Target(message);
            exchange.requester.fail("htmx:targetError", &detail, error);
        }
    }
    Outcome::Stays
}

fn leave(exchange: &Exchange, navigation: &Navigation) -> Outcome {
    match navigation::go(navigation) {
        Ok(()) => Outcome::Leaves,
        Err(url) => {
            let detail = copy_of(&exchange.info).with("url", url.as_str());
            let error = RequestError::Redirection { url };
            exchange.requester.fail("htmx:badResponseUrl", &detail, error);
            Outcome::Stays
        }
    }
}

/// Puts the body where it goes, if it goes anywhere; returns whether scripts still take the answer for an error.
fn show(exchange: &Exchange, response: &Response, body: &JsString, is_error: bool) -> Result<bool, String> {
    let (requester, headers) = (&exchange.requester, response.headers());
    let element = requester.element();
    let target = match header(&headers, "HX-Retarget") {
        None => exchange.target.clone(),
        Some(text) => retarget(element, &text)?,
    };
    let text = |value: Option<String>| value.map_or(JsValue::UNDEFINED, JsValue::from);
    // As htmx 2 has it: 204 and errors swap nothing, unless a script says so.
    let swaps = matches!(response.status(), 200..=399) && response.status() != 204;
    let detail = copy_of(&exchange.info)
        .with("target", target.clone())
        .with("shouldSwap", swaps)
        .with("serverResponse", body.clone())
        .with("isError", is_error)
        .with("ignoreTitle", false)
        .with("selectOverride", text(header(&headers, "HX-Reselect")))
        .with("swapOverride", text(header(&headers, "HX-Reswap")));
    if !dispatch(&target, "htmx:beforeSwap", &detail) {
        return Ok(false);
    }
    let is_error = detail.get("isError").is_truthy();
    let target = detail.get("target").dyn_into::<Element>().unwrap_or(target);
    exchange.info.set("target", target.clone());
    exchange.mark(!is_error);
    if !detail.get("shouldSwap").is_truthy() {
        return Ok(is_error);
    }
    if response.status() == STOP_POLLING {
        requester.stop_polling();
    }
    let mut plan = place::plan(element, target, &detail)?;
    let body = detail
        .get("serverResponse")
        .dyn_into()
        .unwrap_or_else(|_| body.clone());
    let (after, told) = (requester.hooks().after.clone(), element.clone());
    let after_swap = header(&headers, "HX-Trigger-After-Swap");
    plan.settled = header(&headers, "HX-Trigger-After-Settle").map(|events| {
        let told = told.clone();
        WhenSettled::new(move || response_events::dispatch_all("HX-Trigger-After-Settle", &events, &told))
    });
    swap(plan, &body, move || {
        if let Some(events) = after_swap {
            response_events::dispatch_all("HX-Trigger-After-Swap", &events, &told);
        }
        if let Some(after) = after {
            after();
        }
    });
    Ok(is_error)
}

fn retarget(element: &Element, text: &str) -> Result<Element, String> {
    let target: Target = text.parse().map_err(|error| format!("{error}"))?;
    target::resolve(element, element, &target)
        .ok_or_else(|| format!("HX-Retarget: expected an element of the page, found none for `{text}`"))
}

/// DIFFERENCE: the address bar belongs to the app's router; an answer does not write it.
fn report_history(element: &Element, headers: &Headers) {
    for name in HISTORY {
        if let Some(value) = header(headers, name).filter(|value| value != "false") {
            let message =
                format!("{name}: expected an answer that leaves history to the app, found {value:?}");
            diagnostics::report(element, &message);
        }
    }
}

fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).ok().flatten()
}
