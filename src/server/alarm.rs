//! A timer that rings seldom, for those who look at it often.
//!
//! A stream and a socket each have a time after which they do something if nothing has happened, and something happens
//! all the time. Making a timer for each wait takes it in and out of the runtime's wheel of timers, under a lock, and polling
//! one takes note of the task anew; either is more than the event itself costs. So there is one for the whole life, which is asked
//! whether it has rung by a single read, and knows which task it wakes.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::task::coop::unconstrained;
use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is set from the beginning.
#[derive(Debug)]
pub(super) struct Alarm {
    sleep: Pin<Box<Sleep>>,
    /// The task that it wakes when it rings.
    wakes: Option<Waker>,
}

impl Alarm {
    /// An alarm that rings after so long, also before anybody waits for it.
    pub(super) fn after(delay: Duration) -> Self {
        let at = Instant::now() + delay;
        let mut sleep = Box::pin(sleep_until(at));
        // Without this it would run from the first time that somebody waits.
        sleep.as_mut().reset(at);
        Self { sleep, wakes: None }
    }

    /// Whether it has rung.
    pub(super) fn has_rung(&self) -> bool {
        self.sleep.is_elapsed()
    }

    /// Waits until it rings.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let is_known = self.wakes.as_ref().is_some_and(|task| task.will_wake(cx.waker()));
        if is_known && !self.has_rung() {
            return Poll::Pending;
        }
        // Outside of the task's share of time: a task that has used it up is told to wait without being taken note of.
        let rings = Pin::new(&mut unconstrained(self.sleep.as_mut())).poll(cx);
        self.wakes = rings.is_pending().then(|| cx.waker().clone());
        rings
    }

    /// Makes it ring at this time, whether it has rung before or not.
    pub(super) fn set(&mut self, at: Instant) {
        self.sleep.as_mut().reset(at);
        // One that has rung has forgotten whom it wakes.
        self.wakes = None;
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;

    use tokio::task::coop::{consume_budget, has_budget_remaining};

    use super::*;
    use crate::server::tests::woken::Woken;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn it_rings_when_it_was_set_to_and_again() {
        let began = Instant::now();
        let mut alarm = Alarm::after(SECOND);
        for (rings_at, next) in [(1, 4), (4, 6), (6, 7)] {
            assert!(!alarm.has_rung());
            poll_fn(|cx| alarm.poll(cx)).await;
            assert!(alarm.has_rung());
            assert_eq!((Instant::now() - began).as_secs(), rings_at);
            alarm.set(began + SECOND * next);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_rings_though_nobody_has_waited() {
        let alarm = Alarm::after(SECOND);
        tokio::time::sleep(2 * SECOND).await;
        assert!(alarm.has_rung());
    }

    #[tokio::test(start_paused = true)]
    async fn it_wakes_a_task_that_had_used_up_its_share_of_time() {
        let mut alarm = Alarm::after(SECOND);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        poll_fn(|cx| {
            while has_budget_remaining() {
                let _ = std::pin::pin!(consume_budget()).poll(cx);
            }
            Poll::Ready(alarm.poll(&mut Context::from_waker(&waker)).is_pending())
        })
        .await;
        // A task that is only told to come again is woken by then, and that is not what it waits for.
        tokio::task::yield_now().await;
        let early = woken.count();
        tokio::time::sleep(2 * SECOND).await;
        assert_eq!(woken.count(), early + 1);
    }

    #[tokio::test(start_paused = true)]
    async fn it_wakes_the_last_task_that_has_waited_also_after_many_looks() {
        let (first, last) = (Arc::new(Woken::default()), Arc::new(Woken::default()));
        let mut alarm = Alarm::after(SECOND);
        for woken in [&first, &first, &last, &last, &last] {
            let waker = Waker::from(woken.clone());
            assert!(alarm.poll(&mut Context::from_waker(&waker)).is_pending());
        }
        let woken = || [&first, &last].map(|woken| woken.count());
        tokio::time::sleep(2 * SECOND).await;
        assert_eq!(woken(), [0, 1]);
        alarm.set(Instant::now() + SECOND);
        let waker = Waker::from(last.clone());
        assert!(alarm.poll(&mut Context::from_waker(&waker)).is_pending());
        tokio::time::sleep(2 * SECOND).await;
        assert_eq!(woken(), [0, 2]);
    }
}
