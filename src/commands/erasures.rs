//! `tenantry erasures`: who was erased, as fingerprints, to be kept beside the backups; and erasing them again after
//! a restore (G3).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tenantry::config::Mode;
use tenantry::domain::time::{Clock, SystemClock};
use tenantry::jobs::clerk::erase_again;
use tenantry::store::Database;
use tenantry::store::database::{Role, pool};
use tenantry::store::privacy::tombstone::{Tombstone, tombstones};
use uuid::Uuid;

use super::data::Data;
use super::{say, settings};

/// What to do with them.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Erases everybody in this file again, whom a restore brought back.
    #[arg(long, value_name = "FILE")]
    replay: Option<PathBuf>,
}

/// Lists the fingerprints, one JSON object a line, or replays such a list.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    let data = Data::visit(&settings.database).await?;
    let done = match arguments.replay {
        Some(file) => replay(&data.url, &file).await,
        None => list(&data.url).await,
    };
    data.close().await?;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn list(url: &str) -> anyhow::Result<()> {
    let import = pool(url, Role::Import, 1)?;
    for tombstone in tombstones(&import).await? {
        say(&serde_json::to_string(&tombstone)?);
    }
    import.close().await;
    Ok(())
}

async fn replay(url: &str, file: &std::path::Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let mut firms: BTreeMap<Uuid, Vec<Tombstone>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let tombstone: Tombstone = serde_json::from_str(line).context("a line is no tombstone")?;
        firms.entry(tombstone.firm).or_default().push(tombstone);
    }
    let database = Database::open(url, 1)?;
    for (firm, tombstones) in firms {
        let again = erase_again(&database, firm.into(), &tombstones, SystemClock.now()).await?;
        say(&format!("firm {firm}: {} fingerprints, {again} people erased again", tombstones.len()));
    }
    database.close().await;
    Ok(())
}
