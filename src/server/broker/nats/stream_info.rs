//! What JetStream says of a stream, as a history of ours.

use std::time::SystemTime;

use async_nats::jetstream::stream::Info;

use crate::server::broker::engine::History;
use crate::wire::Epoch;

pub(super) fn history(info: &Info) -> History {
    let state = &info.state;
    History {
        epoch: epoch(info),
        first: if state.messages == 0 {
            state.last_sequence.saturating_add(1)
        } else {
            state.first_sequence
        },
        head: state.last_sequence,
    }
}

/// Of the moment of creation and of the description.
fn epoch(info: &Info) -> Epoch {
    let created = SystemTime::from(info.created)
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let description = info.config.description.as_deref().unwrap_or_default();
    let bytes = created
        .as_nanos()
        .to_be_bytes()
        .into_iter()
        .chain(description.bytes());
    Epoch(fnv(bytes))
}

/// What the next epoch is called where nodes that were in this one find such a stream: all of them find the same name.
pub(super) fn name_after(known: Epoch, info: &Info) -> u64 {
    let found = [known.0, epoch(info).0, info.state.last_sequence];
    fnv(found.into_iter().flat_map(u64::to_be_bytes))
}

/// FNV-1a, which is the same in every version of every node.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

pub(super) fn micros(at: SystemTime) -> u64 {
    let since_1970 = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_micros()).unwrap_or(u64::MAX)
}
