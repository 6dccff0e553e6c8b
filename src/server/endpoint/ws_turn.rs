//! The turn of a socket's task: first it listens, then it speaks.
//!
//! What a handler answers would wake the task that is running it: the runtime would run it once more, and wake another
//! thread to share the work, for words that have left in the same turn.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::task::AtomicWaker;

/// What has ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended<T> {
    Listening(T),
    Speaking,
}

/// Runs both halves of a socket as one task.
#[derive(Debug)]
pub(super) struct Turn {
    speaker: Arc<Speaker>,
    waker: Waker,
}

impl Turn {
    pub(super) fn new() -> Self {
        let speaker = Arc::new(Speaker::default());
        let waker = Waker::from(speaker.clone());
        Self { speaker, waker }
    }

    /// Lets both go on until one of them ends. In this order an answer leaves in the turn in which its message has come.
    pub(super) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        listening: Pin<&mut impl Future<Output = T>>,
        speaking: Pin<&mut impl Future<Output = ()>>,
    ) -> Poll<Ended<T>> {
        self.speaker.task.register(cx.waker());
        self.speaker.is_next.swap(true, Ordering::AcqRel);
        let heard = listening.poll(cx);
        self.speaker.is_next.swap(false, Ordering::AcqRel);
        if let Poll::Ready(heard) = heard {
            return Poll::Ready(Ended::Listening(heard));
        }
        let spoken = speaking.poll(&mut Context::from_waker(&self.waker));
        spoken.map(|()| Ended::Speaking)
    }
}

/// How the half that speaks is woken.
#[derive(Debug, Default)]
struct Speaker {
    task: AtomicWaker,
    /// The task is running and has yet to come to this half.
    is_next: AtomicBool,
}

impl Wake for Speaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Not a load: whoever is found to be next shall see what it is woken for.
        if !self.is_next.fetch_or(false, Ordering::AcqRel) {
            self.task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::poll_fn;
    use std::pin::pin;

    use super::*;
    use crate::server::tests::woken::Woken;

    #[test]
    fn what_is_heard_wakes_nobody_and_is_answered_in_the_same_turn() {
        let (turn, woken) = (Turn::new(), Arc::new(Woken::default()));
        let task = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&task);
        // The half that speaks leaves its waker, as with a queue; the half that listens wakes it.
        let (left, heard, spoken) = (RefCell::new(None::<Waker>), RefCell::new(0), RefCell::new(0));
        let mut listening = pin!(poll_fn(|_| {
            *heard.borrow_mut() += 1;
            if let Some(waker) = &*left.borrow() {
                waker.wake_by_ref();
            }
            Poll::<()>::Pending
        }));
        let mut speaking = pin!(poll_fn(|cx| {
            *spoken.borrow_mut() = *heard.borrow();
            left.replace(Some(cx.waker().clone()));
            Poll::Pending
        }));
        for count in 1..=3 {
            assert!(
                turn.poll(&mut cx, listening.as_mut(), speaking.as_mut())
                    .is_pending()
            );
            assert_eq!((*spoken.borrow(), woken.count()), (count, 0));
        }
        // Between turns, as from elsewhere.
        left.take().unwrap().wake();
        assert_eq!(woken.count(), 1);
    }

    #[test]
    fn one_that_wakes_itself_while_it_speaks_is_woken() {
        let (turn, woken) = (Turn::new(), Arc::new(Woken::default()));
        let task = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&task);
        let mut yields = pin!(poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        let mut nothing = pin!(std::future::pending::<()>());
        assert!(turn.poll(&mut cx, nothing.as_mut(), yields.as_mut()).is_pending());
        assert_eq!(woken.count(), 1);
    }

    #[test]
    fn which_half_has_ended_is_told_and_who_has_left_is_listened_to_first() {
        let (turn, mut cx) = (Turn::new(), Context::from_waker(Waker::noop()));
        let (mut heard, mut spoken) = (pin!(async { 7 }), pin!(async {}));
        let ended = turn.poll(&mut cx, heard.as_mut(), spoken.as_mut());
        assert_eq!(ended, Poll::Ready(Ended::Listening(7)));
        let mut nothing = pin!(std::future::pending::<i32>());
        let ended = turn.poll(&mut cx, nothing.as_mut(), spoken.as_mut());
        assert_eq!(ended, Poll::Ready(Ended::Speaking));
    }

    /// Wakes by other threads, at whatever time they come, are not lost: the half that speaks hears of each word.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_wake_from_elsewhere_is_never_lost() {
        const WORDS: usize = 20_000;
        let (sender, mut words) = tokio::sync::mpsc::channel(4);
        tokio::spawn(async move {
            for word in 0..WORDS {
                if sender.send(word).await.is_err() {
                    return;
                }
            }
        });
        let turn = Turn::new();
        let mut listening = pin!(std::future::pending::<()>());
        let mut speaking = pin!(async {
            for word in 0..WORDS {
                assert_eq!(words.recv().await, Some(word));
            }
        });
        let all = poll_fn(|cx| turn.poll(cx, listening.as_mut(), speaking.as_mut()));
        let ended = tokio::time::timeout(std::time::Duration::from_secs(20), all).await;
        assert_eq!(ended, Ok(Ended::Speaking));
    }
}
