//! The claim as partner of record on the service card: read only, with what to do where it is empty or wrong.

use crate::cards::service::Fact;
use crate::cards::text::day;
use crate::cards::{Tone, claim as words};
use crate::domain::claim::{self, advice};
use crate::domain::rules::rules;
use crate::domain::time::Today;
use crate::store::service_page::Claim;

/// What the claim says, and the next step if one is needed (K1, K2).
pub fn facts(claim: Option<&Claim>, today: Today) -> Vec<Fact> {
    let known = claim.map(|claim| claim::Claim {
        ours: claim.ours,
        state: claim.state.as_deref(),
        claimed_on: claim.claimed_on,
    });
    let said = Fact::new("CPOR", claim.map_or_else(|| "no claim".to_owned(), written));
    match advice(known.as_ref(), today, rules()) {
        None => vec![said],
        Some(advice) => vec![said.tone(Tone::Warning), Fact::new("CPOR, next step", words::sentence(advice))],
    }
}

/// Name, MPN id and directory of the partner, and where the claim stands; what nobody knows is left out.
fn written(claim: &Claim) -> String {
    let mpn = claim.mpn_id.as_ref().map(|mpn| format!("MPN {mpn}"));
    let directory = claim.directory.map(|directory| format!("directory {directory}"));
    let parts = [claim.partner_name.clone(), mpn, directory, claim.state.clone(), claim.claimed_on.map(day)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
