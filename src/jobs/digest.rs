//! The scheduler of digests: posts what was ordered when it is due, and renews the day's message in place while things
//! change (R7, R8).
//!
//! Every process has one. Each due digest is a unique row, written in the transaction that owes its message, and a
//! subscription is held by whoever works on it: two processes post it once, and a process that dies hands over at once.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::Value;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::cards::compliance::{Gaps, Row};
use crate::cards::text::count;
use crate::cards::{Button, RenderError, Tone, render};
use crate::domain::compliance::{Gap, Severity, Snapshot, gaps};
use crate::domain::id::{Id, Partner};
use crate::domain::rules::rules;
use crate::domain::taxonomy::with_list;
use crate::domain::time::{Clock, Today};
use crate::store::compliance::Whose;
use crate::store::outbox::Errand;
use crate::store::scope::PartnerScope;
use crate::store::subscription::{Run, Subscription, dedup_key, firms_with_subscriptions};
use crate::store::{Database, StoreError};

/// Pause between two looks.
const PAUSE: Duration = Duration::from_secs(20);
/// Pause after a look that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_mins(1);
/// How long a digest stands before it is looked at again: then it changes at most so often.
const RENEWED_AFTER: TimeDelta = TimeDelta::minutes(5);

/// Why a digest could not be made; the next look tries again.
#[derive(Debug, thiserror::Error)]
pub enum DigestError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A card of ours.
    #[error(transparent)]
    Card(#[from] RenderError),
}

/// The scheduler.
#[derive(Clone)]
pub struct Digests {
    database: Database,
    clock: Arc<dyn Clock>,
}

impl Digests {
    /// A scheduler of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Works until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut pause = PAUSE;
        while shutdown.run_until_cancelled(sleep(pause)).await.is_some() {
            pause = match self.work_once().await {
                Ok(_) => PAUSE,
                Err(error) => {
                    tracing::warn!(%error, "a digest is not made yet, the next round tries again");
                    PAUSE_AFTER_FAILURE
                }
            };
        }
    }

    /// Owes every digest that is due now and every renewal, firm by firm, each in one scope (P4). Says how many
    /// messages that makes.
    pub async fn work_once(&self) -> Result<usize, DigestError> {
        let (mut owed, mut failed) = (0, None);
        for firm in firms_with_subscriptions(self.database.worker()).await? {
            // What one firm's digest comes to grief over does not hold up the others.
            match self.serve(firm).await {
                Ok(served) => owed += served,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(owed), Err)
    }

    async fn serve(&self, firm: Id<Partner>) -> Result<usize, DigestError> {
        let now = self.clock.now();
        let mut scope = self.database.open_scope_for_operator(firm, now).await?;
        let list = scope.taxonomy().await?;
        with_list(list, serve(scope)).await
    }
}

/// The digests of the scope's firm.
async fn serve(mut scope: PartnerScope) -> Result<usize, DigestError> {
    let (now, mut owed) = (scope.now, 0);
    for subscription in scope.take_subscriptions().await? {
        let run = scope.last_run(&subscription).await?;
        let due = subscription.due(now).filter(|due| run.as_ref().is_none_or(|run| run.period < *due));
        owed += usize::from(match (due, run) {
            (Some(period), _) => post(&mut scope, &subscription, period).await?,
            (None, Some(run)) if is_renewed(&subscription, &run, now) => {
                renew(&mut scope, &subscription, run).await?
            }
            _ => false,
        });
    }
    scope.commit().await?;
    Ok(owed)
}

/// Whether the day's message is looked at again: only on its own day.
fn is_renewed(subscription: &Subscription, run: &Run, now: DateTime<Utc>) -> bool {
    let today = Today::at(now, subscription.schedule.zone).0;
    run.period == today && !run.said.is_empty() && now - run.updated >= RENEWED_AFTER
}

/// The day's message, if there is anything to say. An empty day is kept as such, so that it is asked once.
async fn post(
    scope: &mut PartnerScope,
    subscription: &Subscription,
    period: NaiveDate,
) -> Result<bool, DigestError> {
    let Some((message, said)) = message(scope, subscription, true).await? else {
        scope.begin_run(subscription, period, &[]).await?;
        return Ok(false);
    };
    if !scope.begin_run(subscription, period, &said).await? {
        return Ok(false);
    }
    let errand = Errand::Send { activity: message };
    Ok(scope.owe(&subscription.conversation, &errand, Some(&dedup_key(subscription, period))).await?)
}

/// The same message in new words, when they are new.
async fn renew(scope: &mut PartnerScope, subscription: &Subscription, run: Run) -> Result<bool, DigestError> {
    let Some(activity_id) = run.activity else { return Ok(false) };
    let Some((message, said)) = message(scope, subscription, false).await? else { return Ok(false) };
    let is_new = said != run.said;
    scope.renew_run(subscription, run.period, &said).await?;
    if is_new {
        let errand = Errand::Update { activity_id, activity: message };
        scope.owe(&subscription.conversation, &errand, None).await?;
    }
    Ok(is_new)
}

/// A tenant with what is the matter with it.
struct Sore {
    snapshot: Snapshot,
    gaps: Vec<Gap>,
}

impl Sore {
    fn reds(&self) -> usize {
        self.gaps.iter().filter(|gap| gap.is_red()).count()
    }
}

/// What the digest says now, and that in short; `None`: nothing, and an empty message is not worth `sending`.
async fn message(
    scope: &mut PartnerScope,
    subscription: &Subscription,
    sending: bool,
) -> Result<Option<(Value, Vec<u8>)>, DigestError> {
    let zone = subscription.schedule.zone;
    let whose = if subscription.personal { Whose::Person(subscription.person) } else { Whose::Firm };
    let today = Today::at(scope.now, zone).0;
    let wanted = |gap: &Gap| gap.is_red() || !subscription.only_overdue;
    let mut sore: Vec<Sore> = Vec::new();
    for snapshot in scope.snapshots(whose, zone).await? {
        let gaps: Vec<Gap> = gaps(&snapshot, today, rules()).into_iter().filter(wanted).collect();
        if !gaps.is_empty() {
            sore.push(Sore { snapshot, gaps });
        }
    }
    if sore.is_empty() && sending {
        return Ok(None);
    }
    sore.sort_by_key(|one| {
        let money = one.gaps.iter().filter(|gap| gap.rule.is_money()).count();
        std::cmp::Reverse((money, one.reds(), one.gaps.len()))
    });
    let message = render(&face(subscription, &sore))?.message();
    let said = digest(&SHA256, message.to_string().as_bytes()).as_ref().to_vec();
    Ok(Some((message, said)))
}

/// The face: figures for each element, the worst tenants, and the way to all of it. Whoever presses acts for
/// themselves. No contact is named (Q4).
fn face(subscription: &Subscription, sore: &[Sore]) -> Gaps {
    let whom = if subscription.personal { "your tenants" } else { "the firm's tenants" };
    let text = match sore.len() {
        0 => format!("Nothing is red in {whom} any more. Well done!"),
        n => format!(
            "{} of {whom} want a hand, the worst first.",
            count(u64::try_from(n).unwrap_or(0), "tenant", "tenants")
        ),
    };
    let all: Vec<&Gap> = sore.iter().flat_map(|one| &one.gaps).collect();
    let face = Gaps::new("What is red today").text(text).elements(&all);
    let rows = sore.iter().take(Gaps::PAGE).enumerate().map(|(index, one)| row(index + 1, one)).collect();
    let filter = if subscription.personal { "" } else { "firm" };
    face.rows(rows)
        .hint("“why” and a tenant's name say the rules behind it; “unsubscribe” stops this message.")
        .button(Button::new("All gaps", "gap.list").with("filter", filter).with("page", 1))
}

fn row(number: usize, one: &Sore) -> Row {
    let reds = u64::try_from(one.reds()).unwrap_or(0);
    let worst = one.gaps.iter().map(|gap| gap.severity).max().unwrap_or(Severity::Soon);
    let words = match reds {
        0 => "due soon".to_owned(),
        reds => count(reds, "gap", "gaps"),
    };
    let mut names: Vec<&str> = one.gaps.iter().map(|gap| gap.rule.name()).collect();
    names.dedup();
    let why = Button::new("", "gap.why").with("tenant", one.snapshot.tenant.to_string());
    Row::new(&one.snapshot.customer_name, words, Tone::of_severity(worst)).detail(names.join(" · ")).button(
        number,
        "Why",
        &one.snapshot.customer_name,
        why,
    )
}
