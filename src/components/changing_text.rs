//! A text that follows signals.

use std::fmt;
use std::sync::Arc;

use leptos::attr::AttributeValue;
use leptos::prelude::Oco;
use leptos::reactive::effect::RenderEffect;
use web_sys::Element;

use super::following::{Follow, follow};

/// A text that an attribute has, or none.
pub(super) type FixedText = Option<Oco<'static, str>>;

/// What Leptos remembers of it.
pub(super) type FixedState = <FixedText as AttributeValue>::State;

/// A text that is made anew when the signals that it was made of change; none is an absent attribute.
///
/// It knows how it is followed, so that nothing of that is linked where all texts are fixed, as most are. For the same
/// reason it is a function rather than a signal, of which each kind would be linked.
///
/// It is made of a closure or a signal, of `String` or `Option<String>`, by the conversions of what holds it, such as
/// [`AttributeText`](crate::AttributeText). A server writes the text as it is then; a page follows it for as long as its component
/// lives.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{AttributeText, ChangingText};
///
/// /// The text of a `class` that will change.
/// fn changing(class: &AttributeText) -> Option<&ChangingText> {
///     match class {
///         AttributeText::Changing(text) => Some(text),
///         _ => None,
///     }
/// }
///
/// # Owner::new().with(|| {
/// let tone = RwSignal::new(Some("calm".to_owned()));
/// assert!(changing(&tone.into()).is_some());
/// assert!(changing(&"calm".into()).is_none());
/// # });
/// ```
#[derive(Clone)]
pub struct ChangingText {
    make: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    show: Show,
    follow: Follow,
}

/// Puts a text on an element as an attribute of this name, again and again.
type Show = fn(ChangingText, &'static str, Element, Option<FixedState>) -> RenderEffect<FixedState>;

impl ChangingText {
    pub(super) fn new(make: impl Fn() -> Option<String> + Send + Sync + 'static) -> Self {
        Self {
            make: Arc::new(make),
            show,
            follow,
        }
    }

    /// The text as it is now, which is tracked.
    pub(super) fn get(&self) -> Option<String> {
        (self.make)()
    }

    /// Puts it on an element from now on. `before` is what the attribute was so far.
    pub(super) fn show(
        self,
        name: &'static str,
        element: &Element,
        before: Option<FixedState>,
    ) -> RenderEffect<FixedState> {
        (self.show)(self, name, element.clone(), before)
    }

    /// Calls now, and whenever it may have become another one, for as long as the present owner lives.
    pub(crate) fn follow(&self, run: impl Fn() + 'static) {
        let make = Arc::clone(&self.make);
        (self.follow)(Box::new(move || {
            let _ = make();
            run();
        }));
    }
}

fn show(
    text: ChangingText,
    name: &'static str,
    element: Element,
    before: Option<FixedState>,
) -> RenderEffect<FixedState> {
    let show = move |before: Option<FixedState>| {
        let text: FixedText = text.get().map(Oco::Owned);
        match before {
            Some(mut state) => {
                text.rebuild(name, &mut state);
                state
            }
            None => text.build(&element, name),
        }
    };
    RenderEffect::new_with_value(show, before)
}

impl fmt::Debug for ChangingText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangingText")
    }
}

/// Makes a type of each kind of signal, by a function that takes what makes a text.
macro_rules! from_signals {
    ($type:ty, $value:ty, $make:expr) => {
        $crate::components::changing_text::from_signals!(
            $type, $value, $make; Signal, RwSignal, ReadSignal, MappedSignal, Memo, ArcSignal, ArcRwSignal,
            ArcReadSignal, ArcMappedSignal, ArcMemo
        );
    };
    ($type:ty, $value:ty, $make:expr; $($signal:ident),*) => {$(
        impl From<$signal<$value>> for $type {
            fn from(text: $signal<$value>) -> Self {
                $make(move || text.get())
            }
        }
    )*};
}
pub(super) use from_signals;
