//! The onboarding assignments: Microsoft's, read-only for a partner, and there to be checked (A1).

use super::super::text::search_key;

/// What the onboarding assignments say to a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The Onboarding RM is the firm's own queue: the firm leads.
    PartnerLed,
    /// It is the queue of another partner.
    AnotherPartner,
    /// It is a queue of the FastTrack Center.
    FtcQueue,
    /// It is a person: the name alone does not say who leads.
    Person,
    /// There is no Onboarding RM.
    NoRegionalManager,
    /// There is a FastTrack Partner Manager.
    PartnerManager,
    /// There is none.
    NoPartnerManager,
}

/// The checks for `firm`: first who leads, one for each Onboarding RM, then the FPM.
pub fn checks(regional_managers: &[&str], partner_managers: &[&str], firm: &str) -> Vec<Check> {
    let mut checks: Vec<Check> = regional_managers.iter().map(|holder| queue(holder, firm)).collect();
    checks.dedup();
    if checks.is_empty() {
        checks.push(Check::NoRegionalManager);
    }
    let named = partner_managers.iter().any(|name| !name.trim().is_empty());
    checks.push(if named { Check::PartnerManager } else { Check::NoPartnerManager });
    checks
}

/// Queues are told by how their names begin: `FTP <partner>`, `FTCQ ...`.
fn queue(holder: &str, firm: &str) -> Check {
    let (holder, firm) = (search_key(holder), search_key(firm));
    if holder == "ftcq" || holder.starts_with("ftcq ") {
        return Check::FtcQueue;
    }
    match holder.strip_prefix("ftp ") {
        // Either name may be the shorter one: "FTP Alpine" for Alpine Cloud Partners.
        Some(partner) if partner.starts_with(&firm) || firm.starts_with(partner) => Check::PartnerLed,
        Some(_) => Check::AnotherPartner,
        None => Check::Person,
    }
}
