//! A page that enters a room and leaves it while its stream goes on: between the two it gets everything of the room, and
//! outside of them nothing.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::schedules::truth::{Account, Truth};
use super::body::{Answer, Part};
use super::chance::Chance;
use super::exchange::ask;
use super::publisher::Record;
use super::stream_reader::Judgement;
use crate::SseMessage;
use crate::wire::{Control, ControlKind, Gap, Position, SseDecoder};

/// The topic that is entered and left.
pub(super) const ROOM: &str = "elsewhere";

/// What lies after one place and up to another.
#[derive(Clone, Copy, Debug)]
struct Range {
    after: Position,
    up_to: Position,
}

#[derive(Debug, Default)]
struct Diary {
    /// Where it stands.
    cursor: Option<Position>,
    /// Numbers with their places, in the order in which they came.
    events: Vec<(Position, usize)>,
    gaps: Vec<Gap>,
    /// In the room, everything of it has come.
    stays: Vec<Range>,
    /// Out of it, nothing.
    absences: Vec<Range>,
}

pub(super) struct Wanderer {
    diary: Arc<Mutex<Diary>>,
    task: JoinHandle<()>,
}

impl Drop for Wanderer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wanderer {
    /// Reads through `network`, and says to `server` where it goes.
    pub(super) fn start(network: SocketAddr, server: SocketAddr, chance: Chance) -> Self {
        let diary = Arc::<Mutex<Diary>>::default();
        let mut connection = Connection {
            server,
            diary: diary.clone(),
            chance,
            id: None,
            entered: None,
            left: None,
        };
        let task = tokio::spawn(async move {
            loop {
                let _ = connection.read(network).await;
                connection.end();
                sleep(Duration::from_millis(100)).await;
            }
        });
        Self { diary, task }
    }

    pub(super) fn judge(&self, record: &Record) -> Judgement {
        let truth = record.truth.lock().unwrap();
        let diary = self.diary.lock().unwrap();
        match diary.account(&truth) {
            Ok(account) => Judgement::Well(vec![account]),
            Err(error) => Judgement::Wrong(format!("{error}: {diary:?}")),
        }
    }
}

/// Its present connection.
struct Connection {
    server: SocketAddr,
    diary: Arc<Mutex<Diary>>,
    chance: Chance,
    id: Option<String>,
    /// Where it has come into the room, or gone out of it.
    entered: Option<Position>,
    left: Option<Position>,
}

impl Connection {
    async fn read(&mut self, network: SocketAddr) -> std::io::Result<()> {
        let mut socket = TcpStream::connect(network).await?;
        let cursor = self.diary.lock().unwrap().cursor;
        let cursor = cursor.map_or_else(String::new, |at| format!("last-event-id: {at}\r\n"));
        let request = format!("GET /wander HTTP/1.1\r\nhost: {network}\r\n{cursor}\r\n");
        socket.write_all(request.as_bytes()).await?;
        let (mut answer, mut decoder) = (Answer::default(), SseDecoder::default());
        let mut bytes = [0; 512];
        let mut moves_at = Instant::now() + self.chance.milliseconds(1_000);
        loop {
            let silence = Duration::from_millis(2_500);
            let read = timeout(silence, socket.read(&mut bytes)).await??;
            if read == 0 {
                return Ok(());
            }
            for part in answer.push(&bytes[..read]) {
                match part {
                    Part::Body(bytes) => decoder.push(&bytes).iter().for_each(|message| self.hear(message)),
                    Part::Head(200) => {}
                    Part::Head(_) | Part::End => return Ok(()),
                }
            }
            if Instant::now() >= moves_at {
                self.go().await;
                moves_at = Instant::now() + self.chance.milliseconds(1_000);
            }
        }
    }

    fn hear(&mut self, message: &SseMessage) {
        let mut diary = self.diary.lock().unwrap();
        let Some(kind) = ControlKind::from_event_name(&message.event) else {
            let position: Position = message.last_event_id.parse().unwrap();
            diary.events.push((position, message.data.parse().unwrap()));
            diary.cursor = Some(position);
            return;
        };
        match Control::parse(kind, &message.data).unwrap() {
            Control::Heartbeat(at) => diary.cursor = Some(at),
            Control::Gap(gap) => {
                diary.gaps.push(gap);
                diary.cursor = Some(gap.to);
            }
            Control::Connection(id) => self.id = Some(id.to_string()),
            _ => {}
        }
    }

    /// Enters the room, or leaves it.
    async fn go(&mut self) {
        let Some(id) = &self.id else { return };
        let stands = self.diary.lock().unwrap().cursor;
        let (way, enters) = match self.entered {
            None => ("enter", true),
            Some(_) => ("leave", false),
        };
        let answer = ask(self.server, "POST", &format!("/{way}"), id).await;
        // Whoever is not known any more will hear of it by the end of the stream.
        let Some(at) = answer.ok().and_then(|(_, text)| text.parse().ok()) else {
            return;
        };
        if enters {
            self.note_absence(at);
            self.entered = Some(at);
        } else {
            self.note_stay(stands);
            self.left = Some(at);
        }
    }

    fn note_stay(&mut self, up_to: Option<Position>) {
        if let (Some(after), Some(up_to)) = (self.entered.take(), up_to) {
            self.diary.lock().unwrap().stays.push(Range { after, up_to });
        }
    }

    fn note_absence(&mut self, up_to: Position) {
        if let Some(after) = self.left.take() {
            self.diary.lock().unwrap().absences.push(Range { after, up_to });
        }
    }

    /// The connection is lost. The next one knows nothing of rooms.
    fn end(&mut self) {
        let stands = self.diary.lock().unwrap().cursor;
        self.note_stay(stands);
        if let Some(stands) = stands {
            self.note_absence(stands);
        }
        self.id = None;
    }
}

impl Diary {
    fn account(&self, truth: &Truth) -> Result<Account, String> {
        for pair in self.events.windows(2) {
            let [(before, _), (after, number)] = pair else {
                continue;
            };
            if before.epoch == after.epoch && before.offset >= after.offset {
                return Err(format!("{number} at {after} came after {before}"));
            }
        }
        let received: BTreeSet<usize> = self.events.iter().map(|(_, number)| *number).collect();
        let in_room = |range: &Range| {
            let events = truth.between(range.after, range.up_to);
            events.filter(|(_, name, _)| *name == ROOM).collect::<Vec<_>>()
        };
        let mut account = Account::default();
        for (number, _, position) in self.stays.iter().flat_map(in_room) {
            account.expected += 1;
            if received.contains(&number) {
                continue;
            }
            if !self.gaps.iter().any(|gap| is_told(gap, position)) {
                return Err(format!("{number} at {position} of the room has not come"));
            }
            account.told += 1;
        }
        match self
            .absences
            .iter()
            .flat_map(in_room)
            .find(|(number, ..)| received.contains(number))
        {
            Some((number, _, position)) => {
                Err(format!("{number} at {position} came out of a room that was left"))
            }
            None => Ok(account),
        }
    }
}

/// Whether a gap on a stream or socket speaks of this place.
pub(super) fn is_told(gap: &Gap, position: Position) -> bool {
    position.is_covered_by(gap.to) && gap.from.is_none_or(|from| !position.is_covered_by(from))
}
