//! The `vals` prop of what sends over a socket.

use leptos::prelude::*;

use super::attribute_text::AttributeText;
use super::changing_text::from_signals;
use super::values::Values;

/// Values that are sent along: [`Values`], or the text of `hx-vals`, which is a JSON object; also as a closure or a
/// signal, which the attribute follows.
///
/// What follows signals is sent as the attribute says it, which changes once the present script has ended: a handler that
/// sets a signal and submits at once sends what was there before.
///
/// `Values` quote what needs it, whatever the texts hold. A JSON object may hold other types than texts, too, and it is read
/// when something is sent: a mistake in it is a warning that names the element, and nothing of it goes along.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{Values, ValuesText};
///
/// # Owner::new().with(|| {
/// let name = RwSignal::new("Ada \"the first\"".to_owned());
/// let fixed: ValuesText = Values::from([("lamp", "on")]).into();
/// let following: ValuesText = (move || Values::from([("name", name.get())])).into();
/// let json: ValuesText = r#"{"level": 7, "tags": ["a", "b"]}"#.into();
/// # let _ = (fixed, following, json);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct ValuesText(AttributeText);

impl ValuesText {
    /// The attribute's text.
    pub(super) fn into_text(self) -> AttributeText {
        self.0
    }
}

impl From<&str> for ValuesText {
    fn from(json: &str) -> Self {
        json.to_owned().into()
    }
}

impl From<String> for ValuesText {
    fn from(json: String) -> Self {
        Self(json.into())
    }
}

impl From<Values> for ValuesText {
    fn from(values: Values) -> Self {
        values.to_json().into()
    }
}

/// What returns values or a text.
impl<F, T> From<F> for ValuesText
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Into<Self>,
{
    fn from(make: F) -> Self {
        Self(AttributeText::from(move || make().into().0))
    }
}

from_signals!(ValuesText, Values, Self::from);
from_signals!(ValuesText, String, Self::from);

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{Values, ValuesText, WsForm, WsSend};

    #[test]
    fn val_08_values_and_texts_are_rendered_alike() {
        let makers: [fn() -> ValuesText; 6] = [
            || r#"{"a":"1"}"#.into(),
            || r#"{"a":"1"}"#.to_owned().into(),
            || Values::from([("a", 1)]).into(),
            || (|| Values::from([("a", 1)])).into(),
            || (|| r#"{"a":"1"}"#).into(),
            || RwSignal::new(Values::from([("a", 1)])).into(),
        ];
        for make in makers {
            assert_eq!(
                rendered(|| view! { <WsSend vals=make()/> }),
                r#"<button hx-ws="send" hx-vals="{&quot;a&quot;:&quot;1&quot;}"></button>"#
            );
        }
        assert_eq!(
            rendered(|| view! { <WsForm action="/a" vals=Values::from([("a", "'>")])>"in"</WsForm> }),
            r#"<form hx-ws="send" hx-vals="{&quot;a&quot;:&quot;'&gt;&quot;}" action="/a" method="post">in</form>"#
        );
    }
}
