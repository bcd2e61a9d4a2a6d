//! The taxonomy of entitlement status, L1 / L2 / L3: what it is called, what may stand below what, and what each
//! status asks for (DOMAIN sections 2.3 and 5). Data: `data/taxonomy.json`.

mod own;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

use super::finding::Rule;
pub use own::{Flaw, Shift};

/// The word in a list of services that stands for all of them.
const ALL_SERVICES: &str = "*";

/// Whether a field goes with a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// It must be filled in.
    Required,
    /// It may be filled in.
    Optional,
    /// It stays empty.
    #[default]
    NotApplicable,
    /// L3 only: it must be chosen where the reason above has any.
    RequiredIfL2HasL3,
}

/// What a status asks for beside its entitlements and its note, which every row has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// Reason.
    pub l2: Need,
    /// Engineering reason.
    pub l3: Need,
    /// In Progress: when it shall be done (N11). Blocked: when it should be unblocked.
    pub target_date: Need,
    /// Who owns the blocker.
    pub owner: Need,
}

/// A consumption status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct L1 {
    /// Stable code, for example `in_progress`.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// Other names that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it means.
    #[serde(default)]
    pub definition: String,
    /// Offered for new rows.
    #[serde(default = "yes")]
    pub selectable: bool,
    /// What it asks for.
    pub fields: Fields,
    /// Its reasons.
    #[serde(default)]
    pub l2: Vec<L2>,
}

/// A reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct L2 {
    /// Code, unique below its status.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// Other names that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it means.
    #[serde(default)]
    pub definition: String,
    /// Offered for new rows.
    #[serde(default = "yes")]
    pub selectable: bool,
    /// Phases of a service for which it is the natural choice, by code.
    #[serde(default)]
    pub derived_from_phase: Vec<String>,
    /// An engineering reason must be chosen, too.
    #[serde(default)]
    pub l3_required: bool,
    /// Its engineering reasons, of all services.
    #[serde(default)]
    pub l3: Vec<L3>,
}

/// An engineering reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct L3 {
    /// Code, unique below its reason.
    pub code: String,
    /// Name as the programme writes it.
    pub name: String,
    /// Other names that people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it means.
    #[serde(default)]
    pub definition: String,
    /// Offered for new rows.
    #[serde(default = "yes")]
    pub selectable: bool,
    /// Codes of the services that it is for; `*` is all.
    pub services: Vec<String>,
}

impl L3 {
    /// Whether it is offered for a service, by code.
    pub fn is_for(&self, service: &str) -> bool {
        self.selectable && self.services.iter().any(|code| code == ALL_SERVICES || code == service)
    }
}

/// The way to a node, by codes; empty codes end it. In Progress without a reason is a whole path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Path {
    /// Consumption status.
    pub l1: String,
    /// Reason; empty where there is none.
    pub l2: String,
    /// Engineering reason; empty where there is none.
    pub l3: String,
}

impl Path {
    /// The path of these codes.
    pub fn new(l1: &str, l2: &str, l3: &str) -> Self {
        Self { l1: l1.to_owned(), l2: l2.to_owned(), l3: l3.to_owned() }
    }

    /// The path as one text, `blocked/legal_regulatory/gdpr`.
    pub fn code(&self) -> String {
        joined(&self.l1, &self.l2, &self.l3)
    }

    /// The path that [`code`](Self::code) wrote.
    pub fn of_code(code: &str) -> Self {
        let mut parts = code.splitn(3, '/');
        let mut next = || parts.next().unwrap_or_default();
        Self::new(next(), next(), next())
    }

    /// The path in words, "Blocked › Legal/Regulatory › GDPR".
    pub fn words(&self) -> String {
        let names = taxonomy();
        let parts = [
            names.name(&self.l1, "", ""),
            if self.l2.is_empty() { "" } else { names.name(&self.l1, &self.l2, "") },
            if self.l3.is_empty() { "" } else { names.name(&self.l1, &self.l2, &self.l3) },
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" › ")
    }
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct TaxonomyFile {
    l1: Vec<L1>,
}

/// The tree, in the programme's order.
#[derive(Debug)]
pub struct Taxonomy {
    l1: Vec<L1>,
    names: HashMap<String, String>,
    gone: BTreeMap<String, String>,
}

static SHIPPED: LazyLock<Arc<Taxonomy>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    let list = Taxonomy::read(include_str!("../../data/taxonomy.json")).expect("data/taxonomy.json");
    Arc::new(list)
});

tokio::task_local! {
    /// The list of the firm whose turn this task is in.
    static IN_USE: Arc<Taxonomy>;
}

/// The taxonomy that the product ships.
pub fn shipped() -> &'static Taxonomy {
    &SHIPPED
}

/// The taxonomy in use: the list of the firm whose turn it is, else the one that the product ships.
pub fn taxonomy() -> Arc<Taxonomy> {
    IN_USE.try_with(Arc::clone).unwrap_or_else(|_| Arc::clone(&SHIPPED))
}

/// Does `work` with a firm's own list in use; `None` is the shipped one.
pub async fn with_list<F: Future>(list: Option<Arc<Taxonomy>>, work: F) -> F::Output {
    IN_USE.scope(list.unwrap_or_else(|| Arc::clone(&SHIPPED)), work).await
}

impl Taxonomy {
    /// The list of these statuses; `gone` are names that stay readable, by path.
    pub fn of(l1: Vec<L1>, gone: BTreeMap<String, String>) -> Self {
        let mut names = HashMap::new();
        for status in &l1 {
            names.insert(status.code.clone(), status.name.clone());
            for reason in &status.l2 {
                names.insert(joined(&status.code, &reason.code, ""), reason.name.clone());
                for deeper in &reason.l3 {
                    names.insert(joined(&status.code, &reason.code, &deeper.code), deeper.name.clone());
                }
            }
        }
        Self { l1, names, gone }
    }

    /// Names of nodes that earlier lists had, by path.
    pub fn gone(&self) -> &BTreeMap<String, String> {
        &self.gone
    }

    /// Reads a taxonomy from its file.
    ///
    /// # Errors
    /// Text that is no such file, with the place.
    pub fn read(file: &str) -> Result<Self, serde_json::Error> {
        let TaxonomyFile { l1 } = serde_json::from_str(file)?;
        Ok(Self::of(l1, BTreeMap::new()))
    }

    /// The statuses, in the programme's order.
    pub fn statuses(&self) -> &[L1] {
        &self.l1
    }

    /// The status of this code.
    pub fn status(&self, l1: &str) -> Option<&L1> {
        self.l1.iter().find(|status| status.code == l1)
    }

    /// The reason of these codes.
    pub fn reason(&self, l1: &str, l2: &str) -> Option<&L2> {
        self.status(l1)?.l2.iter().find(|reason| reason.code == l2)
    }

    /// The place of a status in the programme's order; one that is gone comes last.
    pub fn order(&self, l1: &str) -> usize {
        self.l1.iter().position(|status| status.code == l1).unwrap_or(self.l1.len())
    }

    /// What a status asks for; one that is gone asks for nothing.
    pub fn fields(&self, l1: &str) -> Fields {
        self.status(l1).map(|status| status.fields).unwrap_or_default()
    }

    /// The statuses that may be chosen.
    pub fn offered_l1(&self) -> impl Iterator<Item = &L1> {
        self.l1.iter().filter(|status| status.selectable)
    }

    /// The reasons that may be chosen below a status for a service: none that needs an engineering reason and
    /// has none for it.
    pub fn offered_l2<'a>(&'a self, l1: &str, service: &'a str) -> impl Iterator<Item = &'a L2> {
        let status = self.status(l1).filter(|status| status.fields.l2 != Need::NotApplicable);
        status.into_iter().flat_map(|status| &status.l2).filter(move |reason| {
            reason.selectable && (!reason.l3_required || reason.l3.iter().any(|l3| l3.is_for(service)))
        })
    }

    /// The engineering reasons that may be chosen below a reason for a service.
    pub fn offered_l3<'a>(&'a self, l1: &str, l2: &str, service: &'a str) -> impl Iterator<Item = &'a L3> {
        let reason = self.reason(l1, l2);
        reason.into_iter().flat_map(|reason| &reason.l3).filter(move |l3| l3.is_for(service))
    }

    /// Whether a reason must be chosen below a status.
    pub fn needs_l2(&self, l1: &str) -> bool {
        self.fields(l1).l2 == Need::Required
    }

    /// Whether an engineering reason must be chosen below a reason for a service.
    pub fn needs_l3(&self, l1: &str, l2: &str, service: &str) -> bool {
        let asked = self.reason(l1, l2).is_some_and(|reason| reason.l3_required);
        asked && self.offered_l3(l1, l2, service).next().is_some()
    }

    /// Every whole path that a row of the service may have, in the order of the tree.
    pub fn offered(&self, service: &str) -> Vec<Path> {
        let mut paths = Vec::new();
        for status in self.offered_l1() {
            if !self.needs_l2(&status.code) {
                paths.push(Path::new(&status.code, "", ""));
            }
            for reason in self.offered_l2(&status.code, service) {
                if !self.needs_l3(&status.code, &reason.code, service) {
                    paths.push(Path::new(&status.code, &reason.code, ""));
                }
                let deeper = self.offered_l3(&status.code, &reason.code, service);
                paths.extend(deeper.map(|l3| Path::new(&status.code, &reason.code, &l3.code)));
            }
        }
        paths
    }

    /// Whether a row of the service may have this path.
    ///
    /// # Errors
    /// The level that is wrong (`l1`, `l2` or `l3`), the topmost first, and what is wrong with it.
    pub fn check(&self, path: &Path, service: &str) -> Result<(), (&'static str, Rule)> {
        let Path { l1, l2, l3 } = path;
        if l1.is_empty() {
            return Err(("l1", Rule::Required));
        }
        if !self.offered_l1().any(|status| status.code == *l1) {
            return Err(("l1", Rule::UnknownChoice));
        }
        if l2.is_empty() {
            return match (self.needs_l2(l1), l3.is_empty()) {
                (true, _) => Err(("l2", Rule::Required)),
                (false, false) => Err(("l3", Rule::UnknownChoice)),
                (false, true) => Ok(()),
            };
        }
        if !self.offered_l2(l1, service).any(|reason| reason.code == *l2) {
            return Err(("l2", Rule::UnknownChoice));
        }
        if l3.is_empty() {
            return if self.needs_l3(l1, l2, service) { Err(("l3", Rule::Required)) } else { Ok(()) };
        }
        let offered = self.offered_l3(l1, l2, service).any(|deeper| deeper.code == *l3);
        if offered { Ok(()) } else { Err(("l3", Rule::UnknownChoice)) }
    }

    /// Whether the taxonomy has the node that these codes lead to; empty codes end the path.
    pub fn has(&self, l1: &str, l2: &str, l3: &str) -> bool {
        self.names.contains_key(&joined(l1, l2, l3))
    }

    /// The name of the deepest level that these codes lead to. A node that is gone
    /// keeps its last name, or else stays readable as its code.
    pub fn name<'a>(&'a self, l1: &'a str, l2: &'a str, l3: &'a str) -> &'a str {
        let code = [l3, l2, l1].into_iter().find(|code| !code.is_empty()).unwrap_or(l1);
        let path = joined(l1, l2, l3);
        self.names.get(&path).or_else(|| self.gone.get(&path)).map_or(code, String::as_str)
    }
}

fn joined(l1: &str, l2: &str, l3: &str) -> String {
    [l1, l2, l3].into_iter().take_while(|code| !code.is_empty()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::super::service::catalogue;
    use super::*;

    #[test]
    fn nodes_are_named_by_their_path_and_stay_readable_when_gone() {
        let t = taxonomy();
        assert_eq!(t.name("in_progress", "", ""), "In Progress");
        assert_eq!(t.name("in_progress", "migration", ""), "Migration");
        assert_eq!(t.name("in_progress", "retired_code", ""), "retired_code");
        assert!(t.has("status_unknown", "new_subscription_or_workload", ""));
        assert!(!t.has("in_progress", "billing_licensing_subscription", ""));
        let path = Path::new("blocked", "adoption_readiness", "gone");
        assert_eq!(path.words(), "Blocked › Adoption Readiness › gone");
        assert_eq!(Path::of_code(&path.code()), path);
        assert_eq!(Path::of_code(&Path::new("in_progress", "", "").code()), Path::new("in_progress", "", ""));
    }

    #[test]
    fn every_offered_path_may_stand_in_a_row_and_no_other() {
        let t = taxonomy();
        for service in catalogue().services() {
            let paths = t.offered(&service.code);
            assert!(paths.iter().all(|path| t.check(path, &service.code).is_ok()), "{}", service.code);
        }
        let check =
            |l1, l2, l3, service| t.check(&Path::new(l1, l2, l3), service).map_err(|(level, _)| level);
        assert_eq!(check("in_progress", "", "", "teams"), Ok(()));
        assert_eq!(check("", "", "", "teams"), Err("l1"));
        assert_eq!(check("blocked", "", "", "teams"), Err("l2"));
        assert_eq!(check("duplicate_invalid", "migration", "", "teams"), Err("l2"));
        assert_eq!(check("blocked", "adoption_readiness", "", "teams"), Err("l3"));
        assert_eq!(check("in_progress", "", "crowdstrike", "teams"), Err("l3"));
        assert_eq!(check("no_intent", "using_competitive_solution", "crowdstrike", "mdatp"), Ok(()));
        assert_eq!(check("no_intent", "using_competitive_solution", "crowdstrike", "teams"), Err("l3"));
        let gone = "it_change_management_and_resourcing";
        assert_eq!(check("blocked", gone, "covid", "teams"), Err("l3"), "kept for old rows only");
        assert_eq!(t.name("blocked", gone, "covid"), "COVID");
    }

    #[test]
    fn what_a_status_asks_for_is_data() {
        let t = taxonomy();
        assert_eq!(t.fields("in_progress").target_date, Need::Required);
        assert_eq!(t.fields("blocked").owner, Need::Required);
        assert_eq!(t.fields("no_intent").target_date, Need::NotApplicable);
        assert_eq!(t.fields("gone").owner, Need::NotApplicable);
        let order: Vec<_> = t.statuses().iter().map(|status| t.order(&status.code)).collect();
        assert_eq!(order, [0, 1, 2, 3, 4]);
    }
}
