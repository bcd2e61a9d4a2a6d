//! The fortnightly status note: the form, and one line of chat.

use super::tenant::{At, Then, resolve};
use crate::cards::note as faces;
use crate::cards::note::Outcome;
use crate::cards::{Card, render};
use crate::domain::access::Act;
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::domain::note::{Draft, EngagementNote};
use crate::domain::tenant::OverallStatus;
use crate::store::desk::Desk;
use crate::turn::intent::draft;
use crate::turn::words::name_and_text;
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Turn, Usage};

/// Reads what follows `note`: a name alone opens the form, a name and a text save at once.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (name, text) = name_and_text(words).unwrap_or((words, ""));
    match (name, text) {
        ("", _) => Err(Usage),
        (name, "") => Ok(Box::new(Find { query: name.to_owned() })),
        (name, text) => Ok(Box::new(Write { at: At::Named(name.to_owned()), body: text.to_owned() })),
    }
}

/// `note <tenant>`.
#[derive(Debug)]
struct Find {
    query: String,
}

impl Intent for Find {
    const NAME: &'static str = "note.find";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { query: fields.text("query")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let tenant = resolve(turn, &self.query, &Then::open(Open::NAME)).await?;
        Open { tenant }.run(turn).await
    }
}

/// The empty form: status as it is, date today (E2, E5).
#[derive(Debug)]
pub struct Open {
    tenant: Id<Tenant>,
}

impl Intent for Open {
    const NAME: &'static str = "note.open";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::WriteNote).await?;
        let draft = Draft {
            status: desk.overall_status.clone(),
            status_date: turn.today().0.to_string(),
            ..Draft::default()
        };
        let submission = Id::new(turn.now());
        Ok(form(turn, &desk, desk.version, submission, &draft, Findings::default()).await?.into())
    }
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    tenant: Id<Tenant>,
    version: i64,
    submission: Id<Submission>,
    draft: Draft,
}

impl Intent for Save {
    const NAME: &'static str = "note.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            draft: draft(fields)?,
        })
    }

    fn submission(&self) -> Option<String> {
        Some(self.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::WriteNote).await?;
        let note = match self.draft.check(turn.today(), Turn::rules()) {
            Ok(note) => note,
            Err(findings) => {
                let again = form(turn, &desk, self.version, self.submission, &self.draft, findings).await?;
                return Err(again.into());
            }
        };
        match save(turn, &desk, self.version, &note).await? {
            Some(saved) => Ok(saved.into()),
            None => Err(conflict(turn, &desk, &self.draft).await?.into()),
        }
    }
}

/// `note <tenant>: <text>`: saved at once, with the overall status as it is.
#[derive(Debug)]
pub struct Write {
    at: At,
    body: String,
}

impl Intent for Write {
    const NAME: &'static str = "note.write";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { at: At::Chosen(fields.id("tenant")?), body: fields.text("body")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let id = self.at.tenant(turn, &Then::carrying(Self::NAME, &self.body)).await?;
        let desk = turn.desk(id, Act::WriteNote).await?;
        let draft = Draft {
            status: desk.overall_status.clone(),
            status_date: turn.today().0.to_string(),
            body: self.body,
            ..Draft::default()
        };
        let note = match draft.check(turn.today(), Turn::rules()) {
            Ok(note) => note,
            Err(findings) => {
                let submission = Id::new(turn.now());
                return Err(form(turn, &desk, desk.version, submission, &draft, findings).await?.into());
            }
        };
        match save(turn, &desk, desk.version, &note).await? {
            Some(saved) => Ok(saved.into()),
            // The tenant is locked by this turn, so nobody can have been faster.
            None => Err(Fault::Again),
        }
    }
}

/// Saves the note and answers with its receipt; `None`: somebody was faster (C1).
pub(super) async fn save(
    turn: &mut Turn,
    desk: &Desk,
    version: i64,
    note: &EngagementNote,
) -> Result<Option<Card>, Fault> {
    let place = turn.place.clone();
    let message = place.message();
    let edit = turn.edit(desk, Save::NAME).await?;
    let Some(steps) = turn.scope.save_note(&turn.actor, desk, version, note, message).await? else {
        return Ok(None);
    };
    edit.steps(turn, &steps).await?;
    let when = turn.clock_time(turn.now());
    let saved =
        faces::Saved::new(Outcome::Saved, desk.tenant, &desk.customer_name, note, &turn.actor.name, &when);
    Ok(Some(render(&saved.undo(Some(edit.change)))?))
}

async fn form(
    turn: &mut Turn,
    desk: &Desk,
    version: i64,
    submission: Id<Submission>,
    draft: &Draft,
    findings: Findings,
) -> Result<Card, Fault> {
    let previous = turn.scope.latest_note(&turn.actor, desk.tenant).await?.map(|note| {
        let status = note.overall_status.as_deref().and_then(OverallStatus::of);
        faces::Previous::new(&note.author, turn.day_of(note.written), status, &note.body)
    });
    let form = faces::Form::new(desk.tenant, version, submission, turn.today().0)
        .about(&desk.customer_name, &desk.name)
        .typed(draft, findings)
        .previous(previous);
    Ok(render(&form)?)
}

/// Both texts, and the choice (C2).
pub(super) async fn conflict(turn: &mut Turn, desk: &Desk, mine: &Draft) -> Result<Card, Fault> {
    let submission = Id::new(turn.now());
    let conflict = faces::Conflict::new(desk.tenant, desk.version, submission, &desk.customer_name, mine);
    let conflict = match turn.scope.latest_note(&turn.actor, desk.tenant).await? {
        Some(theirs) => {
            let when = turn.clock_time(theirs.written);
            conflict.theirs(&theirs.author, when, theirs.engagement_note().as_ref(), turn.today().0)
        }
        None => conflict,
    };
    Ok(render(&conflict)?)
}
