//! The topics of the help: the operator's own read at the start, and `tenantry topics`, which writes the shipped ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use tenantry::domain::help::{Topics, files};
use tenantry::intents::help;

use super::say;

/// Most bytes of a topic's file.
const SIZE_MAX: u64 = 64 * 1024;

/// The shipped topics, and those of the folder in their place or beside them.
///
/// # Errors
/// The folder cannot be read, or everything that is wrong with its files.
pub fn read(folder: Option<&Path>) -> anyhow::Result<Topics> {
    let own = folder.map(contents).transpose()?.unwrap_or_default();
    let flaws = match Topics::with(&own) {
        Ok(topics) => match help::flaws(&topics) {
            flaws if flaws.is_empty() => return Ok(topics),
            flaws => flaws,
        },
        Err(flaws) => flaws,
    };
    let lines: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    anyhow::bail!("HELP_DIR: topics of the help are not as they should be:\n  {}", lines.join("\n  "))
}

/// The names and contents of a folder's topics.
fn contents(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let unreadable = || format!("HELP_DIR: {} cannot be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files
                .push((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), content(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn content(path: &Path) -> anyhow::Result<String> {
    let shown = || format!("HELP_DIR: {} cannot be read", path.display());
    let size = fs::metadata(path).with_context(shown)?.len();
    anyhow::ensure!(size <= SIZE_MAX, "HELP_DIR: {} has more than {SIZE_MAX} bytes", path.display());
    fs::read_to_string(path).with_context(shown)
}

/// Where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The folder; files that are there already stay as they are.
    folder: PathBuf,
}

/// Writes the shipped topics.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let Arguments { folder } = arguments;
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for (name, content) in files() {
        let path = folder.join(name);
        if !path.exists() {
            fs::write(&path, content).with_context(|| path.display().to_string())?;
        }
    }
    say(&format!(
        "{} topics are in {}; remove those that you do not change",
        files().len(),
        folder.display()
    ));
    Ok(ExitCode::SUCCESS)
}
