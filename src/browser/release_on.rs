//! When a request whose answer is a stream counts as over: `releaseOn` of htmx 4, here a member of `hx-request` (SS4-32).

use web_sys::Element;

use super::{diagnostics, json_values};

/// Until when indicators and disabled elements stay as they are, and further requests wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReleaseOn {
    /// Until the stream has ended; without a word to the contrary, as in htmx 4.
    End,
    /// Until the first message was swapped in.
    First,
    /// Until the answer begins.
    Immediate,
}

impl ReleaseOn {
    const ALL: [Self; 3] = [Self::End, Self::First, Self::Immediate];

    /// What an element's own or inherited `hx-request` says. What cannot be read is reported, and says nothing.
    pub(crate) fn of(element: &Element) -> Self {
        let mut options = json_values::inherited(element, "hx-request").into_iter();
        let Some((_, written)) = options.find(|(name, _)| name == "releaseOn") else {
            return Self::End;
        };
        let written = json_values::text(&written);
        Self::named(&written).unwrap_or_else(|| {
            let message =
                format!("hx-request, `releaseOn`: expected `end`, `first` or `immediate`, found {written:?}");
            diagnostics::report(element, &message);
            Self::End
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::End => "end",
            Self::First => "first",
            Self::Immediate => "immediate",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ss4_32_the_three_policies_are_known_by_their_names() {
        for policy in ReleaseOn::ALL {
            assert_eq!(ReleaseOn::named(policy.name()), Some(policy));
        }
        for name in ["", "First", "never"] {
            assert_eq!(ReleaseOn::named(name), None, "{name:?}");
        }
    }
}
