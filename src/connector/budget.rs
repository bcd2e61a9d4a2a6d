//! How fast we may talk: each conversation and each directory has a budget, kept below what Teams allows (R5).

use std::collections::VecDeque;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use moka::sync::Cache;
use uuid::Uuid;

/// At most `count` sends in any span of `window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Sends.
    pub count: usize,
    /// Span that they are counted in.
    pub window: TimeDelta,
}

const fn limit(count: usize, seconds: i64) -> Limit {
    Limit { count, window: TimeDelta::seconds(seconds) }
}

/// What one conversation takes: 80 % of the 7 in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour that Teams allows.
pub const CONVERSATION: [Limit; 4] = [limit(5, 1), limit(6, 2), limit(48, 30), limit(1440, 3600)];
/// What one directory takes, of the 30 a second that Teams allows.
pub const DIRECTORY: [Limit; 1] = [limit(25, 1)];

/// Conversations and directories that are remembered at once. Those silent for an hour are forgotten, which
/// changes nothing: no window is longer.
const REMEMBERED: u64 = 100_000;
const SILENCE: Duration = Duration::from_hours(1);

/// What was sent lately, by conversation and by directory. In memory: each of several processes spends an equal part
/// without asking the others, and the channel's own 429 is the last word.
#[derive(Debug, Clone)]
pub struct Budget {
    conversations: Cache<(Uuid, String), Ledger>,
    directories: Cache<Uuid, Ledger>,
    sharers: Arc<AtomicUsize>,
}

type Ledger = Arc<Mutex<Sends>>;

impl Default for Budget {
    fn default() -> Self {
        Self { conversations: cache(), directories: cache(), sharers: Arc::new(AtomicUsize::new(1)) }
    }
}

fn cache<K: Hash + Eq + Send + Sync + 'static>() -> Cache<K, Ledger> {
    Cache::builder().max_capacity(REMEMBERED).time_to_idle(SILENCE).build()
}

impl Budget {
    /// From now on spends what one of so many `processes` may.
    pub fn share_among(&self, processes: usize) {
        self.sharers.store(processes.max(1), Relaxed);
    }

    /// Takes one send at `now`, or says how long to wait before asking again. A refusal costs nothing.
    pub fn try_take(&self, directory: Uuid, conversation: &str, now: DateTime<Utc>) -> Result<(), Duration> {
        let conversation = self.conversations.get_with((directory, conversation.to_owned()), Ledger::default);
        let directory = self.directories.get_with(directory, Ledger::default);
        let (mut conversation, mut directory) = (open(&conversation), open(&directory));
        let sharers = self.sharers.load(Relaxed);
        let wait =
            conversation.wait(&CONVERSATION, sharers, now).max(directory.wait(&DIRECTORY, sharers, now));
        if wait > TimeDelta::zero() {
            return Err(wait.to_std().unwrap_or_default());
        }
        conversation.enter(&CONVERSATION, now);
        directory.enter(&DIRECTORY, now);
        Ok(())
    }
}

fn open(ledger: &Ledger) -> MutexGuard<'_, Sends> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The instants of past sends, oldest first, as far back as the longest window reaches.
#[derive(Debug, Default)]
struct Sends(VecDeque<DateTime<Utc>>);

impl Sends {
    /// How long until one of so many sharers of every limit has room again; zero when it has now.
    fn wait(&mut self, limits: &[Limit], sharers: usize, now: DateTime<Utc>) -> TimeDelta {
        // A clock that was set back must not lock a conversation until the old time comes round again.
        while self.0.back().is_some_and(|last| *last > now) {
            self.0.pop_back();
        }
        let until = |limit: &Limit| {
            let share = (limit.count / sharers).max(1);
            let oldest = self.0.len().checked_sub(share).and_then(|nth| self.0.get(nth))?;
            Some(*oldest + limit.window - now)
        };
        limits.iter().filter_map(until).max().unwrap_or_default().max(TimeDelta::zero())
    }

    fn enter(&mut self, limits: &[Limit], now: DateTime<Utc>) {
        self.0.push_back(now);
        let most = limits.iter().map(|limit| limit.count).max().unwrap_or_default();
        while self.0.len() > most {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Teams itself allows for one conversation (TEAMS-PROTOCOL 2.5).
    const TEAMS: [Limit; 4] = [limit(7, 1), limit(8, 2), limit(60, 30), limit(1800, 3600)];

    fn start() -> DateTime<Utc> {
        "2026-11-21T10:00:00Z".parse().unwrap()
    }

    fn most_within(sends: &[DateTime<Utc>], window: TimeDelta) -> usize {
        let within = |i: usize| sends[i..].iter().take_while(|at| **at - sends[i] < window).count();
        (0..sends.len()).map(within).max().unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn sr_r5_no_conversation_is_ever_sent_more_than_teams_allows(
            gaps in prop::collection::vec(prop_oneof![0_i64..50, 0_i64..2_000, 0_i64..120_000], 1..3_000),
        ) {
            let (budget, directory, mut now) = (Budget::default(), Uuid::nil(), start());
            let mut sends = Vec::new();
            for gap in gaps {
                now += TimeDelta::milliseconds(gap);
                if budget.try_take(directory, "a:1", now).is_ok() {
                    sends.push(now);
                }
            }
            for limit in TEAMS {
                prop_assert!(most_within(&sends, limit.window) <= limit.count * 4 / 5);
            }
        }

        #[test]
        fn sr_r5_no_directory_is_ever_sent_more_than_25_a_second(
            tries in prop::collection::vec((0_i64..30, 0_u8..40), 1..1_000),
        ) {
            let (budget, directory, mut now) = (Budget::default(), Uuid::nil(), start());
            let mut sends = Vec::new();
            for (gap, conversation) in tries {
                now += TimeDelta::milliseconds(gap);
                if budget.try_take(directory, &conversation.to_string(), now).is_ok() {
                    sends.push(now);
                }
            }
            prop_assert!(most_within(&sends, TimeDelta::seconds(1)) <= 25);
        }

        #[test]
        fn sr_r5_the_wait_is_exactly_long_enough(gaps in prop::collection::vec(0_i64..400, 1..300)) {
            let (budget, directory, mut now) = (Budget::default(), Uuid::nil(), start());
            for gap in gaps {
                now += TimeDelta::milliseconds(gap);
                if let Err(wait) = budget.try_take(directory, "a:1", now) {
                    let wait = TimeDelta::from_std(wait).unwrap();
                    prop_assert!(budget.try_take(directory, "a:1", now + wait - TimeDelta::milliseconds(1)).is_err());
                    now += wait;
                    prop_assert!(budget.try_take(directory, "a:1", now).is_ok());
                }
            }
        }
    }

    #[test]
    fn sr_r5_two_processes_together_spend_no_more_than_one() {
        let (both, directory, now) = ([Budget::default(), Budget::default()], Uuid::nil(), start());
        for budget in &both {
            budget.share_among(2);
        }
        let sent = |conversation: &dyn Fn(usize) -> String| {
            let tries = (0..100).flat_map(|nth| both.iter().map(move |budget| (nth, budget)));
            tries.filter(|(nth, budget)| budget.try_take(directory, &conversation(*nth), now).is_ok()).count()
        };
        assert_eq!(sent(&|_| "a:1".to_owned()), 4);
        assert_eq!(sent(&|nth| format!("b:{nth}")), 20, "24 of the directory in all");
        // The other one has ended: all is this one's, from what it has spent itself on.
        both[0].share_among(1);
        assert_eq!(
            (0..100).filter(|nth| both[0].try_take(directory, &format!("c:{nth}"), now).is_ok()).count(),
            13
        );
    }

    #[test]
    fn sr_r5_a_clock_set_back_does_not_lock_a_conversation() {
        let (budget, directory, now) = (Budget::default(), Uuid::nil(), start());
        while budget.try_take(directory, "a:1", now).is_ok() {}
        assert!(budget.try_take(directory, "a:1", now - TimeDelta::hours(5)).is_ok());
    }
}
