//! One element becomes like another, apart from its children.

use web_sys::Element;

use super::attributes::{self, Difference};
use super::carry_out::Changes;
use super::disclosure;
use super::form_state::{self, Choice};
use super::live_markup;
use super::plan::Pair;
use super::survey::Survey;

/// Gives an element that stays what the payload says about it.
pub(super) fn patch(pair: &Pair, survey: &Survey, changes: &mut Changes<'_>) {
    let Pair { old, new, name } = pair;
    if name == "SELECT" {
        changes.choose(Choice::of(old, new, survey));
    }
    let mut differences = attributes::differences(old, new);
    if disclosure::is_one(name) && disclosure::is_kept(old, new, name) {
        differences.retain(|difference| difference.name != "open");
    }
    if !differences.is_empty() {
        differences.retain(|difference| !form_state::waits(old, name, &difference.name, survey));
        live_markup::leave_out_own(old, new, &mut differences);
        take_over(old, new, &differences);
        form_state::follow(old, name, &differences);
        if live_markup::is_about_life(&differences) {
            changes.ask_anew(old);
        }
    }
    if name == "TEXTAREA" {
        form_state::write_text(old, new, survey);
    }
}

/// Gives an element another one's attributes; the answer is whether it asks for something else now.
pub(super) fn attributes(old: &Element, new: &Element) -> bool {
    let mut differences = attributes::differences(old, new);
    live_markup::leave_out_own(old, new, &mut differences);
    take_over(old, new, &differences);
    live_markup::is_about_life(&differences)
}

fn take_over(old: &Element, new: &Element, differences: &[Difference]) {
    for difference in differences {
        difference.apply(old, new);
    }
}
