//! One line per target: swaps that have to wait, and whatever comes for the same target after them (SSW-21).
//!
//! Most swaps wait for nothing and find no line; they never come here. A line exists from the first `swap:` delay or view
//! transition of a target until the last job of it is done, and runs its jobs in the order in which they came.
//!
//! DIFFERENCE: in htmx 1 and 2 a message without delay overtakes one that waits.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use web_sys::Element;

use super::defaults::{Defaults, defaults};
use super::transition;
use crate::browser::timer::Timer;
use crate::browser::{dom, page};
use crate::grammar::{Interval, SwapSpec};

/// In which circumstances a job runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// It waited for nothing.
    Now,
    /// It has waited, and the page may have changed.
    Later,
    /// The browser holds a picture of the page before, and takes one of the page after.
    InTransition,
}

/// A swap that waits for its turn.
struct Job {
    /// When its `swap:` delay is over, which counts from its arrival (SWP-16).
    due: f64,
    transition: bool,
    /// On whom a transition is announced.
    context: Element,
    run: Box<dyn FnOnce(Moment)>,
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Line {
    target: Element,
    jobs: VecDeque<Job>,
    timer: Option<Timer>,
    in_transition: bool,
    /// What its class is called. The page may say something else until it is removed.
    names: Rc<Defaults>,
}

thread_local! {
    static LINES: RefCell<Vec<Line>> = const { RefCell::new(Vec::new()) };
}

/// What a line does next.
enum Step {
    Run(Job),
    Transition(Job),
    Wait,
    /// The line is gone; a timer of it may be running this very function and must outlive it.
    Done(Line),
}

/// Whether a swap of the target cannot happen now.
pub(super) fn must_wait(target: &Element, spec: &SwapSpec) -> bool {
    let is_delayed = spec.swap.is_some_and(|delay| delay.as_millis() > 0);
    is_delayed
        || spec.transition == Some(true)
        || LINES.with_borrow(|lines| lines.iter().any(|line| line.target == *target))
}

/// Runs a swap of the target when everything before it is done and its delay is over.
pub(super) fn wait(context: &Element, target: &Element, spec: &SwapSpec, run: impl FnOnce(Moment) + 'static) {
    let delay = spec.swap.map_or(0, Interval::as_millis);
    let job = Job {
        due: page::now() + f64::from(delay),
        transition: spec.transition == Some(true),
        context: context.clone(),
        run: Box::new(run),
    };
    let names = submit(target, job);
    dom::add_class(target, &names.swapping);
    advance(target);
}

/// The answer is what the classes of the line are called.
fn submit(target: &Element, job: Job) -> Rc<Defaults> {
    LINES.with_borrow_mut(|lines| {
        let known = lines.iter_mut().find(|line| line.target == *target);
        if let Some(line) = known {
            line.jobs.push_back(job);
            return Rc::clone(&line.names);
        }
        let names = defaults();
        lines.push(Line {
            target: target.clone(),
            jobs: VecDeque::from([job]),
            timer: None,
            in_transition: false,
            names: Rc::clone(&names),
        });
        names
    })
}

/// Runs what is due in the target's line.
fn advance(target: &Element) {
    loop {
        match next(target) {
            Some(Step::Run(job)) => (job.run)(Moment::Later),
            Some(Step::Transition(job)) => {
                let target = target.clone();
                transition::run(&job.context, job.run, move || {
                    with_line(&target, |line| line.in_transition = false);
                    advance(&target);
                });
                return;
            }
            Some(Step::Done(line)) => {
                dom::remove_class(target, &line.names.swapping);
                drop(line);
                return;
            }
            Some(Step::Wait) | None => return,
        }
    }
}

fn next(target: &Element) -> Option<Step> {
    LINES.with_borrow_mut(|lines| {
        let index = lines.iter().position(|line| line.target == *target)?;
        let line = lines.get_mut(index)?;
        if line.in_transition {
            return Some(Step::Wait);
        }
        let now = page::now();
        let Some(first) = line.jobs.front() else {
            return Some(Step::Done(lines.remove(index)));
        };
        if first.due > now {
            let (delay, again) = ((first.due - now).ceil() as u32, target.clone());
            line.timer = Timer::start(delay, move || advance(&again));
            return Some(Step::Wait);
        }
        // Of a crowd only the last is animated: each transition holds up those that come after it.
        let is_followed = line.jobs.get(1).is_some_and(|next| next.due <= now);
        let is_animated = first.transition && !is_followed;
        line.in_transition = is_animated;
        let job = line.jobs.pop_front()?;
        Some(if is_animated {
            Step::Transition(job)
        } else {
            Step::Run(job)
        })
    })
}

fn with_line(target: &Element, change: impl FnOnce(&mut Line)) {
    LINES.with_borrow_mut(|lines| {
        if let Some(line) = lines.iter_mut().find(|line| line.target == *target) {
            change(line);
        }
    });
}
