//! `tenantry outbox`: messages that could not be sent, and sending one of them again (R6).

use std::process::ExitCode;

use clap::Subcommand;
use tenantry::config::Mode;
use tenantry::domain::time::{Clock, SystemClock};
use tenantry::store::Database;
use tenantry::store::outbox::{DeadLetter, Outbox};
use tenantry::telemetry::TraceId;
use uuid::Uuid;

use super::data::Data;
use super::{say, settings};

/// How many are listed.
const MOST: i64 = 100;

/// What to do with them.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Action {
    /// Lists the latest dead letters, with the trace by which the log knows each, and how many messages wait.
    List,
    /// Sends a dead letter again, once. It stays listed; the retry has its line in the audit log.
    Retry {
        /// The letter, as `list` names it.
        id: Uuid,
    },
}

/// Lists the dead letters, or sends one again.
pub async fn run(action: Action) -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    let data = Data::visit(&settings.database).await?;
    let database = Database::open(&data.url, 1)?;
    let done = match action {
        Action::List => list(&database).await,
        Action::Retry { id } => retry(&database, id).await,
    };
    database.close().await;
    data.close().await?;
    done
}

async fn list(database: &Database) -> anyhow::Result<ExitCode> {
    let outbox = Outbox::new(database.worker().clone());
    for letter in outbox.dead_letters(MOST).await? {
        say(&line(&letter));
    }
    let counts = outbox.counts().await?;
    say(&format!("{} dead letters, {} messages wait", counts.dead, counts.waiting));
    Ok(ExitCode::SUCCESS)
}

fn line(letter: &DeadLetter) -> String {
    let trace = letter.trace.map_or_else(|| "none".to_owned(), |trace| TraceId::from(trace).to_string());
    let DeadLetter { id, partner, attempts, died, reason, .. } = letter;
    format!("{id}  firm {partner}  trace {trace}  {}  {attempts} tries  {reason}", died.to_rfc3339())
}

async fn retry(database: &Database, id: Uuid) -> anyhow::Result<ExitCode> {
    let letters = Outbox::new(database.worker().clone()).dead_letters(i64::MAX).await?;
    let Some(letter) = letters.iter().find(|letter| letter.id == id) else {
        say("There is no such dead letter.");
        return Ok(ExitCode::FAILURE);
    };
    let mut scope = database.open_scope_for_operator(letter.partner.into(), SystemClock.now()).await?;
    if !scope.replay(letter.id.into()).await? {
        say("This one was sent again before.");
        return Ok(ExitCode::FAILURE);
    }
    scope.commit().await?;
    say("It waits in the outbox again.");
    Ok(ExitCode::SUCCESS)
}
