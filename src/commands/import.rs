//! `tenantry import`: the way data gets in every night.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::Args;
use tenantry::config::Mode;
use tenantry::domain::time::{Clock, SystemClock, Today};
use tenantry::feed::{self, Kind, Options, Report};
use tenantry::store::database::{Role, pool};

use super::data::Data;
use super::{say, settings};

/// What to bring in, and how.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Arguments {
    /// Files: *.jsonl, <kind>.csv, *.<kind>.csv or taxonomy.json. See docs/feed.md.
    #[arg(required_unless_present_any = ["demo", "shipped"])]
    files: Vec<PathBuf>,
    /// Only says what would happen.
    #[arg(long)]
    dry_run: bool,
    /// MPN id of the firm, where the files do not name it.
    #[arg(long, value_name = "MPN_ID")]
    partner: Option<String>,
    /// A kind of which the files list all rows that the firm has; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    complete: Vec<Kind>,
    /// When the lists were taken, as 2026-11-21T04:00:00Z.
    #[arg(long, value_name = "INSTANT")]
    exported: Option<DateTime<Utc>>,
    /// Takes a complete list even if most of what was there is gone.
    #[arg(long)]
    allow_removals: bool,
    /// The firm uses the taxonomy again that the program ships.
    #[arg(long, conflicts_with_all = ["files", "demo"], requires = "partner")]
    shipped: bool,
    /// Brings the demonstration's two firms in instead of files.
    #[arg(long, conflicts_with = "files")]
    demo: bool,
}

fn kind(word: &str) -> Result<Kind, String> {
    let known = || Kind::ALL.map(Kind::word).join(", ");
    Kind::of(word).ok_or_else(|| format!("one of {}", known()))
}

/// Brings the files in and reports, one paragraph for each. Fails when one of them was refused.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    let data = Data::visit(&settings.database).await?;
    let pool = pool(&data.url, Role::Import, 2)?;
    let reports = bring_in(&pool, arguments).await;
    pool.close().await;
    data.close().await?;
    let reports = reports?;
    for report in &reports {
        say(report.to_string().trim_end());
    }
    Ok(if reports.iter().any(Report::is_refused) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn bring_in(pool: &sqlx::PgPool, arguments: Arguments) -> anyhow::Result<Vec<Report>> {
    let now = SystemClock.now();
    if arguments.demo {
        return Ok(feed::load_demo(pool, Today(now.date_naive()), now).await?);
    }
    let options = Options {
        partner: arguments.partner,
        complete: arguments.complete.into_iter().collect::<BTreeSet<_>>(),
        exported: arguments.exported,
        dry_run: arguments.dry_run,
        allow_removals: arguments.allow_removals,
        relative_to: None,
    };
    if arguments.shipped {
        return Ok(vec![feed::back_to_shipped(pool, &options, now).await?]);
    }
    Ok(feed::import(pool, &arguments.files, &options, now).await?)
}
