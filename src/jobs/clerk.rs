//! The clerk of personal data: does what somebody confirmed, and reminds of what nobody did (Y4).
//!
//! Every process has one. An order and a reminder are rows; whoever holds the row does it, so each is done once (R8).

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::cards::button::Button;
use crate::cards::privacy::{Row, Sheet};
use crate::cards::text::day;
use crate::cards::{Card, RenderError, Tone, privacy_notices, render};
use crate::domain::id::{Export, Id, Partner};
use crate::domain::personal::{Deed, Subject, Traces};
use crate::domain::rules::rules;
use crate::domain::time::Clock;
use crate::store::outbox::Errand;
use crate::store::privacy::Erased;
use crate::store::privacy::request::{Order, Reminder, firms_with_requests};
use crate::store::privacy::tombstone::Tombstone;
use crate::store::scope::PartnerScope;
use crate::store::{Database, StoreError};
use crate::telemetry::TraceId;

/// Pause between two looks. What was confirmed is done within a minute (G3).
const PAUSE: Duration = Duration::from_secs(5);
/// Pause after a look that failed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// Why the clerk could not do something; it tries again.
#[derive(Debug, thiserror::Error)]
pub enum ClerkError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A card of ours.
    #[error(transparent)]
    Card(#[from] RenderError),
}

/// The clerk.
#[derive(Clone)]
pub struct Clerk {
    database: Database,
    clock: Arc<dyn Clock>,
    /// Whether the channel takes files from us: the demo's does not.
    files: bool,
}

impl Clerk {
    /// A clerk of this database, by this clock.
    pub fn new(database: Database, clock: Arc<dyn Clock>, files: bool) -> Self {
        Self { database, clock, files }
    }

    /// Works until `shutdown`.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut pause = PAUSE;
        while shutdown.run_until_cancelled(sleep(pause)).await.is_some() {
            pause = match self.work_once().await {
                Ok(0) => PAUSE,
                Ok(done) => {
                    tracing::info!(done, "requests about personal data");
                    PAUSE
                }
                Err(error) => {
                    tracing::warn!(%error, "a request about personal data is not done yet, the next round tries again");
                    PAUSE_AFTER_FAILURE
                }
            };
        }
    }

    /// Does all that is ordered now, firm by firm, each in one scope (P4), and gives the reminders that are due. Says
    /// how many of both.
    pub async fn work_once(&self) -> Result<usize, ClerkError> {
        let today = self.clock.now().date_naive();
        let longest = rules().privacy_reminders.iter().max().copied().unwrap_or_default();
        let until = today + chrono::TimeDelta::days(longest.into());
        let mut done = 0;
        let mut failed = None;
        for firm in firms_with_requests(self.database.worker(), until).await? {
            // What one firm's request comes to grief over does not hold up the others.
            match TraceId::made().within(self.serve(firm)).await {
                Ok(served) => done += served,
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(done), Err)
    }

    async fn serve(&self, firm: Id<Partner>) -> Result<usize, ClerkError> {
        let mut done = self.remind(firm).await?;
        while self.work(firm).await? {
            done += 1;
        }
        Ok(done)
    }

    /// Does one order. False: there is none.
    async fn work(&self, firm: Id<Partner>) -> Result<bool, ClerkError> {
        let mut scope = self.database.open_scope_for_operator(firm, self.clock.now()).await?;
        let Some(order) = scope.next_order().await? else { return Ok(false) };
        scope.take_time().await?;
        let traces = scope.traces(&order.subject).await?;
        match order.deed {
            Deed::Export => self.export(&mut scope, &order, &traces).await?,
            Deed::Erase => erase(&mut scope, &order, &traces).await?,
        }
        scope.finish_order(&order).await?;
        scope.commit().await?;
        Ok(true)
    }

    async fn export(
        &self,
        scope: &mut PartnerScope,
        order: &Order,
        traces: &Traces,
    ) -> Result<(), ClerkError> {
        let content = scope.personal_data(&order.subject, traces).await?;
        let minutes = rules().export_minutes;
        let export = scope.keep_export(order.by, &content, minutes).await?;
        let text = format!("It waits here for {minutes} minutes, for you alone.");
        let face = Sheet::new("The export is ready", text)
            .rows(vec![Row::new(order.subject.text(), "")])
            .button(Button::new("Read it here", "privacy.page").with("export", export.to_string()));
        post(scope, &order.conversation, render(&face)?.message(), None).await?;
        if self.files {
            let size = content.to_string().len();
            let name = format!("personal-data-{}.json", scope.now.date_naive());
            post(scope, &order.conversation, offer(export, &name, size), None).await?;
        }
        Ok(())
    }

    async fn remind(&self, firm: Id<Partner>) -> Result<usize, ClerkError> {
        let now = self.clock.now();
        let mut scope = self.database.open_scope_for_operator(firm, now).await?;
        let reminders = scope.take_reminders(now.date_naive(), rules()).await?;
        for reminder in &reminders {
            let key = format!("privacy:{}:{}", reminder.request.id, reminder.days);
            post(&mut scope, &reminder.conversation, reminder_card(reminder)?.message(), Some(&key)).await?;
        }
        scope.commit().await?;
        Ok(reminders.len())
    }
}

/// Erases again, after a restore, everybody of the firm who has one of these fingerprints, and puts the tombstones
/// back. Says how many people that were.
pub async fn erase_again(
    database: &Database,
    firm: Id<Partner>,
    tombstones: &[Tombstone],
    now: DateTime<Utc>,
) -> Result<usize, ClerkError> {
    let mut scope = database.open_scope_for_operator(firm, now).await?;
    scope.take_time().await?;
    let fingerprints: Vec<String> =
        tombstones.iter().map(|tombstone| tombstone.fingerprint.clone()).collect();
    let people = scope.people_again(&fingerprints).await?;
    for tombstone in tombstones {
        scope.bury(tombstone).await?;
    }
    for subject in &people {
        let traces = scope.traces(subject).await?;
        erase_and_replace(&mut scope, subject, &traces).await?;
        scope.audit_replay(subject).await?;
    }
    scope.commit().await?;
    Ok(people.len())
}

/// Erases, and replaces what Teams still shows.
async fn erase_and_replace(
    scope: &mut PartnerScope,
    subject: &Subject,
    traces: &Traces,
) -> Result<Erased, ClerkError> {
    let notice = render(&privacy_notices::message_erased())?.message();
    let erased = scope.erase(subject, traces, &notice).await?;
    for (conversation, activity_id) in &erased.shown {
        let errand = Errand::Update { activity_id: activity_id.clone(), activity: notice.clone() };
        scope.owe(conversation, &errand, None).await?;
    }
    Ok(erased)
}

/// Erases, and tells whoever ordered it.
async fn erase(scope: &mut PartnerScope, order: &Order, traces: &Traces) -> Result<(), ClerkError> {
    let erased = erase_and_replace(scope, &order.subject, traces).await?;
    let outcome = [
        (erased.contacts, "contact", "contacts"),
        (erased.changes, "line of their history", "lines of their history"),
        (erased.texts_in(&["note_version"]), "note text", "note texts"),
        (
            erased.texts_in(&[
                "contact",
                "entitlement",
                "data_migration",
                "migration_line",
                "suggestion",
                "row_change",
            ]),
            "other text",
            "other texts",
        ),
        (erased.holders, "role without a name", "roles without a name"),
        (erased.people, "person of your firm", "people of your firm"),
        (erased.copies, "kept message", "kept messages"),
    ];
    let fingerprint = scope.person_fingerprint(&order.subject).await?;
    let card = render(&privacy_notices::erased(&outcome, &fingerprint.to_string()))?;
    post(scope, &order.conversation, card.message(), None).await
}

fn reminder_card(reminder: &Reminder) -> Result<Card, RenderError> {
    let request = &reminder.request;
    let id = request.id.to_string();
    let (does, what) = match request.deed {
        Deed::Export => ("Export", "export"),
        Deed::Erase => ("Erase", "erasure"),
    };
    let words =
        if reminder.days == 1 { "due tomorrow".to_owned() } else { format!("due {}", day(request.due)) };
    let tone = if reminder.days == 1 { Tone::Attention } else { Tone::Warning };
    let detail = format!("Asked for on {}, taken down by {}", day(request.received), request.taker);
    let row = Row::new(request.subject.text(), &detail).state(words, tone).button(
        does,
        "privacy.ask",
        &[("deed", request.deed.code()), ("request", &id)],
    );
    let text = "The law gives a month; after that it is late.";
    let face = Sheet::new(format!("A request for {what} is still open"), text).rows(vec![row]);
    render(&face.button(Button::new("Open requests", "privacy.list")))
}

/// Asks whether the file may be put into the reader's OneDrive (checklist 65). What comes back with the answer is a
/// claim: the export is looked up for whoever answers.
fn offer(export: Id<Export>, name: &str, size: usize) -> Value {
    let context = json!({ "export": export });
    json!({
        "type": "message",
        "summary": "A file is offered",
        "attachments": [{
            "contentType": "application/vnd.microsoft.teams.card.file.consent",
            "name": name,
            "content": {
                "description": "All data of the person, as JSON",
                "sizeInBytes": size,
                "acceptContext": context,
                "declineContext": context,
            },
        }],
    })
}

async fn post(
    scope: &mut PartnerScope,
    conversation: &str,
    activity: Value,
    dedup_key: Option<&str>,
) -> Result<(), ClerkError> {
    scope.owe(conversation, &Errand::Send { activity }, dedup_key).await?;
    Ok(())
}
