//! `tenantry manifest`: the app package, ready to upload to Teams.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tenantry::bot::manifest::{CommandEntry, ManifestOptions, Scope, package};
use tenantry::intents::registry;
use uuid::Uuid;

use super::say;

/// Whose package it is.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The bot's registered application id.
    #[arg(long, alias = "bot-id")]
    client_id: Uuid,
    /// The organisation that runs the bot, at most 32 characters; without it the domain.
    #[arg(long)]
    developer: Option<String>,
    /// The bot's public host, whose /privacy and /terms show the organisation's texts, for example bot.example.com.
    #[arg(long, alias = "host")]
    domain: String,
    /// The host of links to tenants and services: the `LINK_HOST` of the server. Without it there are none.
    #[arg(long)]
    link_host: Option<String>,
    /// Where the package is written.
    #[arg(long, default_value = "tenantry.zip")]
    out: PathBuf,
}

/// Writes the package.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let developer = arguments.developer.as_ref().unwrap_or(&arguments.domain);
    let options = ManifestOptions {
        link_host: arguments.link_host.clone(),
        ..ManifestOptions::for_host(arguments.client_id, developer, &arguments.domain)
    };
    let commands: Vec<_> = registry::COMMANDS
        .iter()
        .filter(|command| command.listed)
        .map(|command| CommandEntry { title: command.word(), description: command.says, scopes: &Scope::ALL })
        .collect();
    let bytes = package(&options, &commands)?;
    std::fs::write(&arguments.out, bytes).with_context(|| arguments.out.display().to_string())?;
    say(&format!("{} is ready to upload.", arguments.out.display()));
    Ok(ExitCode::SUCCESS)
}
