//! The rules that only status rows know.

use super::super::suggestion::Lack;

/// A rule that a change of the grid can break. The sentences that people read are in `cards::finding`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GridRule {
    /// A status row with 0 entitlements, which must be deleted instead (DOMAIN 2.3).
    ZeroRow,
    /// Two parts of the same status and reasons (DOMAIN 2.3).
    PathTwice,
    /// Another status with the old note (N15).
    NewNoteNeeded,
    /// The note does not say enough to tell the status (N9).
    NoteUnclear {
        /// What it lacks.
        lacks: Option<Lack>,
        /// Its words that keep the intent open.
        ambiguous: Vec<String>,
    },
    /// The parts take more than there is for them, or leave something over.
    PartsOff {
        /// What they take.
        sum: i64,
        /// What there is.
        there: i64,
    },
    /// The rows of the service would not add up to its total (N1).
    RowsOff {
        /// What they add up to.
        sum: i64,
        /// The total.
        total: i64,
    },
    /// The migration lines would not add up to In Progress any more (M9).
    MigrationOff {
        /// What the lines add up to.
        lines: i64,
        /// In Progress after the change.
        in_progress: i64,
    },
}
