//! Taking a change back: the latest in this chat, or the one of a receipt.

use chrono::TimeDelta;

use super::assignment;
use crate::cards::note::{Outcome, Saved};
use crate::cards::{Card, notices, render};
use crate::domain::access::Act;
use crate::domain::id::{Change, Id};
use crate::store::change::{Step, Undoable};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

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
        // Whoever gave their own assignment away gets the right back with it: it is asked for afterwards.
        let right = right_to(&change.act);
        let desks = desks(turn, &change, if right == Act::Assign { Act::See } else { right }).await?;
        if change.undone.is_some() {
            return Err(render(&notices::undone_already(change.tenant))?.into());
        }
        let minutes = Turn::rules().undo_minutes;
        if turn.now() - change.made > TimeDelta::minutes(minutes) {
            return Err(render(&notices::too_late_to_undo(change.tenant, minutes))?.into());
        }
        let edit = match desks.as_slice() {
            [desk] => turn.edit(desk, Self::NAME).await?,
            _ => turn.edit_several(Self::NAME).await?,
        };
        let status_kept = take_notes_back(turn, &change).await?;
        if !turn.scope.take_rows_back(change.id).await? {
            return Err(render(&notices::changed_since(change.tenant))?.into());
        }
        if right == Act::Assign {
            still_allowed(turn, &change, &desks).await?;
        }
        turn.scope.mark_undone(change.id).await?;
        match note_receipt(turn, &desks, &change, status_kept).await? {
            Some(card) if turn.scope.row_changes(edit.change).await?.is_empty() => Ok(card.into()),
            Some(_) => {
                edit.undone(turn, Saying::done("Undone").hint("The note with the reason is withdrawn.")).await
            }
            None => edit.undone(turn, Saying::done("Undone")).await,
        }
    }
}

/// A desk at every tenant of the change, or the refusal: whoever may no longer do it may not undo it either.
async fn desks(turn: &mut Turn, change: &Undoable, right: Act) -> Result<Vec<Desk>, Fault> {
    let tenants = match change.tenant {
        Some(tenant) => vec![tenant],
        None => turn.scope.changed_tenants(change.id).await?,
    };
    let mut desks = Vec::with_capacity(tenants.len());
    for tenant in tenants {
        desks.push(turn.desk(tenant, right).await?);
    }
    Ok(desks)
}

/// Whether assignments may be as they are again: the person has the right to them, and no tenant lost its last P-RM
/// (A7).
async fn still_allowed(turn: &mut Turn, change: &Undoable, seen: &[Desk]) -> Result<(), Fault> {
    desks(turn, change, Act::Assign).await?;
    let bereft = turn.scope.without_regional_manager(change.id).await?;
    match seen.iter().find(|desk| Some(desk.tenant) == bereft) {
        Some(desk) => Err(assignment::last_regional_manager(desk)?.into()),
        None => Ok(()),
    }
}

/// The right that an intent of this name needs.
fn right_to(act: &str) -> Act {
    match act.split('.').next().unwrap_or_default() {
        "contact" => Act::EditContacts,
        "status" => Act::EditStatus,
        "forecast" => Act::EditForecast,
        "migration" => Act::EditMigration,
        "scenario" => Act::SetScenario,
        "start" => Act::SetStartDate,
        "assignment" => Act::Assign,
        _ => Act::WriteNote,
    }
}

/// Undoes every step of notes, the last first. True: the overall status was changed again since and stays.
async fn take_notes_back(turn: &mut Turn, change: &Undoable) -> Result<bool, Fault> {
    let Some(tenant) = change.tenant else { return Ok(false) };
    let mut status_kept = false;
    for step in change.steps.iter().rev() {
        let done = match step {
            Step::NoteWritten { note } => turn.scope.withdraw_note(&turn.actor, tenant, *note).await?,
            Step::NoteAmended { note, version } => {
                turn.scope.restore_note(&turn.actor, tenant, *note, *version).await?
            }
            Step::OverallStatus { status, status_date, version } => {
                let scope = &mut turn.scope;
                let restored =
                    scope.restore_overall_status(&turn.actor, tenant, status, *status_date, *version).await?;
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

/// What stands now of a note that was taken back: withdrawn, or with its former words. `None`: there was no note.
async fn note_receipt(
    turn: &mut Turn,
    desks: &[Desk],
    change: &Undoable,
    status_kept: bool,
) -> Result<Option<Card>, Fault> {
    let note = change.steps.iter().find_map(|step| match step {
        Step::NoteWritten { note } | Step::NoteAmended { note, .. } => Some(*note),
        Step::OverallStatus { .. } => None,
    });
    let (Some(note), [desk]) = (note, desks) else { return Ok(None) };
    let row = turn.scope.note(desk.tenant, note).await?;
    let Some((row, note)) = row.and_then(|row| row.engagement_note().map(|note| (row, note))) else {
        return Ok(Some(render(&notices::undone(&desk.customer_name, desk.tenant))?));
    };
    let (outcome, hint) = match (row.withdrawn.is_some(), status_kept) {
        (true, false) => (Outcome::Undone, ""),
        (true, true) => (Outcome::Undone, "The overall status was changed again since, and stays as it is."),
        (false, _) => (Outcome::Amended, "Undone: the words before the edit stand again."),
    };
    let when = turn.clock_time(row.written);
    let saved = Saved::new(outcome, desk.tenant, &desk.customer_name, &note, &row.author, &when);
    let saved = if hint.is_empty() { saved } else { saved.hint(hint) };
    Ok(Some(render(&saved)?))
}
