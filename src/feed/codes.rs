//! The programme's codes as a feed may write them: by code or by name, in any case.

use std::sync::LazyLock;

use serde::Deserialize;

use super::report::Rule;
use crate::domain::contact::{MIGRATION, language_called};
use crate::domain::service::catalogue;
use crate::domain::taxonomy::{L1, Need, Path, taxonomy};
use crate::domain::text::search_key;

/// A role of an assignment.
#[derive(Debug, Deserialize)]
pub(super) struct Role {
    pub code: String,
    name: String,
    tab: String,
}

impl Role {
    /// P-RM, P-FM or P-FE: held by the firm or its people (A1).
    pub(super) fn is_partners(&self) -> bool {
        self.tab == "partner"
    }

    /// Only people hold it: every partner role but P-RM, which normally carries the firm's name (A7).
    pub(super) fn is_personal(&self) -> bool {
        self.is_partners() && self.code != REGIONAL_MANAGER
    }
}

/// The role that keeps a tenant with the firm (A7).
pub(super) const REGIONAL_MANAGER: &str = "p_rm";
/// The scope of an assignment that covers the tenant itself (A3).
pub(super) const TENANT_SCOPE: &str = "tenant";

#[derive(Deserialize)]
struct Reference {
    roles: Items<Role>,
    service_phases: Items<Named>,
}

#[derive(Deserialize)]
struct Items<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Named {
    code: String,
    name: String,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and tests read it")]
static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/reference.json")).expect("data/reference.json")
});

/// The entry of a list that `written` names by code or name.
fn find<'l, T>(list: &'l [T], written: &str, names: impl Fn(&T) -> [&str; 2]) -> Result<&'l T, Rule> {
    if let Some(exact) = list.iter().find(|entry| names(entry)[0] == written) {
        return Ok(exact);
    }
    let key = search_key(written);
    list.iter().find(|entry| names(entry).iter().any(|name| search_key(name) == key)).ok_or(Rule::UnknownCode)
}

/// A service, also by short form or alias.
pub(super) fn service(written: &str) -> Result<&'static str, Rule> {
    catalogue().service(written).map(|service| service.code.as_str()).ok_or(Rule::UnknownCode)
}

/// The scope of an assignment: the tenant itself or a service (A3).
pub(super) fn scope(written: &str) -> Result<&'static str, Rule> {
    if written.eq_ignore_ascii_case(TENANT_SCOPE) { Ok(TENANT_SCOPE) } else { service(written) }
}

/// An engagement scenario (G1).
pub(super) fn scenario(written: &str) -> Result<&'static str, Rule> {
    find(catalogue().scenarios(), written, |s| [&s.code, &s.name]).map(|s| s.code.as_str())
}

/// A service phase.
pub(super) fn phase(written: &str) -> Result<&'static str, Rule> {
    find(&REFERENCE.service_phases.items, written, |p| [&p.code, &p.name]).map(|p| p.code.as_str())
}

/// A contact type (DOMAIN 2.5).
pub(super) fn contact_type(written: &str) -> Result<&'static str, Rule> {
    find(catalogue().contact_types(), written, |t| [&t.code, &t.name]).map(|t| t.code.as_str())
}

/// A language that surveys are sent in.
pub(super) fn survey_language(written: &str) -> Result<&'static str, Rule> {
    language_called(written).map(|language| language.code.as_str()).ok_or(Rule::UnknownCode)
}

/// An entry of a contact's services: a service, or "Migration" (C6).
pub(super) fn deployed(written: &str) -> Result<&'static str, Rule> {
    if written.eq_ignore_ascii_case(MIGRATION) { Ok(MIGRATION) } else { service(written) }
}

/// A note category.
pub(super) fn category(written: &str) -> Result<&'static str, Rule> {
    find(catalogue().note_categories(), written, |c| [&c.code, &c.name]).map(|c| c.code.as_str())
}

/// A role of an assignment.
pub(super) fn role(written: &str) -> Result<&'static Role, Rule> {
    find(&REFERENCE.roles.items, written, |r| [&r.code, &r.name])
}

/// A consumption status of the taxonomy in use.
pub(super) fn l1(written: &str) -> Result<L1, Rule> {
    find(taxonomy().statuses(), written, |l1| [&l1.code, &l1.name]).cloned()
}

/// The path below a status: L2 and L3 as written, empty where not given, judged for `service`. A row keeps a path
/// that the firm's list no longer has. On a fault the field that is wrong.
pub(super) fn below(l1: &L1, l2: &str, l3: &str, service: &str) -> Result<Path, (&'static str, Rule)> {
    let written = Path::new(&l1.code, l2, l3);
    offered(l1, l2, l3, service).or_else(|(field, rule)| match rule {
        Rule::UnknownCode if taxonomy().gone().contains_key(&written.code()) => Ok(written),
        rule => Err((field, rule)),
    })
}

fn offered(l1: &L1, l2: &str, l3: &str, service: &str) -> Result<Path, (&'static str, Rule)> {
    let path = |l2: &str, l3: &str| Ok(Path::new(&l1.code, l2, l3));
    need(l1.fields.l2, !l2.is_empty()).map_err(|rule| ("l2", rule))?;
    if l2.is_empty() {
        return if l3.is_empty() { path("", "") } else { Err(("l3", Rule::NotApplicable)) };
    }
    let l2 = find(&l1.l2, l2, |l2| [&l2.code, &l2.name]).map_err(|rule| ("l2", rule))?;
    match (l3.is_empty(), l2.l3_required) {
        (true, true) => return Err(("l3", Rule::Required)),
        (true, false) => return path(&l2.code, ""),
        (false, _) => {}
    }
    let l3 = find(&l2.l3, l3, |l3| [&l3.code, &l3.name]).map_err(|rule| ("l3", rule))?;
    let offered = l3.services.iter().any(|s| s == "*" || s == service);
    if offered { path(&l2.code, &l3.code) } else { Err(("l3", Rule::UnknownCode)) }
}

/// Whether a field may be given, or must be.
pub(super) fn need(need: Need, given: bool) -> Result<(), Rule> {
    match (need, given) {
        (Need::Required, false) => Err(Rule::Required),
        (Need::NotApplicable, true) => Err(Rule::NotApplicable),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_lead_to_the_same_entry() {
        for written in ["p_fm", "P-FM", "p-fm"] {
            assert_eq!(role(written).unwrap().code, "p_fm", "{written}");
        }
        assert_eq!(scenario("FTC-FTP Led"), Ok("ftc_ftp_led"));
        assert_eq!(phase("Operate"), Ok("operate"));
        assert_eq!(category("Engagement Management"), Ok("engagement_management"));
        assert_eq!(scope("Tenant"), Ok("tenant"));
        assert_eq!(scope("EXO"), Ok("exchange"));
        assert_eq!(deployed("Migration"), Ok("migration"));
        assert_eq!(survey_language("Portuguese (Brazil)"), Ok("pt-BR"));
        assert_eq!(service("T\u{435}ams"), Err(Rule::UnknownCode), "a look-alike is no code");
        assert!(!role("p_rm").unwrap().is_personal());
    }

    #[test]
    fn the_taxonomy_says_what_may_stand_below() {
        let below = |top: &str, l2, l3, service| super::below(&l1(top).unwrap(), l2, l3, service);
        assert_eq!(below("In Progress", "", "", "teams"), Ok(Path::new("in_progress", "", "")));
        assert_eq!(below("blocked", "", "", "teams"), Err(("l2", Rule::Required)));
        assert_eq!(below("duplicate_invalid", "migration", "", "teams"), Err(("l2", Rule::NotApplicable)));
        assert_eq!(below("blocked", "adoption_readiness", "", "teams"), Err(("l3", Rule::Required)));
        let competitor = |service| below("no_intent", "using_competitive_solution", "crowdstrike", service);
        let crowdstrike = Path::new("no_intent", "using_competitive_solution", "crowdstrike");
        assert_eq!(competitor("mdatp"), Ok(crowdstrike));
        assert_eq!(competitor("teams"), Err(("l3", Rule::UnknownCode)));
    }
}
