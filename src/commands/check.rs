//! `tenantry check`: what is wrong, before anybody else finds out.

use std::process::ExitCode;

use tenantry::cards::{check, gallery};
use tenantry::config::Mode;
use tenantry::intents::registry;
use tenantry::store::Database;

use super::data::Data;
use super::{say, settings, topics};

/// Looks at the settings, at every card with every sample, and at the database.
pub async fn run() -> anyhow::Result<ExitCode> {
    let settings = settings(Mode::Command)?;
    let mut problems = cards();
    problems.extend(topics::read(settings.help_dir.as_deref()).err().map(|error| error.to_string()));
    let data = Data::visit(&settings.database).await?;
    let database = Database::open(&data.url, 1)?;
    if !database.is_ready().await {
        problems.push("the database does not answer to the role tenantry_app".to_owned());
    }
    database.close().await;
    data.close().await?;
    for problem in &problems {
        say(problem);
    }
    say(&format!("{} problems", problems.len()));
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cards() -> Vec<String> {
    let verbs = registry::verbs();
    let mut problems = Vec::new();
    for exhibit in gallery() {
        let found = match exhibit.card.map(|card| serde_json::from_str(card.content.get())) {
            Ok(Ok(card)) => check::check(&card, &verbs),
            Ok(Err(error)) => vec![error.to_string()],
            Err(error) => vec![error.to_string()],
        };
        problems.extend(found.into_iter().map(|p| format!("{} ({}): {p}", exhibit.template, exhibit.sample)));
    }
    problems
}
