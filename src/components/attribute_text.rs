//! The `id` and `class` props, and what is spread.

use std::borrow::Cow;

use leptos::prelude::*;

use super::changing_text::{ChangingText, from_signals};

/// The value of an attribute: a text, or a signal or closure that it follows; without one there is no attribute.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::AttributeText;
///
/// # Owner::new().with(|| {
/// let is_busy = RwSignal::new(false);
/// let fixed: AttributeText = "news".into();
/// let made: AttributeText = format!("news-{}", 7).into();
/// let following: AttributeText = (move || if is_busy.get() { "busy" } else { "idle" }).into();
/// let at_times: AttributeText = (move || is_busy.get().then_some("busy")).into();
/// # let _ = (fixed, made, following, at_times);
/// # });
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum AttributeText {
    /// There is no such attribute.
    #[default]
    Absent,
    /// It never changes, as most, and costs neither a signal nor an effect.
    Fixed(Oco<'static, str>),
    /// It follows a signal, and is absent while that has nothing.
    Changing(ChangingText),
}

impl AttributeText {
    fn changing(make: impl Fn() -> Option<String> + Send + Sync + 'static) -> Self {
        Self::Changing(ChangingText::new(make))
    }

    /// The text as it is now, which is tracked.
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Fixed(text) => Some(text.into()),
            Self::Changing(text) => text.get(),
        }
    }
}

impl From<&'static str> for AttributeText {
    fn from(text: &'static str) -> Self {
        Self::Fixed(Oco::Borrowed(text))
    }
}

impl From<String> for AttributeText {
    fn from(text: String) -> Self {
        Self::Fixed(Oco::Owned(text))
    }
}

impl From<Oco<'static, str>> for AttributeText {
    fn from(text: Oco<'static, str>) -> Self {
        Self::Fixed(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for AttributeText {
    fn from(text: Option<T>) -> Self {
        text.map(Into::into).unwrap_or_default()
    }
}

/// What returns a text or none: whatever else becomes an attribute.
impl<F, T> From<F> for AttributeText
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Into<Self>,
{
    fn from(make: F) -> Self {
        Self::changing(move || make().into().into_text())
    }
}

impl From<MaybeProp<String>> for AttributeText {
    fn from(text: MaybeProp<String>) -> Self {
        Self::changing(move || text.get())
    }
}

impl From<Cow<'static, str>> for AttributeText {
    fn from(text: Cow<'static, str>) -> Self {
        Self::Fixed(text.into())
    }
}

from_signals!(AttributeText, String, Self::from);
from_signals!(AttributeText, &'static str, Self::from);
from_signals!(AttributeText, Option<String>, Self::changing);

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{AttributeText, SseSwap};

    #[track_caller]
    fn check(make: impl FnOnce() -> AttributeText, expected: &str) {
        let html = rendered(|| view! { <SseSwap id=make()/> });
        assert_eq!(html, format!(r#"<div hx-sse="swap:message"{expected}></div>"#));
    }

    #[test]
    fn texts_and_signals_are_rendered_alike() {
        check(AttributeText::default, "");
        check(|| "a".into(), r#" id="a""#);
        check(|| format!("{}\"", 1).into(), r#" id="1&quot;""#);
        check(|| None::<String>.into(), "");
        check(|| RwSignal::new("s".to_owned()).into(), r#" id="s""#);
        check(|| Signal::stored(None::<String>).into(), "");
        check(|| (|| "f".to_owned()).into(), r#" id="f""#);
        check(|| (|| "f").into(), r#" id="f""#);
        check(|| (|| Some("f")).into(), r#" id="f""#);
        check(|| (|| None::<String>).into(), "");
        check(|| MaybeProp::from("m").into(), r#" id="m""#);
    }
}
