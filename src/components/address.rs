//! The `connect` prop.

use leptos::prelude::*;

use super::attribute_text::AttributeText;
use super::changing_text::{ChangingText, from_signals};

/// The address of a stream or a socket: a text, or a signal that it follows.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::Address;
///
/// # Owner::new().with(|| {
/// let topic = RwSignal::new("news".to_owned());
/// let fixed: Address = "/news".into();
/// let following: Address = (move || format!("/topics/{}", topic.get())).into();
/// # let _ = (fixed, following);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Address(AttributeText);

impl Address {
    fn changing(make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(AttributeText::Changing(ChangingText::new(move || Some(make()))))
    }

    /// The address as it is now, which is not tracked.
    pub(super) fn get_untracked(&self) -> String {
        match &self.0 {
            AttributeText::Absent => String::new(),
            AttributeText::Fixed(text) => text.to_string(),
            AttributeText::Changing(text) => untrack(|| text.get()).unwrap_or_default(),
        }
    }

    /// Calls with what it is and becomes, unless it stays the same for ever.
    pub(super) fn follow(self, run: impl Fn(String) + 'static) {
        if let AttributeText::Changing(text) = self.0 {
            text.follow(Box::new(move |text| run(text.unwrap_or_default())));
        }
    }

    /// The attribute that says it.
    pub(super) fn written(self, write: impl Fn(&str) -> String + Send + Sync + 'static) -> AttributeText {
        match self.0 {
            AttributeText::Absent => write("").into(),
            AttributeText::Fixed(text) => write(&text).into(),
            AttributeText::Changing(text) => AttributeText::Changing(text.map(write)),
        }
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl<F: Fn() -> String + Send + Sync + 'static> From<F> for Address {
    fn from(make: F) -> Self {
        Self::changing(make)
    }
}

from_signals!(Address, String, Self::changing);

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{Address, SseSource};

    #[test]
    fn texts_and_signals_are_rendered_alike() {
        let makers: [fn() -> Address; 6] = [
            || "/n".into(),
            || "/n".to_owned().into(),
            || (|| "/n".to_owned()).into(),
            || RwSignal::new("/n".to_owned()).into(),
            || Signal::stored("/n".to_owned()).into(),
            || ArcMemo::new(|_| "/n".to_owned()).into(),
        ];
        for make in makers {
            assert_eq!(
                rendered(|| view! { <SseSource connect=make()>"a"</SseSource> }),
                r#"<div hx-sse="connect:/n" data-state="idle">a</div>"#
            );
        }
    }
}
