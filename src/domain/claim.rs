//! The claim as partner of record (CPOR): read only. What to do where it is empty or wrong (DOMAIN 2.8, K1, K2).

use chrono::{Days, NaiveDate};

use super::rules::Rules;
use super::time::Today;

/// A claim as Partner Center told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Whether the MPN id is that of the person's own firm; `None`: there is no id.
    pub ours: Option<bool>,
    /// Where it stands, in Partner Center's own words; `None`: nobody says.
    pub state: Option<&'a str>,
    /// When it was made.
    pub claimed_on: Option<NaiveDate>,
}

/// What somebody of the firm can do about a claim. Nothing of it can be mended here (K1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// Nobody has claimed the service: claim it in Partner Center (K2).
    Claim,
    /// It waits for approval, and becomes visible by this day, if its own day is known (K2).
    Wait {
        /// The day.
        until: Option<NaiveDate>,
    },
    /// It has waited longer than it should: a ticket in Partner Center.
    Overdue {
        /// The day by which it should have been approved.
        since: NaiveDate,
    },
    /// It was not approved: claim anew, or a ticket.
    Refused,
    /// Another partner is the partner of record: a claim of one's own, or a ticket.
    OfAnotherPartner,
    /// It does not say whose it is: a ticket.
    Nameless,
}

/// What is to be done about the claim of a service; `None`: nothing, it is the firm's own.
pub fn advice(claim: Option<&Claim<'_>>, today: Today, rules: &Rules) -> Option<Advice> {
    let Some(claim) = claim else { return Some(Advice::Claim) };
    if claim.ours == Some(false) {
        return Some(Advice::OfAnotherPartner);
    }
    match claim.state.map(str::to_lowercase).as_deref() {
        None | Some("approved") => claim.ours.is_none().then_some(Advice::Nameless),
        Some("rejected" | "refused" | "denied" | "declined" | "withdrawn" | "expired") => {
            Some(Advice::Refused)
        }
        Some(_) => Some(waiting(claim.claimed_on, today, rules)),
    }
}

fn waiting(claimed_on: Option<NaiveDate>, today: Today, rules: &Rules) -> Advice {
    match claimed_on.and_then(|day| day.checked_add_days(Days::new(rules.claim_visible_days))) {
        Some(since) if since < today.0 => Advice::Overdue { since },
        until => Advice::Wait { until },
    }
}

#[cfg(test)]
mod tests {
    use super::super::rules::rules;
    use super::*;

    const OURS: Claim<'_> = Claim { ours: Some(true), state: Some("Approved"), claimed_on: None };

    fn said(claim: Option<Claim<'_>>) -> Option<Advice> {
        advice(claim.as_ref(), Today("2026-11-21".parse().unwrap()), rules())
    }

    #[test]
    fn k1_a_claim_that_is_wrong_is_mended_in_partner_center() {
        assert_eq!(said(Some(OURS)), None);
        assert_eq!(said(Some(Claim { state: None, ..OURS })), None, "nobody says that it is wrong");
        assert_eq!(said(Some(Claim { ours: Some(false), ..OURS })), Some(Advice::OfAnotherPartner));
        assert_eq!(said(Some(Claim { ours: None, ..OURS })), Some(Advice::Nameless));
        assert_eq!(said(Some(Claim { state: Some("Rejected"), ..OURS })), Some(Advice::Refused));
    }

    #[test]
    fn k2_a_claim_is_to_be_made_and_takes_up_to_two_weeks() {
        assert_eq!(said(None), Some(Advice::Claim));
        let pending = |claimed_on: Option<&str>| {
            let claimed_on = claimed_on.map(|day| day.parse().unwrap());
            said(Some(Claim { ours: None, state: Some("Pending"), claimed_on }))
        };
        assert_eq!(pending(None), Some(Advice::Wait { until: None }));
        assert_eq!(pending(Some("2026-11-07")), Some(Advice::Wait { until: "2026-11-21".parse().ok() }));
        assert_eq!(
            pending(Some("2026-11-06")),
            Some(Advice::Overdue { since: "2026-11-20".parse().unwrap() })
        );
    }
}
