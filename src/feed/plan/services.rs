//! Services of tenants and the rows that split their entitlements (N1, N3, N6).

use std::collections::HashMap;

use uuid::Uuid;

use super::{Known, Plan, Setting};
use crate::domain::entitlement::{ARRIVED_NOTE, NEW_SUBSCRIPTION, STATUS_UNKNOWN, Share, settle};
use crate::domain::id::Id;
use crate::domain::taxonomy::Path;
use crate::domain::tenant::total;
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::store::feed::{Stored, row};

/// The scenario of a service of which nothing is said (G4).
const DEFAULT_SCENARIO: &str = "customer_led_ftp_assist";

/// A service by tenant and code.
type Key<'s> = (Uuid, &'s str);

/// What the file and the firm have of one service.
#[derive(Debug, Default)]
struct Meeting<'s> {
    draft: Option<&'s rows::Service>,
    rows: Vec<&'s rows::Entitlement>,
    stored: Option<&'s row::Service>,
    stored_rows: Vec<&'s row::Entitlement>,
}

impl Meeting<'_> {
    fn line(&self) -> usize {
        self.draft.map(|draft| draft.line).or(self.rows.first().map(|row| row.line)).unwrap_or(0)
    }
}

impl Plan {
    pub(super) fn services(&mut self, setting: Setting<'_>, stored: &Stored, known: &Known<'_>) {
        let mut order: Vec<Key<'_>> = Vec::new();
        let mut met: HashMap<Key<'_>, Meeting<'_>> = HashMap::with_capacity(setting.batch.services.len());
        for draft in &setting.batch.services {
            if self.knows_tenant(known, draft.line, draft.tenant) {
                let key = (draft.tenant, draft.code);
                met.entry(key)
                    .or_insert_with(|| {
                        order.push(key);
                        Meeting::default()
                    })
                    .draft = Some(draft);
            }
        }
        for draft in &setting.batch.entitlements {
            if self.knows_service(known, draft.line, draft.tenant, draft.service) {
                let key = (draft.tenant, draft.service);
                met.entry(key)
                    .or_insert_with(|| {
                        order.push(key);
                        Meeting::default()
                    })
                    .rows
                    .push(draft);
            }
        }
        let mut gone = 0;
        for service in &stored.services {
            match met.get_mut(&(service.tenant_id, service.service.as_str())) {
                Some(meeting) => meeting.stored = Some(service),
                None => gone += 1,
            }
        }
        for row in &stored.entitlements {
            if let Some(meeting) = met.get_mut(&(row.tenant_id, row.service.as_str())) {
                meeting.stored_rows.push(row);
            }
        }
        if setting.is_complete(Kind::Service) {
            self.count(Kind::Service).gone = gone;
        }
        for key in order {
            if let Some(meeting) = met.get(&key) {
                self.service(setting, meeting);
            }
        }
    }

    fn service(&mut self, setting: Setting<'_>, meeting: &Meeting<'_>) {
        let Some(mut service) = self.merged(setting, meeting) else { return };
        let mut rows = self.rows(setting, meeting);
        let total = total(service.entitlements, service.override_entitlements);
        service.does_not_add_up = !fit(&mut rows, total, &service, setting, meeting);
        if service.does_not_add_up && !meeting.stored.is_some_and(|stored| stored.does_not_add_up) {
            self.warn(meeting.line(), "entitlements", Rule::DoesNotAddUp);
        }
        let rows_change = self.entitlement_rows(rows, meeting);
        match meeting.stored {
            None => {
                self.count(Kind::Service).new += 1;
                self.changes.services.new.push(service);
            }
            // The service's version stands for its rows too: a form that shows them is stale now (C1).
            Some(stored) if rows_change || *stored != service => {
                if meeting.draft.is_some() {
                    self.count(Kind::Service).changed += 1;
                }
                self.changes.services.changed.push(service);
            }
            Some(_) if meeting.draft.is_some() => self.count(Kind::Service).unchanged += 1,
            Some(_) => {}
        }
    }

    /// The service as the file wants it. What people may change too is left to them when theirs is newer (C2).
    fn merged(&mut self, setting: Setting<'_>, meeting: &Meeting<'_>) -> Option<row::Service> {
        let Some(draft) = meeting.draft else { return meeting.stored.cloned() };
        let mut service = meeting.stored.cloned().unwrap_or_else(|| row::Service {
            tenant_id: draft.tenant,
            service: draft.code.to_owned(),
            entitlements: 0,
            override_entitlements: None,
            active_users: None,
            scenario: DEFAULT_SCENARIO.to_owned(),
            engagement_start: None,
            phase: None,
            does_not_add_up: false,
            updated_at: setting.now,
        });
        service.entitlements = draft.entitlements;
        draft.override_entitlements.set(&mut service.override_entitlements);
        draft.active_users.set(&mut service.active_users);
        let mut wanted = service.clone();
        draft.scenario.set_or(&mut wanted.scenario, DEFAULT_SCENARIO.to_owned());
        draft.engagement_start.set(&mut wanted.engagement_start);
        draft.phase.set(&mut wanted.phase);
        if wanted != service && meeting.stored.is_some_and(|stored| setting.is_newer(stored.updated_at)) {
            self.count(Kind::Service).held += 1;
            self.warn(draft.line, "", Rule::Held);
            return Some(service);
        }
        Some(wanted)
    }

    /// The status rows before they are fitted to the total: the file's, if it names any, else those that are there.
    fn rows(&mut self, setting: Setting<'_>, meeting: &Meeting<'_>) -> Vec<row::Entitlement> {
        let kept = || meeting.stored_rows.iter().map(|row| (*row).clone()).collect();
        if meeting.rows.is_empty() {
            return kept();
        }
        let wanted: Vec<row::Entitlement> =
            meeting.rows.iter().map(|draft| row_of(draft, setting, meeting)).collect();
        let named = |stored: &row::Entitlement| wanted.iter().any(|row| row.id == stored.id);
        let differ = wanted.iter().any(|row| !meeting.stored_rows.contains(&row))
            || meeting.stored_rows.iter().any(|stored| !named(stored) && !has_just_arrived(stored));
        let newer = meeting.stored_rows.iter().any(|row| setting.is_newer(row.updated_at))
            || meeting.stored.is_some_and(|stored| setting.is_newer(stored.updated_at));
        if differ && newer {
            self.count(Kind::Entitlement).held += meeting.rows.len();
            self.warn(meeting.line(), "", Rule::Held);
            return kept();
        }
        wanted
    }

    /// Sorts the rows into new, changed and gone. Whether there is any of these.
    fn entitlement_rows(&mut self, rows: Vec<row::Entitlement>, meeting: &Meeting<'_>) -> bool {
        let before = |id: Uuid| meeting.stored_rows.iter().find(|row| row.id == id);
        let mut change = false;
        for gone in meeting.stored_rows.iter().filter(|stored| !rows.iter().any(|row| row.id == stored.id)) {
            self.count(Kind::Entitlement).gone += 1;
            self.changes.entitlements.gone.push((*gone).clone());
            change = true;
        }
        for row in rows {
            match before(row.id) {
                Some(before) if **before == row => {
                    if !meeting.rows.is_empty() {
                        self.count(Kind::Entitlement).unchanged += 1;
                    }
                    continue;
                }
                Some(_) => {
                    self.count(Kind::Entitlement).changed += 1;
                    self.changes.entitlements.changed.push(row);
                }
                None => {
                    self.count(Kind::Entitlement).new += 1;
                    self.changes.entitlements.new.push(row);
                }
            }
            change = true;
        }
        change
    }
}

/// The row of a draft: the stored one with the same status, if there is one, under its id.
fn row_of(draft: &rows::Entitlement, setting: Setting<'_>, meeting: &Meeting<'_>) -> row::Entitlement {
    let Path { l1, l2, l3 } = &draft.path;
    let before = meeting.stored_rows.iter().find(|row| (&row.l1, &row.l2, &row.l3) == (l1, l2, l3));
    row::Entitlement {
        id: before.map_or_else(|| Id::<row::Entitlement>::new(setting.now).uuid(), |row| row.id),
        tenant_id: draft.tenant,
        service: draft.service.to_owned(),
        l1: l1.clone(),
        l2: l2.clone(),
        l3: l3.clone(),
        entitlements: draft.entitlements,
        note: draft.note.clone(),
        target_date: draft.target_date,
        owner: draft.owner.clone(),
        next_action_date: draft.next_action_date,
        updated_at: before.map_or(setting.now, |row| row.updated_at),
    }
}

/// Whether the row is the one that new entitlements come into (N3).
fn has_just_arrived(row: &row::Entitlement) -> bool {
    row.l1 == STATUS_UNKNOWN && row.l2 == NEW_SUBSCRIPTION
}

/// Fits the rows to the total by N3 and N6. Whether they add up then (N1).
fn fit(
    rows: &mut Vec<row::Entitlement>,
    total: i32,
    service: &row::Service,
    setting: Setting<'_>,
    meeting: &Meeting<'_>,
) -> bool {
    let shares: Vec<Share<'_>> =
        rows.iter().map(|row| Share { l1: &row.l1, l2: &row.l2, entitlements: row.entitlements }).collect();
    let settled = settle(total, &shares);
    for (row, share) in rows.iter_mut().zip(&settled.shares) {
        row.entitlements = *share;
    }
    rows.retain(|row| row.entitlements > 0);
    if settled.arrived > 0 {
        // A file that names the other rows need not name this one: it is still the same.
        let stored = meeting.stored_rows.iter().find(|row| has_just_arrived(row));
        let arrived = stored.map_or_else(|| arrived_row(service, setting), |row| (*row).clone());
        rows.push(row::Entitlement { entitlements: settled.arrived, ..arrived });
    }
    settled.adds_up
}

fn arrived_row(service: &row::Service, setting: Setting<'_>) -> row::Entitlement {
    row::Entitlement {
        id: Id::<row::Entitlement>::new(setting.now).uuid(),
        tenant_id: service.tenant_id,
        service: service.service.clone(),
        l1: STATUS_UNKNOWN.to_owned(),
        l2: NEW_SUBSCRIPTION.to_owned(),
        l3: String::new(),
        entitlements: 0,
        note: ARRIVED_NOTE.to_owned(),
        target_date: None,
        owner: None,
        next_action_date: None,
        updated_at: setting.now,
    }
}
