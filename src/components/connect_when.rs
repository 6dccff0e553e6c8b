//! The `connect_when` prop: whether a source is to be connected.

use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;

use super::changing_text::from_signals;
use super::following::{Follow, follow};

/// Whether a source is to be connected: a signal, or a function that reads some.
///
/// It knows how it is followed, so that nothing of that is linked where nobody asks for it.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::ConnectWhen;
///
/// # Owner::new().with(|| {
/// let signed_in = RwSignal::new(false);
/// let when: ConnectWhen = signed_in.into();
/// # let _ = when;
/// # });
/// ```
#[derive(Clone)]
pub struct ConnectWhen {
    ask: Ask,
    follow: Follow,
}

type Ask = Arc<dyn Fn() -> bool + Send + Sync>;

impl ConnectWhen {
    fn changing(ask: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self {
            ask: Arc::new(ask),
            follow,
        }
    }

    /// Whether it is to be connected now, which is not tracked.
    pub(super) fn get_untracked(&self) -> bool {
        untrack(|| (self.ask)())
    }

    /// Calls with what it is and becomes, for as long as the present owner lives.
    pub(super) fn follow(&self, run: impl Fn(bool) + 'static) {
        let ask = Arc::clone(&self.ask);
        (self.follow)(Box::new(move || run(ask())));
    }
}

impl From<bool> for ConnectWhen {
    fn from(is_on: bool) -> Self {
        Self::changing(move || is_on)
    }
}

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for ConnectWhen {
    fn from(ask: F) -> Self {
        Self::changing(ask)
    }
}

from_signals!(ConnectWhen, bool, Self::changing);

impl fmt::Debug for ConnectWhen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectWhen")
    }
}
