//! What to do about a claim as partner of record, in words (K1, K2).

use super::text::day;
use crate::domain::claim::Advice;
use crate::domain::rules::rules;

/// What somebody can do about it. Nothing of it is edited here.
pub fn sentence(advice: Advice) -> String {
    let weeks = rules().claim_visible_days / 7;
    match advice {
        Advice::Claim => format!(
            "Nobody has claimed this service. Claim the customer and the service in Partner Center; it takes up to \
             {weeks} weeks until it is seen here."
        ),
        Advice::Wait { until: Some(until) } => {
            format!("The claim waits for approval and should be seen here by {}.", day(until))
        }
        Advice::Wait { until: None } => {
            format!("The claim waits for approval; it takes up to {weeks} weeks until it is seen here.")
        }
        Advice::Overdue { since } => {
            format!("The claim should have been approved by {}. Open a ticket in Partner Center.", day(since))
        }
        Advice::Refused => {
            "The claim was not approved. Claim the service anew in Partner Center, or open a ticket there."
                .to_owned()
        }
        Advice::OfAnotherPartner => {
            "Another partner is the partner of record. If that is wrong, claim the service in \
                                     Partner Center, or open a ticket there."
                .to_owned()
        }
        Advice::Nameless => {
            "The claim does not say whose it is. Open a ticket in Partner Center to have it mended."
                .to_owned()
        }
    }
}
