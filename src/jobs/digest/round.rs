//! One look at the digests of one firm: what each place must be told now, and keeping that it was.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::DigestError;
use super::face::{Face, alert, concerned, digest};
use crate::domain::compliance::{Gap, Severity, Snapshot, gaps};
use crate::domain::digest::{Told, is_alarming, is_news, mark};
use crate::domain::rules::rules;
use crate::domain::time::Today;
use crate::store::compliance::Whose;
use crate::store::digest_run::{Resting, Run, Runs, dedup_key};
use crate::store::outbox::Errand;
use crate::store::scope::PartnerScope;
use crate::store::subscription::Subscription;
use crate::telemetry::METRICS;

/// How long a place is left alone between two looks at its gaps: its message changes at most so often.
const LOOKED_AFTER: TimeDelta = TimeDelta::minutes(5);
/// For how many days a message is kept true. One that stood longer is history.
const RENEWED_FOR: i64 = 7;
/// When a digest comes that nobody ordered.
const MORNING: Option<NaiveTime> = NaiveTime::from_hms_opt(8, 0, 0);

/// What becomes of a due digest without news; all other outcomes are a message.
const NOTHING: &str = "nothing";

/// A tenant with what is the matter with it.
#[derive(Debug, Clone)]
pub(super) struct Sore<'s> {
    /// The tenant.
    pub snapshot: &'s Snapshot,
    /// Its gaps, the worst first.
    pub gaps: Vec<&'s Gap>,
}

impl<'s> Sore<'s> {
    /// The gaps with what they are known by.
    fn marks(&self) -> impl Iterator<Item = (String, &'s Gap)> {
        self.gaps.iter().map(|gap| (mark(self.snapshot.tenant, gap), *gap))
    }

    /// With the gaps alone of which this is so, in view of what was told of them; `None`: of none.
    fn only(
        &self,
        is_so: impl Fn(&Gap, Option<&Told>) -> bool,
        told: &HashMap<String, Told>,
    ) -> Option<Self> {
        let so = self.marks().filter(|(mark, gap)| is_so(gap, told.get(mark)));
        let gaps: Vec<&Gap> = so.map(|(_, gap)| gap).collect();
        (!gaps.is_empty()).then_some(Self { snapshot: self.snapshot, gaps })
    }
}

/// The gaps of all of them, by their marks, with how bad they are.
fn marked(sore: &[Sore<'_>]) -> Vec<(String, Severity)> {
    sore.iter().flat_map(Sore::marks).map(|(mark, gap)| (mark, gap.severity)).collect()
}

/// The firm as of the day that it is in one zone.
struct Board {
    /// Its tenants with their gaps.
    tenants: Vec<(Snapshot, Vec<Gap>)>,
    /// Those that rest somewhere.
    resting: Vec<Resting>,
}

/// Tells the places of the scope's firm what they must be told. Says how many messages that makes.
pub(super) async fn serve(mut scope: PartnerScope) -> Result<usize, DigestError> {
    if let Some(morning) = MORNING.filter(|_| rules().digest_by_default) {
        scope.appoint_digests(morning).await?;
    }
    let (now, mut outcomes) = (scope.now, Vec::new());
    let subscriptions = scope.take_subscriptions().await?;
    let mut runs = scope.digest_runs().await?;
    let mut boards: HashMap<Tz, Board> = HashMap::new();
    for subscription in subscriptions {
        let runs = runs.remove(&subscription.id).unwrap_or_default();
        let due = subscription.due(now).filter(|due| runs.last.is_none_or(|last| last < *due));
        if due.is_none() && !is_looked_at(&subscription, now) {
            continue;
        }
        let zone = subscription.schedule.zone;
        let board = match boards.entry(zone) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(board(&mut scope, zone).await?),
        };
        outcomes.extend(Look::begin(&mut scope, &subscription, board).await?.work(due, runs).await?);
    }
    scope.commit().await?;
    for outcome in &outcomes {
        METRICS.digest(outcome);
    }
    Ok(outcomes.iter().filter(|outcome| **outcome != NOTHING).count())
}

fn is_looked_at(subscription: &Subscription, now: DateTime<Utc>) -> bool {
    subscription.looked.is_none_or(|looked| now - looked >= LOOKED_AFTER)
}

async fn board(scope: &mut PartnerScope, zone: Tz) -> Result<Board, DigestError> {
    let today = Today::at(scope.now, zone).0;
    let snapshots = scope.snapshots(Whose::Firm, zone).await?.into_iter();
    let with_gaps = snapshots.map(|snapshot| {
        let gaps = gaps(&snapshot, today, rules());
        (snapshot, gaps)
    });
    let tenants = with_gaps.filter(|(_, gaps)| !gaps.is_empty()).collect();
    Ok(Board { tenants, resting: scope.resting(today).await? })
}

/// The gaps that a place wants to be told of, those who are concerned the most first.
fn wanted<'s>(subscription: &Subscription, board: &'s Board) -> Vec<Sore<'s>> {
    let rests = |snapshot: &Snapshot| {
        board.resting.iter().any(|one| one.is_of(subscription) && one.tenant == snapshot.tenant)
    };
    let theirs =
        |snapshot: &Snapshot| !subscription.personal || snapshot.is_worked_on_by(subscription.person);
    // Nobody asked for a digest by default: it tells only what is the person's own to mend.
    let own = |gap: &Gap| !subscription.by_default || gap.owner == Some(subscription.person);
    let of = |(snapshot, gaps): &'s (Snapshot, Vec<Gap>)| {
        let gaps = gaps.iter().filter(|gap| own(gap) && subscription.choice.wants(snapshot.tenant, gap));
        let gaps: Vec<&Gap> = gaps.collect();
        (!gaps.is_empty()).then_some(Sore { snapshot, gaps })
    };
    let mut sore: Vec<Sore> = board
        .tenants
        .iter()
        .filter(|(snapshot, _)| theirs(snapshot) && !rests(snapshot))
        .filter_map(of)
        .collect();
    sore.sort_by_key(|one| {
        let money = one.gaps.iter().filter(|gap| gap.rule.is_money()).count();
        let red = one.gaps.iter().filter(|gap| gap.is_red()).count();
        std::cmp::Reverse((money, red, one.gaps.len()))
    });
    sore
}

/// One place being looked at.
struct Look<'s> {
    scope: &'s mut PartnerScope,
    subscription: &'s Subscription,
    sore: Vec<Sore<'s>>,
    told: HashMap<String, Told>,
    today: NaiveDate,
}

impl<'s> Look<'s> {
    async fn begin(
        scope: &'s mut PartnerScope,
        subscription: &'s Subscription,
        board: &'s Board,
    ) -> Result<Self, DigestError> {
        let today = Today::at(scope.now, subscription.schedule.zone).0;
        let told = scope.told(subscription).await?;
        Ok(Self { sore: wanted(subscription, board), scope, subscription, told, today })
    }

    /// Says what came of it, as the metrics call it.
    async fn work(mut self, due: Option<NaiveDate>, runs: Runs) -> Result<Vec<&'static str>, DigestError> {
        self.forget_what_is_gone().await?;
        if self.subscription.looked.is_none() {
            self.keep_what_is_known().await?;
        }
        let mut outcomes = Vec::new();
        match (due, runs.posted) {
            // The digest tells what an alert would.
            (Some(period), _) => outcomes.push(if self.post(period).await? { "posted" } else { NOTHING }),
            (None, posted) => {
                if let Some(run) = posted {
                    outcomes.extend(self.renew(run).await?.then_some("renewed"));
                }
                outcomes.extend(self.alarm().await?.then_some("alarmed"));
            }
        }
        self.scope.keep_looked(self.subscription).await?;
        Ok(outcomes)
    }

    async fn forget_what_is_gone(&mut self) -> Result<(), DigestError> {
        let present: HashSet<String> = self.sore.iter().flat_map(Sore::marks).map(|(mark, _)| mark).collect();
        let gone: Vec<String> = self.told.keys().filter(|mark| !present.contains(*mark)).cloned().collect();
        if !gone.is_empty() {
            self.scope.forget_told(self.subscription, &gone).await?;
            self.told.retain(|mark, _| present.contains(mark));
        }
        Ok(())
    }

    /// What is there when a digest is ordered is no alert; the first digest tells it as news.
    async fn keep_what_is_known(&mut self) -> Result<(), DigestError> {
        let known = marked(&self.only(is_alarming));
        self.keep_told(known, DateTime::UNIX_EPOCH).await
    }

    /// Tells at once what costs money and was never told here. What came with a person's own changes, they know; it
    /// waits for their digest.
    async fn alarm(&mut self) -> Result<bool, DigestError> {
        let alarming = self.only(is_alarming);
        if alarming.is_empty() || !self.subscription.may_be_alarmed(self.scope.now) {
            return Ok(false);
        }
        let own = match self.subscription.looked.filter(|_| self.subscription.personal) {
            Some(looked) => self.scope.changed_by(self.subscription.person, looked).await?,
            None => HashSet::new(),
        };
        let (known, news): (Vec<Sore>, Vec<Sore>) =
            alarming.into_iter().partition(|one| own.contains(&one.snapshot.tenant));
        let message = alert(&news)?;
        let (known, news) = (marked(&known), marked(&news));
        self.keep_told(known, DateTime::UNIX_EPOCH).await?;
        self.keep_told(news, self.scope.now).await?;
        let Some(Face { message, .. }) = message else { return Ok(false) };
        let errand = Errand::Send { activity: message };
        Ok(self.scope.owe(&self.subscription.conversation, &errand, None).await?)
    }

    /// The day's message, if there is news to tell. A day without any is kept as such, so that it is asked once.
    async fn post(&mut self, period: NaiveDate) -> Result<bool, DigestError> {
        let now = self.scope.now;
        if self.only(|gap, told| is_news(gap, told, now, rules())).is_empty() {
            self.scope.begin_run(self.subscription, period, &[]).await?;
            return Ok(false);
        }
        let Face { message, said } = self.digest().await?;
        if !self.scope.begin_run(self.subscription, period, &said).await? {
            return Ok(false);
        }
        // It counts all that is red, and not only what is new: all of it is told now.
        let told = marked(&self.sore);
        self.keep_told(told, now).await?;
        let errand = Errand::Send { activity: message };
        let key = dedup_key(self.subscription, period);
        Ok(self.scope.owe(&self.subscription.conversation, &errand, Some(&key)).await?)
    }

    /// What the place is told now; where several people read it, each with a view of their own.
    async fn digest(&mut self) -> Result<Face, DigestError> {
        let readers = if self.subscription.personal {
            Vec::new()
        } else {
            self.scope.user_ids(&concerned(&self.sore)).await?
        };
        digest(self.subscription, &self.sore, &readers)
    }

    /// The last message in new words, when they are new.
    async fn renew(&mut self, run: Run) -> Result<bool, DigestError> {
        let Some(activity_id) = run.activity else { return Ok(false) };
        if (self.today - run.period).num_days() >= RENEWED_FOR {
            return Ok(false);
        }
        let Face { message, said } = self.digest().await?;
        if said == run.said {
            return Ok(false);
        }
        self.scope.renew_run(self.subscription, run.period, &said).await?;
        let errand = Errand::Update { activity_id, activity: message };
        self.scope.owe(&self.subscription.conversation, &errand, None).await?;
        Ok(true)
    }

    /// The gaps of which this is so, in view of what was told of them here.
    fn only(&self, is_so: impl Fn(&Gap, Option<&Told>) -> bool) -> Vec<Sore<'s>> {
        self.sore.iter().filter_map(|one| one.only(&is_so, &self.told)).collect()
    }

    async fn keep_told(
        &mut self,
        gaps: Vec<(String, Severity)>,
        at: DateTime<Utc>,
    ) -> Result<(), DigestError> {
        self.scope.keep_told(self.subscription, &gaps, at).await?;
        self.told.extend(gaps.into_iter().map(|(mark, severity)| (mark, Told { severity, at })));
        Ok(())
    }
}
