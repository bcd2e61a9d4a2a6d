use std::collections::BTreeSet;

use proptest::prelude::*;
use uuid::Uuid;

use super::super::finding::{Misassigned, Rule};
use super::super::search::Found;
use super::assignee::Assignee;
use super::line::{Line, Place, from_and_to, who};
use super::onboarding::{Check, checks};
use super::team::{Outcome, Row, Team};
use super::{Coverage, Holder, Role, Scope};

fn somebody(number: u128) -> Holder {
    Holder::Person(Uuid::from_u128(number).into())
}

fn scopes(names: &[&str]) -> BTreeSet<Scope> {
    names.iter().map(|name| Scope::of(name).unwrap()).collect()
}

fn coverage(all: &[&str], primaries: &[&str]) -> Coverage {
    Coverage { scopes: scopes(all), primaries: scopes(primaries) }
}

fn row(role: Role, holder: &Holder, scope: &str, primary: bool) -> Row {
    Row { role, holder: holder.clone(), scope: Scope::of(scope).unwrap(), primary }
}

fn done(outcome: Outcome) -> Team {
    match outcome {
        Outcome::Done(team) => team,
        Outcome::Asks(question) => panic!("asks about {:?}", question.taken()),
    }
}

/// The firm as P-RM, and one P-FE who is primary for Exchange.
fn team() -> Team {
    let firm = Holder::Named("Alpine".to_owned());
    Team::of([
        row(Role::RegionalManager, &firm, "tenant", true),
        row(Role::Engineer, &somebody(1), "exo", true),
        row(Role::Engineer, &somebody(1), "teams", false),
    ])
}

fn rule<T: std::fmt::Debug>(refused: Result<T, super::super::finding::Findings>) -> Rule {
    refused.unwrap_err().iter().next().unwrap().rule.clone()
}

#[test]
fn a3_an_assignment_has_a_scope() {
    let nothing = Coverage::default();
    assert_eq!(rule(team().assign(Role::Engineer, &somebody(1), &nothing)), Rule::Required);
    assert_eq!(rule(team().edit(Role::Engineer, &somebody(1), &nothing)), Rule::Required);
    assert_eq!(Scope::all().count(), 27);
}

#[test]
fn a4_a_mark_of_somebody_else_moves_only_after_asking() {
    let wanted = coverage(&["exo", "teams"], &["exo", "teams"]);
    let Outcome::Asks(question) = team().assign(Role::Engineer, &somebody(2), &wanted).unwrap() else {
        panic!("the mark moved unasked");
    };
    let taken: Vec<_> = question.taken().iter().map(|t| (t.scope.name(), &t.from)).collect();
    assert_eq!(taken, [("Exchange", &somebody(1))], "nobody is primary for Teams");
    let after = question.agreed();
    assert_eq!(after.primary(Role::Engineer, &Scope::of("exo").unwrap()), Some(&somebody(2)));
    let former = after.holding(Role::Engineer, &somebody(1)).unwrap();
    assert_eq!(former.coverage(), coverage(&["exo", "teams"], &[]), "the former keeps the scope");
    // Another role has marks of its own.
    done(team().assign(Role::FastTrackManager, &somebody(2), &wanted).unwrap());
}

#[test]
fn a5_a_mark_stands_at_an_assigned_scope_and_goes_with_it() {
    let astray = coverage(&["exo"], &["exo", "yammer"]);
    let names = vec!["Yammer".to_owned()];
    assert_eq!(
        rule(team().edit(Role::Engineer, &somebody(1), &astray)),
        Rule::Assignment(Misassigned::PrimaryNotAssigned { scopes: names })
    );
    let unticked = coverage(&["teams"], &["exo"]);
    let after = done(team().edit(Role::Engineer, &somebody(1), &unticked).unwrap());
    assert_eq!(after.holding(Role::Engineer, &somebody(1)).unwrap().coverage(), coverage(&["teams"], &[]));
}

#[test]
fn a6_without_a_scope_somebody_is_gone_in_that_role() {
    let after = team().unassign(&somebody(1), &Role::ALL, &scopes(&["exo", "teams"])).unwrap();
    assert!(after.holding(Role::Engineer, &somebody(1)).is_none());
    assert_eq!(team().unassign(&somebody(1), &[Role::FastTrackManager], &BTreeSet::new()), Ok(team()));
}

#[test]
fn a7_the_last_regional_manager_stays_until_there_is_another() {
    let firm = Holder::Named("Alpine".to_owned());
    for scopes in [BTreeSet::new(), scopes(&["tenant"])] {
        assert_eq!(
            rule(team().unassign(&firm, &Role::ALL, &scopes)),
            Rule::Assignment(Misassigned::LastRegionalManager)
        );
    }
    let manager = coverage(&["tenant"], &[]);
    let two = done(team().assign(Role::RegionalManager, &somebody(3), &manager).unwrap());
    let after = two.unassign(&firm, &Role::ALL, &BTreeSet::new()).unwrap();
    assert!(after.holding(Role::RegionalManager, &firm).is_none());
}

#[test]
fn a14_the_only_regional_manager_is_primary_for_the_tenant_by_itself() {
    let wanted = coverage(&["tenant", "exo"], &[]);
    let alone = done(Team::default().assign(Role::RegionalManager, &somebody(1), &wanted).unwrap());
    assert_eq!(alone.primary(Role::RegionalManager, &Scope::tenant()), Some(&somebody(1)));
    assert_eq!(alone.without_tenant_primary(), [Role::FastTrackManager]);

    let services = coverage(&["exo"], &[]);
    let without = done(Team::default().assign(Role::RegionalManager, &somebody(1), &services).unwrap());
    assert_eq!(without.without_tenant_primary(), [Role::RegionalManager, Role::FastTrackManager]);
}

#[test]
fn a_handover_carries_roles_scopes_and_marks() {
    let after = team().hand_over(&somebody(1), &somebody(2));
    let given = after.holding(Role::Engineer, &somebody(2)).unwrap();
    assert_eq!(given.coverage(), coverage(&["exo", "teams"], &["exo"]));
    assert!(after.holding(Role::Engineer, &somebody(1)).is_none());
    assert_eq!(team().hand_over(&somebody(1), &somebody(1)), team(), "to oneself changes nothing");
}

/// One thing that somebody does to a team.
#[derive(Debug, Clone)]
enum Deed {
    Assign(Role, Holder, Coverage),
    Edit(Role, Holder, Coverage),
    Unassign(Holder, Role, BTreeSet<Scope>),
    HandOver(Holder, Holder),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let role = || prop::sample::select(Role::ALL.to_vec());
    let holder = || (0..3_u128).prop_map(somebody);
    let some = || {
        let all = ["tenant", "exo", "teams", "intune"];
        prop::sample::subsequence(all.to_vec(), 0..=4).prop_map(|names| scopes(&names))
    };
    let coverage = || (some(), some()).prop_map(|(scopes, primaries)| Coverage { scopes, primaries });
    prop_oneof![
        (role(), holder(), coverage()).prop_map(|(role, who, what)| Deed::Assign(role, who, what)),
        (role(), holder(), coverage()).prop_map(|(role, who, what)| Deed::Edit(role, who, what)),
        (holder(), role(), some()).prop_map(|(who, role, what)| Deed::Unassign(who, role, what)),
        (holder(), holder()).prop_map(|(from, to)| Deed::HandOver(from, to)),
    ]
}

/// Does it, agreeing to every question. A mark of a third person that moves without a question is a fault.
fn after(team: &Team, deed: &Deed) -> Option<Team> {
    let (outcome, doer) = match deed {
        Deed::Assign(role, who, what) => (team.assign(*role, who, what).ok()?, who),
        Deed::Edit(role, who, what) => (team.edit(*role, who, what).ok()?, who),
        Deed::Unassign(who, role, what) => return team.unassign(who, &[*role], what).ok(),
        Deed::HandOver(from, to) => return Some(team.hand_over(from, to)),
    };
    Some(match outcome {
        Outcome::Asks(question) => {
            assert!(!question.taken().is_empty());
            question.agreed()
        }
        Outcome::Done(after) => {
            for row in team.rows().filter(|row| row.primary && row.holder != *doer) {
                assert_eq!(after.primary(row.role, &row.scope), Some(&row.holder), "A4: unasked");
            }
            after
        }
    })
}

proptest! {
    #[test]
    fn a3_to_a7_hold_after_any_sequence(deeds in prop::collection::vec(any_deed(), 1..24)) {
        let mut team = Team::default();
        let mut had_manager = false;
        for deed in &deeds {
            let Some(next) = after(&team, deed) else { continue };
            team = next;
            for (_, _, holding) in team.holdings() {
                prop_assert!(holding.scopes().next().is_some(), "A3, A6");
                let Coverage { scopes, primaries } = holding.coverage();
                prop_assert!(primaries.is_subset(&scopes), "A5");
            }
            let marks: Vec<_> = team.rows().filter(|r| r.primary).map(|r| (r.role, r.scope)).collect();
            prop_assert_eq!(marks.len(), marks.iter().collect::<std::collections::HashSet<_>>().len(), "A4");
            let managers = team.holdings().filter(|held| held.0 == Role::RegionalManager).count();
            prop_assert!(managers > 0 || !had_manager, "A7");
            had_manager |= managers > 0;
            prop_assert_eq!(Team::of(team.rows()), team.clone());
        }
    }
}

fn people() -> Vec<Assignee> {
    vec![
        Assignee::person(Uuid::from_u128(1).into(), "Ann Okafor", "ann@alpine.example", true),
        Assignee::person(Uuid::from_u128(2).into(), "Jiří Novák", "jiri.novak@alpine.example", true),
        Assignee::person(Uuid::from_u128(3).into(), "Jiří Dvořák", "jdvorak@alpine.example", true),
        Assignee::person(Uuid::from_u128(4).into(), "Otto Former", "otto@alpine.example", false),
        Assignee::firm("Alpine Cloud Partners"),
    ]
}

/// Who is meant, and what is left of the line.
fn meant(words: &str) -> (Vec<String>, String) {
    let people = people();
    let named = who(words, &people);
    let found = match named.found {
        Found::One(one) => vec![one.name.clone()],
        Found::Several(several) => several.iter().map(|p| p.name.clone()).collect(),
        Found::Nearest(_) => vec![],
    };
    (found, named.rest.to_owned())
}

#[test]
fn people_are_named_by_mention_user_name_and_name() {
    let one = |name: &str, rest: &str| (vec![name.to_owned()], rest.to_owned());
    assert_eq!(meant("@Jiří\u{a0}Novák contoso exo"), one("Jiří Novák", "contoso exo"));
    assert_eq!(meant("@ann contoso"), one("Ann Okafor", "contoso"));
    assert_eq!(meant("jiri novak contoso"), one("Jiří Novák", "contoso"));
    assert_eq!(meant("jiri novk contoso"), one("Jiří Novák", "contoso"));
    assert_eq!(meant("JIRI.NOVAK@alpine.example contoso"), one("Jiří Novák", "contoso"));
    assert_eq!(meant("Alpine Cloud Partners northwind"), one("Alpine Cloud Partners", "northwind"));
    assert_eq!(meant("okafor alpine"), one("Ann Okafor", "alpine"), "a domain is no part of a name");
    let (several, rest) = meant("jiri contoso");
    assert_eq!((several.len(), rest.as_str()), (2, "contoso"));
    assert_eq!(meant("zzz contoso").0, Vec::<String>::new());
    assert_eq!(meant("").0, Vec::<String>::new());
}

#[test]
fn a2_only_the_firms_own_active_people_and_the_firm_as_regional_manager() {
    let people = people();
    let may = |name: &str, role| match who(name, &people).found {
        Found::One(person) => person.may_hold(role),
        other => panic!("{other:?}"),
    };
    assert_eq!(may("ann", Role::Engineer), Ok(()));
    assert_eq!(may("otto", Role::Engineer), Err(Rule::Assignment(Misassigned::NotOfTheFirm)));
    assert_eq!(may("alpine cloud", Role::RegionalManager), Ok(()));
    assert_eq!(may("alpine cloud", Role::Engineer), Err(Rule::Assignment(Misassigned::PersonNeeded)));
}

#[test]
fn a_line_is_parted_at_its_role() {
    let line = Line::read("@user P-FE contoso teams, exo primary");
    assert_eq!(
        line,
        Line { before: "@user", role: Some(Role::Engineer), after: "contoso teams, exo primary" }
    );
    assert_eq!(line.naming("ann@alpine.example", ""), "ann@alpine.example P-FE contoso teams, exo primary");
    let natural = Line::read("ann as p-fm to contoso");
    assert_eq!((natural.before, natural.role), ("ann", Some(Role::FastTrackManager)));
    assert_eq!(Line::read("ann contoso").role, None);
    assert_eq!(from_and_to("@ann to @jiri contoso"), Some(("@ann", "@jiri contoso")));
    assert_eq!(from_and_to("ann jiri"), None);
    assert_eq!(from_and_to("to jiri"), None);
}

#[test]
fn scopes_stand_behind_the_tenant() {
    let read = |said: &str| {
        let place = Place::read(said);
        let names = |set: &BTreeSet<Scope>| set.iter().map(Scope::name).collect::<Vec<_>>().join(", ");
        let told =
            [place.tenant, &names(&place.coverage.scopes), &names(&place.coverage.primaries), place.unknown];
        told.map(str::to_owned)
    };
    assert_eq!(read("contoso teams, exo primary"), ["contoso", "Exchange, Teams", "Exchange", ""]);
    assert_eq!(read("contoso tenant exo, primary"), ["contoso", "Tenant, Exchange", "Tenant, Exchange", ""]);
    assert_eq!(
        read("to Contoso Ltd. for Exchange Online and teams★"),
        ["Contoso Ltd.", "Exchange, Teams", "Teams", ""]
    );
    assert_eq!(read("Exchange House"), ["Exchange House", "", "", ""]);
    assert_eq!(read("delve exchange: exo"), ["delve exchange", "Exchange", "", ""]);
    assert_eq!(read("contoso: exo, lotus notes"), ["contoso", "", "", "exo, lotus notes"]);
    assert_eq!(read(""), ["", "", "", ""]);
    assert_eq!(Place::read("contoso all").coverage.scopes.len(), 27);
    assert_eq!(Place::read("contoso all primary").coverage.primaries.len(), 27);
}

proptest! {
    #[test]
    fn no_line_is_too_odd_to_be_read(words in any::<String>(), more in "[a-z@,:;+ \u{a0}]{0,30}") {
        let people = people();
        for words in [words, more] {
            let _ = (Line::read(&words).who(&people), Place::read(&words), from_and_to(&words));
        }
    }
}

#[test]
fn a1_the_queue_says_who_leads() {
    let firm = "Alpine Cloud Partners";
    assert_eq!(checks(&["FTP Alpine Cloud"], &["Joni"], firm), [Check::PartnerLed, Check::PartnerManager]);
    assert_eq!(checks(&["FTCQ EMEA 2"], &[], firm), [Check::FtcQueue, Check::NoPartnerManager]);
    assert_eq!(checks(&["FTP Boreal"], &[""], firm), [Check::AnotherPartner, Check::NoPartnerManager]);
    assert_eq!(checks(&["Henrietta Mueller"], &["Joni"], firm)[0], Check::Person);
    assert_eq!(checks(&[], &["Joni"], firm)[0], Check::NoRegionalManager);
}
