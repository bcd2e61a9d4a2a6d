//! Tenants. The feed owns everything of a tenant but its overall status; it never removes one.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{Plan, Setting};
use crate::domain::search;
use crate::feed::kind::Kind;
use crate::feed::report::Rule;
use crate::feed::rows;
use crate::store::feed::{Stored, row};

impl Plan {
    pub(super) fn tenants(&mut self, setting: Setting<'_>, stored: &Stored) {
        let by_id: HashMap<Uuid, &row::Tenant> = stored.tenants.iter().map(|t| (t.id, t)).collect();
        let by_name: HashMap<&str, Uuid> = stored.tenants.iter().map(|t| (t.name.as_str(), t.id)).collect();
        let met: HashSet<Uuid> = setting.batch.tenants.iter().map(|t| t.id).collect();
        for draft in &setting.batch.tenants {
            // A name is free when the tenant that has it gets another one by this file.
            if by_name
                .get(draft.name.as_str())
                .is_some_and(|owner| *owner != draft.id && !met.contains(owner))
            {
                self.refuse(draft.line, "name", Rule::NameTaken);
            }
            let before = by_id.get(&draft.id).copied();
            let tenant = merged(draft, before);
            match before {
                Some(before) if *before == tenant => self.count(Kind::Tenant).unchanged += 1,
                Some(_) => {
                    self.count(Kind::Tenant).changed += 1;
                    self.changes.tenants.changed.push(tenant);
                }
                None => {
                    self.count(Kind::Tenant).new += 1;
                    self.changes.tenants.new.push(tenant);
                }
            }
        }
        if setting.is_complete(Kind::Tenant) {
            self.count(Kind::Tenant).gone = stored.tenants.iter().filter(|t| !met.contains(&t.id)).count();
        }
    }
}

fn merged(draft: &rows::Tenant, before: Option<&row::Tenant>) -> row::Tenant {
    let mut tenant = before.cloned().unwrap_or_else(|| row::Tenant {
        id: draft.id,
        name: String::new(),
        customer_name: String::new(),
        tpid: None,
        aliases: Vec::new(),
        domains: Vec::new(),
        search: String::new(),
        active: true,
        seats: None,
        eligibility: None,
        industry: None,
        country: None,
        region: None,
        priority: None,
    });
    tenant.name.clone_from(&draft.name);
    tenant.customer_name.clone_from(&draft.customer);
    draft.tpid.set(&mut tenant.tpid);
    draft.aliases.set_or(&mut tenant.aliases, Vec::new());
    draft.domains.set_or(&mut tenant.domains, Vec::new());
    draft.active.set_or(&mut tenant.active, true);
    draft.seats.set(&mut tenant.seats);
    draft.eligibility.set(&mut tenant.eligibility);
    draft.industry.set(&mut tenant.industry);
    draft.country.set(&mut tenant.country);
    draft.region.set(&mut tenant.region);
    draft.priority.set(&mut tenant.priority);
    let names =
        [&tenant.customer_name, &tenant.name].into_iter().chain(&tenant.aliases).chain(&tenant.domains);
    tenant.search = search::index(names.map(String::as_str));
    tenant
}
