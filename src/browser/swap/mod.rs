//! The swap engine: from a payload and a target to the page.
//!
//! The steps are the same on every channel: wait for the place in the target's line and for a `swap:` delay
//! ([`line`]), take the payload apart ([`payload`]), end what lives in the content that goes, insert or morph
//! ([`insertion`], [`styles`], [`morph`]), make the new content live, place the parts that go elsewhere ([`oob`], [`part`]), and
//! settle ([`settle`]). The main swap comes before the out-of-band parts, because it may create their targets (CON-20).
//!
//! Invariant: knows elements and payloads, but no connection and no component. HTML is written by
//! `dom.rs` alone.

mod defaults;
mod focus;
mod in_place;
mod insertion;
mod line;
mod lost;
mod mark;
pub(crate) mod morph;
mod oob;
pub(crate) mod page_config;
mod part;
mod payload;
mod plan;
mod preserve;
mod reading;
mod scripts;
mod scroll;
mod settle;
mod styles;
mod transition;
mod when_settled;

use js_sys::JsString;

pub(crate) use self::defaults::spec_of;
pub(crate) use self::lost::tell_lost;
pub(crate) use self::morph::left_alone::PRESERVED;
pub(crate) use self::oob::place_by_id;
pub(crate) use self::payload::has_parts;
pub(crate) use self::plan::{Plan, TitleRule};
pub(crate) use self::reading::TAKEN;
pub(crate) use self::when_settled::WhenSettled;

use self::payload::Payload;
use self::settle::Settling;
use super::{dom, parsing};
use crate::grammar::SwapStyle;

/// Puts a payload where the plan says, at once if nothing is to be waited for; `done` is told when it is there.
pub(crate) fn swap(plan: Plan, payload: &JsString, done: impl FnOnce() + 'static) {
    if !line::must_wait(&plan.target, &plan.spec) {
        perform(&plan, payload);
        done();
        return;
    }
    let (context, target, spec) = (plan.context.clone(), plan.target.clone(), plan.spec.clone());
    let payload = payload.clone();
    line::wait(&context, &target, &spec, move |moment| {
        perform(&plan.at(moment), &payload);
        done();
    });
}

/// Everything that happens in one moment. What the browser does not take is lost, and that is told.
fn perform(plan: &Plan, payload: &JsString) {
    if put(plan, payload).is_none() {
        tell_lost(&plan.context, dom::REFUSED.to_owned());
    }
}

/// `None` where the browser has refused the payload.
fn put(plan: &Plan, payload: &JsString) -> Option<()> {
    let Plan { target, spec, .. } = plan;
    match spec.style {
        // CON-19: an empty message leaves the target alone, unless it is asked to empty it (SWP-24).
        style if payload.length() == 0 && style != SwapStyle::Delete && spec.swap_empty != Some(true) => {}
        SwapStyle::TextContent => {
            insertion::insert_text(target, spec, payload, plan.settled.as_ref());
        }
        SwapStyle::InnerHtml if plan.is_plain() && payload::is_plain(payload) => {
            replace_children_plainly(plan, payload)?;
        }
        SwapStyle::BeforeEnd | SwapStyle::AfterBegin
            if plan.is_plain() && payload::is_simple(payload) && parsing::is_ordinary(target) =>
        {
            insertion::add_simply(target, spec, payload, plan.settled.as_ref())?;
        }
        SwapStyle::BeforeEnd | SwapStyle::AfterBegin | SwapStyle::BeforeBegin | SwapStyle::AfterEnd
            if plan.is_plain() && payload::is_just_content(payload) =>
        {
            let place = styles::place_of(target, spec.style);
            let content = parsing::parse_for(&place, payload)?;
            insertion::add(target, spec, &content, plan.settled.as_ref());
        }
        SwapStyle::Delete if payload.length() == 0 => styles::delete(target),
        style => {
            let payload = Payload::take_apart(payload, plan);
            if style == SwapStyle::Delete {
                // SWP-07: whatever the payload says, and also where it is refused.
                styles::delete(target);
            }
            let payload = payload?;
            let is_wanted = match style {
                SwapStyle::None | SwapStyle::Delete => false,
                // SSW-13: a payload of out-of-band parts alone does not empty the target, nor one of which nothing was
                // selected. Blanks alone are content where nothing was taken from them (SSW-27).
                _ => spec.swap_empty == Some(true) || payload.is_whole(plan) || !payload.is_blank(),
            };
            if is_wanted {
                insertion::insert(target, spec, &payload.content, plan.settled.as_ref());
            }
            payload.set_title(plan);
            if plan.with_parts {
                oob::place(payload.parts, spec, plan.settled.as_ref());
            }
        }
    }
    Some(())
}

/// The way of most messages: no ids, no live markup, no focus. The browser parses straight into the
/// target; a fragment of its own and a search through it would cost as much again.
fn replace_children_plainly(plan: &Plan, payload: &JsString) -> Option<()> {
    let Plan { target, spec, .. } = plan;
    styles::make_way_inside(target);
    dom::set_html(target, payload)?;
    let settling = Settling::new(target.clone(), dom::element_children(target)).replacing_all();
    settle::start(settling.telling(plan.settled.clone()), spec);
    Some(())
}
