//! Topics made of parts that come from outside, such as the ids of users and rooms.
//!
//! A part is written so that it holds none of the characters that say where parts end, so two
//! different lists of parts never make the same topic, whatever is in them.

use std::fmt::{self, Display, Write};

use super::name_rule::is_forbidden;
use super::{InvalidName, Topic};

/// Between two parts.
const SEPARATOR: char = '/';

/// Before everything in topics of one user, which no other list of parts begins with.
const USER: char = '~';

impl Topic {
    /// A topic made of parts, with a slash between them: `room/7`.
    ///
    /// What is special or invisible in a part is written as `%` and two digits for each byte, so
    /// different parts make different topics: no part can pass for two, and none for a topic of
    /// [`Topic::for_user`].
    ///
    /// ```
    /// use leptos_live::Topic;
    ///
    /// assert_eq!(Topic::join(["room", "7"])?.as_str(), "room/7");
    /// assert_eq!(Topic::join(["room", "7/private"])?.as_str(), "room/7%2Fprivate");
    /// # Ok::<(), leptos_live::InvalidName>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidName`] when nothing is left to name the topic by, or it is longer than 255 bytes.
    pub fn join<P: AsRef<str>>(parts: impl IntoIterator<Item = P>) -> Result<Self, InvalidName> {
        let mut text = String::new();
        for (n, part) in parts.into_iter().enumerate() {
            if n > 0 {
                text.push(SEPARATOR);
            }
            // Writing to a string does not fail.
            let _ = Escaping(&mut text).write_str(part.as_ref());
        }
        Self::new(text)
    }

    /// The topic of one user: `~ann/news` for the `news` of `ann`.
    ///
    /// An id may be anything that can be written down: a number, a UUID, an address. Different ids
    /// make different topics, and none that [`Topic::join`] makes is among them. Whether a request
    /// comes from that user is for the app to know: take the id from the session, not from the URL.
    ///
    /// ```
    /// use leptos_live::Topic;
    ///
    /// assert_eq!(Topic::for_user("news", 7)?.as_str(), "~7/news");
    /// assert_eq!(Topic::for_user("news", "ann@example.com")?.as_str(), "~ann@example.com/news");
    /// assert_eq!(Topic::for_user("news", "a/~b")?.as_str(), "~a%2F%7Eb/news");
    /// # Ok::<(), leptos_live::InvalidName>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidName`] when the topic is longer than 255 bytes.
    pub fn for_user(name: &str, user: impl Display) -> Result<Self, InvalidName> {
        let mut text = String::from(USER);
        // Neither does writing through another writer, unless the id refuses to be written.
        let _ = write!(Escaping(&mut text), "{user}");
        text.push(SEPARATOR);
        let _ = Escaping(&mut text).write_str(name);
        Self::new(text)
    }
}

/// Writes a part, and stops where the topic is too long already: ids may come from outside.
struct Escaping<'a>(&'a mut String);

impl Write for Escaping<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for c in part.chars() {
            if self.0.len() > super::name_rule::MAX_NAME_BYTES {
                return Ok(());
            }
            if !matches!(c, SEPARATOR | USER | '%') && !is_forbidden(c) {
                self.0.push(c);
                continue;
            }
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                write!(self.0, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(parts: &[&str], expected: Option<&str>) {
        let found = Topic::join(parts).ok();
        assert_eq!(found.as_ref().map(Topic::as_str), expected, "{parts:?}");
    }

    #[test]
    fn s31_a_part_cannot_pass_for_another() {
        check(&["room", "7"], Some("room/7"));
        check(&["größe", "a b"], Some("größe/a b"));
        check(&["room", "7/8"], Some("room/7%2F8"));
        check(&["room", "7%2F8"], Some("room/7%252F8"));
        check(&["~ann", "news"], Some("%7Eann/news"));
        check(&["a\nb", "\u{200b}"], Some("a%0Ab/%E2%80%8B"));
        check(&["", "a"], Some("/a"));
        check(&["a", ""], Some("a/"));
        check(&[], None);
        check(&[""], None);
        check(&[&"x".repeat(256)], None);
        check(&[&"/".repeat(100)], None);
    }

    #[test]
    fn s31_ids_of_users_are_of_any_kind() {
        for (name, user, expected) in [
            ("news", "ann", "~ann/news"),
            ("news", "", "~/news"),
            ("a/b", "~", "~%7E/a%2Fb"),
            ("news", "ann/news\n", "~ann%2Fnews%0A/news"),
        ] {
            assert_eq!(Topic::for_user(name, user).unwrap().as_str(), expected);
        }
        assert_eq!(
            Topic::for_user("news", u64::MAX).unwrap().as_str(),
            "~18446744073709551615/news"
        );
        assert!(Topic::for_user("news", "x".repeat(1 << 20)).is_err());
    }

    /// Texts that are rich in what is special.
    fn part() -> impl Strategy<Value = String> {
        prop_oneof!["[a/%~27F\n\u{200b}é]{0,6}", "\\PC{0,12}"]
    }

    proptest! {
        #[test]
        fn s31_different_parts_make_different_topics(
            one in prop::collection::vec(part(), 0..4),
            two in prop::collection::vec(part(), 0..4),
        ) {
            if let (Ok(a), Ok(b)) = (Topic::join(&one), Topic::join(&two)) {
                prop_assert_eq!(a == b, one == two);
                let read: Vec<_> = a.as_str().split('/').map(plain).collect();
                prop_assert_eq!(read, one);
            }
        }

        #[test]
        fn s31_different_users_have_different_topics(
            (name, user) in (part(), part()),
            (other_name, other_user) in (part(), part()),
            parts in prop::collection::vec(part(), 0..4),
        ) {
            let (one, two) = (Topic::for_user(&name, &user).unwrap(), Topic::for_user(&other_name, &other_user).unwrap());
            prop_assert_eq!(one == two, (&name, &user) == (&other_name, &other_user));
            prop_assert_ne!(Topic::join(&parts).ok(), Some(one));
        }
    }

    /// Reads a part back.
    fn plain(part: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = part.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            if first == b'%' {
                bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
                rest = &tail[2..];
            } else {
                bytes.push(first);
                rest = tail;
            }
        }
        String::from_utf8(bytes).unwrap()
    }
}
