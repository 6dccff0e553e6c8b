//! The verbs of requests: `hx-get` and its kin.

use web_sys::Element;

use crate::browser::markup;

/// The verbs that an element can have (SST-01).
///
/// ```
/// use leptos_live::Verb;
///
/// assert_eq!(Verb::ALL.map(Verb::attribute)[1], "hx-post");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `hx-get`
    Get,
    /// `hx-post`
    Post,
    /// `hx-put`
    Put,
    /// `hx-patch`
    Patch,
    /// `hx-delete`
    Delete,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The attribute that carries the verb's address.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Get => "hx-get",
            Self::Post => "hx-post",
            Self::Put => "hx-put",
            Self::Patch => "hx-patch",
            Self::Delete => "hx-delete",
        }
    }

    /// The verb in small letters.
    pub(crate) fn name(self) -> &'static str {
        self.attribute().trim_start_matches("hx-")
    }

    /// The verb that an element's own markup has, with its address.
    pub(crate) fn on(element: &Element) -> Option<(Self, String)> {
        let mut verbs = Self::ALL.into_iter();
        verbs.find_map(|verb| Some((verb, markup::own(element, verb.attribute())?)))
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verb| verb.name().eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sst_01_each_verb_is_known_by_its_name() {
        for verb in Verb::ALL {
            assert_eq!(Verb::named(&verb.name().to_ascii_uppercase()), Some(verb));
        }
        assert_eq!(Verb::named("dialog"), None);
    }
}
