//! How much one user and one firm may ask for (L4).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use std::sync::Mutex;
use uuid::Uuid;

use crate::telemetry::METRICS;
use crate::turn::Caller;

/// Tokens per second and at most so many at once.
#[derive(Debug, Clone, Copy)]
struct Rate {
    per_second: f64,
    burst: f64,
}

const USER: Rate = Rate { per_second: 10.0, burst: 20.0 };
const FIRM: Rate = Rate { per_second: 50.0, burst: 100.0 };

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: DateTime<Utc>,
    refused: bool,
}

/// By directory and, within it, by person: nobody can use up what another firm's person has (P10).
type Buckets = Cache<(Uuid, Uuid), Arc<Mutex<Bucket>>>;

/// What a request gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Pass,
    /// Too many; say so.
    Refuse,
    /// Too many, and it was said already.
    RefuseSilently,
}

/// The limits, by user and by directory. Nothing is shared between firms (P10).
#[derive(Debug)]
pub struct Limits {
    users: Buckets,
    firms: Buckets,
}

impl Default for Limits {
    fn default() -> Self {
        let buckets = || Cache::builder().max_capacity(50_000).time_to_idle(Duration::from_mins(1)).build();
        Self { users: buckets(), firms: buckets() }
    }
}

impl Limits {
    /// Takes one token of the user and one of the firm.
    pub fn take(&self, caller: Caller, now: DateTime<Utc>) -> Verdict {
        match take(&self.users, (caller.directory, caller.object), USER, now) {
            Verdict::Pass => take(&self.firms, (caller.directory, Uuid::nil()), FIRM, now),
            refused => refused,
        }
    }
}

fn take(buckets: &Buckets, key: (Uuid, Uuid), rate: Rate, now: DateTime<Utc>) -> Verdict {
    let full = || Arc::new(Mutex::new(Bucket { tokens: rate.burst, at: now, refused: false }));
    let bucket = buckets.get_with(key, full);
    let mut bucket = bucket.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let waited = (now - bucket.at).to_std().unwrap_or_default().as_secs_f64();
    bucket.tokens = waited.mul_add(rate.per_second, bucket.tokens).min(rate.burst);
    bucket.at = now;
    if bucket.tokens >= 1.0 {
        bucket.tokens -= 1.0;
        bucket.refused = false;
        return Verdict::Pass;
    }
    METRICS.throttled("caller");
    if std::mem::replace(&mut bucket.refused, true) { Verdict::RefuseSilently } else { Verdict::Refuse }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn sr_l4_a_burst_passes_then_ten_a_second_and_the_refusal_is_said_once() {
        let limits = Limits::default();
        let caller = Caller { directory: Uuid::from_u128(1), object: Uuid::from_u128(2) };
        let now = DateTime::UNIX_EPOCH;
        let passed = (0..40).filter(|_| limits.take(caller, now) == Verdict::Pass).count();
        assert_eq!(passed, 20);
        assert_eq!(limits.take(caller, now), Verdict::RefuseSilently);
        let later = now + TimeDelta::seconds(1);
        let passed = (0..40).filter(|_| limits.take(caller, later) == Verdict::Pass).count();
        assert_eq!(passed, 10);
    }

    #[test]
    fn sr_l4_one_firm_cannot_crowd_out_another() {
        let limits = Limits::default();
        let now = DateTime::UNIX_EPOCH;
        let caller = |firm, user| Caller { directory: Uuid::from_u128(firm), object: Uuid::from_u128(user) };
        let passed = (0..500).filter(|n| limits.take(caller(1, 1000 + n), now) == Verdict::Pass).count();
        assert_eq!(passed, 100);
        assert_eq!(limits.take(caller(2, 7), now), Verdict::Pass);
        // Nor can it use up the bucket of a person whose id it knows.
        assert_eq!(limits.take(caller(2, 1000), now), Verdict::Pass);
    }
}
