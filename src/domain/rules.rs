//! Figures of the programme that are proposed or may change: `data/rules.json`.

use std::sync::LazyLock;

use serde::Deserialize;

/// The figures.
#[derive(Debug, Clone, Deserialize)]
pub struct Rules {
    /// A status note is overdue when the last is older than this many days (E4).
    pub status_note_days: i64,
    /// From how many days before that a note counts as due soon (Q4).
    pub status_note_soon_days: i64,
    /// For how many days entitlements may be Status Unknown, new ones included (section 7).
    pub unknown_grace_days: i64,
    /// From how many days before a gap is due soon (Q4).
    pub gap_soon_days: i64,
    /// A gap is long overdue when it is so for more than this many days (Q4).
    pub gap_late_days: i64,
    /// How many days ahead one looks unless something else is said.
    pub gap_next_days: i64,
    /// For how many days a digest does not repeat a gap that is as it was (Q4).
    pub gap_repeat_days: i64,
    /// For how many days at most a tenant may be left out of a digest.
    pub snooze_days: i64,
    /// Whether those who own gaps get a digest that they did not order (Q4). They can end it.
    pub digest_by_default: bool,
    /// Most characters of a note's body. DOMAIN 2.4 proposes 10,000; a card of 24 KiB (O4) must be able
    /// to carry the text back to its author in any script, so that nothing typed is lost.
    pub note_body_max: usize,
    /// Most characters of a next action (DOMAIN 2.4).
    pub next_action_max: usize,
    /// Most characters of a next action's owner.
    pub owner_max: usize,
    /// Most characters of a contact's name and of its other lines.
    pub contact_line_max: usize,
    /// Most characters of the longer texts about a contact.
    pub contact_note_max: usize,
    /// For how many minutes a receipt offers Undo.
    pub undo_minutes: i64,
    /// The milestones of active usage, in their order (F10). The last is the maximum, which cannot be opted out of.
    pub milestones: Vec<Milestone>,
    /// Most characters of the notes of a migration line. All lines of a service, typed in any script, must fit
    /// a card (O4).
    pub migration_line_notes_max: usize,
    /// Most characters of the note on why a customer declines the migration (M6).
    pub rejection_note_max: usize,
    /// After how many days without progress a migration's environment is shut down and the migration paused (M10).
    pub migration_idle_days: i64,
    /// After how many days without progress and without a plan the migration team disengages (M10).
    pub migration_disengaged_days: i64,
    /// After how many days at the latest a claim made in Partner Center is seen here (K2).
    pub claim_visible_days: u64,
    /// Most characters of the reason why an engagement start date changes (D5).
    pub reason_max: usize,
    /// Most characters of the note of an entitlement status row (DOMAIN 2.3).
    pub entitlement_note_max: usize,
    /// Who may own a blocker, by name; the first is it unless something else is said (DOMAIN 2.3, 10).
    pub blocker_owners: Vec<String>,
    /// Within how many days a person's request must be done (Y2).
    pub privacy_days: u64,
    /// For how many days before that a reminder is given (Y4).
    pub privacy_reminders: Vec<i32>,
    /// For how many minutes an export waits to be fetched (G4).
    pub export_minutes: i64,
    /// From how many decisions on a firm's own are learnt from, for its suggestions alone.
    pub learn_from: i64,
}

/// A milestone of active usage.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Milestone {
    /// Stable code, for example `15`.
    pub code: String,
    /// Name, for example "15% AU".
    pub name: String,
    /// From which percentage of the entitlements on it is reached; none for the maximum.
    pub percent: Option<u8>,
}

impl Milestone {
    /// The id of the field for its date.
    pub fn field(&self) -> String {
        format!("target_{}", self.code)
    }

    /// The id of the field for the word that it will not be reached (F5).
    pub fn opt_out_field(&self) -> String {
        format!("never_{}", self.code)
    }
}

static RULES: LazyLock<Rules> = LazyLock::new(shipped);

/// The figures that the product ships.
pub fn rules() -> &'static Rules {
    &RULES
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
fn shipped() -> Rules {
    serde_json::from_str(include_str!("../../data/rules.json")).expect("data/rules.json")
}

#[cfg(test)]
mod tests {
    #[test]
    fn e4_the_status_note_is_fortnightly() {
        assert_eq!(super::rules().status_note_days, 14);
    }

    #[test]
    fn f10_milestones_rise_and_the_last_is_the_maximum() {
        let percents: Vec<_> = super::rules().milestones.iter().map(|m| m.percent).collect();
        assert_eq!(percents, [Some(15), Some(40), None]);
    }
}
