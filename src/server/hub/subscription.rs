//! A reader: a cursor into the rings of its topics, never a queue.
//!
//! It holds at most one batch of shared events. What it has not read stands in the rings, or is
//! gone and will be told.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::time::Instant;
use tracing::Span;

use super::counters::Counters;
use super::delivery::{Delivery, Item};
use super::opening::Opening;
use super::reader::{Ending, Reader};
use super::reading::Reading;
use super::rings::Rings;
use super::tally::Tally;
use super::transport::Transport;
use super::{Connection, Resume, SubscribeError};
use crate::wire::{Control, Position, Topic};

/// Choices for one subscription.
///
/// ```
/// use leptos_live::Topic;
/// use leptos_live::server::{Hub, Resume, SubscribeOptions};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let hub = Hub::default();
/// let options = SubscribeOptions { tag: Some("report".to_owned()), user: None };
/// let reader = hub.subscribe_with([Topic::new("news")?], Resume::Start, options)?;
/// assert_eq!(hub.connections("report").len(), 1);
/// # drop(reader); Ok(()) }
/// ```
#[derive(Clone, Debug, Default)]
pub struct SubscribeOptions {
    /// A name by which [`Hub::disconnect`](super::Hub::disconnect) finds the stream. It stands in logs.
    pub tag: Option<String>,
    /// The user whose stream it is, by whom [`Hub::revoke`](super::Hub::revoke) finds it.
    pub user: Option<String>,
}

/// A stream of the events of some topics, in offset order, from
/// [`Hub::subscribe`](super::Hub::subscribe). Dropping it ends it.
///
/// ```
/// use leptos_live::server::{Delivery, Hub, Resume};
/// use leptos_live::{EventName, Topic};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (hub, news) = (Hub::default(), Topic::new("news")?);
/// let mut reader = hub.subscribe([news.clone()], Resume::Start)?;
/// let position = hub.publish(&news, &EventName::default(), "first").await?;
/// // Control events come as well: the first one says where the reader begins.
/// while !matches!(reader.next().await, Some(Delivery::Event { .. }) | None) {}
/// assert_eq!(reader.position(), position);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Subscription {
    rings: Arc<Rings>,
    reader: Arc<Reader>,
    tally: Tally,
    reading: Reading,
    /// The position of the last event or control event that was taken.
    taken: Position,
    /// The rings may hold more for the reader. Nothing does that does not wake it, so without a wake-up they need not be
    /// looked at.
    has_news: bool,
    has_ended: bool,
    /// What was read is not given out any more, so it is no position to go on from.
    has_discarded: bool,
}

impl Subscription {
    /// Begins to read these topics, which are in order and each there once.
    pub(super) fn new(
        rings: Arc<Rings>,
        counters: Arc<Counters>,
        topics: Vec<Topic>,
        resume: Resume,
        options: SubscribeOptions,
        transport: Transport,
    ) -> Result<Self, SubscribeError> {
        let config = rings.config().clone();
        let count = topics.len();
        let (reader, (head, opening)) = rings.register(topics, options, |state, topics| {
            (state.head(), Opening::new(state, topics, resume, &config))
        })?;
        let resumes = resume != Resume::Start;
        // Nothing was taken yet, and until then the reader stands where it goes on from.
        let taken = Position {
            offset: opening.goes_on_from,
            ..head
        };
        let tally = Tally::new(counters, transport, reader.tag(), count, resumes);
        Ok(Self {
            rings,
            reader,
            tally,
            reading: Reading::new(head, opening),
            taken,
            has_news: true,
            has_ended: false,
            has_discarded: false,
        })
    }

    /// Waits for the next event or control event; `None` when the stream has ended.
    ///
    /// Safe to cancel: what has not been returned is returned the next time.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.next_item().await.map(Delivery::from)
    }

    /// The position up to which everything has been taken from this subscription.
    pub fn position(&self) -> Position {
        if self.reading.is_taken() && !self.has_discarded {
            self.reading.position()
        } else {
            self.taken
        }
    }

    /// A handle by which others change its topics or end it.
    pub fn connection(&self) -> Connection {
        Connection::new(self.rings.clone(), self.reader.clone())
    }

    /// Adds a topic while the stream goes on; see [`Connection::subscribe`].
    ///
    /// # Errors
    /// As [`Connection::subscribe`].
    pub fn add(&mut self, topic: Topic, resume: Resume) -> Result<Position, SubscribeError> {
        self.rings.add_topic(&self.reader, topic, resume)
    }

    /// Takes a topic away; false when the stream does not have it.
    pub fn remove(&mut self, topic: &Topic) -> bool {
        self.rings.remove_topic(&self.reader, topic)
    }

    /// A number that no other subscription of this hub has.
    pub(crate) fn id(&self) -> u64 {
        self.reader.id()
    }

    /// The span of its life.
    pub(crate) fn span(&self) -> &Span {
        self.tally.span()
    }

    /// Takes note of bytes that were written for the reader.
    pub(crate) fn wrote(&mut self, bytes: usize) {
        self.tally.wrote(bytes);
    }

    /// How many items were read and have yet to be taken.
    pub(crate) fn waiting(&self) -> usize {
        self.reading.waiting()
    }

    /// The topics that it brings at the moment.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        self.rings.read().topics_of(&self.reader).to_vec()
    }

    /// Makes a revocation suspend this reader rather than end it: whoever says this asks whether it may go on.
    pub(crate) fn guard(&self) {
        self.reader.guard();
    }

    /// Whether nothing comes because a right was revoked, and something may again.
    pub(crate) fn is_suspended(&self) -> bool {
        !self.has_ended && self.reader.is_suspended()
    }

    /// Waits until the reader is told to end.
    pub(crate) fn poll_ending(&mut self, cx: &Context<'_>) -> Poll<()> {
        loop {
            self.take_news();
            if self.reader.ending().is_some() {
                return Poll::Ready(());
            }
            ready!(self.reader.poll_news(cx));
        }
    }

    /// Whether it was told to end because the process stops.
    pub(crate) fn is_shutting_down(&self) -> bool {
        matches!(self.reader.ending(), Some(Ending::Shutdown(_)))
    }

    /// Lets go of what was read and not taken, for a reader that is about to end.
    pub(crate) fn discard(&mut self) {
        self.has_discarded |= !self.reading.is_taken();
        self.reading.discard();
    }

    /// Ends the suspension, before it is asked: what is revoked while the answer is under way suspends anew.
    pub(crate) fn go_on(&self) -> bool {
        self.reader.go_on()
    }

    /// As [`next`](Self::next); also `None` when the reader is suspended.
    pub(crate) async fn next_item(&mut self) -> Option<Item> {
        poll_fn(|cx| self.poll_next_item(cx)).await
    }

    /// As [`next_item`](Self::next_item).
    pub(crate) fn poll_next_item(&mut self, cx: &Context<'_>) -> Poll<Option<Item>> {
        loop {
            if let Some(item) = self.try_next() {
                return Poll::Ready(Some(item));
            }
            if self.has_ended || self.reader.is_suspended() {
                return Poll::Ready(None);
            }
            ready!(self.reader.poll_news(cx));
        }
    }

    /// As [`try_next`](Self::try_next), but moves the cursor also over what went to other topics, of which a reader is not
    /// told.
    pub(crate) fn look_again(&mut self) -> Option<Item> {
        self.has_news = true;
        // On a quiet stream nothing else does.
        self.tally.tell_if_due(Instant::now());
        self.try_next()
    }

    fn take_news(&mut self) {
        self.has_news |= self.reader.take_news();
    }

    /// What is there already; `None` when the reader has everything that it was told of, is suspended, or has ended.
    pub(crate) fn try_next(&mut self) -> Option<Item> {
        self.take_news();
        if self.reader.is_suspended() {
            // Whoever is told to end need not be asked any more, and gets nothing that was kept for them.
            self.reader.ending()?;
            self.discard();
        }
        if self.reading.leave_removed(&self.reader) {
            // There may be nothing left of the batch, whose last item would have said so.
            self.tally.end_batch();
        }
        if self.has_news && self.reading.is_taken() && !self.has_ended {
            match self.reader.ending() {
                Some(ending) => {
                    self.has_ended = true;
                    if let Ending::Shutdown(milliseconds) = ending {
                        return Some(Item::Control(Control::Retry(milliseconds)));
                    }
                }
                None => self.has_news = self.reading.read(&self.rings, &self.reader, &mut self.tally),
            }
            // What was revoked before an event was published is seen here: the lock of the rings orders the two.
            if self.reader.is_suspended() {
                return None;
            }
        }
        let item = self.reading.take()?;
        self.take_note(&item);
        Some(item)
    }

    fn take_note(&mut self, item: &Item) {
        match item {
            Item::Event { event, has_id } => {
                if *has_id {
                    self.taken = event.position;
                }
                let is_repeated = !has_id || self.reading.is_replay(event.position.offset);
                self.tally.took(event, is_repeated);
            }
            Item::Control(Control::Heartbeat(at) | Control::Live(at)) => self.taken = *at,
            Item::Control(Control::Gap(gap)) => self.tally.told(gap),
            Item::Control(_) => {}
        }
        if self.reading.is_taken() {
            self.tally.end_batch();
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.rings.unregister(&self.reader);
    }
}
