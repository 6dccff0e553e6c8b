//! Following what reads signals.

use leptos::prelude::Effect;

/// Does something now, and again whenever what it has read changes, for as long as the present owner lives.
///
/// What may change carries it along as a pointer, so that nothing of it is linked where nothing changes. It is one
/// function for all of them, because each kind of effect would be linked by itself.
pub(super) type Follow = fn(Box<dyn Fn()>);

pub(super) fn follow(run: Box<dyn Fn()>) {
    Effect::new(run);
}
