//! The subcommands: where the parts are put together.

pub mod check;
pub mod data;
pub mod doctor;
pub mod erasures;
pub mod evaluate;
pub mod import;
pub mod manifest;
pub mod metrics;
pub mod migrate;
pub mod notes;
pub mod outbox;
pub mod serve;
pub mod suggest;
pub mod topics;
pub mod train;

use tenantry::config::{Mode, Settings};

/// Reads the settings and starts the log.
pub fn settings(mode: Mode) -> anyhow::Result<Settings> {
    let settings = Settings::from_env(mode)?;
    tenantry::telemetry::start(&settings.log);
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(settings)
}

/// Says on standard error why the program ends.
#[expect(clippy::print_stderr, reason = "the last word of a command is for the person who called it")]
pub fn complain(error: &anyhow::Error) {
    eprintln!("tenantry: {error:#}");
}

/// Says something to the person who called the command.
#[expect(clippy::print_stdout, reason = "commands answer on standard output")]
pub fn say(line: &str) {
    println!("{line}");
}
