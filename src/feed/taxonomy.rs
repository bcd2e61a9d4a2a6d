//! A firm's own taxonomy (DOMAIN section 5): read strictly, held against the list in use, and stored.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgPool;

use super::report::{Problem, Report, Rule};
use super::{Options, Thing, derived_id};
use crate::domain::taxonomy::{Shift, Taxonomy, shipped};
use crate::store::StoreError;
use crate::store::feed::Intake;

/// Most bytes of the file.
const SIZE_MAX: u64 = 1024 * 1024;
/// Most nodes of each sort that the report names.
const NAMED: usize = 40;

/// Whether a file is such a list: `taxonomy.json` or `*.taxonomy.json`.
pub(super) fn is_list(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    name == "taxonomy.json" || name.ends_with(".taxonomy.json")
}

#[derive(Deserialize)]
struct Head {
    partner: Option<String>,
}

/// Brings a firm's list in. The same list again changes nothing.
pub(super) async fn bring_in(
    pool: &PgPool,
    path: &Path,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Report, StoreError> {
    let mut report = begin(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), options);
    match read(path) {
        Ok((list, firm)) => {
            let flaws = list.flaws().into_iter();
            report.problems.extend(flaws.map(|(node, flaw)| Problem::new(0, node, Rule::Node(flaw))));
            if let Some((stated, firm)) = report.firm.as_ref().zip(firm.as_ref())
                && stated != firm
            {
                report.problems.push(Problem::new(0, "partner", Rule::TwoFirms));
            }
            report.firm = report.firm.or(firm);
            store(pool, report, Some(&list), now).await
        }
        Err(rule) => {
            report.problems.push(Problem::new(0, "", rule));
            Ok(report)
        }
    }
}

/// Lets the firm that the options name use the shipped list again.
///
/// # Errors
/// The database cannot be reached or refuses a statement.
pub async fn back_to_shipped(
    pool: &PgPool,
    options: &Options,
    now: DateTime<Utc>,
) -> Result<Report, StoreError> {
    store(pool, begin("shipped taxonomy".to_owned(), options), None, now).await
}

/// The list that the firm has loaded; `None`: it uses the shipped one, or is not known yet.
pub(super) async fn own(pool: &PgPool, mpn_id: Option<&str>) -> Result<Option<Arc<Taxonomy>>, StoreError> {
    let Some(mpn_id) = mpn_id else { return Ok(None) };
    let mut intake = Intake::open(pool, derived_id(Thing::Firm, mpn_id)).await?;
    let in_use = intake.taxonomy().await?;
    intake.roll_back().await?;
    Ok(in_use.filter(|in_use| in_use.own).map(|in_use| Arc::new(in_use.list)))
}

fn begin(file: String, options: &Options) -> Report {
    Report { file, firm: options.partner.clone(), dry_run: options.dry_run, ..Report::default() }
}

fn read(path: &Path) -> Result<(Taxonomy, Option<String>), Rule> {
    let unreadable = |error: std::io::Error| Rule::Unreadable(error.kind().to_string());
    if std::fs::metadata(path).map_err(unreadable)?.len() > SIZE_MAX {
        return Err(Rule::TooLarge { max: SIZE_MAX });
    }
    let content = String::from_utf8(std::fs::read(path).map_err(unreadable)?).map_err(|_| Rule::NotUtf8)?;
    let content = content.trim_start_matches('\u{FEFF}');
    let list = Taxonomy::read(content).map_err(|error| Rule::NotATaxonomy(error.to_string()))?;
    let head: Head = serde_json::from_str(content).map_err(|error| Rule::NotATaxonomy(error.to_string()))?;
    Ok((list, head.partner))
}

/// Stores what is sound; `None` is the shipped list.
async fn store(
    pool: &PgPool,
    mut report: Report,
    own: Option<&Taxonomy>,
    now: DateTime<Utc>,
) -> Result<Report, StoreError> {
    let Some(mpn_id) = report.firm.clone() else {
        report.problems.push(Problem::new(0, "", Rule::NoFirm));
        return Ok(report);
    };
    let mut intake = Intake::open(pool, derived_id(Thing::Firm, &mpn_id)).await?;
    let Some(in_use) = intake.taxonomy().await? else {
        intake.roll_back().await?;
        report.problems.push(Problem::new(0, "", Rule::UnknownFirm));
        return Ok(report);
    };
    let list = own.unwrap_or_else(|| shipped());
    let shift = list.shift_from(&in_use.list);
    report.lines = lines(&shift);
    let same = list.statuses() == in_use.list.statuses() && in_use.own == own.is_some();
    if report.is_refused() || report.dry_run || same {
        intake.roll_back().await?;
        return Ok(report);
    }
    let gone = list.gone_since(&in_use.list);
    intake.save_taxonomy(own.map(Taxonomy::statuses), &gone, now).await?;
    let counts = [("new", shift.new.len()), ("gone", shift.gone.len()), ("renamed", shift.renamed.len())];
    let counts = counts.map(|(what, count)| format!("taxonomy {what} {count}"));
    intake.audit(&report.file, &counts, now).await?;
    intake.commit().await?;
    Ok(report)
}

/// What the operator reads of it.
fn lines(shift: &Shift) -> Vec<String> {
    let Shift { new, gone, renamed, same } = shift;
    let head = format!(
        "taxonomy    {} new, {} renamed, {} gone, {same} unchanged",
        new.len(),
        renamed.len(),
        gone.len()
    );
    let new = new.iter().map(|(path, name)| format!("  new     {path}  {name}"));
    let renamed = renamed.iter().map(|(path, old, name)| format!("  renamed {path}  {old} -> {name}"));
    let gone = gone.iter().map(|(path, name)| format!("  gone    {path}  {name}"));
    [head].into_iter().chain(new.take(NAMED)).chain(renamed.take(NAMED)).chain(gone.take(NAMED)).collect()
}
