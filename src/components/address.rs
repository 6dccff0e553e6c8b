//! The `connect` prop, and those of verbs.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use leptos::prelude::*;

use super::attribute_text::AttributeText;
use super::changing_text::{ChangingText, from_signals};
use super::following::{Follow, follow};

/// The address of a stream, a socket or a request: a text, or a signal or closure that it follows.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::Address;
///
/// # Owner::new().with(|| {
/// let topic = RwSignal::new("news".to_owned());
/// let is_public = RwSignal::new(true);
/// let fixed: Address = "/news".into();
/// let following: Address = (move || format!("/topics/{}", topic.get())).into();
/// let one_of_two: Address = (move || if is_public.get() { "/public" } else { "/members" }).into();
/// # let _ = (fixed, following, one_of_two);
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct Address(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Fixed(String),
    Changing(ChangingAddress),
}

/// An address that is made anew when the signals that it was made of change.
///
/// Like a [`ChangingText`] it knows what is done with it, so that nothing of that is linked where all addresses are fixed;
/// other than such a text it is always there.
#[derive(Clone)]
struct ChangingAddress {
    make: Make,
    follow: Follow,
    write: fn(Make, Write) -> AttributeText,
}

type Make = Arc<dyn Fn() -> String + Send + Sync>;

/// How the text of an attribute is made of an address.
type Write = Box<dyn Fn(String) -> String + Send + Sync>;

impl Address {
    fn changing(make: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self(Kind::Changing(ChangingAddress {
            make: Arc::new(make),
            follow,
            write,
        }))
    }

    /// The address as it is now, which is not tracked.
    pub(crate) fn get_untracked(&self) -> String {
        match &self.0 {
            Kind::Fixed(text) => text.clone(),
            Kind::Changing(address) => untrack(|| (address.make)()),
        }
    }

    /// Calls with what it is and becomes, unless it stays the same for ever.
    pub(super) fn follow(self, run: impl Fn(String) + 'static) {
        if let Kind::Changing(ChangingAddress { make, follow, .. }) = self.0 {
            follow(Box::new(move || run(make())));
        }
    }

    /// The attribute that is made of it.
    pub(super) fn written(self, write: impl Fn(String) -> String + Send + Sync + 'static) -> AttributeText {
        match self.0 {
            Kind::Fixed(text) => write(text).into(),
            Kind::Changing(address) => (address.write)(address.make, Box::new(write)),
        }
    }

    /// The attribute that says it, and nothing else.
    pub(crate) fn plain(self) -> AttributeText {
        self.written(|url| url)
    }
}

fn write(make: Make, write: Write) -> AttributeText {
    AttributeText::Changing(ChangingText::new(move || Some(write(make()))))
}

impl fmt::Debug for ChangingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangingAddress")
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        Self(Kind::Fixed(text))
    }
}

/// What returns a text: a `String`, a `&'static str`, or anything else that becomes one.
impl<F, T> From<F> for Address
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Into<String>,
{
    fn from(make: F) -> Self {
        Self::changing(move || make().into())
    }
}

impl From<Cow<'_, str>> for Address {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

impl From<Oco<'_, str>> for Address {
    fn from(text: Oco<'_, str>) -> Self {
        text.into_owned().into()
    }
}

from_signals!(Address, String, Self::changing);
from_signals!(Address, &'static str, Self::from);

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use leptos::prelude::*;

    use crate::components::rendered;
    use crate::{Address, SseSource};

    #[test]
    fn texts_and_signals_are_rendered_alike() {
        let makers: [fn() -> Address; 10] = [
            || "/n".into(),
            || "/n".to_owned().into(),
            || Cow::Borrowed("/n").into(),
            || Oco::Borrowed("/n").into(),
            || RwSignal::new("/n").into(),
            || (|| "/n").into(),
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
