//! The state machine of a connection: everything that can happen to one, in one place.
//!
//! It knows neither transport nor clock nor browser: inputs go in with the time and a random
//! number, orders come out. So each rule is tested natively, without waiting.

pub(crate) use super::input::{Input, Order};
use super::retry_policy::{ResetRule, RetryPolicy};
use super::state::{CloseReason, ConnectionState};

/// A server cannot ask for a shorter pause than this, in milliseconds.
const SHORTEST_RETRY_AFTER: u32 = 250;

/// So many times in a row other credentials are asked for: whoever is refused after that is not let in by more.
const MOST_REFUSALS: u32 = 3;

/// A connection that was open for this long, in milliseconds, was let in.
const LET_IN_AFTER: f64 = 10_000.0;

#[derive(Debug)]
pub(crate) struct Machine {
    policy: RetryPolicy,
    state: ConnectionState,
    attempt: u32,
    opened_at: f64,
    last_sign_of_life: f64,
    received: bool,
    watches_silence: bool,
    /// Whether silence means something from the first moment of a connection.
    expects_heartbeats: bool,
    retry_after: Option<u32>,
    /// When the pause that the server has asked for is over.
    not_before: f64,
    retry_time: u32,
    suspended: bool,
    /// It waits for credentials, and ends for this reason if there are none.
    held: Option<CloseReason>,
    /// How often in a row it was held.
    refusals: u32,
    /// There were attempts enough, and the server is asked why the last one has failed.
    asks_why: bool,
}

impl Machine {
    pub(crate) fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            state: ConnectionState::Idle,
            attempt: 0,
            opened_at: 0.0,
            last_sign_of_life: 0.0,
            received: false,
            watches_silence: false,
            expects_heartbeats: false,
            retry_after: None,
            not_before: 0.0,
            retry_time: 0,
            suspended: false,
            held: None,
            refusals: 0,
            asks_why: false,
        }
    }

    pub(crate) fn state(&self) -> &ConnectionState {
        &self.state
    }

    /// Takes an input at a time (milliseconds) with a random number in `0.0..1.0`.
    pub(crate) fn step(&mut self, input: Input, now: f64, random: f64) -> Vec<Order> {
        match input {
            Input::Open => self.open(),
            Input::Opened => self.opened(now),
            Input::Received => self.sign_of_life(now),
            Input::Heartbeat => self.heartbeat(now),
            Input::RetryAfter(delay) => {
                self.retry_after = Some(delay.max(SHORTEST_RETRY_AFTER));
                Vec::new()
            }
            Input::RetryTime(delay) => {
                self.retry_time = delay;
                Vec::new()
            }
            Input::Lost => self.lost(now, random),
            Input::GivenUp => self.given_up(now, random),
            Input::BrowserReconnects => self.browser_reconnects(now),
            Input::ClosedWith(code) if self.policy.socket_codes.retries(code) => self.lost(now, random),
            Input::ClosedWith(code) => self.close(CloseReason::Code(code)),
            Input::Status(204) => self.close(CloseReason::EndedByServer),
            Input::Status(status @ (401 | 403)) => self.close(CloseReason::Refused(status)),
            Input::Status(_) | Input::NoStatus if self.asks_why => self.close(CloseReason::Exhausted),
            Input::Status(_) | Input::NoStatus => Vec::new(),
            Input::Unauthorized(reason) => self.hold(reason, now),
            Input::Authorized if self.held.is_some() => self.connect(),
            Input::Authorized => Vec::new(),
            Input::Denied => self.held.map_or_else(Vec::new, |reason| self.close(reason)),
            Input::TimerFired => self.timer_fired(now, random),
            Input::Nudge => self.nudge(now, random),
            Input::PageHidden => self.page_hidden(),
            Input::PageShown if self.suspended => self.connect(),
            Input::PageShown => Vec::new(),
            Input::Restart => self.restart(now),
            Input::Close(reason) => self.close(reason),
        }
    }

    fn open(&mut self) -> Vec<Order> {
        match self.state {
            ConnectionState::Idle | ConnectionState::Closed { .. } if !self.suspended => {
                self.attempt = 0;
                self.refusals = 0;
                self.connect()
            }
            _ => Vec::new(),
        }
    }

    fn connect(&mut self) -> Vec<Order> {
        self.suspended = false;
        self.held = None;
        self.asks_why = false;
        self.received = false;
        self.watches_silence = false;
        self.state = match self.attempt {
            0 => ConnectionState::Connecting,
            attempt => ConnectionState::Reconnecting { attempt, delay: 0 },
        };
        // In a black hole nothing ever answers, and the browser waits for minutes.
        vec![Order::StartTimer(self.policy.connect), Order::Connect]
    }

    fn opened(&mut self, now: f64) -> Vec<Order> {
        self.opened_at = now;
        self.last_sign_of_life = now;
        self.state = ConnectionState::Open;
        if self.policy.reset == ResetRule::OnOpen {
            self.attempt = 0;
        }
        if self.expects_heartbeats {
            return self.watch_silence();
        }
        Vec::new()
    }

    fn sign_of_life(&mut self, now: f64) -> Vec<Order> {
        self.last_sign_of_life = now;
        self.received = true;
        Vec::new()
    }

    fn heartbeat(&mut self, now: f64) -> Vec<Order> {
        self.last_sign_of_life = now;
        self.expects_heartbeats = true;
        self.watch_silence()
    }

    fn watch_silence(&mut self) -> Vec<Order> {
        if std::mem::replace(&mut self.watches_silence, true) {
            return Vec::new();
        }
        vec![Order::StartTimer(self.policy.silence)]
    }

    fn lost(&mut self, now: f64, random: f64) -> Vec<Order> {
        if matches!(self.state, ConnectionState::Closed { .. }) || self.suspended || self.held.is_some() {
            return Vec::new();
        }
        self.credit(now);
        let Some(delay) = self.policy.delay(self.attempt, random) else {
            return self.close(CloseReason::Exhausted);
        };
        // DIFFERENCE: what the server asks for comes before the policy's own delay and does not replace it (SS4-23), as
        // the standard has it: a client waits that long, and then some more, or all return in the same moment.
        let pause = self.retry_after.take();
        self.not_before = pause.map_or(0.0, |pause| now + f64::from(pause));
        let asked_for = pause.unwrap_or(self.retry_time);
        // Not 0, which is the state's word for an attempt that is under way.
        let delay = delay.saturating_add(asked_for).max(1);
        self.attempt = self.attempt.saturating_add(1);
        self.watches_silence = false;
        self.received = false;
        self.state = ConnectionState::Reconnecting {
            attempt: self.attempt,
            delay,
        };
        vec![Order::Disconnect, Order::StartTimer(delay)]
    }

    /// The transport is gone, and why, is not known yet. Where no attempt is left, that decides what the end is, and whether
    /// it is one: for want of credentials the connection is held.
    fn given_up(&mut self, now: f64, random: f64) -> Vec<Order> {
        let orders = self.lost(now, random);
        let reason = CloseReason::Exhausted;
        if orders.is_empty() || self.state != (ConnectionState::Closed { reason }) {
            return orders;
        }
        self.asks_why = true;
        self.state = ConnectionState::Reconnecting {
            attempt: self.attempt.saturating_add(1),
            delay: 0,
        };
        vec![Order::Disconnect, Order::StartTimer(self.policy.connect)]
    }

    /// Lets a connection that ends now, and was a success, start the counts over.
    fn credit(&mut self, now: f64) {
        if self.succeeded(now) {
            self.attempt = 0;
        }
        if self.received || self.was_let_in(now) {
            self.refusals = 0;
        }
    }

    /// Whether the connection that just ended counts as a success.
    fn succeeded(&self, now: f64) -> bool {
        match self.policy.reset {
            ResetRule::OnOpen => false,
            ResetRule::OnEventOrAfter(up) => {
                self.received || (self.state.is_open() && now - self.opened_at >= f64::from(up))
            }
        }
    }

    fn was_let_in(&self, now: f64) -> bool {
        self.state.is_open() && now - self.opened_at >= LET_IN_AFTER
    }

    /// Whether a refusal at this time is one after which credentials are asked for.
    pub(crate) fn may_ask(&self, now: f64) -> bool {
        let is_over = matches!(self.state, ConnectionState::Closed { .. }) || self.suspended;
        !is_over && (self.refusals < MOST_REFUSALS || self.was_let_in(now))
    }

    /// Waits for credentials, for as long as that takes: somebody may have to type a password.
    fn hold(&mut self, reason: CloseReason, now: f64) -> Vec<Order> {
        if !self.may_ask(now) {
            return self.close(reason);
        }
        if self.succeeded(now) {
            self.attempt = 0;
        }
        // What has arrived says nothing here: it may be the refusal.
        if self.was_let_in(now) {
            self.refusals = 0;
        }
        self.refusals = self.refusals.saturating_add(1);
        self.held = Some(reason);
        self.asks_why = false;
        self.watches_silence = false;
        self.received = false;
        self.attempt = self.attempt.saturating_add(1);
        self.state = ConnectionState::Reconnecting {
            attempt: self.attempt,
            delay: 0,
        };
        vec![Order::StopTimer, Order::Disconnect]
    }

    fn browser_reconnects(&mut self, now: f64) -> Vec<Order> {
        if self.succeeded(now) {
            self.attempt = 0;
        }
        self.received = false;
        self.attempt = self.attempt.saturating_add(1);
        self.state = ConnectionState::Reconnecting {
            attempt: self.attempt,
            delay: 0,
        };
        vec![Order::StopTimer]
    }

    fn timer_fired(&mut self, now: f64, random: f64) -> Vec<Order> {
        match self.state {
            ConnectionState::Connecting | ConnectionState::Reconnecting { delay: 0, .. } => {
                self.lost(now, random)
            }
            ConnectionState::Reconnecting { .. } => self.connect(),
            ConnectionState::Open if self.watches_silence => {
                let rest = self.rest_of_patience(now);
                if rest > 0.0 {
                    return vec![Order::StartTimer(rest as u32 + 1)];
                }
                self.lost(now, random)
            }
            _ => Vec::new(),
        }
    }

    /// How long it may go on being silent, in milliseconds.
    fn rest_of_patience(&self, now: f64) -> f64 {
        f64::from(self.policy.silence) - (now - self.last_sign_of_life)
    }

    fn nudge(&mut self, now: f64, random: f64) -> Vec<Order> {
        match self.state {
            // What the server asks for is not for a page to shorten, or all return in the same moment.
            ConnectionState::Reconnecting { attempt, delay: 1.. } if now < self.not_before => {
                let delay = (self.not_before - now).ceil() as u32;
                self.state = ConnectionState::Reconnecting { attempt, delay };
                vec![Order::StartTimer(delay)]
            }
            // A delay of 0 means that an attempt is already under way.
            ConnectionState::Reconnecting { delay: 1.., .. } => self.connect(),
            // R21: timers of a hidden tab run late, and those of a sleeping machine not at all.
            ConnectionState::Open if self.watches_silence && self.rest_of_patience(now) <= 0.0 => {
                self.lost(now, random)
            }
            _ => Vec::new(),
        }
    }

    fn page_hidden(&mut self) -> Vec<Order> {
        if matches!(self.state, ConnectionState::Closed { .. } | ConnectionState::Idle) {
            return Vec::new();
        }
        self.suspended = true;
        self.held = None;
        self.asks_why = false;
        self.attempt = 0;
        self.state = ConnectionState::Idle;
        vec![Order::StopTimer, Order::Disconnect]
    }

    fn restart(&mut self, now: f64) -> Vec<Order> {
        match self.state {
            _ if self.held.is_some() || self.asks_why => Vec::new(),
            // A delay of 0 means that an attempt is under way, from a position that is too new.
            ConnectionState::Connecting
            | ConnectionState::Open
            | ConnectionState::Reconnecting { delay: 0, .. } => {
                self.credit(now);
                let mut orders = vec![Order::Disconnect];
                orders.extend(self.connect());
                orders
            }
            // Whoever connects next reads the position then.
            _ => Vec::new(),
        }
    }

    fn close(&mut self, reason: CloseReason) -> Vec<Order> {
        if matches!(self.state, ConnectionState::Closed { .. }) {
            return Vec::new();
        }
        self.suspended = false;
        self.held = None;
        self.asks_why = false;
        self.state = ConnectionState::Closed { reason };
        vec![Order::StopTimer, Order::Disconnect]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::retry_policy::Jitter;
    use super::*;

    /// Feeds a script of inputs, each with the time in milliseconds, and shows what came of them.
    #[track_caller]
    fn check(script: &[(f64, Input)], expected: &[&str]) {
        let policy = RetryPolicy {
            jitter: Jitter::None,
            ..RetryPolicy::default()
        };
        check_with(policy, script, expected);
    }

    #[track_caller]
    fn check_with(policy: RetryPolicy, script: &[(f64, Input)], expected: &[&str]) {
        let mut machine = Machine::new(policy);
        let found: Vec<_> = script
            .iter()
            .map(|(now, input)| {
                let orders = machine.step(*input, *now, 0.5);
                format!("{:?} {:?}", machine.state(), orders)
            })
            .collect();
        assert_eq!(found, expected, "\nscript {script:?}");
    }

    use Input::{
        Authorized, BrowserReconnects, Close, ClosedWith, Denied, Heartbeat, Lost, Nudge, Open, Opened,
        PageHidden, PageShown, Received, Restart, RetryAfter, RetryTime, Status, TimerFired, Unauthorized,
    };

    #[test]
    fn a_lost_connection_is_opened_again() {
        check(
            &[
                (0.0, Open),
                (1.0, Opened),
                (2.0, Received),
                (3.0, Lost),
                (503.0, TimerFired),
                (504.0, Opened),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Open []",
            ],
        );
    }

    #[test]
    fn r18_accepting_and_closing_at_once_makes_delays_grow() {
        check(
            &[
                (0.0, Open),
                (1.0, Opened),
                (2.0, Lost),
                (3.0, TimerFired),
                (4.0, Opened),
                (5.0, Lost),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Open []",
                "Reconnecting { attempt: 2, delay: 1000 } [Disconnect, StartTimer(1000)]",
            ],
        );
    }

    #[test]
    fn ten_seconds_of_being_open_count_as_success() {
        check(
            &[
                (0.0, Open),
                (0.0, Lost),
                (1.0, TimerFired),
                (2.0, Opened),
                (10_002.0, Lost),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Open []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ],
        );
    }

    #[test]
    fn ssr_07_the_preset_of_htmx_resets_on_open() {
        check_with(
            RetryPolicy::htmx_sse(),
            &[
                (0.0, Open),
                (0.0, Lost),
                (1.0, TimerFired),
                (2.0, Opened),
                (3.0, Lost),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Open []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ],
        );
    }

    #[test]
    fn ssr_13_a_status_can_end_it() {
        for (status, state) in [
            (204, "Closed { reason: EndedByServer } [StopTimer, Disconnect]"),
            (401, "Closed { reason: Refused(401) } [StopTimer, Disconnect]"),
            (403, "Closed { reason: Refused(403) } [StopTimer, Disconnect]"),
            (503, "Reconnecting { attempt: 1, delay: 500 } []"),
        ] {
            check(
                &[(0.0, Open), (0.0, Lost), (0.0, Status(status))],
                &[
                    "Connecting [StartTimer(30000), Connect]",
                    "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                    state,
                ],
            );
        }
    }

    #[test]
    fn wsr_01_close_codes() {
        for (code, state) in [
            (
                1006,
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ),
            (1000, "Closed { reason: Code(1000) } [StopTimer, Disconnect]"),
            (4403, "Closed { reason: Code(4403) } [StopTimer, Disconnect]"),
        ] {
            check(
                &[(0.0, Open), (0.0, Opened), (0.0, ClosedWith(code))],
                &["Connecting [StartTimer(30000), Connect]", "Open []", state],
            );
        }
    }

    #[test]
    fn r13_silence_after_a_heartbeat_is_a_loss() {
        check(
            &[
                (0.0, Open),
                (0.0, Opened),
                (0.0, Heartbeat),
                (30_000.0, Received),
                (37_500.0, TimerFired),
                (67_501.0, TimerFired),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open [StartTimer(37500)]",
                "Open []",
                "Open [StartTimer(30001)]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ],
        );
    }

    #[test]
    fn r13_an_attempt_that_nobody_answers_is_a_failed_one() {
        check(
            &[
                (0.0, Open),
                (30_000.0, TimerFired),
                (30_500.0, TimerFired),
                (60_500.0, TimerFired),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 2, delay: 1000 } [Disconnect, StartTimer(1000)]",
            ],
        );
        // Of a connection that opened, the same timer says nothing.
        check(
            &[(0.0, Open), (1.0, Opened), (30_000.0, TimerFired)],
            &["Connecting [StartTimer(30000), Connect]", "Open []", "Open []"],
        );
    }

    /// A network that swallowed everything right after the head of a later answer left a page open and silent for ever. Of
    /// the first answer nobody knows yet whether its silence means anything.
    #[test]
    fn r13_silence_is_a_loss_from_the_first_moment_where_heartbeats_were_heard_before() {
        check(
            &[
                (0.0, Open),
                (1.0, Opened),
                (2.0, Heartbeat),
                (3.0, Lost),
                (503.0, TimerFired),
                (504.0, Opened),
                (38_005.0, TimerFired),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open [StartTimer(37500)]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Open [StartTimer(37500)]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ],
        );
    }

    #[test]
    fn wsr_08_enough_attempts_are_enough() {
        let policy = RetryPolicy {
            jitter: Jitter::None,
            max_attempts: Some(1),
            ..RetryPolicy::default()
        };
        check_with(
            policy,
            &[
                (0.0, Open),
                (0.0, Lost),
                (500.0, TimerFired),
                (501.0, Lost),
                (502.0, TimerFired),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Closed { reason: Exhausted } [StopTimer, Disconnect]",
                "Closed { reason: Exhausted } []",
            ],
        );
    }

    #[test]
    fn lif_11_the_network_coming_back_shortens_the_wait() {
        check(
            &[
                (0.0, Nudge),
                (0.0, Open),
                (0.0, Nudge),
                (0.0, Lost),
                (1.0, Nudge),
                (1.0, Nudge),
            ],
            &[
                "Idle []",
                "Connecting [StartTimer(30000), Connect]",
                "Connecting []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 0 } []",
            ],
        );
    }

    #[test]
    fn lif_09_lif_12_the_back_forward_cache() {
        check(
            &[
                (0.0, PageShown),
                (0.0, Open),
                (0.0, Opened),
                (0.0, PageHidden),
                (0.0, Lost),
                (0.0, Open),
                (0.0, PageShown),
            ],
            &[
                "Idle []",
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Idle [StopTimer, Disconnect]",
                "Idle []",
                "Idle []",
                "Connecting [StartTimer(30000), Connect]",
            ],
        );
    }

    #[test]
    fn closing_is_final_and_cancels_the_timer() {
        // SSR-12, WSR-10: no timer survives the owner.
        let released = Close(CloseReason::Released);
        check(
            &[
                (0.0, Open),
                (0.0, Lost),
                (0.0, released),
                (0.0, TimerFired),
                (0.0, Nudge),
                (0.0, Lost),
                (0.0, PageHidden),
                (0.0, PageShown),
                (0.0, Open),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Closed { reason: Released } [StopTimer, Disconnect]",
                "Closed { reason: Released } []",
                "Closed { reason: Released } []",
                "Closed { reason: Released } []",
                "Closed { reason: Released } []",
                "Closed { reason: Released } []",
                "Connecting [StartTimer(30000), Connect]",
            ],
        );
    }

    #[test]
    fn the_server_can_ask_for_a_pause() {
        check(
            &[
                (0.0, Open),
                (0.0, Opened),
                (0.0, RetryAfter(2000)),
                (0.0, Lost),
                (0.0, TimerFired),
                (0.0, Lost),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open []",
                "Reconnecting { attempt: 1, delay: 2500 } [Disconnect, StartTimer(2500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 2, delay: 1000 } [Disconnect, StartTimer(1000)]",
            ],
        );
    }

    /// A page that was shown again, or whose network came back, connected at once, although the server had asked for a
    /// pause.
    #[test]
    fn the_pause_that_a_server_asks_for_is_not_shortened() {
        check(
            &[
                (0.0, Open),
                (0.0, Opened),
                (0.0, RetryAfter(2000)),
                (0.0, Lost),
                (500.0, Nudge),
                (1999.5, Nudge),
                (2000.5, TimerFired),
                (2001.0, Lost),
                (2002.0, Nudge),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open []",
                "Reconnecting { attempt: 1, delay: 2500 } [Disconnect, StartTimer(2500)]",
                "Reconnecting { attempt: 1, delay: 1500 } [StartTimer(1500)]",
                "Reconnecting { attempt: 1, delay: 1 } [StartTimer(1)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                // It was asked for once; the policy's own delay is shortened as ever.
                "Reconnecting { attempt: 2, delay: 1000 } [Disconnect, StartTimer(1000)]",
                "Reconnecting { attempt: 2, delay: 0 } [StartTimer(30000), Connect]",
            ],
        );
    }

    // DIFFERENCE: it is added to the policy's delay, where htmx puts it in its place.
    #[test]
    fn ss4_23_a_stream_can_ask_for_a_delay_that_lasts() {
        check(
            &[
                (0.0, Open),
                (0.0, RetryTime(3000)),
                (0.0, Lost),
                (0.0, TimerFired),
                (0.0, Lost),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Connecting []",
                "Reconnecting { attempt: 1, delay: 3500 } [Disconnect, StartTimer(3500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 2, delay: 4000 } [Disconnect, StartTimer(4000)]",
            ],
        );
    }

    #[test]
    fn ssr_13_a_status_that_is_known_at_once_ends_an_attempt() {
        // A request of our own knows it before anything is lost.
        check(
            &[(0.0, Open), (0.0, Status(204)), (0.0, Lost), (0.0, Open)],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Closed { reason: EndedByServer } [StopTimer, Disconnect]",
                "Closed { reason: EndedByServer } []",
                "Connecting [StartTimer(30000), Connect]",
            ],
        );
    }

    #[test]
    fn a_foreign_stream_is_left_to_the_browser() {
        check(
            &[
                (0.0, Open),
                (0.0, Opened),
                (0.0, BrowserReconnects),
                (0.0, Nudge),
                (0.0, Opened),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Reconnecting { attempt: 1, delay: 0 } [StopTimer]",
                "Reconnecting { attempt: 1, delay: 0 } []",
                "Open []",
            ],
        );
    }

    #[test]
    fn restarting_goes_on_from_where_it_is() {
        check(
            &[(0.0, Open), (0.0, Lost), (0.0, TimerFired), (0.0, Restart)],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 0 } [Disconnect, StartTimer(30000), Connect]",
            ],
        );
        check(
            &[
                (0.0, Restart),
                (0.0, Open),
                (0.0, Restart),
                (0.0, Opened),
                (0.0, Restart),
                (0.0, Lost),
                (0.0, Restart),
            ],
            &[
                "Idle []",
                "Connecting [StartTimer(30000), Connect]",
                "Connecting [Disconnect, StartTimer(30000), Connect]",
                "Open []",
                "Connecting [Disconnect, StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
                "Reconnecting { attempt: 1, delay: 500 } []",
            ],
        );
    }

    /// A stream that had come back after many attempts and was up for an hour was made anew for a source that joined, or
    /// for other credentials; when it broke then, it was opened again as late as after the eighth failure in a row.
    #[test]
    fn r18_what_was_up_for_an_hour_has_succeeded_however_it_is_made_anew() {
        let refused = Unauthorized(CloseReason::Refused(401));
        for (anew, state) in [
            (&[Lost][..], "Reconnecting { attempt: 1, delay: 500 }"),
            (&[Restart, Lost][..], "Reconnecting { attempt: 1, delay: 500 }"),
            (
                &[refused, Authorized, Lost][..],
                "Reconnecting { attempt: 2, delay: 1000 }",
            ),
        ] {
            let policy = RetryPolicy {
                jitter: Jitter::None,
                ..RetryPolicy::default()
            };
            let mut machine = Machine::new(policy);
            machine.step(Open, 0.0, 0.5);
            for _ in 0..7 {
                machine.step(Lost, 0.0, 0.5);
                machine.step(TimerFired, 0.0, 0.5);
            }
            machine.step(Opened, 0.0, 0.5);
            for input in anew {
                machine.step(*input, 3_600_000.0, 0.5);
            }
            assert_eq!(format!("{:?}", machine.state()), state, "{anew:?}");
        }
    }

    #[test]
    fn s16_what_was_let_in_and_made_anew_may_ask_for_credentials_again() {
        let refused = Unauthorized(CloseReason::Refused(401));
        let mut machine = Machine::new(RetryPolicy::default());
        machine.step(Open, 0.0, 0.5);
        for _ in 0..3 {
            machine.step(refused, 0.0, 0.5);
            machine.step(Authorized, 0.0, 0.5);
        }
        assert!(!machine.may_ask(0.0));
        for input in [Opened, Received, Restart] {
            machine.step(input, 0.0, 0.5);
        }
        assert!(machine.may_ask(0.0));
    }

    #[test]
    fn r13_the_default_finds_half_open_peers_within_45_seconds() {
        let mut machine = Machine::new(RetryPolicy::default());
        for input in [Open, Opened, Heartbeat] {
            machine.step(input, 0.0, 0.5);
        }
        // The last sign of life comes right before the timer fires, which is the worst moment.
        machine.step(Received, 37_499.0, 0.5);
        let orders = machine.step(TimerFired, 37_500.0, 0.5);
        let [Order::StartTimer(rest)] = orders[..] else {
            panic!("{orders:?}");
        };
        let found_at = 37_500.0 + f64::from(rest);
        machine.step(TimerFired, found_at, 0.5);
        assert!(!machine.state().is_open() && found_at - 37_499.0 < 45_000.0);
    }

    #[test]
    fn r21_a_machine_that_wakes_up_does_not_wait_for_its_timer() {
        check(
            &[
                (0.0, Open),
                (0.0, Opened),
                (0.0, Heartbeat),
                (37_000.0, Nudge),
                (600_000.0, Nudge),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Open []",
                "Open [StartTimer(37500)]",
                "Open []",
                "Reconnecting { attempt: 1, delay: 500 } [Disconnect, StartTimer(500)]",
            ],
        );
        // Of a stream that has never shown life, silence says nothing.
        check(
            &[(0.0, Open), (0.0, Opened), (600_000.0, Nudge)],
            &["Connecting [StartTimer(30000), Connect]", "Open []", "Open []"],
        );
    }

    #[test]
    fn s16_a_refused_connection_waits_for_other_credentials() {
        let refused = Unauthorized(CloseReason::Refused(401));
        check(
            &[
                (0.0, Open),
                (0.0, refused),
                // Nothing else starts it meanwhile.
                (0.0, Lost),
                (0.0, Nudge),
                (0.0, Restart),
                (90_000.0, Authorized),
                (90_000.0, Authorized),
                (90_001.0, Opened),
                (90_002.0, Lost),
                (90_502.0, TimerFired),
                (90_502.0, refused),
                (90_502.0, Denied),
                (90_502.0, Authorized),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 0 } [StopTimer, Disconnect]",
                "Reconnecting { attempt: 1, delay: 0 } []",
                "Reconnecting { attempt: 1, delay: 0 } []",
                "Reconnecting { attempt: 1, delay: 0 } []",
                "Reconnecting { attempt: 1, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 0 } []",
                "Open []",
                "Reconnecting { attempt: 2, delay: 1000 } [Disconnect, StartTimer(1000)]",
                "Reconnecting { attempt: 2, delay: 0 } [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 3, delay: 0 } [StopTimer, Disconnect]",
                "Closed { reason: Refused(401) } [StopTimer, Disconnect]",
                "Closed { reason: Refused(401) } []",
            ],
        );
    }

    #[test]
    fn s16_credentials_that_are_refused_again_and_again_end_it() {
        let refused = Unauthorized(CloseReason::Code(4401));
        let refuse = |machine: &mut Machine, now: f64| {
            machine.step(Opened, now, 0.5);
            machine.step(refused, now, 0.5);
            machine.step(Authorized, now, 0.5);
            machine.state().as_str()
        };
        let mut machine = Machine::new(RetryPolicy::default());
        machine.step(Open, 0.0, 0.5);
        let states = [0.0, 1.0, 2.0, 3.0].map(|now| refuse(&mut machine, now));
        assert_eq!(states, ["reconnecting", "reconnecting", "reconnecting", "closed"]);
        // Whoever was let in for a while has good credentials, which are no longer.
        let mut machine = Machine::new(RetryPolicy::default());
        machine.step(Open, 0.0, 0.5);
        for hour in 0..9 {
            let now = f64::from(hour) * 3_600_000.0;
            machine.step(Opened, now, 0.5);
            machine.step(refused, now + 3_000_000.0, 0.5);
            machine.step(Authorized, now + 3_000_000.0, 0.5);
            assert_eq!(machine.state().as_str(), "reconnecting", "{hour}");
        }
    }

    #[test]
    fn s16_a_page_that_comes_back_does_not_wait_for_the_answer_of_before() {
        check(
            &[
                (0.0, Open),
                (0.0, Unauthorized(CloseReason::Refused(401))),
                (0.0, PageHidden),
                (0.0, Authorized),
                (0.0, PageShown),
                (0.0, Denied),
            ],
            &[
                "Connecting [StartTimer(30000), Connect]",
                "Reconnecting { attempt: 1, delay: 0 } [StopTimer, Disconnect]",
                "Idle [StopTimer, Disconnect]",
                "Idle []",
                "Connecting [StartTimer(30000), Connect]",
                "Connecting []",
            ],
        );
    }

    /// What a transport, a timer and everybody else may say at any time.
    fn any_input() -> impl Strategy<Value = Input> {
        prop::sample::select(vec![
            Open,
            Opened,
            Received,
            Heartbeat,
            RetryAfter(700),
            RetryTime(40),
            Lost,
            BrowserReconnects,
            ClosedWith(1006),
            ClosedWith(4403),
            Status(204),
            Status(503),
            Unauthorized(CloseReason::Refused(401)),
            Authorized,
            Denied,
            TimerFired,
            Nudge,
            PageHidden,
            PageShown,
            Restart,
            Close(CloseReason::Released),
        ])
    }

    proptest! {
        #[test]
        fn r30_whatever_comes_in_whatever_order_there_is_one_transport_at_most(
            inputs in prop::collection::vec((any_input(), 0_u32..20_000), 0..60),
        ) {
            let mut machine = Machine::new(RetryPolicy::default());
            let (mut has_transport, mut has_timer, mut now) = (false, false, 0.0);
            for (input, later) in inputs {
                now += f64::from(later);
                let is_of_transport = matches!(
                    input,
                    Opened | Received | Heartbeat | BrowserReconnects | Lost | ClosedWith(_) | Unauthorized(_)
                );
                // What is not there says nothing.
                if (is_of_transport && !has_transport) || (input == TimerFired && !has_timer) {
                    continue;
                }
                has_timer &= input != TimerFired;
                for order in machine.step(input, now, 0.5) {
                    match order {
                        Order::Connect => {
                            prop_assert!(!has_transport, "a second one by {:?}", input);
                            has_transport = true;
                        }
                        Order::Disconnect => has_transport = false,
                        Order::StartTimer(_) => has_timer = true,
                        Order::StopTimer => has_timer = false,
                    }
                }
                let goes_on_by_itself = has_timer || has_transport;
                match machine.state() {
                    ConnectionState::Idle | ConnectionState::Closed { .. } => {
                        prop_assert!(!goes_on_by_itself, "{:?}", machine);
                    }
                    ConnectionState::Open => prop_assert!(has_transport, "{:?}", machine),
                    _ => prop_assert!(goes_on_by_itself || machine.held.is_some(), "{:?}", machine),
                }
            }
        }
    }
}
