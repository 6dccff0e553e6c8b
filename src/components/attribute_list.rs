//! The attributes of a component's element, or those that are spread on one: those that it has, out of the many that it may
//! have.
//!
//! As attributes of Leptos' own each of them, also of those that are absent, is a part of the element's type: half a kilobyte
//! that is moved with the view from place to place while a page is rendered, and code for each type in the browser. A list
//! costs one allocation and is one type for all components. What is done with a text is Leptos' own.

use std::mem;

use leptos::attr::{Attribute, AttributeValue, NamedAttributeKey, NextAttribute};
use leptos::reactive::effect::RenderEffect;
use web_sys::Element;

use super::attribute_text::AttributeText;
use super::changing_text::{FixedState, FixedText};
use super::start::Start;

/// Attributes in the order in which they are rendered, and what is done to their element each time they are put on it.
///
/// Leptos' own directives would be a part of the element's type, too.
#[derive(Clone, Debug)]
pub(crate) struct AttributeList {
    texts: Vec<(&'static str, AttributeText)>,
    start: Start,
}

impl AttributeList {
    /// None yet. There is room for two, which is what most elements have, and which the allocator has at hand.
    pub(crate) fn new() -> Self {
        Self {
            texts: Vec::with_capacity(2),
            start: Start::NOTHING,
        }
    }

    /// The same and one more, unless it is absent.
    pub(crate) fn with(mut self, name: &'static str, text: impl Into<AttributeText>) -> Self {
        let text = text.into();
        if !matches!(text, AttributeText::Absent) {
            self.texts.push((name, text));
        }
        self
    }

    /// The same, which starts something when it has been put on its element.
    pub(crate) fn starting(self, start: Start) -> Self {
        Self { start, ..self }
    }
}

/// An attribute as it was put on an element.
#[allow(missing_debug_implementations)] // Leptos' effects have none.
pub(crate) enum Shown {
    Fixed(FixedState),
    Changing(RenderEffect<FixedState>),
}

impl Shown {
    fn new(name: &'static str, text: AttributeText, element: &Element) -> Self {
        match text {
            AttributeText::Absent => Self::Fixed(FixedText::None.build(element, name)),
            AttributeText::Fixed(text) => Self::Fixed(Some(text).build(element, name)),
            AttributeText::Changing(text) => Self::Changing(text.show(name, element, None)),
        }
    }

    fn change(self, name: &'static str, text: AttributeText, element: &Element) -> Self {
        let before = match self {
            Self::Fixed(state) => Some(state),
            Self::Changing(effect) => effect.take_value(),
        };
        let Some(mut state) = before else {
            return Self::new(name, text, element);
        };
        match text {
            AttributeText::Absent => FixedText::None.rebuild(name, &mut state),
            AttributeText::Fixed(text) => Some(text).rebuild(name, &mut state),
            AttributeText::Changing(text) => {
                return Self::Changing(text.show(name, element, Some(state)));
            }
        }
        Self::Fixed(state)
    }
}

impl Attribute for AttributeList {
    const MIN_LENGTH: usize = 0;

    type State = (Element, Vec<(&'static str, Shown)>);
    type AsyncOutput = Self;
    type Cloneable = Self;
    type CloneableOwned = Self;

    fn html_len(&self) -> usize {
        let lengths = self.texts.iter().map(|(name, text)| match text {
            AttributeText::Fixed(text) => name.len() + text.len() + r#" ="""#.len(),
            _ => 0,
        });
        lengths.sum()
    }

    fn to_html(self, html: &mut String, _: &mut String, _: &mut String, _: &mut String) {
        for (name, text) in self.texts {
            match text {
                AttributeText::Absent => {}
                AttributeText::Fixed(text) => text.as_str().to_html(name, html),
                AttributeText::Changing(text) => text.get().to_html(name, html),
            }
        }
    }

    // As attributes with a name of one's own do in Leptos: what the server has rendered is written once more.
    fn hydrate<const FROM_SERVER: bool>(self, element: &Element) -> Self::State {
        self.build(element)
    }

    fn build(self, element: &Element) -> Self::State {
        let shown = self.texts.into_iter();
        let shown = shown.map(|(name, text)| (name, Shown::new(name, text, element)));
        let shown = shown.collect();
        self.start.run(element);
        (element.clone(), shown)
    }

    fn rebuild(self, (element, shown): &mut Self::State) {
        let mut before = mem::take(shown);
        for (name, text) in self.texts {
            let known = before.iter().position(|(known, _)| *known == name);
            let now = match known.map(|index| before.swap_remove(index)) {
                Some((_, shown)) => shown.change(name, text, element),
                None => Shown::new(name, text, element),
            };
            shown.push((name, now));
        }
        for (name, gone) in before {
            gone.change(name, AttributeText::Absent, element);
        }
        self.start.run(element);
    }

    fn into_cloneable(self) -> Self {
        self
    }

    fn into_cloneable_owned(self) -> Self {
        self
    }

    // A `Suspense` around it learns so which resources the signals read.
    fn dry_resolve(&mut self) {
        for (_, text) in &self.texts {
            if let AttributeText::Changing(text) = text {
                let _ = text.get();
            }
        }
    }

    async fn resolve(self) -> Self {
        self
    }

    fn keys(&self) -> Vec<NamedAttributeKey> {
        let names = self.texts.iter().map(|(name, _)| *name);
        names
            .map(|name| NamedAttributeKey::Attribute(name.into()))
            .collect()
    }
}

impl NextAttribute for AttributeList {
    type Output<NewAttr: Attribute> = (Self, NewAttr);

    fn add_any_attr<NewAttr: Attribute>(self, new_attr: NewAttr) -> Self::Output<NewAttr> {
        (self, new_attr)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use leptos::prelude::Owner;

    use super::*;

    #[test]
    fn what_a_suspense_asks_is_asked_of_signals() {
        let asked = Arc::new(AtomicU32::new(0));
        let text = {
            let asked = Arc::clone(&asked);
            move || asked.fetch_add(1, Ordering::Relaxed).to_string()
        };
        Owner::new().with(|| {
            let mut list = AttributeList::new().with("id", text).with("role", "status");
            list.dry_resolve();
        });
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn what_is_absent_is_no_part_of_it() {
        let list = AttributeList::new()
            .with("a", None::<String>)
            .with("b", Some("1"))
            .with("c", "<\"");
        let mut html = String::new();
        list.to_html(
            &mut html,
            &mut String::new(),
            &mut String::new(),
            &mut String::new(),
        );
        assert_eq!(html, r#" b="1" c="&lt;&quot;""#);
    }
}
