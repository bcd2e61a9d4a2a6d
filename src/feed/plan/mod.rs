//! What a file changes: its rows held against what the firm has. Pure; nothing is written here.

mod assignments;
mod claims;
mod contacts;
mod notes;
mod people;
mod services;
mod tenants;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::batch::Batch;
use super::kind::Kind;
use super::report::{Counts, Problem, Rule};
use crate::domain::personal::key;
use crate::store::feed::{Changes, Mentions, Portion, Stored};

/// From how many rows on a complete list is suspected of being cut off.
const SUSPICIOUS: usize = 20;

/// A file and the circumstances under which it is brought in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting<'b> {
    pub batch: &'b Batch,
    /// Id of the firm.
    pub firm: Uuid,
    /// MPN id of the firm.
    pub mpn_id: &'b str,
    pub now: DateTime<Utc>,
    /// Take a complete list even if most of what was there is gone.
    pub allow_removals: bool,
}

impl Setting<'_> {
    /// Whether a person changed the row after the list was taken (C2).
    fn is_newer(&self, updated_at: DateTime<Utc>) -> bool {
        updated_at > self.batch.header.exported.unwrap_or(self.now)
    }

    fn is_complete(&self, kind: Kind) -> bool {
        self.batch.header.complete.contains(&kind)
    }

    /// What must be known of the firm to judge the file.
    pub(super) fn mentions(&self) -> Mentions {
        let batch = self.batch;
        let portion = |complete: Kind, kinds: &[Kind]| Portion {
            all: self.is_complete(complete),
            tenants: batch.tenants_of(kinds),
        };
        Mentions {
            directories: batch.partner.iter().flat_map(|partner| partner.directories.clone()).collect(),
            tenants: portion(Kind::Tenant, &Kind::ALL),
            names: batch.tenants.iter().map(|tenant| tenant.name.clone()).collect(),
            services: portion(
                Kind::Service,
                &[Kind::Service, Kind::Claim, Kind::Contact, Kind::Entitlement, Kind::Note],
            ),
            claims: portion(Kind::Claim, &[Kind::Claim]),
            assignments: portion(Kind::Assignment, &[Kind::Assignment]),
            contacts: portion(Kind::Contact, &[Kind::Contact]),
            notes: batch.notes.iter().map(|note| notes::id_of(self.firm, &note.key)).collect(),
            people: batch.named().map(key).collect(),
        }
    }
}

/// What a file changes, or what stands in its way.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub changes: Changes,
    pub counts: BTreeMap<Kind, Counts>,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
}

/// Names that rows refer to, stored or in the same file.
#[derive(Debug, Default)]
struct Known<'s> {
    people: HashMap<String, Uuid>,
    tenants: HashSet<Uuid>,
    services: HashSet<(Uuid, &'s str)>,
}

impl Plan {
    /// Holds the file against what the firm has.
    pub(super) fn of(setting: Setting<'_>, stored: &Stored) -> Self {
        let batch = setting.batch;
        let mut plan = Self {
            counts: batch.kinds.iter().map(|kind| (*kind, Counts::default())).collect(),
            ..Self::default()
        };
        if stored.firm.is_none() && batch.partner.is_none() {
            plan.refuse(0, "partner", Rule::UnknownFirm);
            return plan;
        }
        let mut known = Known::default();
        plan.firm(setting, stored);
        known.people = plan.people(setting, stored);
        plan.tenants(setting, stored);
        known.tenants.extend(stored.tenants.iter().map(|tenant| tenant.id));
        known.tenants.extend(batch.tenants.iter().map(|tenant| tenant.id));
        known
            .services
            .extend(stored.services.iter().map(|service| (service.tenant_id, service.service.as_str())));
        known.services.extend(batch.services.iter().map(|service| (service.tenant, service.code)));
        plan.services(setting, stored, &known);
        plan.claims(setting, stored, &known);
        plan.assignments(setting, stored, &known);
        plan.contacts(setting, stored, &known);
        plan.notes(setting, stored, &known);
        plan
    }

    /// The counts, as the audit line keeps them.
    pub(super) fn audit_counts(&self) -> Vec<String> {
        self.counts
            .iter()
            .map(|(kind, c)| format!("{kind}: {} new, {} changed, {} gone", c.new, c.changed, c.gone))
            .collect()
    }

    fn refuse(&mut self, line: usize, field: &str, rule: Rule) {
        self.problems.push(Problem::new(line, field, rule));
    }

    fn warn(&mut self, line: usize, field: impl Into<String>, rule: Rule) {
        self.warnings.push(Problem::new(line, field, rule));
    }

    fn count(&mut self, kind: Kind) -> &mut Counts {
        self.counts.entry(kind).or_default()
    }

    /// Refuses a complete list that would remove most of what there is: such an export was cut off.
    fn check_removals(&mut self, setting: Setting<'_>, kind: Kind, of: usize) {
        let gone = self.count(kind).gone;
        if !setting.allow_removals && gone >= SUSPICIOUS && gone * 2 > of {
            self.refuse(0, kind.word(), Rule::TooMuchGone { gone, of });
        }
    }

    /// Whether the row names somebody who asked to be erased; if so, it is left out, and that is recorded.
    fn is_erased(&mut self, stored: &Stored, line: usize, field: &str, who: &str) -> bool {
        let erased = stored.erased.contains(&key(who));
        if erased {
            self.warn(line, field, Rule::Erased);
        }
        erased
    }

    /// Whether the tenant of a row is known; if not, that is recorded.
    fn knows_tenant(&mut self, known: &Known<'_>, line: usize, tenant: Uuid) -> bool {
        let is_known = known.tenants.contains(&tenant);
        if !is_known {
            self.refuse(line, "tenant", Rule::UnknownTenant);
        }
        is_known
    }

    /// Whether the tenant of a row and its service are known; if not, that is recorded.
    fn knows_service(&mut self, known: &Known<'_>, line: usize, tenant: Uuid, service: &str) -> bool {
        if !self.knows_tenant(known, line, tenant) {
            return false;
        }
        let is_known = known.services.contains(&(tenant, service));
        if !is_known {
            self.refuse(line, "service", Rule::UnknownService);
        }
        is_known
    }
}
