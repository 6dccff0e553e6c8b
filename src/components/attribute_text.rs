//! The `id` and `class` props.

use leptos::prelude::*;

use super::changing_text::{ChangingText, from_signals};

/// The value of an attribute: a text, or a signal that it follows; without one there is no attribute.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::AttributeText;
///
/// # Owner::new().with(|| {
/// let is_busy = RwSignal::new(false);
/// let fixed: AttributeText = "news".into();
/// let made: AttributeText = format!("news-{}", 7).into();
/// let following: AttributeText = (move || if is_busy.get() { "busy" } else { "idle" }.to_owned()).into();
/// # let _ = (fixed, made, following);
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

impl<F: Fn() -> String + Send + Sync + 'static> From<F> for AttributeText {
    fn from(make: F) -> Self {
        Self::changing(move || Some(make()))
    }
}

impl From<MaybeProp<String>> for AttributeText {
    fn from(text: MaybeProp<String>) -> Self {
        Self::changing(move || text.get())
    }
}

from_signals!(AttributeText, String, Self::from);
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
        check(|| MaybeProp::from("m").into(), r#" id="m""#);
    }
}
