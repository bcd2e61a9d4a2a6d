//! The worker: takes what the outbox owes, sends it, and settles it.
//!
//! No transaction is open while a call is made (R3). A conversation whose budget is spent, or that the channel asks
//! to wait for, is put back with an instant; nobody waits for it, so it delays nobody (R5).

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::retry::{self, Settlement};
use super::send;
use crate::connector::budget::Budget;
use crate::connector::client::Connector;
use crate::connector::service_url::ServiceOrigins;
use crate::domain::id::Id;
use crate::domain::time::Clock;
use crate::store::StoreError;
use crate::store::outbox::{Claim, LEASE, News, Outbox, Round};
use crate::telemetry::{METRICS, TraceId};

/// Longest pause of a worker that cannot reach its database (R10).
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// How often a worker looks whether others have ended. Of those that come it hears.
const RECOUNT: Duration = Duration::from_secs(3);

/// How a worker works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the bot's messages may go: checked again before each of them (N1).
    pub origins: ServiceOrigins,
    /// Calls at once, from 1.
    pub concurrency: usize,
    /// How often it looks for work that nobody announced.
    pub poll: Duration,
    /// How long it only listens at first: the one that it takes the place of may have spent a second's budget just
    /// before it died, and the others give up a part of theirs (R5).
    pub quiet: Duration,
    /// How long it waits for calls under way when it is told to stop (R9).
    pub farewell: Duration,
}

impl Settings {
    /// What suits one process, sending to `origins`.
    pub fn new(origins: ServiceOrigins) -> Self {
        let (poll, quiet) = (Duration::from_secs(3), Duration::from_secs(1));
        Self { origins, concurrency: 32, poll, quiet, farewell: Duration::from_secs(12) }
    }
}

/// Sends the outbox. Any number of them may work on one database, in one process or in several.
#[derive(Clone)]
pub struct Worker(Arc<Inner>);

struct Inner {
    id: Uuid,
    outbox: Outbox,
    connector: Connector,
    clock: Arc<dyn Clock>,
    settings: Settings,
    budget: Budget,
    wake: Arc<Notify>,
}

impl Worker {
    /// A worker that sends what is in `outbox` through `connector`.
    pub fn new(outbox: Outbox, connector: Connector, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let id = Id::<Self>::new(clock.now()).uuid();
        let (budget, wake) = (Budget::default(), Arc::new(Notify::new()));
        Self(Arc::new(Inner { id, outbox, connector, clock, settings, budget, wake }))
    }

    /// Tells the worker of new rows a little sooner than the database does.
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.0.wake)
    }

    /// What this worker counts its sends in, to be shared with whoever else sends for the bot (R5).
    pub fn budget(&self) -> Budget {
        self.0.budget.clone()
    }

    /// Works until `shutdown`, then finishes what is under way or gives it back (R9). Outlives its database (R10).
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut sends = JoinSet::new();
        tokio::select! {
            () = self.serve(&mut sends, &shutdown) => {}
            never = self.listen() => match never {},
            never = self.recount() => match never {},
        }
        self.wind_down(sends).await;
    }

    /// Sends everything that is due, and what becomes due by that; says how many tries that took.
    pub async fn drain_once(&self) -> Result<usize, StoreError> {
        let (mut tries, mut round) = (0, self.round());
        loop {
            let mut sends = JoinSet::new();
            self.launch(&mut sends, &mut round).await?;
            if sends.is_empty() {
                return Ok(tries);
            }
            tries += sends.join_all().await.len();
        }
    }

    async fn serve(&self, sends: &mut JoinSet<()>, shutdown: &CancellationToken) {
        let (mut patience, mut round) = (Patience::default(), self.round());
        shutdown.run_until_cancelled(self.settle_in()).await;
        while !shutdown.is_cancelled() {
            let pause = match self.launch(sends, &mut round).await {
                Ok(pause) => {
                    patience = Patience::default();
                    pause
                }
                Err(error) => {
                    tracing::warn!(%error, "the outbox cannot be read");
                    patience.next()
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                Some(_) = sends.join_next() => while sends.try_join_next().is_some() {},
                () = self.0.wake.notified() => {}
                () = sleep(pause) => {}
            }
        }
    }

    /// Waits until the workers are counted, unless they cannot be, and then for the quiet time.
    async fn settle_in(&self) {
        let settings = &self.0.settings;
        drop(timeout(settings.poll, self.0.wake.notified()).await);
        sleep(settings.quiet).await;
    }

    fn round(&self) -> Round {
        self.0.outbox.round(self.0.id)
    }

    /// Starts as many calls as there is room for, and says how long to wait when nothing happens.
    async fn launch(&self, sends: &mut JoinSet<()>, round: &mut Round) -> Result<Duration, StoreError> {
        let Inner { clock, settings, .. } = &*self.0;
        let room = settings.concurrency.saturating_sub(sends.len());
        if room == 0 {
            return Ok(settings.poll);
        }
        let now = clock.now();
        for claim in round.take(room, now).await? {
            let trace = claim.trace.unwrap_or_else(TraceId::made);
            sends.spawn(trace.within(self.clone().carry(claim)));
        }
        let wait = round.next_due().and_then(|due| (due - now).to_std().ok());
        Ok(wait.map_or(settings.poll, |wait| wait.min(settings.poll)))
    }

    async fn carry(self, claim: Claim) {
        let taken = Instant::now();
        let settlement = self.attempt(&claim).await;
        self.settle(&claim, settlement, taken).await;
    }

    async fn attempt(&self, claim: &Claim) -> Settlement {
        let Inner { connector, clock, settings, budget, .. } = &*self.0;
        let address = &claim.address;
        if let Some(end) = retry::hopeless(claim) {
            return end;
        }
        let Some(errand) = &claim.errand else {
            return Settlement::Dead { reason: "unreadable errand".to_owned() };
        };
        let Ok(at) = settings.origins.check(&address.service_url) else {
            return Settlement::Dead { reason: "service address not allowed".to_owned() };
        };
        let now = clock.now();
        if let Err(wait) = budget.try_take(address.directory, &address.conversation, now) {
            METRICS.throttled("budget");
            // Those of one directory shall not all come back at the same instant.
            let wait = wait.mul_f64(1.0 + fastrand::f64());
            return Settlement::Postponed { until: now + TimeDelta::from_std(wait).unwrap_or(LEASE) };
        }
        match send::send(connector, &at, address, errand).await {
            Ok(sent) => Settlement::Sent { activity_id: sent.id },
            Err(error) => retry::after_failure(claim, &error, clock.now(), fastrand::f64()),
        }
    }

    /// Writes down how it ended, however long the database is away while the lease lasts.
    async fn settle(&self, claim: &Claim, settlement: Settlement, taken: Instant) {
        let lease = LEASE.to_std().unwrap_or_default();
        let mut patience = Patience::default();
        loop {
            match self.note(claim, &settlement).await {
                Ok(true) => return report(claim, &settlement),
                Ok(false) => return tracing::warn!(errand = %claim.id, "settled by another worker"),
                Err(error) if taken.elapsed() > lease => {
                    return tracing::error!(%error, errand = %claim.id, "how a message ended is lost");
                }
                Err(_) => sleep(patience.next()).await,
            }
        }
    }

    async fn note(&self, claim: &Claim, settlement: &Settlement) -> Result<bool, StoreError> {
        let Inner { outbox, clock, .. } = &*self.0;
        let now = clock.now();
        match settlement {
            Settlement::Sent { activity_id } => outbox.sent(claim, activity_id.as_deref(), now).await,
            Settlement::Again { not_before, reason, maybe_repeated } => {
                outbox.again(claim, *not_before, reason, *maybe_repeated).await
            }
            Settlement::Postponed { until } => outbox.postpone(claim, *until).await,
            Settlement::Dead { reason } => outbox.dead(claim, reason, now).await,
            Settlement::Unreachable { reason } => outbox.unreachable(claim, reason, now).await,
        }
    }

    async fn listen(&self) -> Infallible {
        let mut patience = Patience::default();
        loop {
            let Err(error) = self.hear(&mut patience).await;
            tracing::warn!(%error, "the outbox cannot be listened to");
            sleep(patience.next()).await;
        }
    }

    async fn hear(&self, patience: &mut Patience) -> Result<Infallible, StoreError> {
        let mut announcements = self.0.outbox.announcements().await?;
        loop {
            let news = announcements.next().await?;
            *patience = Patience::default();
            if news == News::Worker {
                self.share(0).await;
            }
            self.0.wake.notify_one();
        }
    }

    async fn recount(&self) -> Infallible {
        let mut before = self.share(0).await;
        loop {
            sleep(RECOUNT).await;
            // Whoever has just gone may have spent its part of this second: it is not another's yet.
            before = self.share(before).await;
        }
    }

    /// Takes one part of the budgets, of as many as there are workers or were `before`: all processes together obey
    /// R5. Says how many there are.
    async fn share(&self, before: usize) -> usize {
        match self.0.outbox.workers().await {
            Ok(workers) => {
                self.0.budget.share_among(workers.max(before));
                workers
            }
            Err(error) => {
                tracing::warn!(%error, "the workers cannot be counted");
                before
            }
        }
    }

    async fn wind_down(&self, mut sends: JoinSet<()>) {
        let all = async { while sends.join_next().await.is_some() {} };
        if timeout(self.0.settings.farewell, all).await.is_err() {
            sends.shutdown().await;
            if let Err(error) = self.0.outbox.release(self.0.id, self.0.clock.now()).await {
                tracing::warn!(%error, "claims are left to their leases");
            }
        }
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Worker").field(&self.0.id).finish()
    }
}

/// What operators must hear of (T2). Nothing of the message itself.
fn report(claim: &Claim, settlement: &Settlement) {
    METRICS.settled(settlement.name());
    match settlement {
        Settlement::Dead { reason } => {
            tracing::error!(errand = %claim.id, partner = %claim.address.partner, reason, "dead letter");
        }
        Settlement::Unreachable { reason } => {
            tracing::warn!(errand = %claim.id, partner = %claim.address.partner, reason, "conversation unreachable");
        }
        Settlement::Again { reason, .. } => {
            tracing::info!(errand = %claim.id, reason, "message will be tried again");
        }
        Settlement::Sent { .. } => tracing::info!(errand = %claim.id, "message sent"),
        Settlement::Postponed { .. } => {}
    }
}

/// Pauses that grow and differ, for a database that is away.
#[derive(Default)]
struct Patience(u32);

impl Patience {
    fn next(&mut self) -> Duration {
        let longest = Duration::from_millis(100 << self.0.min(6)).min(LONGEST_PAUSE);
        self.0 += 1;
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}
