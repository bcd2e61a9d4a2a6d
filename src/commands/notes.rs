//! Labelled notes, for the commands that learn from them.

use std::path::Path;

use anyhow::Context as _;
use tenantry::domain::taxonomy::shipped;
use tenantry::suggest::corpus::{self, Note};

/// Reads all `*.jsonl` of a folder, in the order of their names; behind them what the taxonomy itself says.
pub fn read(folder: &Path) -> anyhow::Result<Vec<Note>> {
    let entries = folder.read_dir().with_context(|| folder.display().to_string())?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut notes = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        notes.extend(corpus::read(&name, &text)?);
    }
    anyhow::ensure!(!notes.is_empty(), "{} has no notes", folder.display());
    notes.extend(corpus::definitions(shipped()));
    Ok(notes)
}
