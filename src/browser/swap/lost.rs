//! A message that cannot be swapped in: it is lost, and whatever has brought it goes on (SSW-22).

use web_sys::Element;

use crate::browser::diagnostics;
use crate::browser::dom_events::{Detail, dispatch_error};

/// Tells the developer and the page why.
pub(crate) fn tell_lost(element: &Element, message: String) {
    diagnostics::report(element, &message);
    dispatch_error(element, "htmx:swapError", &Detail::new().with("error", message));
}
