//! Values that go along with a request or a message: what `vals` takes.

use serde_json::Value;

/// Named values that go along with what is sent.
///
/// [`SseTrigger`](crate::SseTrigger) takes them made of the event that has led to its request, and [`WsSend`](crate::WsSend)
/// and [`WsForm`](crate::WsForm) as they are. A name may occur several times: it has several values then, as in a form.
///
/// ```
/// use leptos_live::Values;
///
/// let values = Values::from([("id", 7), ("page", 2)]).with("name", "Ada");
/// assert_eq!(values.iter().count(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(Vec<(String, String)>);

impl Values {
    /// The same values and one more.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.0.push((name.into(), value.to_string()));
        self
    }

    /// Names and values, in the order given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// One JSON object, in which a name that occurs several times has a list, as in the messages of forms (VAL-04).
    pub(super) fn to_json(&self) -> String {
        let mut members: Vec<(&str, Vec<&str>)> = Vec::new();
        for (name, value) in self.iter() {
            match members.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value),
                None => members.push((name, vec![value])),
            }
        }
        let written = members.into_iter().map(|(name, values)| {
            let value = match values.as_slice() {
                [value] => Value::from(*value),
                values => Value::from(values),
            };
            format!("{}:{value}", Value::from(name))
        });
        format!("{{{}}}", written.collect::<Vec<_>>().join(","))
    }
}

impl<K: Into<String>, V: ToString> FromIterator<(K, V)> for Values {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let pairs = pairs.into_iter();
        Self(
            pairs
                .map(|(name, value)| (name.into(), value.to_string()))
                .collect(),
        )
    }
}

impl<K: Into<String>, V: ToString, const N: usize> From<[(K, V); N]> for Values {
    fn from(pairs: [(K, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<K: Into<String>, V: ToString> From<Vec<(K, V)>> for Values {
    fn from(pairs: Vec<(K, V)>) -> Self {
        pairs.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(values: &Values) -> Value {
        serde_json::from_str(&values.to_json()).unwrap()
    }

    #[test]
    fn val_04_repeated_names_become_lists() {
        let values = Values::from([("b", "1"), ("a", "2"), ("b", "3")]);
        assert_eq!(values.to_json(), r#"{"b":["1","3"],"a":"2"}"#);
        assert_eq!(Values::default().to_json(), "{}");
    }

    #[test]
    fn val_08_nothing_in_a_value_breaks_out_of_it() {
        let values = Values::from([("name\"", "\", \"admin\": true, \\ \n \u{2028}")]);
        assert_eq!(
            read(&values),
            json!({ "name\"": "\", \"admin\": true, \\ \n \u{2028}" })
        );
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(name in ".*", value in ".*") {
            prop_assert_eq!(read(&Values::from([(&name, &value)])), json!({ name: value }));
        }
    }
}
