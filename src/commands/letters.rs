//! `tenantry letters`: messages that could not be sent, and sending one of them again (R6).

use std::process::ExitCode;

use clap::Args;
use tenantry::config::Mode;
use tenantry::domain::time::{Clock, SystemClock};
use tenantry::store::Database;
use tenantry::store::outbox::Outbox;
use uuid::Uuid;

use super::data::Data;
use super::{say, settings};

/// How many are listed.
const MOST: i64 = 100;

/// What to do with them.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Sends this one again, once. It stays listed; the replay has its line in the audit log.
    #[arg(long, value_name = "ID")]
    replay: Option<Uuid>,
}

/// Lists the dead letters, or replays one.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    let data = Data::visit(&settings.database).await?;
    let database = Database::open(&data.url, 1)?;
    let done = match arguments.replay {
        Some(id) => replay(&database, id).await,
        None => list(&database).await,
    };
    database.close().await;
    data.close().await?;
    done
}

async fn list(database: &Database) -> anyhow::Result<ExitCode> {
    let letters = Outbox::new(database.worker().clone()).dead_letters(MOST).await?;
    for letter in &letters {
        let died = letter.died.to_rfc3339();
        say(&format!(
            "{}  firm {}  {died}  {} tries  {}",
            letter.id, letter.partner, letter.attempts, letter.reason
        ));
    }
    say(&format!("{} dead letters", letters.len()));
    Ok(ExitCode::SUCCESS)
}

async fn replay(database: &Database, id: Uuid) -> anyhow::Result<ExitCode> {
    let letters = Outbox::new(database.worker().clone()).dead_letters(i64::MAX).await?;
    let Some(letter) = letters.iter().find(|letter| letter.id == id) else {
        say("There is no such dead letter.");
        return Ok(ExitCode::FAILURE);
    };
    let mut scope = database.open_scope_for_operator(letter.partner.into(), SystemClock.now()).await?;
    if !scope.replay(letter.id.into()).await? {
        say("This one was replayed before.");
        return Ok(ExitCode::FAILURE);
    }
    scope.commit().await?;
    say("It waits in the outbox again.");
    Ok(ExitCode::SUCCESS)
}
