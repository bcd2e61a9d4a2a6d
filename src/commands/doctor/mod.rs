//! `tenantry doctor`: whether a live set-up works, a line for each check, and what to do where it does not.
//!
//! It changes nothing, needs no running `serve`, and says no secret. [`channel`] looks at Microsoft's side,
//! [`database`] at the data, [`package`] at what the Teams administrator uploads.

mod channel;
mod database;
mod finding;
mod package;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tenantry::config::{Bot, Mode, Settings};

use super::say;
use finding::{Finding, fail, ok, warn};

/// What else to look at.
#[derive(Debug, Args)]
pub struct Arguments {
    /// An app package, as `tenantry manifest` writes it.
    #[arg(long, value_name = "APP.ZIP")]
    package: Option<PathBuf>,
    /// The public host of the messaging endpoint, which the package must name.
    #[arg(long, value_name = "HOST", requires = "package")]
    domain: Option<String>,
}

/// Looks at everything and says what it found. Fails when something will not work.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    let settings = settings(&mut findings);
    let bot = settings.as_ref().and_then(|settings| settings.bot.as_ref());
    match &settings {
        Some(settings) => findings.extend(database::look(&settings.database).await),
        None => findings.push(warn("database", "Not looked at: the settings come first.")),
    }
    match bot {
        Some(bot) => findings.extend(channel::look(bot).await?),
        None => findings.push(warn("channel", "Not looked at: the settings come first.")),
    }
    if let Some(path) = &arguments.package {
        findings.extend(package::look(path, arguments.domain.as_deref(), bot.map(|bot: &Bot| bot.client_id)));
    }
    for finding in &findings {
        say(&finding.to_string());
    }
    let (failed, warned) = (finding::failures(&findings), finding::warnings(&findings));
    say(&format!("{failed} failed, {warned} to look at"));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The settings of `serve`; where those are wrong, what is enough to look at the database.
fn settings(findings: &mut Vec<Finding>) -> Option<Settings> {
    match Settings::from_env(Mode::Serve) {
        Ok(settings) => {
            let warnings = settings.warnings();
            if warnings.is_empty() {
                findings.push(ok("settings", "All can be read, and none contradicts another."));
            }
            findings.extend(warnings.into_iter().map(|warning| warn("settings", warning)));
            Some(settings)
        }
        Err(problems) => {
            findings.extend(problems.lines().iter().map(|problem| fail("settings", problem)));
            Settings::from_env(Mode::Command).ok()
        }
    }
}
