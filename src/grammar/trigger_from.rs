//! `from:` of a trigger: where its events are listened for.

use std::fmt;

use super::selector::InParentheses;
use super::target::Target;
use super::target_list::InList;
use super::trigger_parser;

/// Where events are listened for, other than on the element itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerFrom {
    /// `from:self`: on the element, and only those that began there, not further down (TRG-10).
    Itself,
    /// `from:outside`: everywhere but on the element and below it (TRG-10).
    Outside,
    /// `from:closest form`, `from:(#a, next button)`: on these elements (TRG-05).
    Elements(Vec<Target>),
}

impl TriggerFrom {
    pub(crate) const ITSELF: &str = "self";
    pub(crate) const OUTSIDE: &str = "outside";
}

impl fmt::Display for TriggerFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let targets = match self {
            Self::Itself => return f.write_str(Self::ITSELF),
            Self::Outside => return f.write_str(Self::OUTSIDE),
            Self::Elements(targets) => targets,
        };
        // A relation stands outside the parentheses, because htmx ends those at the first closing bracket of the
        // selector.
        if let [target] = targets.as_slice()
            && let Some((relation, selector)) = target.parts()
        {
            return if trigger_parser::starts_with_modifier(selector) {
                write!(f, "{relation} ({selector})")
            } else {
                write!(f, "{relation} {}", InParentheses(selector))
            };
        }
        let text = InList(targets).to_string();
        if [Self::ITSELF, Self::OUTSIDE].contains(&text.as_str()) {
            write!(f, "({text})")
        } else {
            write!(f, "{}", InParentheses(&text))
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::super::target_list::tests::any_targets;
    use super::*;

    pub(crate) fn any_from() -> BoxedStrategy<TriggerFrom> {
        prop_oneof![
            Just(TriggerFrom::Itself),
            Just(TriggerFrom::Outside),
            "self|outside".prop_map(|name| TriggerFrom::Elements(vec![Target::Selector(name)])),
            any_targets().prop_map(TriggerFrom::Elements),
        ]
        .boxed()
    }

    #[test]
    fn trg_05_trg_10_canonical_text() {
        let all = |targets: &[&str]| {
            let targets = targets.iter().map(|target| target.parse().unwrap());
            TriggerFrom::Elements(targets.collect())
        };
        for (from, expected) in [
            (TriggerFrom::Itself, "self"),
            (TriggerFrom::Outside, "outside"),
            (all(&["self"]), "(self)"),
            (all(&["#a"]), "#a"),
            (all(&["#a .b"]), "(#a .b)"),
            (all(&["closest #a .b"]), "closest (#a .b)"),
            (all(&["next once"]), "next (once)"),
            (all(&["#a", "closest b"]), "(#a, closest b)"),
        ] {
            assert_eq!(from.to_string(), expected);
        }
    }
}
