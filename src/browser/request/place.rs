//! The one place where requests meet the swap engine.

use web_sys::Element;

use crate::browser::dom_events::Detail;
use crate::browser::swap::{Plan, TitleRule};

/// Where an answer goes and how: what the element's attributes say, and instead of that what headers and scripts say, as
/// `htmx:beforeSwap` shows it.
///
/// # Errors
/// The text of a parse error.
pub(super) fn plan(element: &Element, target: Element, detail: &Detail) -> Result<Plan, String> {
    let title = if detail.get("ignoreTitle").is_truthy() {
        TitleRule::OnlyIf
    } else {
        TitleRule::Unless
    };
    let mut plan = Plan::of(element, title)?;
    plan.target = target;
    if let Some(text) = detail.get("swapOverride").as_string() {
        plan.spec = text.parse().map_err(|error| format!("{error}"))?;
    }
    match detail.get("selectOverride").as_string() {
        Some(text) if text == "unset" => plan.select = None,
        Some(text) => plan.select = Some(text),
        None => {}
    }
    Ok(plan)
}
