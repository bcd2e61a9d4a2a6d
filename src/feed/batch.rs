//! A file's rows as drafts: every field read and judged by itself. What needs the firm's data is judged
//! in `plan`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::cell::Manner;
use super::kind::Kind;
use super::report::{Problem, Rule};
use super::source::{Row, Source};
use super::{cell, rows};
use crate::domain::text;

/// What a row says of an optional field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given<T> {
    /// Nothing: what is stored stays.
    Not,
    /// That there is no value.
    Cleared,
    /// This value.
    Is(T),
}

impl<T: Clone> Given<T> {
    /// Sets a field that may be empty.
    pub(super) fn set<U: From<T>>(&self, stored: &mut Option<U>) {
        match self {
            Self::Not => {}
            Self::Cleared => *stored = None,
            Self::Is(value) => *stored = Some(value.clone().into()),
        }
    }

    /// Sets a field that always has a value; `empty` is the one that stands for none.
    pub(super) fn set_or<U: From<T>>(&self, stored: &mut U, empty: U) {
        match self {
            Self::Not => {}
            Self::Cleared => *stored = empty,
            Self::Is(value) => *stored = value.clone().into(),
        }
    }

    /// The value, if there is one.
    pub(super) fn value(self) -> Option<T> {
        if let Self::Is(value) = self { Some(value) } else { None }
    }
}

/// The fields of one row, taken out one by one; what is left at the end is unknown.
pub(super) struct Cells<'p> {
    pub line: usize,
    pub manner: Manner,
    fields: Map<String, Value>,
    problems: &'p mut Vec<Problem>,
    warnings: &'p mut Vec<Problem>,
    sound: bool,
}

impl Cells<'_> {
    /// Records what `rule` holds against `field`.
    pub(super) fn refuse(&mut self, field: &str, rule: Rule) {
        self.sound = false;
        self.problems.push(Problem::new(self.line, field, rule));
    }

    /// A field that may be absent or empty.
    pub(super) fn optional<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&Value, Manner) -> Result<T, Rule>,
    ) -> Given<T> {
        match self.fields.remove(field) {
            None => Given::Not,
            Some(Value::Null) => Given::Cleared,
            Some(Value::String(text)) if text.trim().is_empty() => Given::Cleared,
            Some(value) => match self.warned(field, &value, read) {
                Ok(value) => Given::Is(value),
                Err(rule) => {
                    self.refuse(field, rule);
                    Given::Not
                }
            },
        }
    }

    /// A field that must have a value. None: it has not, and that was recorded.
    pub(super) fn required<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&Value, Manner) -> Result<T, Rule>,
    ) -> Option<T> {
        let before = self.problems.len();
        match self.optional(field, read) {
            Given::Is(value) => Some(value),
            Given::Not | Given::Cleared => {
                if self.problems.len() == before {
                    self.refuse(field, Rule::Required);
                }
                None
            }
        }
    }

    fn warned<T>(
        &mut self,
        field: &str,
        value: &Value,
        read: impl FnOnce(&Value, Manner) -> Result<T, Rule>,
    ) -> Result<T, Rule> {
        let hidden =
            value.as_str().is_some_and(|text| !text.is_ascii() && text.chars().any(text::is_invisible));
        let read = read(value, self.manner)?;
        if hidden {
            self.warn(field, Rule::HiddenCharacters);
        }
        Ok(read)
    }

    /// Says something of a field that does not stand in the way.
    pub(super) fn warn(&mut self, field: &str, rule: Rule) {
        self.warnings.push(Problem::new(self.line, field, rule));
    }

    /// Names the fields that nobody asked for. Whether the row is sound.
    pub(super) fn finish(mut self) -> bool {
        for field in std::mem::take(&mut self.fields).keys() {
            self.refuse(field, Rule::UnknownField);
        }
        self.sound
    }
}

/// What the operator says of the files, or the file of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Header {
    /// MPN id of the firm.
    pub firm: Option<String>,
    /// Kinds of which the file lists all that there is.
    pub complete: BTreeSet<Kind>,
    /// When the lists were taken: what people changed later is not overwritten (C2).
    pub exported: Option<DateTime<Utc>>,
}

/// All rows of a file.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub header: Header,
    /// Which kinds of rows there are.
    pub kinds: BTreeSet<Kind>,
    pub partner: Option<rows::Partner>,
    pub people: Vec<rows::Person>,
    pub tenants: Vec<rows::Tenant>,
    pub services: Vec<rows::Service>,
    pub claims: Vec<rows::Claim>,
    pub assignments: Vec<rows::Assignment>,
    pub contacts: Vec<rows::Contact>,
    pub entitlements: Vec<rows::Entitlement>,
    pub notes: Vec<rows::Note>,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

impl Batch {
    /// Reads a file. `today`: the day that relative dates count from, where they are allowed.
    pub(super) fn read(
        source: &Source<'_>,
        header: Header,
        now: DateTime<Utc>,
        today: Option<NaiveDate>,
    ) -> Self {
        let mut batch = Self { header, ..Self::default() };
        let mut problems = Vec::new();
        source.rows(&mut problems, |row, problems| batch.take(row, problems, now, today));
        batch.problems.append(&mut problems);
        batch.check_keys();
        if batch.header.firm.is_none() && batch.problems.is_empty() {
            batch.problems.push(Problem::new(0, "partner", Rule::NoFirm));
        }
        batch
    }

    fn take(
        &mut self,
        mut row: Row,
        problems: &mut Vec<Problem>,
        now: DateTime<Utc>,
        today: Option<NaiveDate>,
    ) {
        let manner = Manner { loose: row.loose, today };
        self.take_firm(&mut row, problems);
        let mut warnings = std::mem::take(&mut self.warnings);
        let (line, fields) = (row.line, row.fields);
        let cells = Cells { line, manner, fields, problems, warnings: &mut warnings, sound: true };
        if row.kind == "file" {
            self.take_header(cells);
        } else if let Some(kind) = Kind::of(&row.kind) {
            self.kinds.insert(kind);
            match kind {
                Kind::Partner => self.partner = rows::Partner::read(cells).or(self.partner.take()),
                Kind::Person => self.people.extend(rows::Person::read(cells)),
                Kind::Tenant => self.tenants.extend(rows::Tenant::read(cells)),
                Kind::Service => self.services.extend(rows::Service::read(cells)),
                Kind::Claim => self.claims.extend(rows::Claim::read(cells)),
                Kind::Assignment => self.assignments.extend(rows::Assignment::read(cells)),
                Kind::Contact => self.contacts.extend(rows::Contact::read(cells)),
                Kind::Entitlement => self.entitlements.extend(rows::Entitlement::read(cells)),
                Kind::Note => self.notes.extend(rows::Note::read(cells, now)),
            }
        } else {
            problems.push(Problem::new(line, "kind", Rule::UnknownKind));
        }
        self.warnings = warnings;
    }

    /// Every row may name the firm; all that do must name the same.
    fn take_firm(&mut self, row: &mut Row, problems: &mut Vec<Problem>) {
        let field = if row.kind == Kind::Partner.word() { "mpn_id" } else { "partner" };
        let Some(value) = row.fields.remove(field) else {
            if field == "mpn_id" {
                problems.push(Problem::new(row.line, field, Rule::Required));
            }
            return;
        };
        match (cell::mpn_id(&value), &self.header.firm) {
            (Err(rule), _) => problems.push(Problem::new(row.line, field, rule)),
            (Ok(named), Some(firm)) if named != *firm => {
                problems.push(Problem::new(row.line, field, Rule::TwoFirms));
            }
            (Ok(named), _) => self.header.firm = Some(named),
        }
    }

    fn take_header(&mut self, mut cells: Cells<'_>) {
        let kind = |value: &Value| Kind::of(&cell::line(value, 20)?).ok_or(Rule::UnknownKind);
        let complete = cells.optional("complete", |value, manner| cell::list(value, manner, kind)).value();
        let exported = cells.optional("exported", cell::instant).value();
        if complete.iter().flatten().any(|kind| !kind.can_be_complete()) {
            cells.refuse("complete", Rule::NeverComplete);
        }
        if cells.finish() {
            self.header.complete.extend(complete.into_iter().flatten());
            self.header.exported = exported.or(self.header.exported);
        }
    }

    /// Within a file every thing stands once.
    fn check_keys(&mut self) {
        let mut found = Vec::new();
        once(&self.people, "upn", |p| (p.line, p.upn.clone()), &mut found);
        once(&self.people, "object_id", |p| (p.line, p.object_id.clone().value().ok_or(p.line)), &mut found);
        once(&self.tenants, "id", |t| (t.line, t.id), &mut found);
        once(&self.tenants, "name", |t| (t.line, t.name.clone()), &mut found);
        once(&self.services, "service", |s| (s.line, (s.tenant, s.code)), &mut found);
        once(&self.claims, "service", |c| (c.line, (c.tenant, c.service)), &mut found);
        once(
            &self.assignments,
            "holder",
            |a| (a.line, (a.tenant, a.role.code.as_str(), a.scope, a.holder.clone())),
            &mut found,
        );
        once(&self.contacts, "email", |c| (c.line, (c.tenant, c.kind, c.email.clone())), &mut found);
        once(&self.entitlements, "l1", |e| (e.line, (e.tenant, e.service, e.path.clone())), &mut found);
        once(&self.notes, "key", |n| (n.line, n.key.clone()), &mut found);
        self.problems.append(&mut found);
        self.check_primaries();
    }

    /// A4: at most one primary for each tenant, scope and role.
    fn check_primaries(&mut self) {
        let mut seen = HashMap::new();
        for row in self.assignments.iter().filter(|row| row.primary) {
            if let Some(line) = seen.insert((row.tenant, row.scope, row.role.code.as_str()), row.line) {
                self.problems.push(Problem::new(row.line, "primary", Rule::TwoPrimaries { line }));
            }
        }
    }

    /// Everybody whom a row names in a field of its own.
    pub(super) fn named(&self) -> impl Iterator<Item = &str> {
        let people = self.people.iter().map(|row| row.upn.as_str());
        let holders = self.assignments.iter().map(|row| row.holder.as_str());
        let contacts = self.contacts.iter().map(|row| row.email.as_str());
        let authors = self.notes.iter().map(|row| row.author.as_str());
        people.chain(holders).chain(contacts).chain(authors)
    }

    /// The tenants that the rows of the given kinds speak of.
    pub(super) fn tenants_of(&self, kinds: &[Kind]) -> Vec<Uuid> {
        let mut ids = HashSet::new();
        for kind in kinds {
            match kind {
                Kind::Tenant => ids.extend(self.tenants.iter().map(|row| row.id)),
                Kind::Service => ids.extend(self.services.iter().map(|row| row.tenant)),
                Kind::Claim => ids.extend(self.claims.iter().map(|row| row.tenant)),
                Kind::Assignment => ids.extend(self.assignments.iter().map(|row| row.tenant)),
                Kind::Contact => ids.extend(self.contacts.iter().map(|row| row.tenant)),
                Kind::Entitlement => ids.extend(self.entitlements.iter().map(|row| row.tenant)),
                Kind::Note => ids.extend(self.notes.iter().map(|row| row.tenant)),
                Kind::Partner | Kind::Person => {}
            }
        }
        ids.into_iter().collect()
    }
}

fn once<T, K: Hash + Eq>(
    rows: &[T],
    field: &str,
    key: impl Fn(&T) -> (usize, K),
    problems: &mut Vec<Problem>,
) {
    let mut seen = HashMap::with_capacity(rows.len());
    for row in rows {
        let (line, key) = key(row);
        if let Some(first) = seen.get(&key) {
            problems.push(Problem::new(line, field, Rule::Duplicate { line: *first }));
        } else {
            seen.insert(key, line);
        }
    }
}
