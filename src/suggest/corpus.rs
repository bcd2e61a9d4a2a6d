//! Labelled notes (`data/notes/`).

use serde::Deserialize;

use crate::domain::suggestion::Grade;

/// A note with the levels that a careful reader sets.
#[derive(Debug, Clone, Deserialize)]
pub struct Note {
    /// Unique in its file.
    pub id: String,
    /// Code of the service.
    pub service: String,
    /// What was written.
    pub note: String,
    /// Status.
    pub l1: String,
    /// Reason, unless the note does not tell.
    pub l2: Option<String>,
    /// Engineering reason, unless the note does not tell.
    pub l3: Option<String>,
    /// How good it is.
    pub quality: Grade,
    /// Code of its language; none is English.
    #[serde(default)]
    pub lang: Option<String>,
    /// Notes of one group differ in the decisive fact and stay together.
    #[serde(default)]
    pub pair: Option<String>,
    /// The file it comes from, without ending.
    #[serde(skip)]
    pub file: String,
}

impl Note {
    /// The levels; empty where the note does not tell.
    pub fn levels(&self) -> (&str, &str, &str) {
        (&self.l1, self.l2.as_deref().unwrap_or_default(), self.l3.as_deref().unwrap_or_default())
    }
}

/// A line that is no note.
#[derive(Debug, thiserror::Error)]
#[error("{file} line {line}: {source}")]
pub struct BadNote {
    file: String,
    line: usize,
    source: serde_json::Error,
}

/// Reads a file of notes, one JSON object a line.
///
/// # Errors
/// The first line that is no note.
pub fn read(file: &str, text: &str) -> Result<Vec<Note>, BadNote> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| match serde_json::from_str::<Note>(line) {
            Ok(note) => Ok(Note { file: file.to_owned(), ..note }),
            Err(source) => Err(BadNote { file: file.to_owned(), line: at + 1, source }),
        })
        .collect()
}
