//! Editing the chat message amends the note that it made.

use super::tenant::{Then, resolve};
use crate::cards::note as faces;
use crate::cards::note::Outcome;
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::field::required_text;
use crate::store::note_history::NoteRow;
use crate::turn::words::{Heard, hear, name_and_text};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// A message was edited; `words` is what it says now.
#[derive(Debug)]
pub struct Amend {
    /// The whole line.
    pub words: String,
}

impl Intent for Amend {
    const NAME: &'static str = "note.amend";
    const WRITES: bool = true;

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        // No card amends: only the message itself does.
        Err(Malformed("words"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let place = turn.place.clone();
        let Some(message) = place.message() else { return Ok(Reply::Silence) };
        let Some(note) = turn.scope.note_of_message(&turn.actor, message).await? else {
            return Ok(Reply::Silence);
        };
        let desk = turn.desk(note.tenant, Act::WriteNote).await?;
        // As it is now that nobody else can write to this tenant.
        let Some(note) = turn.scope.note(note.tenant, note.id).await? else { return Ok(Reply::Silence) };
        let Some(body) = self.body(turn, &note).await? else {
            return Err(render(&notices::amendment_unclear(note.tenant))?.into());
        };
        if body == note.body {
            return Ok(Reply::Silence);
        }
        let edit = turn.edit(&desk, Self::NAME).await?;
        let Some(steps) = turn.scope.amend_note(&turn.actor, &note, &body).await? else {
            return Err(render(&notices::changed_since(Some(note.tenant)))?.into());
        };
        edit.steps(turn, &steps).await?;
        let Some(mut amended) = note.engagement_note() else { return Ok(Reply::Silence) };
        amended.body = body;
        let when = turn.clock_time(turn.now());
        let name = &turn.actor.name;
        let saved =
            faces::Saved::new(Outcome::Amended, note.tenant, &desk.customer_name, &amended, name, &when);
        Ok(render(&saved.undo(Some(edit.change)))?.into())
    }
}

impl Amend {
    /// The note's new words, if the line still is a note for the same tenant.
    async fn body(&self, turn: &mut Turn, note: &NoteRow) -> Result<Option<String>, Fault> {
        let Heard::Command(command, rest) = hear(&self.words, super::registry::COMMANDS) else {
            return Ok(None);
        };
        let Some((name, text)) = name_and_text(rest).filter(|_| command.word() == "note") else {
            return Ok(None);
        };
        let same = match resolve(turn, name, &Then::open("")).await {
            Ok(tenant) => tenant == note.tenant,
            Err(Fault::Shown(_)) => false,
            Err(fault) => return Err(fault),
        };
        Ok(required_text(text, Turn::rules().note_body_max).ok().filter(|_| same))
    }
}
