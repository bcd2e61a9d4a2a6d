//! Who works on what (A2-A4, A7).

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Known, Plan, Setting};
use crate::domain::id::Id;
use crate::feed::codes::REGIONAL_MANAGER;
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::store::feed::{Stored, row};

/// Who holds a role: a person of the firm, or a firm or queue by name.
type Holder<'s> = (Option<Uuid>, Option<&'s str>);
/// Tenant, scope and role: where at most one is primary (A4).
type Place<'s> = (Uuid, &'s str, &'s str);

fn place(row: &row::Assignment) -> Place<'_> {
    (row.tenant_id, &row.scope, &row.role)
}

impl Plan {
    pub(super) fn assignments(&mut self, setting: Setting<'_>, stored: &Stored, known: &Known<'_>) {
        let mut left: HashMap<(Place<'_>, Holder<'_>), &row::Assignment> = stored
            .assignments
            .iter()
            .map(|row| ((place(row), (row.person_id, row.holder.as_deref())), row))
            .collect();
        let mut marks: HashMap<Place<'_>, &row::Assignment> =
            stored.assignments.iter().filter(|row| row.is_primary).map(|row| (place(row), row)).collect();
        let mut taken_over = Vec::new();
        for draft in &setting.batch.assignments {
            if self.is_erased(stored, draft.line, "holder", &draft.holder) {
                continue;
            }
            let Some((person, holder)) = self.holder(known, draft) else { continue };
            let place = (draft.tenant, draft.scope, draft.role.code.as_str());
            let before = left.remove(&(place, (person, holder)));
            let mut primary = draft.primary;
            if let Some(mark) =
                marks.get(&place).filter(|mark| primary && before.is_none_or(|b| b.id != mark.id))
            {
                if setting.is_newer(mark.updated_at) {
                    self.warn(draft.line, "primary", Rule::Held);
                    primary = false;
                } else {
                    taken_over.push(mark.id);
                }
            }
            self.assignment(setting, draft, before, (person, holder), primary);
        }
        marks.retain(|_, mark| taken_over.contains(&mark.id));
        self.unnamed(setting, stored, left.into_values().collect(), &taken_over);
    }

    /// The holder of the row, if it is one that may hold the role (A2).
    fn holder<'d>(&mut self, known: &Known<'_>, draft: &'d rows::Assignment) -> Option<Holder<'d>> {
        if !self.knows_tenant(known, draft.line, draft.tenant) {
            return None;
        }
        if let Some(person) = known.people.get(&draft.holder.to_ascii_lowercase()) {
            return Some((Some(*person), None));
        }
        if draft.role.is_partners() && draft.holder.contains('@') {
            self.refuse(draft.line, "holder", Rule::UnknownPerson);
            None
        } else if draft.role.is_personal() {
            self.refuse(draft.line, "holder", Rule::PersonNeeded);
            None
        } else {
            Some((None, Some(&draft.holder)))
        }
    }

    fn assignment(
        &mut self,
        setting: Setting<'_>,
        draft: &rows::Assignment,
        before: Option<&row::Assignment>,
        (person, holder): Holder<'_>,
        primary: bool,
    ) {
        match before {
            Some(before) if before.is_primary == primary => self.count(Kind::Assignment).unchanged += 1,
            Some(before) if setting.is_newer(before.updated_at) => {
                self.count(Kind::Assignment).held += 1;
                self.warn(draft.line, "primary", Rule::Held);
            }
            Some(before) => {
                self.count(Kind::Assignment).changed += 1;
                self.changes
                    .assignments
                    .changed
                    .push(row::Assignment { is_primary: primary, ..before.clone() });
            }
            None => {
                self.count(Kind::Assignment).new += 1;
                self.changes.assignments.new.push(row::Assignment {
                    id: Id::<row::Assignment>::new(setting.now).uuid(),
                    tenant_id: draft.tenant,
                    role: draft.role.code.clone(),
                    person_id: person,
                    holder: holder.map(str::to_owned),
                    scope: draft.scope.to_owned(),
                    is_primary: primary,
                    updated_at: setting.now,
                });
            }
        }
    }

    /// Rows that the file does not name: gone, if the list is complete; else they lose at most their mark.
    fn unnamed(
        &mut self,
        setting: Setting<'_>,
        stored: &Stored,
        left: Vec<&row::Assignment>,
        taken_over: &[Uuid],
    ) {
        if setting.is_complete(Kind::Assignment) {
            let (newer, gone): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|row| setting.is_newer(row.updated_at));
            self.count(Kind::Assignment).held += newer.len();
            self.count(Kind::Assignment).gone = gone.len();
            self.changes.assignments.gone = gone.into_iter().cloned().collect();
            self.check_removals(setting, Kind::Assignment, stored.assignments.len());
            self.warn_of_lost_tenants(stored);
        } else {
            for row in left.into_iter().filter(|row| taken_over.contains(&row.id)) {
                self.count(Kind::Assignment).changed += 1;
                self.changes.assignments.changed.push(row::Assignment { is_primary: false, ..row.clone() });
            }
        }
    }

    /// A7: without a P-RM a tenant leaves the firm. The feed is right about that, but people should know.
    fn warn_of_lost_tenants(&mut self, stored: &Stored) {
        let changes = &self.changes.assignments;
        let gone: HashSet<Uuid> = changes.gone.iter().map(|row| row.id).collect();
        let regional = |row: &&row::Assignment| row.role == REGIONAL_MANAGER;
        let kept: HashSet<Uuid> = stored
            .assignments
            .iter()
            .filter(|row| !gone.contains(&row.id))
            .chain(&changes.new)
            .filter(regional)
            .map(|row| row.tenant_id)
            .collect();
        let lost: HashSet<Uuid> = changes
            .gone
            .iter()
            .filter(regional)
            .map(|row| row.tenant_id)
            .filter(|id| !kept.contains(id))
            .collect();
        for tenant in lost {
            self.warn(0, format!("tenant {tenant}"), Rule::NoRegionalManager);
        }
    }
}
