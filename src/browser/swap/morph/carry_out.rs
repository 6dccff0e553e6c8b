//! Doing what was planned.

use web_sys::{Element, Node};

use super::form_state::Choice;
use super::plan::{Plan, Step};
use super::survey::Survey;
use super::{Morphed, leaving, patch, placing};

/// What has been done so far, and what is left to the end.
#[derive(Debug)]
pub(super) struct Changes<'s> {
    survey: &'s Survey,
    morphed: Morphed,
    /// Parents, and those of their children that leave.
    leaving: Vec<(Node, Vec<Node>)>,
    choices: Vec<Choice>,
}

impl<'s> Changes<'s> {
    fn new(survey: &'s Survey) -> Self {
        Self {
            survey,
            morphed: Morphed::default(),
            leaving: Vec::new(),
            choices: Vec::new(),
        }
    }

    pub(super) fn inserted(&mut self, element: &Element) {
        if self.is_shown(element) {
            self.morphed.inserted.push(element.clone());
        }
    }

    pub(super) fn leave(&mut self, parent: Node, children: Vec<Node>) {
        if !children.is_empty() {
            self.leaving.push((parent, children));
        }
    }

    /// Notes what is chosen in a list of options that is about to change.
    pub(super) fn choose(&mut self, choice: Choice) {
        self.choices.push(choice);
    }

    /// Notes that an element asks for something else.
    pub(super) fn ask_anew(&mut self, element: &Element) {
        if self.is_shown(element) {
            self.morphed.changed.push(element.clone());
        }
    }

    /// Whether the element is part of the page: what is inside a template is not, and must not become live.
    fn is_shown(&self, element: &Element) -> bool {
        self.survey.target.contains(Some(element))
    }
}

/// Carries a plan out from the top, and takes away at the end what has no place any more.
pub(super) fn carry_out(survey: &Survey, plan: Plan) -> Morphed {
    let mut changes = Changes::new(survey);
    for Step { pair, children } in plan.steps {
        if let Some(pair) = &pair {
            patch::patch(pair, survey, &mut changes);
        }
        if let Some(children) = children {
            placing::place(children, survey, &plan.elsewhere, &mut changes);
        }
    }
    let Changes {
        morphed,
        leaving,
        choices,
        ..
    } = changes;
    leaving::take_away(&survey.target, leaving);
    for choice in choices {
        choice.restore(survey);
    }
    if let Some(focus) = &survey.focus {
        focus.restore();
    }
    morphed
}
