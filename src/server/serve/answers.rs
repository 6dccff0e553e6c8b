//! Answers to requests that a client has sent one after the other without waiting: they are sent together.
//!
//! Each answer would otherwise be a call into the kernel and a packet of its own, which is most of what a small one costs. So an
//! answer that is small and whole waits while the next request is looked for. It goes as soon as there is none, as the next
//! one is not answered at once, or as there is enough; so whoever waits for each answer gets it no later. Who asks for more
//! before that waits for one more answer to be computed, and for no further one once the first has waited noticeably.
//!
//! hyper asks for everything to be sent after each answer, and once more when it has found nothing else to do. The first
//! time is passed over. That it asks a second time is its habit and no promise, so the connection's task sees to it. As hyper
//! believes the answers to be out, it does not ask again where a connection ends by an error or is given to somebody else:
//! then its task sends them, or whoever drops it.

use std::io::IoSlice;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use axum::response::Response;
use hyper::body::Body as _;

/// The most bytes that wait.
const MOST_BYTES: usize = 4 << 10;

/// After so long nothing is added to what waits: the answers are ones that take long to compute.
const LONGEST: Duration = Duration::from_millis(1);

/// What is written is sent at once.
const AT_ONCE: u8 = 0;
/// What is written is an answer that may wait.
const MAY_WAIT: u8 = 1;
/// It may, and hyper believes that it was sent.
const WAITS: u8 = 2;
/// Answers do not wait any more, as the connection may be given to somebody else.
const OVER: u8 = 3;

/// What the two ends of hyper, requests and bytes, know of each other. All of it happens in one task while the
/// connection is hyper's, and nothing changes afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Arc<AtomicU8>);

impl Answers {
    /// A request was read. What waits may go while it is answered, for that may take long.
    pub(super) fn begin(&self) {
        if self.get() != OVER {
            self.set(AT_ONCE);
        }
    }

    /// This is what it is answered with.
    pub(super) fn end(&self, response: &Response) {
        let length = response.body().size_hint().exact();
        if self.get() != OVER && length.is_some_and(|length| length < MOST_BYTES as u64) {
            self.set(MAY_WAIT);
        }
    }

    /// Neither this answer nor any after it may wait.
    pub(super) fn end_for_ever(&self) {
        self.set(OVER);
    }

    /// Whether something waits that nobody will ask for; asking is up to the caller then, who has to make hyper look again.
    pub(super) fn are_overdue(&self) -> bool {
        let waits = self.get() == WAITS;
        if waits {
            self.set(AT_ONCE);
        }
        waits
    }

    fn get(&self) -> u8 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, state: u8) {
        self.0.store(state, Ordering::Relaxed);
    }
}

/// The bytes that wait.
#[derive(Debug)]
pub(super) struct Outbox {
    /// None once nothing waits any more.
    answers: Option<Answers>,
    bytes: Vec<u8>,
    sent: usize,
    /// When the first of them came.
    since: Option<Instant>,
    /// Something was added since hyper has asked for everything to be sent.
    is_fresh: bool,
}

impl Outbox {
    pub(super) fn new(answers: Answers) -> Self {
        Self {
            answers: Some(answers),
            bytes: Vec::new(),
            sent: 0,
            since: None,
            is_fresh: false,
        }
    }

    /// Ends the waiting for good. A stream or a socket stays open for hours and shall not hold the room for answers.
    pub(super) fn close(&mut self) {
        self.answers = None;
        self.bytes.shrink_to_fit();
    }

    /// Takes bytes that may wait, all of them; false where they may not.
    pub(super) fn take(&mut self, slices: &[IoSlice<'_>]) -> bool {
        let Some(answers) = &self.answers else {
            return false;
        };
        let state = answers.get();
        if state == OVER {
            self.close();
        }
        let length: usize = slices.iter().map(|slice| slice.len()).sum();
        let is_taken = matches!(state, MAY_WAIT | WAITS)
            && self.bytes.len().saturating_add(length) <= MOST_BYTES
            && self.since.is_none_or(|since| since.elapsed() <= LONGEST);
        if is_taken {
            self.since = self.since.or_else(|| Some(Instant::now()));
            for slice in slices {
                self.bytes.extend_from_slice(slice);
            }
            self.is_fresh = true;
        }
        is_taken
    }

    /// Whether what is here may wait, though it was asked for.
    pub(super) fn may_wait(&mut self) -> bool {
        let was_fresh = std::mem::take(&mut self.is_fresh);
        let is_any = was_fresh && !self.left().is_empty();
        let Some(answers) = self.answers.as_ref().filter(|_| is_any) else {
            return false;
        };
        let may_wait = matches!(answers.get(), MAY_WAIT | WAITS);
        if may_wait {
            answers.set(WAITS);
        }
        may_wait
    }

    /// What has to be sent before anything else.
    pub(super) fn left(&self) -> &[u8] {
        self.bytes.get(self.sent..).unwrap_or_default()
    }

    /// So many more bytes of it were sent.
    pub(super) fn sent(&mut self, count: usize) {
        self.sent = self.sent.saturating_add(count);
        if self.left().is_empty() {
            self.clear();
            if let Some(answers) = &self.answers
                && answers.get() == WAITS
            {
                answers.set(MAY_WAIT);
            }
        }
    }

    /// Throws everything away: there is nobody to send it to.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.sent = 0;
        self.since = None;
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn outbox() -> (Answers, Outbox) {
        let answers = Answers::default();
        (answers.clone(), Outbox::new(answers))
    }

    fn write(outbox: &mut Outbox, bytes: &[u8]) -> bool {
        outbox.take(&[IoSlice::new(bytes), IoSlice::new(b"")])
    }

    fn answer(answers: &Answers, bytes: usize) {
        answers.begin();
        answers.end(&Response::new(Body::from(vec![b'x'; bytes])));
    }

    #[test]
    fn small_answers_wait_until_there_is_nothing_to_answer() {
        let (answers, mut outbox) = outbox();
        for said in ["one", "two"] {
            answer(&answers, 3);
            assert!(write(&mut outbox, said.as_bytes()));
            assert!(outbox.may_wait());
        }
        assert_eq!(outbox.left(), b"onetwo");
        assert!(!outbox.may_wait(), "asked for once more");
        outbox.sent(2);
        assert_eq!(outbox.left(), b"etwo");
        outbox.sent(4);
        assert_eq!(outbox.left(), b"");
        assert!(!answers.are_overdue());
    }

    #[test]
    fn what_waits_goes_while_a_request_is_being_answered() {
        let (answers, mut outbox) = outbox();
        answer(&answers, 3);
        assert!(write(&mut outbox, b"one"));
        answers.begin();
        assert!(!outbox.may_wait());
        assert!(!write(&mut outbox, b"HTTP/1.1 100 Continue"), "no answer");
        assert_eq!(outbox.left(), b"one");
    }

    #[test]
    fn what_nobody_asks_for_is_overdue_and_then_goes() {
        let (answers, mut outbox) = outbox();
        answer(&answers, 3);
        assert!(!answers.are_overdue());
        assert!(write(&mut outbox, b"one"));
        assert!(outbox.may_wait());
        assert!(answers.are_overdue());
        assert!(!answers.are_overdue());
        assert!(!outbox.may_wait());
    }

    #[test]
    fn what_is_long_or_not_whole_does_not_wait() {
        let (answers, mut outbox) = outbox();
        answer(&answers, MOST_BYTES);
        assert!(!write(&mut outbox, b"head"));
        answers.begin();
        answers.end(&Response::new(Body::from_stream(futures_util::stream::empty::<
            Result<&str, std::io::Error>,
        >())));
        assert!(!write(&mut outbox, b"head"));
        answer(&answers, 3);
        assert!(write(&mut outbox, &[b'x'; MOST_BYTES - 1]));
        assert!(!write(&mut outbox, b"xx"), "there is enough");
        assert!(write(&mut outbox, b"x"));
    }

    #[test]
    fn no_answer_is_added_to_one_that_has_waited_for_long() {
        let (answers, mut outbox) = outbox();
        answer(&answers, 3);
        assert!(write(&mut outbox, b"one"));
        answer(&answers, 3);
        outbox.since = Instant::now().checked_sub(2 * LONGEST);
        assert!(!write(&mut outbox, b"two"));
        outbox.sent(3);
        assert!(write(&mut outbox, b"two"));
    }

    #[test]
    fn nothing_waits_after_the_last_answer() {
        let (answers, mut outbox) = outbox();
        answer(&answers, 3);
        assert!(write(&mut outbox, b"one"));
        answers.end_for_ever();
        assert!(!outbox.may_wait());
        assert!(!write(&mut outbox, b"101"));
        answer(&answers, 3);
        assert!(!write(&mut outbox, b"frame"));
        assert_eq!(outbox.left(), b"one");
        assert!(outbox.bytes.capacity() < 8, "{}", outbox.bytes.capacity());
    }
}
