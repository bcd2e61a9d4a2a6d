//! Colour as a second voice: whatever has a tone also says it in words (checklist 158).

use serde::Serialize;

use crate::domain::note::NoteDue;
use crate::domain::rules::rules;
use crate::domain::tenant::OverallStatus;

/// The text colours that every host themes for light, dark and high contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum Tone {
    /// Plain text.
    #[default]
    Default,
    /// As it should be.
    Good,
    /// Wants a look soon.
    Warning,
    /// Wants a hand now.
    Attention,
    /// Set apart, without judgement.
    Accent,
}

impl Tone {
    /// The tone of an overall status.
    pub fn of(status: OverallStatus) -> Self {
        match status {
            OverallStatus::Active => Self::Good,
            OverallStatus::Blocked => Self::Attention,
            OverallStatus::Paused => Self::Warning,
        }
    }

    /// The tone of a consumption status (L1) by its code; an unknown code is plain.
    pub fn of_consumption_status(code: &str) -> Self {
        match code {
            "in_progress" => Self::Good,
            "blocked" => Self::Attention,
            "status_unknown" => Self::Warning,
            "no_intent" => Self::Accent,
            _ => Self::Default,
        }
    }
}

/// A word and its tone, such as "Blocked" in red.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Toned {
    /// What is said.
    pub words: String,
    /// How it is coloured.
    pub tone: Tone,
}

impl Toned {
    /// `words` in `tone`.
    pub fn new(words: impl Into<String>, tone: Tone) -> Self {
        Self { words: words.into(), tone }
    }

    /// The overall status of a tenant, `None` when nobody has set one.
    pub fn status(status: Option<OverallStatus>) -> Self {
        match status {
            Some(status) => Self::new(status.name(), Tone::of(status)),
            None => Self::new("No status", Tone::Default),
        }
    }

    /// How long ago the last status note was written, or when the next is due (E4).
    pub fn note_due(due: NoteDue) -> Self {
        let rules = rules();
        match due {
            NoteDue::Never => Self::new("never noted", Tone::Attention),
            NoteDue::Overdue(days) => Self::new(format!("note overdue by {}", long(days)), Tone::Attention),
            NoteDue::In(0) => Self::new("note due today", Tone::Warning),
            NoteDue::In(left) if left <= rules.status_note_soon_days => {
                Self::new(format!("note due in {}", long(left)), Tone::Warning)
            }
            NoteDue::In(left) => match rules.status_note_days - left {
                ..=0 => Self::new("noted today", Tone::Default),
                1 => Self::new("noted yesterday", Tone::Default),
                days => Self::new(format!("noted {} ago", long(days)), Tone::Default),
            },
        }
    }
}

/// How long a number of days is.
fn long(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e4_the_age_of_a_note_is_said_in_words() {
        let said = |due| Toned::note_due(due).words;
        assert_eq!(said(NoteDue::Never), "never noted");
        assert_eq!(said(NoteDue::In(15)), "noted today");
        assert_eq!(said(NoteDue::In(14)), "noted today");
        assert_eq!(said(NoteDue::In(13)), "noted yesterday");
        assert_eq!(said(NoteDue::In(11)), "noted 3 days ago");
        assert_eq!(said(NoteDue::In(2)), "note due in 2 days");
        assert_eq!(said(NoteDue::In(0)), "note due today");
        assert_eq!(said(NoteDue::Overdue(1)), "note overdue by 1 day");
    }
}
