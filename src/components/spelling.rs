//! How components write their attributes: as their source says, or a context around it.

use leptos::prelude::*;

use crate::grammar::Spelling;

/// The spelling that a component was given, or else that of what is around it.
pub(super) fn spelling_of(own: Option<Spelling>) -> Spelling {
    own.or_else(use_context::<Spelling>).unwrap_or_default()
}
