//! Carries one turn from the caller's scope to the commit: exactly one effect, or none (R1, R2, R10).

use std::sync::Arc;

use chrono_tz::Tz;
use serde_json::Value;

use super::intent::{Look, Sight};
use super::{Fault, Place, Ready, Reply, Turn};
use crate::cards::Card;
use crate::domain::access::{Act, Actor};
use crate::domain::id::{Export, Id};
use crate::domain::link::Links;
use crate::domain::taxonomy::with_list;
use crate::domain::time::Clock;
use crate::domain::when::DayOrder;
use crate::store::conversation::Conversation;
use crate::store::outbox::Errand;
use crate::store::receipt::Claim;
use crate::store::scope::{Caller, Opened, PartnerScope};
use crate::store::tenant_page::Seen;
use crate::store::{Database, StoreError};
use crate::telemetry::METRICS;

/// How often a transaction that lost is run again (R10).
const ATTEMPTS: u8 = 3;

/// A turn that somebody asks for.
pub struct Call<'a> {
    /// Who asks.
    pub caller: Caller,
    /// Where.
    pub place: Place,
    /// The caller's time zone.
    pub zone: Tz,
    /// What comes first in the caller's dates of bare numbers; `None`: nobody knows.
    pub day_order: Option<DayOrder>,
    /// The activity, by channel, conversation and id: a repeat of it has no second effect (R1).
    pub activity: Option<&'a str>,
    /// What to do. Read anew for each attempt.
    pub intent: &'a (dyn Fn() -> Box<dyn Ready> + Send + Sync),
    /// What leaves the house with a turn that wrote and answered with this card.
    pub errands: &'a (dyn Fn(&Card) -> Vec<Errand> + Send + Sync),
}

/// How a turn ended.
#[derive(Debug)]
pub enum Ended {
    /// Answered, and whether its errands are on their way already.
    Answered(Reply, Sent),
    /// It was done before, with this card as its answer; none when the answer left as an errand.
    Repeat(Option<Value>),
    /// The same activity is being handled right now.
    InWork,
    /// The caller's directory belongs to no firm.
    NoFirm,
    /// The caller is not on the firm's list, or no longer.
    NotListed,
}

/// Whether an answer still has to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It left with the commit, through the outbox.
    WithTheCommit,
    /// Nothing was written: whoever asked hands the answer over.
    NotYet,
}

/// Conducts turns.
#[derive(Clone)]
pub struct Conductor {
    database: Database,
    clock: Arc<dyn Clock>,
    links: Links,
}

impl Conductor {
    /// A conductor of turns in this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock, links: Links::default() }
    }

    /// The same, where tenants and services have links.
    #[must_use]
    pub fn with_links(mut self, links: Links) -> Self {
        self.links = links;
        self
    }

    /// The links of this installation.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// Runs the turn; a transaction that lost is run again (R10).
    ///
    /// # Errors
    /// A [`Fault`] saves nothing.
    pub async fn conduct(&self, call: &Call<'_>) -> Result<Ended, Fault> {
        let intent = (call.intent)();
        let mut timed = METRICS.turn(intent.name());
        let ended = self.attempts(call, intent).await;
        timed.ended(outcome(&ended));
        ended
    }

    async fn attempts(&self, call: &Call<'_>, mut intent: Box<dyn Ready>) -> Result<Ended, Fault> {
        for _ in 1..ATTEMPTS {
            match self.attempt(call, intent).await {
                Err(Fault::Again) => tokio::time::sleep(jitter()).await,
                ended => return ended,
            }
            intent = (call.intent)();
        }
        match self.attempt(call, intent).await {
            Err(Fault::Again) => Err(Fault::Unavailable),
            ended => ended,
        }
    }

    async fn attempt(&self, call: &Call<'_>, intent: Box<dyn Ready>) -> Result<Ended, Fault> {
        if let Some(look) = intent.look() {
            return self.look(call, look).await;
        }
        let mut turn = match self.begin(call, intent.writes()).await? {
            Ok(turn) => turn,
            Err(ended) => return Ok(ended),
        };
        let list = turn.scope.taxonomy().await?;
        if !intent.writes() {
            // A read needs no receipt; the transaction ends when the turn is dropped.
            return Ok(Ended::Answered(with_list(list, intent.run(&mut turn)).await?, Sent::NotYet));
        }
        for key in keys(call, &turn, intent.as_ref()) {
            match turn.scope.claim(&key).await? {
                Claim::First => {}
                Claim::Repeat(answer) => return Ok(Ended::Repeat(answer)),
                Claim::InWork => return Ok(Ended::InWork),
            }
        }
        let reply = with_list(list, intent.run(&mut turn)).await?;
        finish(turn.scope, &call.place.conversation, &reply, call.errands).await?;
        Ok(Ended::Answered(reply, Sent::WithTheCommit))
    }

    async fn look(&self, call: &Call<'_>, look: Look) -> Result<Ended, Fault> {
        let page = match self.database.tenant_page(call.caller, look.tenant).await? {
            Seen::NoFirm => return Ok(Ended::NoFirm),
            Seen::NotListed => return Ok(Ended::NotListed),
            Seen::Nothing => None,
            Seen::Page(page) => Some(page),
        };
        let now = self.clock.now();
        let version = page.as_ref().and_then(|page| page.taxonomy);
        let list = self.database.taxonomy(call.caller, version, now).await?;
        let sight = Sight { now, zone: call.zone, links: &self.links };
        let card = with_list(list, async { (look.face)(page.as_deref(), sight) }).await?;
        Ok(Ended::Answered(card.into(), Sent::NotYet))
    }

    async fn begin(&self, call: &Call<'_>, writes: bool) -> Result<Result<Turn, Ended>, StoreError> {
        let now = self.clock.now();
        Ok(match self.database.open_scope(call.caller, now, Id::new(now)).await? {
            Opened::NoFirm => Err(Ended::NoFirm),
            Opened::Firm(_, None) => Err(Ended::NotListed),
            Opened::Firm(scope, Some(actor)) => {
                let place = call.place.clone();
                let (zone, day_order, links) = (call.zone, call.day_order, self.links.clone());
                Ok(Turn { scope, actor, place, zone, day_order, links, writes, confirming: None })
            }
        })
    }

    /// Stores where the conversation can be reached. False: its directory belongs to no firm.
    pub async fn remember(&self, caller: Caller, conversation: &Conversation) -> Result<bool, Fault> {
        let Some(mut scope) = self.scope(caller).await? else { return Ok(false) };
        scope.remember_conversation(conversation).await?;
        scope.commit().await?;
        Ok(true)
    }

    /// Stores the conversation and greets it, once (checklist 73 to 77).
    pub async fn welcome(
        &self,
        caller: Caller,
        conversation: &Conversation,
        greeting: &Errand,
    ) -> Result<bool, Fault> {
        let Some(mut scope) = self.scope(caller).await? else { return Ok(false) };
        scope.remember_conversation(conversation).await?;
        if scope.welcome_once(&conversation.id).await? {
            scope.owe(&conversation.id, greeting, None).await?;
        }
        scope.commit().await?;
        Ok(true)
    }

    /// The bot was removed: nothing more is sent there.
    pub async fn forget(&self, caller: Caller, conversation: &str) -> Result<(), Fault> {
        if let Some(mut scope) = self.scope(caller).await? {
            scope.forget_conversation(conversation).await?;
            scope.commit().await?;
        }
        Ok(())
    }

    /// Hands an answer that could not be sent at once to the outbox. It may be the first that is heard of the
    /// conversation: help needs no turn.
    pub async fn post(
        &self,
        caller: Caller,
        conversation: &Conversation,
        errand: &Errand,
    ) -> Result<(), Fault> {
        if let Some(mut scope) = self.scope(caller).await? {
            scope.remember_conversation(conversation).await?;
            scope.owe(&conversation.id, errand, None).await?;
            scope.commit().await?;
        }
        Ok(())
    }

    /// The caller's export, if it is theirs, waits, and they still may read it (G3).
    pub async fn export(&self, caller: Caller, export: Id<Export>) -> Result<Option<Value>, Fault> {
        let Some((mut scope, actor)) = self.privacy_scope(caller).await? else { return Ok(None) };
        Ok(scope.export(&actor, export).await?.map(|waiting| waiting.content))
    }

    /// Removes the caller's export: it was fetched, or is not wanted.
    pub async fn drop_export(&self, caller: Caller, export: Id<Export>) -> Result<(), Fault> {
        if let Some((mut scope, actor)) = self.privacy_scope(caller).await? {
            scope.drop_export(&actor, export).await?;
            scope.commit().await?;
        }
        Ok(())
    }

    async fn privacy_scope(&self, caller: Caller) -> Result<Option<(PartnerScope, Actor)>, StoreError> {
        let now = self.clock.now();
        Ok(match self.database.open_scope(caller, now, Id::new(now)).await? {
            Opened::Firm(scope, Some(actor)) if actor.may_in_the_firm(Act::HandlePrivacy) => {
                Some((scope, actor))
            }
            _ => None,
        })
    }

    async fn scope(&self, caller: Caller) -> Result<Option<PartnerScope>, StoreError> {
        let now = self.clock.now();
        Ok(match self.database.open_scope(caller, now, Id::new(now)).await? {
            Opened::NoFirm => None,
            Opened::Firm(scope, _) => Some(scope),
        })
    }
}

/// How a turn ended, for the metrics.
fn outcome(ended: &Result<Ended, Fault>) -> &'static str {
    match ended {
        Ok(Ended::Answered(..)) => "answered",
        Ok(Ended::Repeat(_)) => "repeat",
        Ok(Ended::InWork) => "in_work",
        Ok(Ended::NoFirm) => "no_firm",
        Ok(Ended::NotListed) => "not_listed",
        Err(Fault::Shown(_)) => "shown",
        Err(Fault::Again | Fault::Unavailable) => "unavailable",
        Err(Fault::Broken(_)) => "broken",
    }
}

/// Under which keys a repeat of this turn would be found: the form, bound to its person, and the activity.
fn keys(call: &Call<'_>, turn: &Turn, intent: &dyn Ready) -> Vec<String> {
    let form = intent.submission().map(|form| format!("form:{}/{form}", turn.actor.person));
    let activity = call.activity.map(|activity| format!("activity:{activity}"));
    form.into_iter().chain(activity).collect()
}

async fn finish(
    mut scope: PartnerScope,
    conversation: &str,
    reply: &Reply,
    errands: &(dyn Fn(&Card) -> Vec<Errand> + Send + Sync),
) -> Result<(), StoreError> {
    if let Reply::Card(card) = reply {
        scope.keep_answer(&card.content).await?;
        for errand in errands(card) {
            scope.owe(conversation, &errand, None).await?;
        }
    }
    scope.commit().await
}

fn jitter() -> std::time::Duration {
    std::time::Duration::from_millis(fastrand::u64(5..50))
}
