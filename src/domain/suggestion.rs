//! What a note suggests: levels with their likelihood, how sure that is, and what the note lacks (N7, N9, DOMAIN 6).

use serde::{Deserialize, Serialize};

use super::taxonomy::Path;

/// From which confidence on a suggestion is orange, and from which green (N9).
pub const ORANGE: f32 = 0.40;
/// See [`ORANGE`].
pub const GREEN: f32 = 0.60;

/// How far a suggestion can be trusted (N9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// The note must be improved, or the person's own levels stand for it.
    Red,
    /// It can be taken; there is advice.
    Orange,
    /// It can be taken.
    Green,
}

impl Band {
    /// Its name, as files and metrics have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Green => "green",
        }
    }

    /// The band of a confidence.
    pub fn of(confidence: f32) -> Self {
        match confidence {
            c if c < ORANGE => Self::Red,
            c if c < GREEN => Self::Orange,
            _ => Self::Green,
        }
    }

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Orange => "orange",
            Self::Green => "green",
        }
    }
}

/// How good a note is (DOMAIN 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Intent, reason and decisive detail are there.
    Great,
    /// Intent is clear, the reason vague or buried.
    Marginal,
    /// Nobody could tell the levels.
    Poor,
}

impl Grade {
    /// All, the best first.
    pub const ALL: [Self; 3] = [Self::Great, Self::Marginal, Self::Poor];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Great => "great",
            Self::Marginal => "marginal",
            Self::Poor => "poor",
        }
    }
}

/// The one thing that a note lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lack {
    /// Whether the customer will use the service.
    Intent,
    /// Why, or what stands in the way.
    Reason,
    /// The decisive detail.
    Detail,
    /// How often the customer was tried, by which ways, and whether the account is managed (N14).
    Attempts,
    /// The phase and what is worked on.
    Phase,
}

/// Levels that a note may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The levels.
    pub path: Path,
    /// Their likelihood, from 0 to 1.
    pub p: f32,
}

/// What a note suggests for a service.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The likeliest first, each with another reason; each may stand in a row of the service. May be empty.
    pub ranked: Vec<Ranked>,
    /// How likely status and reason of the first are right, calibrated, from 0 to 1.
    pub confidence: f32,
    /// What that means.
    pub band: Band,
    /// How good the note is.
    pub grade: Grade,
    /// The one thing that it lacks.
    pub lacks: Option<Lack>,
    /// Its words that keep the intent open.
    pub ambiguous: Vec<String>,
    /// Its words that spoke for the first, the strongest first.
    pub words: Vec<String>,
    /// The version of what made it.
    pub model: String,
}

impl Suggestion {
    /// The likeliest levels, unless the note is too unclear for any.
    pub fn first(&self) -> Option<&Path> {
        self.ranked.first().filter(|_| self.band != Band::Red).map(|ranked| &ranked.path)
    }

    /// Only what stands below these levels, as far as they are given.
    #[must_use]
    pub fn below(mut self, levels: &Path) -> Self {
        let fits = |own: &str, wanted: &str| wanted.is_empty() || own == wanted;
        self.ranked.retain(|ranked| {
            fits(&ranked.path.l1, &levels.l1)
                && fits(&ranked.path.l2, &levels.l2)
                && fits(&ranked.path.l3, &levels.l3)
        });
        self
    }
}

/// What a person decided about a note: the levels that they saved, whether they were suggested or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Code of the service.
    pub service: String,
    /// What they had written.
    pub note: String,
    /// What they chose.
    pub chosen: Path,
}

/// How the confidence is said, in percent.
pub fn percent(p: f32) -> u8 {
    // A share of 0 to 1 has at most three digits as a percentage.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 to 100")]
    let percent = (p.clamp(0.0, 1.0) * 100.0).round() as u8;
    percent
}
