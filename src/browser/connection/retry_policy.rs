//! How long to wait before connecting again: one policy for streams and sockets, as a value.
//!
//! Without jitter all readers of a restarted server come back in the same moment, and a counter
//! that is reset by the mere opening of a connection hammers a server that accepts and closes at
//! once (R18). The default avoids both; htmx's own numbers are presets.

/// How a computed delay is spread, so that many readers do not return at once.
///
/// ```
/// use leptos_live::{Jitter, RetryPolicy};
///
/// let retry = RetryPolicy { jitter: Jitter::Share(0.3), ..RetryPolicy::default() };
/// # let _ = retry;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Jitter {
    /// The delay as computed.
    None,
    /// Anything between zero and the delay, all equally likely.
    Full,
    /// The delay plus or minus this share of it, such as `0.3`.
    Share(f64),
}

/// A delay that an app computes itself: from the number of retries so far (0 for the first) to milliseconds
/// (WSR-03).
///
/// ```
/// use leptos_live::{DelayFn, RetryPolicy};
///
/// let retry = RetryPolicy::default().with_delay(|retries| 1_000 * (retries + 1));
/// assert_eq!(retry.delay_fn.map(|DelayFn(delay)| delay(2)), Some(3_000));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DelayFn(pub fn(u32) -> u32);

impl PartialEq for DelayFn {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

/// What counts as a success, after which delays start small again.
///
/// ```
/// use leptos_live::{ResetRule, RetryPolicy};
///
/// assert_eq!(RetryPolicy::default().reset, ResetRule::OnEventOrAfter(10_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetRule {
    /// The connection opened.
    OnOpen,
    /// An event arrived, or the connection stayed open this many milliseconds.
    OnEventOrAfter(u32),
}

/// When and how often a lost connection is opened again.
///
/// The default waits a random time below 500 ms × 2ⁿ, at most 60 s, for ever, and starts over after
/// the first event or ten seconds of being open.
///
/// DIFFERENCE: htmx 2's streams double from 500 ms to 64 s without jitter and start over as soon as
/// the connection opens (SSR-06, SSR-07); its sockets spread from 1 s to 64 s (WSR-02, WSR-04). Both
/// are presets here, because the first lets clients storm and hammer.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_live::{RetryPolicy, SseSource};
///
/// #[component]
/// fn News() -> impl IntoView {
///     let retry = RetryPolicy { cap: 10_000, max_attempts: Some(20), ..RetryPolicy::default() };
///     view! { <SseSource connect="/news" retry=retry>"…"</SseSource> }
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetryPolicy {
    /// The delay before the first retry, in milliseconds, before jitter; 500.
    pub base: u32,
    /// The longest delay, in milliseconds, before jitter; 60,000.
    pub cap: u32,
    /// How delays are spread; [`Jitter::Full`].
    pub jitter: Jitter,
    /// Computes the delay in place of `base`, `cap` and `jitter` (WSR-03), if it is there; by default it is not. See [`RetryPolicy::with_delay`].
    pub delay_fn: Option<DelayFn>,
    /// What starts the delays over; the first event, or ten seconds of being open.
    pub reset: ResetRule,
    /// How many retries in a row before giving up; `None`, the default, is for ever (WSR-08).
    pub max_attempts: Option<u32>,
    /// Milliseconds after which an attempt that nobody answers counts as failed; 30,000.
    pub connect: u32,
    /// Milliseconds without a sign of life after which a connection counts as lost; 37,500. It applies once
    /// the server has sent its first heartbeat, so that silent servers of others are left alone.
    pub silence: u32,
    /// Close codes of a socket after which it is opened again (WSR-01, CON-07); [`SocketCodes::Transient`].
    pub socket_codes: SocketCodes,
}

/// Which close codes of a socket lead to a retry.
///
/// ```
/// use leptos_live::{RetryPolicy, SocketCodes};
///
/// // A gateway that ends every socket after an hour with 1000, and an application code of one's own.
/// let retry = RetryPolicy { socket_codes: SocketCodes::Only(&[1000, 1006, 4000]), ..RetryPolicy::default() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketCodes {
    /// Codes that say the connection, not the application, ended it: 1001, 1005, 1006, 1011 to 1014.
    Transient,
    /// The codes of htmx 1.9 and 2: 1006, 1012, 1013.
    Htmx,
    /// These codes and no others.
    Only(&'static [u16]),
    /// Any code, as in the betas of htmx 4. A server cannot end such a socket for good by a code (`ll:close` can).
    Any,
    /// None: the first loss is the last (WSR-07).
    Never,
}

impl SocketCodes {
    pub(crate) fn retries(self, code: u16) -> bool {
        match self {
            Self::Transient => matches!(code, 1001 | 1005 | 1006 | 1011..=1014),
            Self::Htmx => matches!(code, 1006 | 1012 | 1013),
            Self::Only(codes) => codes.contains(&code),
            Self::Any => true,
            Self::Never => false,
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            base: 500,
            cap: 60_000,
            jitter: Jitter::Full,
            delay_fn: None,
            reset: ResetRule::OnEventOrAfter(10_000),
            max_attempts: None,
            connect: 30_000,
            silence: 37_500,
            socket_codes: SocketCodes::Transient,
        }
    }
}

impl RetryPolicy {
    /// The streams of htmx 2: 0.5, 1, 2 … 64 s, no jitter, over on open (SSR-06, SSR-07).
    pub fn htmx_sse() -> Self {
        Self {
            cap: 64_000,
            jitter: Jitter::None,
            reset: ResetRule::OnOpen,
            ..Self::default()
        }
    }

    /// The sockets of htmx 1.9 and 2: random below 1, 2 … 64 s, over on open (WSR-02, WSR-04).
    pub fn htmx_ws() -> Self {
        Self {
            base: 1000,
            cap: 64_000,
            reset: ResetRule::OnOpen,
            socket_codes: SocketCodes::Htmx,
            ..Self::default()
        }
    }

    /// The policy with delays of one's own, in milliseconds, for the number of retries so far.
    ///
    /// ```
    /// use leptos_live::RetryPolicy;
    ///
    /// let patient = RetryPolicy::default().with_delay(|retries| 5_000 * (retries + 1));
    /// ```
    pub fn with_delay(self, delay: fn(u32) -> u32) -> Self {
        Self {
            delay_fn: Some(DelayFn(delay)),
            ..self
        }
    }

    /// The delay in milliseconds before retry number `attempt` (the first is 0), for a random number
    /// in `0.0..1.0`; `None` when there were enough.
    pub(crate) fn delay(&self, attempt: u32, random: f64) -> Option<u32> {
        if self.max_attempts.is_some_and(|max| attempt >= max) {
            return None;
        }
        if let Some(DelayFn(delay)) = self.delay_fn {
            return Some(delay(attempt));
        }
        let factor = 1_u32.checked_shl(attempt.min(31)).unwrap_or(u32::MAX);
        let full = f64::from(self.base.saturating_mul(factor).min(self.cap));
        let spread = match self.jitter {
            Jitter::None => full,
            Jitter::Full => full * random,
            Jitter::Share(share) => full * (1.0 + share * (2.0 * random - 1.0)),
        };
        // A float that is out of range, or no number, becomes the nearest integer or zero.
        Some(spread.max(0.0) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(policy: RetryPolicy, random: f64, expected: &[u32]) {
        let delays: Vec<_> = (0..expected.len() as u32)
            .filter_map(|n| policy.delay(n, random))
            .collect();
        assert_eq!(delays, expected);
    }

    #[test]
    fn ssr_06_htmx_streams_double_to_64_seconds() {
        check(
            RetryPolicy::htmx_sse(),
            0.7,
            &[
                500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 64_000, 64_000,
            ],
        );
    }

    #[test]
    fn wsr_02_htmx_sockets_spread_below_64_seconds() {
        let upper = [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 64_000];
        check(RetryPolicy::htmx_ws(), 0.5, &upper.map(|ms| ms / 2));
        check(RetryPolicy::htmx_ws(), 0.0, &[0; 8]);
    }

    // DIFFERENCE: full jitter and a cap of 60 s on both transports (CON-08).
    #[test]
    fn con_08_default_is_full_jitter_with_a_cap() {
        check(
            RetryPolicy::default(),
            0.999_999,
            &[499, 999, 1999, 3999, 7999, 15_999, 31_999, 59_999, 59_999],
        );
        check(RetryPolicy::default(), 0.0, &[0; 9]);
        assert!(RetryPolicy::default().delay(u32::MAX, 0.5).is_some());
    }

    #[test]
    fn ssr_08_ss4_20_delays_double_up_to_the_cap() {
        // One version of htmx multiplies by 2 XOR n, so that the third retry comes at once and the seventh before the sixth.
        let exact = RetryPolicy {
            jitter: Jitter::Share(0.0),
            ..RetryPolicy::default()
        };
        let doubling = [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000];
        check(exact, 0.9, &doubling);
        for policy in [
            exact,
            RetryPolicy::default(),
            RetryPolicy::htmx_sse(),
            RetryPolicy::htmx_ws(),
        ] {
            let delays: Vec<_> = (0..40).filter_map(|n| policy.delay(n, 0.999)).collect();
            assert!(delays.is_sorted() && delays.len() == 40, "{delays:?}");
        }
        // SS4-21: and there may be an end to it.
        let ending = RetryPolicy {
            max_attempts: Some(3),
            ..exact
        };
        assert_eq!((0..9).filter_map(|n| ending.delay(n, 0.0)).count(), 3);
    }

    #[test]
    fn wsr_08_attempts_can_be_limited() {
        let policy = RetryPolicy {
            max_attempts: Some(2),
            jitter: Jitter::None,
            ..RetryPolicy::default()
        };
        assert_eq!(
            [0, 1, 2, 3].map(|n| policy.delay(n, 0.0)),
            [Some(500), Some(1000), None, None]
        );
    }

    #[test]
    fn wsr_03_cfg_01_a_function_computes_the_delay() {
        let policy = RetryPolicy {
            max_attempts: Some(3),
            ..RetryPolicy::htmx_ws().with_delay(|retries| 10 + retries)
        };
        assert_eq!(
            [0, 1, 2, 3].map(|n| policy.delay(n, 0.5)),
            [Some(10), Some(11), Some(12), None]
        );
        assert_eq!(policy, policy);
        assert_ne!(policy, RetryPolicy::htmx_ws());
    }

    #[test]
    fn wsr_05_a_share_of_jitter() {
        let policy = RetryPolicy {
            jitter: Jitter::Share(0.3),
            ..RetryPolicy::default()
        };
        assert_eq!(policy.delay(0, 0.0), Some(350));
        assert_eq!(policy.delay(0, 0.5), Some(500));
        let broken = RetryPolicy {
            jitter: Jitter::Share(f64::NAN),
            ..RetryPolicy::default()
        };
        assert_eq!(broken.delay(0, 0.5), Some(0));
    }

    #[test]
    fn wsr_01_con_07_close_codes() {
        for (code, ours, htmx) in [
            (1000, false, false),
            (1001, true, false),
            (1006, true, true),
            (1008, false, false),
            (1011, true, false),
            (1012, true, true),
            (4401, false, false),
        ] {
            assert_eq!(SocketCodes::Transient.retries(code), ours, "{code}");
            assert_eq!(SocketCodes::Htmx.retries(code), htmx, "{code}");
        }
    }

    #[test]
    fn wsr_01_wsr_07_the_codes_can_be_chosen() {
        let codes = [1000, 1006, 4000, 4401];
        for (choice, expected) in [
            (SocketCodes::Only(&[1000, 4000]), [true, false, true, false]),
            (SocketCodes::Only(&[]), [false; 4]),
            (SocketCodes::Any, [true; 4]),
            (SocketCodes::Never, [false; 4]),
        ] {
            assert_eq!(codes.map(|code| choice.retries(code)), expected, "{choice:?}");
        }
    }
}
