//! `tenantry train`: the model of the suggestions, from labelled notes. The same notes give the same bytes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tenantry::domain::taxonomy::shipped;
use tenantry::suggest::feature::Extractor;
use tenantry::suggest::rival::Rivals;
use tenantry::suggest::train::{Effort, Example, examples, train};

use super::{notes, say};

/// From where to where.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of labelled notes, `*.jsonl`.
    #[arg(long, default_value = "data/notes")]
    notes: PathBuf,
    /// The file to write.
    #[arg(long, default_value = "data/suggest.model")]
    out: PathBuf,
}

/// Trains, and writes the model.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let notes = notes::read(&arguments.notes)?;
    let extractor = Extractor::new(Rivals::of(shipped()));
    let examples = examples(&notes, &extractor);
    let all: Vec<&Example<'_>> = examples.iter().collect();
    let model = train(&all, shipped(), Effort::FULL);
    let file = model.write()?;
    std::fs::write(&arguments.out, &file).with_context(|| arguments.out.display().to_string())?;
    let megabytes = file.len().div_ceil(1 << 20);
    say(&format!("{} notes, version {}, {megabytes} MB", notes.len(), model.version));
    Ok(ExitCode::SUCCESS)
}
