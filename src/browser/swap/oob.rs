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
/// `None` where the browser refuses the frame.
///
/// DIFFERENCE: `owners`, the elements that own the socket, are not replaced by its frames (WSM-14): that would close
/// the socket, open it again, and so without end where the server sends such a frame to whoever connects.
pub(crate) fn place_by_id(
    payload: &JsString,
    owners: &[Element],
    settled: Option<&WhenSettled>,
) -> Option<()> {
    // Text is no part of anything (WSM-04). The parts are applied in their order (WSM-02).
    let spec = SwapSpec::default();
    // Most frames are no more than elements with ids, and one look at the text says so.
    let parts = if payload::is_plain_frame(payload) {
        Reading::of_frame(payload.clone()).plain_parts()
    } else {
        parts_of(&Reading::of_frame(payload::body(payload)))
    };
    for part in parts? {
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
    Some(())
}

/// The parts of a frame. One that begins with something for a drawing is read as a drawing: in HTML `<circle/>` has no
/// end, so that whatever follows would stand in it (SWP-26). One that goes on so is read in both ways. `None` where the browser
/// refuses it.
fn parts_of(frame: &Rc<Reading>) -> Option<Vec<Part>> {
    let parts = frame.take_parts(&frame.parse()?);
    // Without such an element both readings have the same parts, and each is read again for its place by itself.
    if !frame.may_be_misread() {
        return Some(parts);
    }
    if let Some(place) = parts.first().and_then(Part::missed_place) {
        return Some(frame.parts_for(&place));
    }
    Some(match parts.iter().find_map(Part::missed_place) {
        Some(place) => merged(parts, frame.parts_for(&place)),
        None => parts,
    })
}

/// Of both readings of a frame what is right: parts of drawings as drawings, the others as HTML, and in their order what
/// stands by itself only in a drawing.
fn merged(mut as_html: Vec<Part>, as_drawing: Vec<Part>) -> Vec<Part> {
    let mut parts = Vec::new();
    let misread = as_html.iter().filter(|part| part.missed_place().is_some());
    let misread: Vec<Part> = misread.cloned().collect();
    for drawn in as_drawing {
        let Some(index) = as_html.iter().position(|part| part.is_same(&drawn)) else {
            if misread.iter().any(|part| part.holds(&drawn)) {
                parts.push(drawn);
            }
            continue;
        };
        let mut found = as_html.drain(..=index).collect::<Vec<_>>();
        let same = found.pop().filter(|part| part.missed_place().is_none());
        parts.append(&mut found);
        parts.push(same.unwrap_or(drawn));
    }
    parts.append(&mut as_html);
    parts
}

/// Puts each part where it belongs; the rest of the swap's modifiers hold where it names none.
pub(super) fn place(parts: Vec<Part>, around: &SwapSpec, settled: Option<&WhenSettled>) {
    for part in parts {
        // Found one by one: a part may have brought the place of the next.
        part.place_at(&part.targets(), around, settled);
    }
}
