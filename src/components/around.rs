//! What a component has to know of the source around it while it renders.

use leptos::prelude::*;

use super::early_stream::EarlyStream;
use crate::browser::page;
use crate::grammar::Spelling;

/// What a source tells those inside it.
#[derive(Clone, Debug, Default)]
pub(super) struct Around {
    /// How they write their attributes.
    pub(super) spelling: Spelling,
    /// The stream that its script opens; of a socket, that of the source around it.
    pub(super) early: EarlyStream,
}

impl Around {
    /// That of the source around, with the nearest spelling: the source's, or one that the app has provided since.
    pub(super) fn here() -> Self {
        Self {
            spelling: use_context::<Spelling>().unwrap_or_default(),
            // A browser has none.
            early: if page::is_browser() {
                EarlyStream::default()
            } else {
                use_context().unwrap_or_default()
            },
        }
    }

    /// The same with a spelling of one's own, if there is one.
    pub(super) fn spelled(self, own: Option<Spelling>) -> Self {
        Self {
            spelling: own.unwrap_or(self.spelling),
            ..self
        }
    }

    /// Tells those who are rendered from here on.
    pub(super) fn provide(self) {
        provide_context(self.spelling);
        if !page::is_browser() {
            provide_context(self.early);
        }
    }
}
