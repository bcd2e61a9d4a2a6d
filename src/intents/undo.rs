//! Taking a change back: the latest in this chat, or the one of a receipt.

use chrono::TimeDelta;

use crate::cards::note::{Outcome, Saved};
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::id::{Change, Id};
use crate::store::change::{Step, Undoable};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// `undo`, and the button of a receipt.
#[derive(Debug)]
pub struct Undo {
    /// The receipt's change; none: the latest in this chat.
    pub change: Option<Id<Change>>,
}

impl Intent for Undo {
    const NAME: &'static str = "undo";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { change: Some(fields.id("change")?) })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let conversation = turn.place.conversation.clone();
        let Some(change) = turn.scope.change_of(&turn.actor, &conversation, self.change).await? else {
            return Err(render(&notices::nothing_to_undo())?.into());
        };
        let desk = turn.desk(change.tenant, Act::WriteNote).await?;
        if change.undone.is_some() {
            return Err(render(&notices::undone_already(change.tenant))?.into());
        }
        let minutes = Turn::rules().undo_minutes;
        if turn.now() - change.made > TimeDelta::minutes(minutes) {
            return Err(render(&notices::too_late_to_undo(change.tenant, minutes))?.into());
        }
        let status_kept = take_back(turn, &change).await?;
        turn.scope.mark_undone(change.id).await?;
        receipt(turn, &desk, &change, status_kept).await
    }
}

/// Undoes every step, the last first. True: the overall status was changed again since and stays.
async fn take_back(turn: &mut Turn, change: &Undoable) -> Result<bool, Fault> {
    let mut status_kept = false;
    for step in change.steps.iter().rev() {
        let done = match step {
            Step::NoteWritten { note } => turn.scope.withdraw_note(&turn.actor, change.tenant, *note).await?,
            Step::NoteAmended { note, version } => {
                turn.scope.restore_note(&turn.actor, change.tenant, *note, *version).await?
            }
            Step::OverallStatus { status, status_date, version } => {
                let scope = &mut turn.scope;
                let restored = scope
                    .restore_overall_status(&turn.actor, change.tenant, status, *status_date, *version)
                    .await?;
                status_kept = !restored;
                true
            }
        };
        if !done {
            return Err(render(&notices::changed_since(change.tenant))?.into());
        }
    }
    Ok(status_kept)
}

/// What stands now: the withdrawn note, or the one whose former words are back.
async fn receipt(turn: &mut Turn, desk: &Desk, change: &Undoable, status_kept: bool) -> Result<Reply, Fault> {
    let note = change.steps.iter().find_map(|step| match step {
        Step::NoteWritten { note } | Step::NoteAmended { note, .. } => Some(*note),
        Step::OverallStatus { .. } => None,
    });
    let row = match note {
        Some(note) => turn.scope.note(change.tenant, note).await?,
        None => None,
    };
    let Some((row, note)) = row.and_then(|row| row.engagement_note().map(|note| (row, note))) else {
        return Ok(render(&notices::undone(&desk.customer_name, change.tenant))?.into());
    };
    let (outcome, hint) = match (row.withdrawn.is_some(), status_kept) {
        (true, false) => (Outcome::Undone, ""),
        (true, true) => (Outcome::Undone, "The overall status was changed again since, and stays as it is."),
        (false, _) => (Outcome::Amended, "Undone: the words before the edit stand again."),
    };
    let when = turn.clock_time(row.written);
    let saved = Saved::new(outcome, change.tenant, &desk.customer_name, &note, &row.author, &when);
    let saved = if hint.is_empty() { saved } else { saved.hint(hint) };
    Ok(render(&saved)?.into())
}
