//! One line of chat: `assign @user P-FE contoso teams, exo primary`, `unassign @user contoso [role] [services]`.
//! Both ask before they do it, for they name people.

use serde_json::json;

use super::draft::Draft;
use super::people::the_one;
use super::remove::{Taking, take};
use super::staff::Staff;
use super::{form, saying, settled, write};
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::assignment::Role;
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::line::{Line, Place};
use crate::domain::finding::{Findings, Rule};
use crate::domain::id::{Id, Tenant};
use crate::domain::search::Found;
use crate::intents::tenant::{Then, resolve};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// How each line is written.
pub const ASSIGN: &str = "assign <person> <P-RM | P-FM | P-FE> <tenant> <services | tenant | all> [primary]";
/// How it is taken back.
pub const UNASSIGN: &str = "unassign <person> <tenant> [role] [services]";

/// What was typed, and the tenant once it is clear.
#[derive(Debug)]
struct Words {
    tenant: Option<Id<Tenant>>,
    body: String,
}

impl Words {
    fn typed(words: &str) -> Result<Self, Usage> {
        if words.is_empty() { Err(Usage) } else { Ok(Self { tenant: None, body: words.to_owned() }) }
    }

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { tenant: fields.optional_id("tenant")?, body: fields.text("body")? })
    }

    /// The tenant that `named` is, or the one that was chosen; `exact` is what is typed again meanwhile.
    async fn tenant(
        &self,
        turn: &mut Turn,
        named: &str,
        verb: &'static str,
        exact: &str,
    ) -> Result<Id<Tenant>, Fault> {
        match self.tenant {
            Some(tenant) => Ok(tenant),
            None => resolve(turn, named, &Then::carrying(verb, exact)).await,
        }
    }
}

/// `assign …`.
#[derive(Debug)]
pub struct Assign {
    words: Words,
}

impl Assign {
    /// Reads what follows `assign`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        Ok(Self { words: Words::typed(words)? })
    }
}

impl Intent for Assign {
    const NAME: &'static str = "assignment.assign";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { words: Words::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let people = turn.scope.assignees().await?;
        let line = Line::read(&self.words.body);
        let named = line.who(&people);
        // `assign contoso` opens the empty form.
        let nobody = matches!(&named.found, Found::Nearest(near) if near.is_empty());
        if nobody && line.role.is_none() {
            let tenant = self.words.tenant(turn, line.before, form::Add::NAME, "").await?;
            let desk = turn.desk(tenant, Act::Assign).await?;
            return form::open(turn, &desk, &Draft::default(), &Findings::default()).await;
        }
        let rest = named.rest;
        let person = the_one(named, Self::NAME, self.words.tenant, |who| line.naming(who, rest))?;
        let exact = line.naming(person.exact(), rest);
        let said = [rest, line.after].join(" ");
        let place = Place::read(&said);
        if place.tenant.is_empty() && self.words.tenant.is_none() {
            return Err(render(&notices::usage(ASSIGN, "It lacks the tenant."))?.into());
        }
        let tenant = self.words.tenant(turn, place.tenant, Self::NAME, &exact).await?;
        let desk = turn.desk(tenant, Act::Assign).await?;
        self.assign(turn, &desk, person, line.role, &place, &exact).await
    }
}

impl Assign {
    async fn assign(
        &self,
        turn: &mut Turn,
        desk: &Desk,
        person: &Assignee,
        role: Option<Role>,
        place: &Place<'_>,
        exact: &str,
    ) -> Result<Reply, Fault> {
        let staff = Staff::of(turn, desk).await?;
        let before = staff.team();
        let outcome = checked(person, role, place)
            .and_then(|role| Ok((role, before.assign(role, &person.holder, &place.coverage)?)));
        let (role, outcome) = match outcome {
            Ok(outcome) => outcome,
            Err(findings) => {
                let role = role.map(Role::code).unwrap_or_default().to_owned();
                let draft = Draft { role, typed: person.exact().to_owned(), ..Draft::default() };
                let draft = draft.covering(&place.coverage);
                let Reply::Card(card) = form::open(turn, desk, &draft, &findings).await? else {
                    return Ok(Reply::Silence);
                };
                return Err(card.into());
            }
        };
        let (after, taken) = settled(outcome, &staff);
        let saying = saying(desk, "Assignment saved", &place.coverage, role, &person.holder, &after)
            .asks("Assign?", "Assign")
            .about(format!("{} · {}", person.name, role.name()))
            .warning(taken);
        let edit = turn.edit(desk, Self::NAME).await?;
        write(turn, desk, before, after).await?;
        let fields = json!({ "tenant": desk.tenant, "body": exact });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

/// The role, if this person may be given it (A2) and every word was understood.
fn checked(person: &Assignee, role: Option<Role>, place: &Place<'_>) -> Result<Role, Findings> {
    let mut findings = Findings::default();
    let role = findings.keep("role", role.ok_or(Rule::Required));
    if let Some(role) = role {
        findings.keep("typed", person.may_hold(role));
    }
    if !place.unknown.is_empty() {
        findings.add("scopes", Rule::UnknownChoice);
    } else if place.coverage.scopes.is_empty() {
        findings.add("scopes", Rule::Required);
    }
    role.filter(|_| findings.is_empty()).ok_or(findings)
}

/// `unassign …`.
#[derive(Debug)]
pub struct Unassign {
    words: Words,
}

impl Unassign {
    /// Reads what follows `unassign`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        Ok(Self { words: Words::typed(words)? })
    }
}

impl Intent for Unassign {
    const NAME: &'static str = "assignment.unassign";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { words: Words::from_fields(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let people = turn.scope.assignees().await?;
        let line = Line::read(&self.words.body);
        let named = line.who(&people);
        let rest = named.rest;
        let person = the_one(named, Self::NAME, self.words.tenant, |who| line.naming(who, rest))?;
        let exact = line.naming(person.exact(), rest);
        let said = [rest, line.after].join(" ");
        let place = Place::read(&said);
        let lacks = if place.tenant.is_empty() && self.words.tenant.is_none() {
            "It lacks the tenant."
        } else if place.unknown.is_empty() {
            ""
        } else {
            "Behind the colon stand services, by name or short form."
        };
        if !lacks.is_empty() {
            return Err(render(&notices::usage(UNASSIGN, lacks))?.into());
        }
        let tenant = self.words.tenant(turn, place.tenant, Self::NAME, &exact).await?;
        let desk = turn.desk(tenant, Act::Assign).await?;
        let staff = Staff::of(turn, &desk).await?;
        let one = line.role.map(|role| [role]);
        let taking = Taking {
            holder: &person.holder,
            name: &person.name,
            roles: one.as_ref().map_or(&Role::ALL[..], |role| &role[..]),
            scopes: place.coverage.scopes,
        };
        let fields = json!({ "tenant": desk.tenant, "body": exact });
        take(turn, &desk, &staff, taking, Self::NAME, fields).await
    }
}
