//! What a component has to know of the source around it while it renders.

use leptos::prelude::*;

use super::early_stream::EarlyStream;
use crate::grammar::Spelling;

/// What a source tells those inside it. In one context, since each of them asks for it and a lookup is a good part of what
/// rendering one costs.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// How they write their attributes.
    pub(super) spelling: Spelling,
    /// The stream that its script opens; of a socket, that of the source around it.
    pub(super) early: EarlyStream,
}

impl Around {
    /// That of the source around; outside of one, a spelling may have been provided.
    pub(super) fn here() -> Self {
        use_context::<Self>().unwrap_or_else(|| Self {
            spelling: use_context::<Spelling>().unwrap_or_default(),
            early: EarlyStream::default(),
        })
    }

    /// The same with a spelling of one's own, if there is one.
    pub(super) fn spelled(self, own: Option<Spelling>) -> Self {
        Self {
            spelling: own.unwrap_or(self.spelling),
            ..self
        }
    }
}
