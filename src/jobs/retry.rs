//! What becomes of a message after one try: pure, so that every case can be looked at (R4, R7).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::connector::error::{SendError, Verdict};
use crate::store::outbox::{Claim, LONGEST_TRY};

/// Longest pause after the first failure; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// Longest pause after any failure, unless the channel asks for more.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);
/// Tries after which a message is dead.
pub const MOST_TRIES: i32 = 12;
/// A post of unknown result has one repeat only. It comes no sooner than this, and no later than three times this
/// when nothing else asks for more, so that a short outage does not use it up.
const REPEAT_PAUSE: Duration = Duration::from_secs(5);

/// How one try ended, as the outbox keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The channel took it.
    Sent {
        /// What the channel calls it.
        activity_id: Option<String>,
    },
    /// Try again.
    Again {
        /// Not before this instant.
        not_before: DateTime<Utc>,
        /// Why it failed.
        reason: String,
        /// The next try may show twice.
        maybe_repeated: bool,
    },
    /// Not tried: the budget is spent (R5).
    Postponed {
        /// Until this instant.
        until: DateTime<Utc>,
    },
    /// Never to be tried again, but kept (R6).
    Dead {
        /// Why.
        reason: String,
    },
    /// Dead, and so is all else for this conversation.
    Unreachable {
        /// Why.
        reason: String,
    },
}

impl Settlement {
    /// What the metrics call it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Sent { .. } => "sent",
            Self::Again { .. } => "again",
            Self::Postponed { .. } => "postponed",
            Self::Dead { .. } => "dead",
            Self::Unreachable { .. } => "unreachable",
        }
    }
}

/// Whether `claim` must not be tried at all any more, and why.
pub fn hopeless(claim: &Claim) -> Option<Settlement> {
    let Some(errand) = &claim.errand else {
        return Some(dead("unreadable errand"));
    };
    // Two workers vanished over it, or one did over its repeat: a third copy might be seen (R7).
    if claim.lapsed && claim.maybe_repeated && errand.posts() {
        return Some(dead("unknown result, twice"));
    }
    (claim.attempts >= MOST_TRIES).then(|| dead("too many tries"))
}

/// What follows from `error`. `chance` is a random number from 0 to below 1 (full jitter).
pub fn after_failure(claim: &Claim, error: &SendError, now: DateTime<Utc>, chance: f64) -> Settlement {
    let reason = error.code.clone();
    let after = match error.verdict {
        Verdict::Retry { after } => after.unwrap_or_default(),
        Verdict::Unreachable => return Settlement::Unreachable { reason },
        Verdict::TooBig | Verdict::Refused => return Settlement::Dead { reason },
    };
    let tries = claim.attempts + 1;
    let repeated = claim.lapsed || claim.maybe_repeated;
    let pause = if error.may_have_arrived {
        if repeated {
            return Settlement::Dead { reason: format!("{reason}, unknown result, twice") };
        }
        pause(tries, chance).max(REPEAT_PAUSE.mul_f64(1.0 + 2.0 * chance))
    } else {
        pause(tries, chance)
    };
    let not_before = now + TimeDelta::from_std(pause.max(after)).unwrap_or(LONGEST_TRY);
    if tries >= MOST_TRIES || not_before >= claim.created_at + LONGEST_TRY {
        return Settlement::Dead { reason: format!("{reason}, given up") };
    }
    Settlement::Again { not_before, reason, maybe_repeated: error.may_have_arrived }
}

fn dead(reason: &str) -> Settlement {
    Settlement::Dead { reason: reason.to_owned() }
}

/// A random part of a pause that doubles from 2 s to 10 min.
fn pause(tries: i32, chance: f64) -> Duration {
    let doublings = u32::try_from(tries - 1).unwrap_or(0).min(16);
    (FIRST_PAUSE * 2_u32.pow(doublings)).min(LONGEST_PAUSE).mul_f64(chance)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::domain::id::Id;
    use crate::store::address::Address;
    use crate::store::outbox::Errand;

    fn now() -> DateTime<Utc> {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    fn claim(attempts: i32) -> Claim {
        Claim {
            id: Id::from(Uuid::nil()),
            fence: 1,
            errand: Some(Errand::Send { activity: json!({}) }),
            address: Address {
                partner: Id::from(Uuid::nil()),
                conversation: "a:1".to_owned(),
                service_url: String::new(),
                directory: Uuid::nil(),
                bot: "28:bot".to_owned(),
                user: None,
                object: None,
            },
            attempts,
            lapsed: false,
            maybe_repeated: false,
            created_at: now(),
            trace: None,
        }
    }

    fn retry(after: Option<u64>, may_have_arrived: bool) -> SendError {
        let verdict = Verdict::Retry { after: after.map(Duration::from_secs) };
        SendError { verdict, code: "429".to_owned(), may_have_arrived }
    }

    proptest! {
        #[test]
        fn sr_r4_pauses_grow_to_ten_minutes_and_obey_the_channel(
            attempts in 0_i32..11, chance in 0.0..1.0_f64, after in prop::option::of(0_u64..=3600),
        ) {
            let settled = after_failure(&claim(attempts), &retry(after, false), now(), chance);
            let Settlement::Again { not_before, maybe_repeated: false, .. } = settled else {
                return Err(TestCaseError::fail(format!("{settled:?}")));
            };
            let waited = (not_before - now()).to_std().unwrap();
            let most = Duration::from_secs(2 << attempts).min(LONGEST_PAUSE);
            let asked = Duration::from_secs(after.unwrap_or(0));
            prop_assert!(waited >= asked);
            prop_assert!(waited <= most.max(asked));
        }
    }

    #[test]
    fn sr_r4_twelve_tries_or_a_day_are_the_end() {
        assert!(matches!(
            after_failure(&claim(11), &retry(None, false), now(), 0.5),
            Settlement::Dead { .. }
        ));
        let late = now() + TimeDelta::hours(23) + TimeDelta::minutes(59);
        assert!(matches!(
            after_failure(&claim(3), &retry(Some(120), false), late, 0.5),
            Settlement::Dead { .. }
        ));
        assert!(matches!(
            after_failure(&claim(3), &retry(Some(20), false), late, 0.5),
            Settlement::Again { .. }
        ));
    }

    #[test]
    fn sr_r7_an_unknown_result_is_repeated_once() {
        let first = after_failure(&claim(0), &retry(None, true), now(), 0.0);
        assert!(matches!(first, Settlement::Again { maybe_repeated: true, not_before, .. }
            if not_before >= now() + TimeDelta::seconds(5)));
        let repeated = Claim { maybe_repeated: true, ..claim(1) };
        assert!(matches!(after_failure(&repeated, &retry(None, true), now(), 0.0), Settlement::Dead { .. }));
        // A plain refusal of the repeat is no third copy.
        assert!(matches!(
            after_failure(&repeated, &retry(None, false), now(), 0.0),
            Settlement::Again { .. }
        ));
        let lapsed = Claim { lapsed: true, ..claim(1) };
        assert_eq!(hopeless(&lapsed), None);
        assert!(matches!(after_failure(&lapsed, &retry(None, true), now(), 0.0), Settlement::Dead { .. }));
        assert!(hopeless(&Claim { maybe_repeated: true, ..lapsed.clone() }).is_some());
        let update = Errand::Update { activity_id: "1".to_owned(), activity: json!({}) };
        assert_eq!(hopeless(&Claim { maybe_repeated: true, errand: Some(update), ..lapsed }), None);
    }
}
