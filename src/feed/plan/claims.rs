//! CPOR claims (K1): shown, never edited here.

use std::collections::HashMap;

use super::{Known, Plan, Setting};
use crate::feed::kind::Kind;
use crate::store::feed::{Stored, row};

impl Plan {
    pub(super) fn claims(&mut self, setting: Setting<'_>, stored: &Stored, known: &Known<'_>) {
        let mut left: HashMap<_, &row::Claim> =
            stored.claims.iter().map(|claim| ((claim.tenant_id, claim.service.as_str()), claim)).collect();
        for draft in &setting.batch.claims {
            if !self.knows_service(known, draft.line, draft.tenant, draft.service) {
                continue;
            }
            let before = left.remove(&(draft.tenant, draft.service));
            let mut claim = before.cloned().unwrap_or_else(|| row::Claim {
                tenant_id: draft.tenant,
                service: draft.service.to_owned(),
                partner_name: None,
                mpn_id: None,
                partner_tenant_id: None,
                state: None,
                claimed_on: None,
            });
            draft.partner_name.set(&mut claim.partner_name);
            draft.mpn_id.set(&mut claim.mpn_id);
            draft.partner_tenant_id.set(&mut claim.partner_tenant_id);
            draft.state.set(&mut claim.state);
            draft.claimed_on.set(&mut claim.claimed_on);
            match before {
                Some(before) if *before == claim => self.count(Kind::Claim).unchanged += 1,
                Some(_) => {
                    self.count(Kind::Claim).changed += 1;
                    self.changes.claims.changed.push(claim);
                }
                None => {
                    self.count(Kind::Claim).new += 1;
                    self.changes.claims.new.push(claim);
                }
            }
        }
        if setting.is_complete(Kind::Claim) {
            self.count(Kind::Claim).gone = left.len();
            self.changes.claims.gone = left.into_values().cloned().collect();
            self.check_removals(setting, Kind::Claim, stored.claims.len());
        }
    }
}
