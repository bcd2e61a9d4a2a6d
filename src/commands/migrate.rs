//! `tenantry migrate`.

use std::process::ExitCode;

use tenantry::config::Mode;

use super::data::Data;
use super::{say, settings};

/// Brings the schema up to date and says so.
pub async fn run() -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    Data::visit(&settings.database).await?.close().await?;
    say("The database has the present schema.");
    Ok(ExitCode::SUCCESS)
}
