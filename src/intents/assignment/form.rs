//! The form: opened empty or with an assignment, ticked whole, saved.

use super::draft::{Draft, Wanted, codes};
use super::sheet::{Meanwhile, Sheet};
use super::staff::Staff;
use super::{holder_of, role_of, saying, settled, write};
use crate::cards::changes;
use crate::cards::form::Theirs;
use crate::domain::access::Act;
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::team::{Holding, Outcome, Team};
use crate::domain::assignment::{Holder, Role, Scope};
use crate::domain::finding::Findings;
use crate::domain::id::{Id, Submission, Tenant};
use crate::store::change_history;
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// The form for somebody who is to be assigned.
#[derive(Debug)]
pub struct Add {
    tenant: Id<Tenant>,
    role: String,
}

impl Intent for Add {
    const NAME: &'static str = "assignment.add";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.id("tenant")?, role: fields.text("role")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::Assign).await?;
        let draft = Draft { role: self.role, ..Draft::default() };
        open(turn, &desk, &draft, &Findings::default()).await
    }
}

/// The form for an assignment that there is.
#[derive(Debug)]
pub struct Edit {
    tenant: Id<Tenant>,
    role: Role,
    holder: Holder,
}

impl Intent for Edit {
    const NAME: &'static str = "assignment.edit";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let holder = holder_of(fields)?.ok_or(Malformed("who"))?;
        Ok(Self { tenant: fields.id("tenant")?, role: role_of(fields)?, holder })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::Assign).await?;
        let staff = Staff::of(turn, &desk).await?;
        let held = staff.team().holding(self.role, &self.holder).map(Holding::coverage);
        // Gone meanwhile: whoever it was can be assigned again.
        let Some(held) = held else {
            return open(turn, &desk, &Draft::default(), &Findings::default()).await;
        };
        let draft = Draft { who: Some(self.holder), role: self.role.code().to_owned(), ..Draft::default() };
        open(turn, &desk, &draft.covering(&held), &Findings::default()).await
    }
}

/// A fresh form with `draft` in it.
pub(super) async fn open(
    turn: &mut Turn,
    desk: &Desk,
    draft: &Draft,
    findings: &Findings,
) -> Result<Reply, Fault> {
    let staff = Staff::of(turn, desk).await?;
    let people = turn.scope.assignees().await?;
    let (version, submission) = (desk.assignment_version, Id::new(turn.now()));
    let sheet = Sheet { desk, staff: &staff, people: &people, draft, version, submission };
    Ok(sheet.card(turn, findings, Meanwhile::Nothing).await?.into())
}

/// What the form hands in.
#[derive(Debug)]
struct Sent {
    tenant: Id<Tenant>,
    version: i64,
    submission: Id<Submission>,
    draft: Draft,
}

impl Sent {
    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            tenant: fields.id("tenant")?,
            version: fields.whole("version", 1)?,
            submission: fields.id("form")?,
            draft: Draft::from_fields(fields)?,
        })
    }

    fn sheet<'a>(&'a self, desk: &'a Desk, staff: &'a Staff, people: &'a [Assignee]) -> Sheet<'a> {
        Sheet { desk, staff, people, draft: &self.draft, version: self.version, submission: self.submission }
    }
}

/// Check all and uncheck all (A12): the same form again, with what was typed kept.
#[derive(Debug)]
pub struct Tick {
    sent: Sent,
    set: String,
}

impl Intent for Tick {
    const NAME: &'static str = "assignment.tick";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sent: Sent::from_fields(fields)?, set: fields.text("set")? })
    }

    async fn run(mut self, turn: &mut Turn) -> Result<Reply, Fault> {
        let draft = &mut self.sent.draft;
        match self.set.as_str() {
            "scopes_all" => draft.scopes = codes(&Scope::all().collect::<Vec<_>>()),
            "scopes_none" => draft.scopes = String::new(),
            // Primary only where assigned (A5).
            "primaries_all" => draft.primaries = draft.scopes.clone(),
            _ => draft.primaries = String::new(),
        }
        let desk = turn.desk(self.sent.tenant, Act::Assign).await?;
        let staff = Staff::of(turn, &desk).await?;
        let people = turn.scope.assignees().await?;
        let sheet = self.sent.sheet(&desk, &staff, &people);
        Ok(sheet.card(turn, &Findings::default(), Meanwhile::Nothing).await?.into())
    }
}

/// The form, sent.
#[derive(Debug)]
pub struct Save {
    sent: Sent,
}

impl Intent for Save {
    const NAME: &'static str = "assignment.save";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { sent: Sent::from_fields(fields)? })
    }

    fn submission(&self) -> Option<String> {
        Some(self.sent.submission.to_string())
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let sent = &self.sent;
        let desk = turn.desk(sent.tenant, Act::Assign).await?;
        let staff = Staff::of(turn, &desk).await?;
        let people = turn.scope.assignees().await?;
        let before = staff.team();
        let wanted = sent.draft.check(&staff, &people);
        let outcome = wanted.and_then(|wanted| Ok((operation(&sent.draft, &before, &wanted)?, wanted)));
        let (outcome, wanted) = match outcome {
            Ok(outcome) => outcome,
            Err(findings) => {
                let sheet = sent.sheet(&desk, &staff, &people);
                return Err(sheet.card(turn, &findings, Meanwhile::Nothing).await?.into());
            }
        };
        if desk.assignment_version != sent.version {
            let meanwhile = meanwhile(turn, sent).await?;
            let mut sheet = sent.sheet(&desk, &staff, &people);
            (sheet.version, sheet.submission) = (desk.assignment_version, Id::new(turn.now()));
            return Err(sheet.card(turn, &Findings::default(), meanwhile).await?.into());
        }
        let (after, taken) = settled(outcome, &staff);
        let saying = saying(&desk, "Assignment saved", &wanted.coverage, wanted.role, &wanted.holder, &after)
            .about(format!("{} · {}", wanted.name, wanted.role.name()));
        let edit = turn.edit(&desk, Self::NAME).await?;
        write(turn, &desk, before, after).await?;
        if taken.is_empty() {
            return edit.receipt(turn, saying).await;
        }
        let saying = saying.asks("Take the mark over?", "Move the mark").warning(taken);
        edit.confirmed(turn, Self::NAME, self.fields(), saying).await
    }
}

impl Save {
    /// What the question hands in when it is answered.
    fn fields(&self) -> serde_json::Value {
        let mut fields = self.sent.draft.fields();
        fields["tenant"] = self.sent.tenant.to_string().into();
        fields["version"] = self.sent.version.into();
        fields["form"] = self.sent.submission.to_string().into();
        fields
    }
}

/// A new assignment comes on top of what somebody has in that role; an edited one is as it was ticked.
fn operation(draft: &Draft, team: &Team, wanted: &Wanted) -> Result<Outcome, Findings> {
    if draft.who.is_some() {
        team.edit(wanted.role, &wanted.holder, &wanted.coverage)
    } else {
        team.assign(wanted.role, &wanted.holder, &wanted.coverage)
    }
}

/// What was done to the tenant's assignments since the form was handed out (C2).
async fn meanwhile(turn: &mut Turn, sent: &Sent) -> Result<Meanwhile, Fault> {
    let wanted = change_history::Wanted {
        kinds: &["assignment"],
        since: sent.submission.made(),
        ..change_history::Wanted::default()
    };
    let (mut made, _) = turn.scope.changes_of(sent.tenant, &wanted, 0, 20).await?;
    for made in &mut made {
        made.rows.retain(|row| row.kind == "assignment");
    }
    let Some(latest) = made.first() else { return Ok(Meanwhile::Feed) };
    let when = turn.clock_time(latest.at);
    let lines = made.iter().flat_map(|made| changes::differences(&made.rows)).collect();
    Ok(Meanwhile::SomebodyElse(Theirs { who: latest.who.clone(), when, lines }))
}
