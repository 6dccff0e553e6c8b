//! The `coalesce` prop.

use crate::browser::sse_swap::Pace;

/// Whether only the last message of a frame is swapped in: `true` or `false`, which is the default.
///
/// Whoever says so brings along what does it, so that nobody else links that.
///
/// ```
/// use leptos_live::Coalesce;
///
/// let once_a_frame: Coalesce = true.into();
/// # let _ = once_a_frame;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Coalesce(pub(super) Pace);

impl From<bool> for Coalesce {
    fn from(coalesces: bool) -> Self {
        Self(if coalesces { Pace::frame() } else { Pace::Each })
    }
}
