//! Labelled notes (`data/notes/`).

use serde::Deserialize;

use crate::domain::suggestion::Grade;
use crate::domain::taxonomy::Taxonomy;

use super::rival;

/// What is named as the file of definitions.
const DEFINITIONS: &str = "definitions";

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

    /// Whether it is one of the [`definitions`]: it is learnt from, and neither graded nor tested on.
    pub fn is_definition(&self) -> bool {
        self.file == DEFINITIONS
    }
}

/// The names and definitions of a taxonomy, as notes: their words are right for any customer. Rival products are left
/// out, which are told by name, and so is "Other", which says nothing.
pub fn definitions(taxonomy: &Taxonomy) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut add = |name: &str, definition: &str, levels: [Option<&str>; 3]| {
        let [l1, l2, l3] = levels.map(|code| code.map(str::to_owned));
        notes.push(Note {
            id: String::new(),
            service: String::new(),
            note: format!("{name}. {definition}"),
            l1: l1.unwrap_or_default(),
            l2,
            l3,
            quality: Grade::Marginal,
            lang: None,
            pair: None,
            file: DEFINITIONS.to_owned(),
        });
    };
    for l1 in taxonomy.statuses() {
        add(&l1.name, &l1.definition, [Some(&l1.code), None, None]);
        for l2 in &l1.l2 {
            add(&l2.name, &l2.definition, [Some(&l1.code), Some(&l2.code), None]);
            let products = (l1.code.as_str(), l2.code.as_str()) == rival::REASON;
            let told = l2.l3.iter().filter(|l3| l3.code != "other" && !(products && rival::is_product(l3)));
            told.for_each(|l3| {
                add(&l3.name, &l3.definition, [Some(&l1.code), Some(&l2.code), Some(&l3.code)]);
            });
        }
    }
    notes
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
