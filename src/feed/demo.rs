//! The demo's two firms.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::report::Report;
use super::source::{Shape, Source};
use super::{Options, import_source};
use crate::domain::time::Today;
use crate::store::StoreError;

/// The firms' files, in the order in which they are taken.
const FILES: [(&str, &str); 2] = [
    ("alpine.jsonl", include_str!("../../data/demo/alpine.jsonl")),
    ("meridian.jsonl", include_str!("../../data/demo/meridian.jsonl")),
];

/// Fills an empty database with the demo's two firms; their dates count from `today`.
///
/// # Errors
/// The database cannot be reached or refuses a statement.
pub async fn load_demo(pool: &PgPool, today: Today, now: DateTime<Utc>) -> Result<Vec<Report>, StoreError> {
    let options = Options { relative_to: Some(today.0), ..Options::default() };
    let mut reports = Vec::new();
    for (name, content) in FILES {
        let source = Source { name: name.to_owned(), shape: Shape::Lines, content: content.into() };
        reports.push(import_source(pool, &source, &options, now).await?);
    }
    Ok(reports)
}
