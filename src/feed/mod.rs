//! The nightly feed: files of a firm's exports become tenants, services and assignments.
//!
//! `source` reads files into raw rows, `cell` and `rows` judge each field, `plan` holds the rows against
//! what the firm has and decides, and `store::feed` writes what was decided. The format is in `docs/feed.md`.

mod batch;
mod cell;
mod codes;
pub mod demo;
mod kind;
mod plan;
mod report;
mod rows;
mod source;
mod taxonomy;

use std::collections::BTreeSet;
use std::path::PathBuf;

use aws_lc_rs::digest;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use self::batch::{Batch, Header};
use self::plan::{Plan, Setting};
use self::source::Source;
use crate::domain::taxonomy::with_list;
use crate::store::StoreError;
use crate::store::feed::Intake;

pub use self::demo::load_demo;
pub use self::kind::Kind;
pub use self::report::{Counts, Problem, Report, Rule};
pub use self::taxonomy::back_to_shipped;

/// How often a file is begun again when people changed its rows meanwhile (R10).
const ATTEMPTS: usize = 3;

/// How files are to be brought in.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// MPN id of the firm, where the files do not name it.
    pub partner: Option<String>,
    /// Kinds of which the files list all rows that the firm has.
    pub complete: BTreeSet<Kind>,
    /// When the lists were taken. None: now.
    pub exported: Option<DateTime<Utc>>,
    /// Only say what would happen.
    pub dry_run: bool,
    /// Take a complete list even if most of what was there is gone.
    pub allow_removals: bool,
    /// The day that `today`, `today-12` and `today+30` count from. None: such dates are refused.
    pub relative_to: Option<NaiveDate>,
}

/// Brings the files in, each by itself in one transaction: a refused file leaves nothing behind and does
/// not stop the others. Files are taken in the order in which their rows rest on each other.
///
/// `pool` is one of [`crate::store::database::Role::Import`].
///
/// # Errors
/// The database cannot be reached or refuses a statement. What is wrong with a file stands in its report.
pub async fn import(
    pool: &PgPool,
    files: &[PathBuf],
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Vec<Report>, StoreError> {
    let mut reports = Vec::new();
    let mut sources = Vec::new();
    let mut lists = Vec::new();
    for path in files {
        if taxonomy::is_list(path) {
            lists.push(path);
            continue;
        }
        match Source::read(path) {
            Ok(source) => sources.push(source),
            Err((file, rule)) => {
                reports.push(Report { file, problems: vec![Problem::new(0, "", rule)], ..Report::default() });
            }
        }
    }
    sources.sort_by_key(Source::first_kind);
    for source in sources {
        reports.push(import_source(pool, &source, options, now).await?);
    }
    for path in lists {
        reports.push(taxonomy::bring_in(pool, path, options, now).await?);
    }
    Ok(reports)
}

async fn import_source(
    pool: &PgPool,
    source: &Source<'_>,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Report, StoreError> {
    let header = Header {
        firm: options.partner.clone(),
        complete: options.complete.clone(),
        exported: options.exported,
    };
    let read = |header| Batch::read(source, header, now, options.relative_to);
    let mut batch = read(header.clone());
    // Which firm it is stands in the file. One with a taxonomy of its own has its rows judged by that.
    if let Some(own) = taxonomy::own(pool, batch.header.firm.as_deref()).await? {
        batch = with_list(Some(own), async { read(header) }).await;
    }
    let mut report = Report { file: source.name.clone(), dry_run: options.dry_run, ..Report::default() };
    report.problems = std::mem::take(&mut batch.problems);
    report.warnings = std::mem::take(&mut batch.warnings);
    report.firm.clone_from(&batch.header.firm);
    if let Some(mpn_id) = report.firm.clone() {
        let firm = derived_id(Thing::Firm, &mpn_id);
        let setting =
            Setting { batch: &batch, firm, mpn_id: &mpn_id, now, allow_removals: options.allow_removals };
        let plan = bring_in(pool, setting, &source.name, options.dry_run || report.is_refused()).await?;
        report.counts = plan.counts;
        report.problems.extend(plan.problems);
        report.warnings.extend(plan.warnings);
    }
    report.problems.sort_by_key(|problem| problem.line);
    report.warnings.sort_by_key(|warning| warning.line);
    Ok(report)
}

/// Plans the file and writes the plan, unless it is only tried.
async fn bring_in(
    pool: &PgPool,
    setting: Setting<'_>,
    file: &str,
    only_try: bool,
) -> Result<Plan, StoreError> {
    let mut attempt = 1;
    loop {
        match once(pool, setting, file, only_try).await {
            Err(StoreError::Again(_)) if attempt < ATTEMPTS => attempt += 1,
            done => return done,
        }
    }
}

async fn once(pool: &PgPool, setting: Setting<'_>, file: &str, only_try: bool) -> Result<Plan, StoreError> {
    let mut intake = Intake::open(pool, setting.firm).await?;
    let stored = intake.load(&setting.mentions()).await?;
    let plan = Plan::of(setting, &stored);
    drop(stored);
    if only_try || !plan.problems.is_empty() {
        intake.roll_back().await?;
    } else {
        if !plan.changes.is_empty() {
            intake.write(&plan.changes, setting.now).await?;
            intake.audit(file, &plan.audit_counts(), setting.now).await?;
        }
        intake.fed(setting.now).await?;
        intake.commit().await?;
    }
    Ok(plan)
}

/// Things whose ids follow from what the outside calls them.
#[derive(Debug, Clone, Copy)]
enum Thing {
    /// A firm, by its MPN id: so that its scope can be opened without looking into another firm's row.
    Firm,
    /// A note of this firm, by the exporter's key.
    Note(Uuid),
}

/// The id that follows from a name: the same name, the same id.
fn derived_id(thing: Thing, name: &str) -> Uuid {
    let mut hash = digest::Context::new(&digest::SHA256);
    match thing {
        Thing::Firm => hash.update(b"tenantry firm "),
        Thing::Note(firm) => {
            hash.update(b"tenantry note ");
            hash.update(firm.as_bytes());
        }
    }
    hash.update(name.as_bytes());
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.finish().as_ref()) {
        *byte = *hashed;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
