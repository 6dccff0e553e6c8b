//! The `id` and `class` props.

use leptos::attr::Attribute;
use leptos::attr::custom::custom_attribute;
use leptos::prelude::*;

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
pub struct AttributeText(Text);

/// Most are fixed, and cost neither a signal nor an effect.
#[derive(Clone, Debug, Default)]
enum Text {
    #[default]
    Absent,
    Fixed(Oco<'static, str>),
    Changing(Signal<Option<String>>),
}

impl AttributeText {
    /// The attribute of this name. It is one of two, as an attribute that never changes is of another type.
    pub(super) fn named(self, name: &'static str) -> impl Attribute {
        let (fixed, changing) = match self.0 {
            Text::Absent => (None, None),
            Text::Fixed(text) => (Some(text), None),
            Text::Changing(text) => (None, Some(move || text.get())),
        };
        (custom_attribute(name, fixed), custom_attribute(name, changing))
    }
}

impl From<&'static str> for AttributeText {
    fn from(text: &'static str) -> Self {
        Self(Text::Fixed(Oco::Borrowed(text)))
    }
}

impl From<String> for AttributeText {
    fn from(text: String) -> Self {
        Self(Text::Fixed(Oco::Owned(text)))
    }
}

impl From<Oco<'static, str>> for AttributeText {
    fn from(text: Oco<'static, str>) -> Self {
        Self(Text::Fixed(text))
    }
}

impl<T: Into<Self>> From<Option<T>> for AttributeText {
    fn from(text: Option<T>) -> Self {
        text.map(Into::into).unwrap_or_default()
    }
}

impl<F: Fn() -> String + Send + Sync + 'static> From<F> for AttributeText {
    fn from(text: F) -> Self {
        Self(Text::Changing(Signal::derive(move || Some(text()))))
    }
}

impl From<MaybeProp<String>> for AttributeText {
    fn from(text: MaybeProp<String>) -> Self {
        Self(Text::Changing(Signal::derive(move || text.get())))
    }
}

/// Each kind of signal, of a text or of one that may be absent.
macro_rules! from_signals {
    ($($signal:ident),*) => {$(
        impl From<$signal<String>> for AttributeText {
            fn from(text: $signal<String>) -> Self {
                Self(Text::Changing(Signal::derive(move || Some(text.get()))))
            }
        }

        impl From<$signal<Option<String>>> for AttributeText {
            fn from(text: $signal<Option<String>>) -> Self {
                Self(Text::Changing(text.into()))
            }
        }
    )*};
}

from_signals!(Signal, RwSignal, ReadSignal, Memo);

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
