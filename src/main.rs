//! One binary, one subcommand for each job. Everything is wired together in `commands`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod commands;

/// A turn makes and drops many small strings: this costs a fifth less than the system's allocator (docs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keeps the customer data of a FastTrack Ready Partner true, from Microsoft Teams.
#[derive(Debug, Parser)]
#[command(name = "tenantry", version, after_help = tenantry::config::help(), arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs on this machine with demonstration data, for the Microsoft 365 Agents Playground. Takes activities
    /// without a token, from this machine only.
    Demo,
    /// Answers Microsoft Teams and sends what is due.
    Serve,
    /// Brings the database's schema up to date.
    Migrate,
    /// Brings exported lists in: JSON Lines or CSV, see docs/feed.md.
    Import(commands::import::Arguments),
    /// Lists messages that could not be sent, or sends one of them again.
    #[command(subcommand)]
    Outbox(commands::outbox::Action),
    /// Lists who was erased, as fingerprints to be kept beside the backups, or erases them again after a restore.
    Erasures(commands::erasures::Arguments),
    /// Looks over the settings, the cards and the database, and says what is wrong.
    Check,
    /// Looks over a live set-up: settings, database, Microsoft's side, package; and says what to do.
    Doctor(commands::doctor::Arguments),
    /// Writes the app package for Microsoft Teams.
    Manifest(commands::manifest::Arguments),
    /// Writes the topics of the help into a folder, to be edited there: see docs/operations.md.
    Topics(commands::topics::Arguments),
    /// Suggests levels for status notes, a line for a line: see docs/suggestions.md.
    Suggest(commands::suggest::Arguments),
    /// Makes the model of the suggestions from labelled notes.
    Train(commands::train::Arguments),
    /// Says how good the suggestions are on notes that the model has not seen.
    Evaluate(commands::evaluate::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo => commands::serve::demo().await,
        Command::Serve => commands::serve::serve().await,
        Command::Migrate => commands::migrate::run().await,
        Command::Import(arguments) => commands::import::run(arguments).await,
        Command::Outbox(action) => commands::outbox::run(action).await,
        Command::Erasures(arguments) => commands::erasures::run(arguments).await,
        Command::Check => commands::check::run().await,
        Command::Doctor(arguments) => commands::doctor::run(arguments).await,
        Command::Manifest(arguments) => commands::manifest::run(&arguments),
        Command::Topics(arguments) => commands::topics::run(&arguments),
        Command::Suggest(arguments) => commands::suggest::run(&arguments),
        Command::Train(arguments) => commands::train::run(&arguments),
        Command::Evaluate(arguments) => commands::evaluate::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            commands::complain(&error);
            ExitCode::FAILURE
        }
    }
}
