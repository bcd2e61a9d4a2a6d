//! The demo's two firms.

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use uuid::{Uuid, uuid};

use super::report::Report;
use super::source::{Shape, Source};
use super::{Options, import_source};
use crate::domain::time::Today;
use crate::store::{StoreError, feed};

/// The directory of the demo's first firm.
pub const DIRECTORY: Uuid = uuid!("7e2a1c5e-0000-4000-8000-000000000001");
/// The object id of the person whom the demo shows the product to.
pub const FIRST_USER: Uuid = uuid!("7e2a1c5e-0000-4000-8000-000000000010");

/// The firms' files, in the order in which they are taken.
const FILES: [(&str, &str); 2] = [
    ("alpine.jsonl", include_str!("../../data/demo/alpine.jsonl")),
    ("meridian.jsonl", include_str!("../../data/demo/meridian.jsonl")),
];

/// Fills an empty database with the demo's two firms; their dates count from `today`. A database with firms in it
/// is left as it is, so that what somebody wrote in the demo is still there the next time.
///
/// # Errors
/// The database cannot be reached or refuses a statement.
pub async fn load_demo(pool: &PgPool, today: Today, now: DateTime<Utc>) -> Result<Vec<Report>, StoreError> {
    if feed::has_firms(pool).await? {
        return Ok(Vec::new());
    }
    let options = Options { relative_to: Some(today.0), ..Options::default() };
    let mut reports = Vec::new();
    for (name, content) in FILES {
        let source = Source { name: name.to_owned(), shape: Shape::Lines, content: content.into() };
        reports.push(import_source(pool, &source, &options, now).await?);
    }
    Ok(reports)
}
