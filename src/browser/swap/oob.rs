//! Out-of-band parts: elements of a payload that find their own place.

use std::rc::Rc;

use js_sys::JsString;
use web_sys::Element;

use super::part::Part;
use super::payload;
use super::reading::Reading;
use super::when_settled::WhenSettled;
use crate::browser::diagnostics;
use crate::grammar::{SwapSpec, SwapStyle};

/// Places every top-level element of a socket's frame, by its `hx-swap-oob` or else by its id, and
/// the marked elements inside them (WSM-01, WSM-05).
///
/// DIFFERENCE: `owners`, the elements that own the socket, are not replaced by its frames (WSM-14): that would close
/// the socket, open it again, and so without end where the server sends such a frame to whoever connects.
pub(crate) fn place_by_id(payload: &JsString, owners: &[Element], settled: Option<&WhenSettled>) {
    // Text is no part of anything (WSM-04). The parts are applied in their order (WSM-02).
    let spec = SwapSpec::default();
    for part in parts_of(&Reading::of_frame(payload::body(payload))) {
        let replaces = part.brings_itself() || part.place.spec.style == SwapStyle::Delete;
        let targets = part.targets();
        if let Some(owner) = targets.iter().find(|target| replaces && owners.contains(target)) {
            let message =
                "out-of-band: expected a target inside the element that owns the socket, found itself";
            diagnostics::report(owner, message);
        } else {
            part.place_at(&targets, &spec, settled);
        }
    }
}

/// The parts of a frame. One that begins with something for a drawing is read as a drawing: in HTML `<circle/>` has no
/// end, so that whatever follows would stand in it (SWP-26).
fn parts_of(frame: &Rc<Reading>) -> Vec<Part> {
    let parts = frame
        .parse()
        .map_or_else(Vec::new, |content| frame.take_parts(&content));
    match parts.first().and_then(Part::missed_place) {
        Some(place) => frame.parts_for(&place),
        None => parts,
    }
}

/// Puts each part where it belongs; the rest of the swap's modifiers hold where it names none.
pub(super) fn place(parts: Vec<Part>, around: &SwapSpec, settled: Option<&WhenSettled>) {
    for part in parts {
        // Found one by one: a part may have brought the place of the next.
        part.place_at(&part.targets(), around, settled);
    }
}
