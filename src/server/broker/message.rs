//! What nodes tell each other through an engine, as bytes: a line of JSON, and after it the payload as it stands.
//!
//! A payload is the larger part as a rule, and is neither escaped nor parsed. A node ignores fields that it does not know, so
//! nodes of two versions can share an engine while one takes the other's place.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Publication;
use crate::server::hub::{Payload, Revocation};
use crate::wire::{ConnectionId, EventName, Topic};

/// A message in an engine's history. Each takes an offset.
#[derive(Clone, Debug)]
pub(super) enum Message {
    Event(Publication),
    /// Rights that a node has taken back; itself needs no telling.
    Revocation {
        by: u64,
        revocation: Revocation,
    },
    /// The epoch has changed: whoever reads this looks which one it is.
    Epoch,
}

/// A message that none of this crate's nodes has written.
#[derive(Debug, Error)]
#[error("message of a node: expected {expected}, found {found}")]
pub(super) struct Unreadable {
    expected: &'static str,
    found: String,
}

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
enum Head {
    Event {
        topic: String,
        name: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        except: Vec<ConnectionId>,
    },
    Revocation {
        by: u64,
        user: Option<String>,
        topic: Option<String>,
        tag: Option<String>,
    },
    Epoch,
}

impl Message {
    /// An event's bytes, without its key, which is the engine's affair.
    pub(super) fn of_event(publication: &Publication) -> Vec<u8> {
        let head = Head::Event {
            topic: publication.topic.as_str().to_owned(),
            name: publication.event.as_str().to_owned(),
            except: publication.except.clone(),
        };
        write(&head, publication.payload.as_bytes())
    }

    pub(super) fn of_revocation(by: u64, revocation: &Revocation) -> Vec<u8> {
        let (user, topic, tag) = revocation.parts();
        let head = Head::Revocation {
            by,
            user: user.map(str::to_owned),
            topic: topic.map(|topic| topic.as_str().to_owned()),
            tag: tag.map(str::to_owned),
        };
        write(&head, &[])
    }

    pub(super) fn of_epoch() -> Vec<u8> {
        write(&Head::Epoch, &[])
    }

    /// Reads what another node has written.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (head, payload) = bytes.split_at(end.unwrap_or(bytes.len()));
        let head = serde_json::from_slice(head).map_err(|error| unreadable("a line of JSON", error))?;
        Ok(match head {
            Head::Event { topic, name, except } => {
                let topic = Topic::new(topic).map_err(|error| unreadable("a topic", error))?;
                let name = EventName::new(name).map_err(|error| unreadable("a name", error))?;
                let payload = std::str::from_utf8(payload.get(1..).unwrap_or_default())
                    .map_err(|error| unreadable("text", error))?;
                let mut publication = Publication::new(topic, name, Payload::from(payload));
                publication.except = except;
                Self::Event(publication)
            }
            Head::Revocation { by, user, topic, tag } => {
                let topic = topic.map(Topic::new).transpose();
                let topic = topic.map_err(|error| unreadable("a topic", error))?;
                let revocation = Revocation::of_parts(user, topic, tag);
                Self::Revocation { by, revocation }
            }
            Head::Epoch => Self::Epoch,
        })
    }
}

fn write(head: &Head, payload: &[u8]) -> Vec<u8> {
    // Texts and numbers alone: there is nothing that JSON could not hold.
    let mut bytes = serde_json::to_vec(head).unwrap_or_default();
    bytes.reserve_exact(payload.len().saturating_add(1));
    bytes.push(b'\n');
    bytes.extend_from_slice(payload);
    bytes
}

fn unreadable(expected: &'static str, found: impl std::fmt::Display) -> Unreadable {
    Unreadable {
        expected,
        found: found.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn events_come_out_as_they_went_in() {
        let topic = Topic::new("räume/7").unwrap();
        for payload in ["", "x", "two\nlines\n", "\n", "{\"is\":\"epoch\"}"] {
            let mut publication = Publication::new(topic.clone(), EventName::default(), payload);
            publication.except = vec![ConnectionId::from_bits(7)];
            let Ok(Message::Event(read)) = Message::read(&Message::of_event(&publication)) else {
                panic!("{payload}")
            };
            assert_eq!(format!("{read:?}"), format!("{publication:?}"));
        }
    }

    #[test]
    fn revocations_come_out_as_they_went_in() {
        let all = Revocation::user("ann")
            .and_topic(Topic::new("t").unwrap())
            .and_tag("x");
        for revocation in [all, Revocation::everybody()] {
            let Ok(Message::Revocation { by, revocation: read }) =
                Message::read(&Message::of_revocation(3, &revocation))
            else {
                panic!("{revocation:?}")
            };
            assert_eq!((by, read), (3, revocation));
        }
        assert!(matches!(Message::read(&Message::of_epoch()), Ok(Message::Epoch)));
    }

    #[test]
    fn what_a_newer_node_adds_is_ignored() {
        let newer = b"{\"is\":\"event\",\"topic\":\"t\",\"name\":\"n\",\"colour\":\"red\"}\nx";
        assert!(matches!(Message::read(newer), Ok(Message::Event(event)) if event.payload.as_str() == "x"));
    }

    #[test]
    fn what_nobody_has_written_is_an_error() {
        for bytes in [
            b"" as &[u8],
            b"x",
            b"{\"is\":\"event\"}\nx",
            b"{\"is\":\"event\",\"topic\":\"\",\"name\":\"n\"}\nx",
            b"{\"is\":\"event\",\"topic\":\"t\",\"name\":\"n\"}\n\xff",
        ] {
            assert!(Message::read(bytes).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(bytes in any::<Vec<u8>>()) {
            let _ = Message::read(&bytes);
        }
    }
}
