//! The assignment form as it was typed, and what it means.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::staff::Staff;
use super::{holder_of, written};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::line::who;
use crate::domain::assignment::team::Holding;
use crate::domain::assignment::{Coverage, Holder, Role, Scope};
use crate::domain::finding::{Findings, Misassigned, Rule};
use crate::domain::search::Found;
use crate::domain::text::search_key;
use crate::turn::{Fields, Malformed};

/// The form as it was typed: reading it cannot fail, so that it can always be shown back.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    /// Whose assignment it is; none: somebody who is named below.
    pub(super) who: Option<Holder>,
    /// Role, by code.
    pub(super) role: String,
    /// What the people picker gave: an object id or a user name.
    pub(super) person: String,
    /// A name, where the picker does not help.
    pub(super) typed: String,
    /// Scopes by code, with commas between.
    pub(super) scopes: String,
    /// Where primary, likewise.
    pub(super) primaries: String,
}

/// What a draft comes to.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) role: Role,
    pub(super) holder: Holder,
    pub(super) name: String,
    pub(super) coverage: Coverage,
}

impl Draft {
    pub(super) fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self {
            who: holder_of(fields)?,
            role: fields.text("role")?,
            person: fields.text("person")?,
            typed: fields.text("typed")?,
            scopes: fields.text("scopes")?,
            primaries: fields.text("primaries")?,
        })
    }

    /// The same as the fields of a card.
    pub(super) fn fields(&self) -> Value {
        json!({
            "who": self.who.as_ref().map(written).unwrap_or_default(), "role": self.role, "person": self.person,
            "typed": self.typed, "scopes": self.scopes, "primaries": self.primaries,
        })
    }

    /// With scopes and marks as they are given.
    pub(super) fn covering(self, coverage: &Coverage) -> Self {
        Self { scopes: codes(&coverage.scopes), primaries: codes(&coverage.primaries), ..self }
    }

    /// Checks the draft (A2, A3): all findings at once.
    pub(super) fn check(&self, staff: &Staff, people: &[Assignee]) -> Result<Wanted, Findings> {
        let mut findings = Findings::default();
        let role = findings.keep("role", self.role());
        let found = self.holder(staff, people, role, &mut findings);
        let held = role
            .zip(found.as_ref())
            .and_then(|(role, (holder, _))| staff.team().holding(role, holder).map(Holding::coverage));
        let known: BTreeSet<Scope> = Scope::all().chain(held.unwrap_or_default().scopes).collect();
        let scopes = findings.keep("scopes", chosen(&self.scopes, &known));
        let primaries = findings.keep("primaries", chosen(&self.primaries, &known));
        if scopes.as_ref().is_some_and(BTreeSet::is_empty) {
            findings.add("scopes", Rule::Required);
        }
        match (role, found, scopes, primaries) {
            (Some(role), Some((holder, name)), Some(scopes), Some(primaries)) if findings.is_empty() => {
                Ok(Wanted { role, holder, name, coverage: Coverage { scopes, primaries } })
            }
            _ => Err(findings),
        }
    }

    fn role(&self) -> Result<Role, Rule> {
        let missing = if self.role.is_empty() { Rule::Required } else { Rule::UnknownChoice };
        Role::stored(&self.role).ok_or(missing)
    }

    /// Who it is, and their name.
    fn holder(
        &self,
        staff: &Staff,
        people: &[Assignee],
        role: Option<Role>,
        findings: &mut Findings,
    ) -> Option<(Holder, String)> {
        if let Some(holder) = &self.who {
            return known(holder, staff, people, role, findings);
        }
        let (field, value) = match (self.person.trim(), self.typed.trim()) {
            ("", "") => ("person", ""),
            ("", typed) => ("typed", typed),
            (picked, _) => ("person", picked),
        };
        let assignee = findings.keep(field, named(value, people))?;
        if let Some(role) = role {
            findings.keep(field, assignee.may_hold(role))?;
        }
        Some((assignee.holder.clone(), assignee.name.clone()))
    }
}

/// Somebody whose assignment was opened. Whoever has none any more must be one of the firm's again (A2).
fn known(
    holder: &Holder,
    staff: &Staff,
    people: &[Assignee],
    role: Option<Role>,
    findings: &mut Findings,
) -> Option<(Holder, String)> {
    if role.is_some_and(|role| staff.team().holding(role, holder).is_some()) {
        return Some((holder.clone(), staff.name_of(holder).to_owned()));
    }
    let listed =
        people.iter().find(|one| one.holder == *holder).ok_or_else(|| Misassigned::NotOfTheFirm.into());
    let one = findings.keep("person", listed)?;
    findings.keep("person", one.may_hold(role?))?;
    Some((one.holder.clone(), one.name.clone()))
}

/// Who is meant by a value of the form. Nothing is guessed here: no form shows whom it took.
fn named<'p>(value: &str, people: &'p [Assignee]) -> Result<&'p Assignee, Rule> {
    if value.is_empty() {
        return Err(Rule::Required);
    }
    if let Some(picked) = people.iter().find(|person| person.is_picked_by(value)) {
        return Ok(picked);
    }
    let meant = who(value, people);
    match meant.found {
        Found::One(one) if meant.rest.is_empty() && one.is_called(&search_key(value)) => Ok(one),
        Found::Several(several) if meant.rest.is_empty() => {
            let names = several.iter().map(|one| one.exact().to_owned()).collect();
            Err(Rule::Assignment(Misassigned::SeveralPeople { names }))
        }
        _ => Err(Misassigned::NotOfTheFirm.into()),
    }
}

fn chosen(typed: &str, known: &BTreeSet<Scope>) -> Result<BTreeSet<Scope>, Rule> {
    let codes = typed.split(',').map(str::trim).filter(|code| !code.is_empty());
    let scope = |code| Some(Scope::stored(code)).filter(|scope| known.contains(scope));
    codes.map(|code| scope(code).ok_or(Rule::UnknownChoice)).collect()
}

/// As a field with several choices holds them.
pub(super) fn codes<'s>(scopes: impl IntoIterator<Item = &'s Scope>) -> String {
    scopes.into_iter().map(Scope::code).collect::<Vec<_>>().join(",")
}
