//! A firm's own list: what it must keep to, and how it differs from the one in use (DOMAIN section 5).

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::super::entitlement::{NEW_SUBSCRIPTION, STATUS_UNKNOWN};
use super::super::service::catalogue;
use super::{ALL_SERVICES, L1, Need, Taxonomy, joined};

/// The programme's statuses: a firm may leave some out, and add none, because the rules of a row hang on them.
const STATUSES: [&str; 5] = [STATUS_UNKNOWN, "in_progress", "blocked", "no_intent", "duplicate_invalid"];
/// Most characters of a code.
const CODE_MAX: usize = 100;
/// Most characters of a name.
const NAME_MAX: usize = 120;
/// Most reasons of a status, and most engineering reasons that a reason offers for one service: a form holds them.
const CHOICES_MAX: usize = 60;
/// Most engineering reasons of a reason, over all services.
const L3_MAX: usize = 500;

/// What is wrong with a node of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// Not one of the programme's statuses.
    NotAStatus,
    /// A code with other signs than small letters, digits and `_`, or too long.
    NotACode,
    /// The code stands twice among its siblings.
    Twice,
    /// No name, one too long, or one with control characters.
    NotAName,
    /// More nodes than a form can offer.
    TooMany {
        /// How many are allowed.
        max: usize,
    },
    /// A service that the programme does not have.
    UnknownService(String),
    /// No service at all.
    NoService,
    /// A reason is asked for, and there is none to choose.
    NothingToChoose,
    /// New entitlements wait here, so it has to be in the list.
    Needed,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAStatus => write!(f, "not one of the programme's statuses: {}", STATUSES.join(", ")),
            Self::NotACode => {
                write!(f, "a code has small letters, digits and _ only, at most {CODE_MAX} of them")
            }
            Self::Twice => f.write_str("this code stands twice"),
            Self::NotAName => write!(f, "needs a name of 1 to {NAME_MAX} characters on one line"),
            Self::TooMany { max } => write!(f, "has more than {max} nodes to choose from"),
            Self::UnknownService(code) => write!(f, "{code:?} is not the code of a service"),
            Self::NoService => f.write_str("needs its services, or \"*\" for all"),
            Self::NothingToChoose => f.write_str("asks for a reason and has none to choose"),
            Self::Needed => f.write_str("must be in the list and selectable: new entitlements wait there"),
        }
    }
}

/// How one list differs from another, each node by path and name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shift {
    /// Nodes that were not there.
    pub new: Vec<(String, String)>,
    /// Nodes that are not there any more.
    pub gone: Vec<(String, String)>,
    /// Nodes with another name: path, old name and new name.
    pub renamed: Vec<(String, String, String)>,
    /// How many nodes are called as before.
    pub same: usize,
}

impl Taxonomy {
    /// Everything that is wrong with the list, by path.
    pub fn flaws(&self) -> Vec<(String, Flaw)> {
        let mut flaws = Vec::new();
        siblings("", self.l1.iter().map(|l1| (&l1.code, &l1.name)), &mut flaws);
        for status in &self.l1 {
            if !STATUSES.contains(&status.code.as_str()) {
                flaws.push((status.code.clone(), Flaw::NotAStatus));
            }
            below(status, &mut flaws);
        }
        let waits = self.offered_l1().any(|status| status.code == STATUS_UNKNOWN)
            && self
                .reason(STATUS_UNKNOWN, NEW_SUBSCRIPTION)
                .is_some_and(|reason| reason.selectable && !reason.l3_required);
        if !waits {
            flaws.push((joined(STATUS_UNKNOWN, NEW_SUBSCRIPTION, ""), Flaw::Needed));
        }
        flaws
    }

    /// What changes when `self` takes the place of `before`.
    pub fn shift_from(&self, before: &Self) -> Shift {
        let mut shift = Shift::default();
        let sorted = |list: &Self| list.names.clone().into_iter().collect::<BTreeMap<_, _>>();
        let (old, new) = (sorted(before), sorted(self));
        for (path, name) in &new {
            match old.get(path) {
                None => shift.new.push((path.clone(), name.clone())),
                Some(was) if was != name => shift.renamed.push((path.clone(), was.clone(), name.clone())),
                Some(_) => shift.same += 1,
            }
        }
        let gone = old.into_iter().filter(|(path, _)| !new.contains_key(path));
        shift.gone = gone.collect();
        shift
    }

    /// The names that must be kept when `self` takes the place of `before`: rows keep their path.
    pub fn gone_since(&self, before: &Self) -> BTreeMap<String, String> {
        let known = before.gone.iter().chain(&before.names);
        let gone = known.filter(|(path, _)| !self.names.contains_key(*path));
        gone.map(|(path, name)| (path.clone(), name.clone())).collect()
    }
}

/// Codes and names of nodes below one node, whose path is `above`.
fn siblings<'a>(
    above: &str,
    nodes: impl Iterator<Item = (&'a String, &'a String)>,
    flaws: &mut Vec<(String, Flaw)>,
) {
    let mut seen = HashSet::new();
    for (code, name) in nodes {
        let path = if above.is_empty() { code.clone() } else { format!("{above}/{code}") };
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if code.is_empty() || code.len() > CODE_MAX || !code.chars().all(fits) {
            flaws.push((path.clone(), Flaw::NotACode));
        }
        if !seen.insert(code) {
            flaws.push((path.clone(), Flaw::Twice));
        }
        if name.trim().is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
            flaws.push((path, Flaw::NotAName));
        }
    }
}

/// The reasons of a status, and theirs.
fn below(status: &L1, flaws: &mut Vec<(String, Flaw)>) {
    siblings(&status.code, status.l2.iter().map(|l2| (&l2.code, &l2.name)), flaws);
    if status.l2.len() > CHOICES_MAX {
        flaws.push((status.code.clone(), Flaw::TooMany { max: CHOICES_MAX }));
    }
    let choice = status.l2.iter().any(|reason| reason.selectable);
    if status.selectable && status.fields.l2 == Need::Required && !choice {
        flaws.push((status.code.clone(), Flaw::NothingToChoose));
    }
    let services = catalogue().services();
    for reason in &status.l2 {
        let path = joined(&status.code, &reason.code, "");
        siblings(&path, reason.l3.iter().map(|l3| (&l3.code, &l3.name)), flaws);
        if reason.l3.len() > L3_MAX {
            flaws.push((path.clone(), Flaw::TooMany { max: L3_MAX }));
        } else if services
            .iter()
            .any(|service| reason.l3.iter().filter(|l3| l3.is_for(&service.code)).count() > CHOICES_MAX)
        {
            flaws.push((path.clone(), Flaw::TooMany { max: CHOICES_MAX }));
        }
        for deeper in &reason.l3 {
            let path = format!("{path}/{}", deeper.code);
            if deeper.services.is_empty() {
                flaws.push((path.clone(), Flaw::NoService));
            }
            for code in &deeper.services {
                if code != ALL_SERVICES && !services.iter().any(|service| service.code == *code) {
                    flaws.push((path.clone(), Flaw::UnknownService(code.clone())));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shipped;
    use super::*;

    fn changed(change: impl Fn(&mut Vec<L1>)) -> Taxonomy {
        let mut l1 = shipped().l1.clone();
        change(&mut l1);
        Taxonomy::of(l1, BTreeMap::new())
    }

    #[test]
    fn a_flaw_is_told_by_its_path() {
        assert_eq!(shipped().flaws(), []);
        let list = changed(|l1| {
            l1[0].l2.retain(|l2| l2.code != NEW_SUBSCRIPTION);
            l1[1].code = "on_hold".to_owned();
            let twin = l1[2].l2[0].clone();
            l1[2].l2.push(twin);
            l1[2].l2[0].l3[0].services = vec!["telepathy".to_owned()];
            l1[2].l2[1].name = " ".to_owned();
            l1[3].l2[0].code = "a/b".to_owned();
        });
        let told: Vec<_> = list.flaws().into_iter().map(|(path, flaw)| format!("{path}: {flaw}")).collect();
        let all = told.join("\n");
        for words in [
            "on_hold: not one of the programme's statuses",
            "blocked/customer_it_infrastructure_remediation: this code stands twice",
            "\"telepathy\" is not the code of a service",
            "blocked/it_change_management_and_resourcing: needs a name",
            "no_intent/a/b: a code has small letters",
            "status_unknown/new_subscription_or_workload: must be in the list",
        ] {
            assert!(all.contains(words), "{words}\n{all}");
        }
    }

    #[test]
    fn a_shift_names_what_is_new_gone_and_renamed_and_gone_names_are_kept() {
        let after = changed(|l1| {
            let gone = l1[2].l2.remove(0);
            l1[2].l2[0].name = "People and money".to_owned();
            l1[1].l2.push(super::super::L2 { code: "pilot".to_owned(), name: "Pilot".to_owned(), ..gone });
        });
        let shift = after.shift_from(shipped());
        assert_eq!(shift.renamed.len(), 1);
        assert!(shift.new.iter().any(|(path, name)| path == "in_progress/pilot" && name == "Pilot"));
        assert!(shift.gone.iter().any(|(path, _)| path == "blocked/customer_it_infrastructure_remediation"));
        let list = Taxonomy::of(after.l1.clone(), after.gone_since(shipped()));
        let reason = "customer_it_infrastructure_remediation";
        assert_eq!(list.name("blocked", reason, ""), shipped().name("blocked", reason, ""));
        assert!(!list.has("blocked", reason, ""), "readable, and not in the list");
        assert_eq!(list.gone_since(&list), *list.gone());
    }
}
