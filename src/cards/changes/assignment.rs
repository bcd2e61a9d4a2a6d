//! Assignments: a row is one scope, but people read what somebody holds, and who handed it to whom.

use serde_json::{Map, Value};

use super::super::difference::Difference;
use crate::domain::assignment::Scope;
use crate::domain::edit::RowChange;
use crate::domain::service::{catalogue, name_of};

/// Scopes, and where primary.
type Scopes = Vec<(Scope, bool)>;

/// What an edit did to one role of one holder: the scopes that differ, before and after.
struct Holding<'a> {
    customer: &'a str,
    role: &'a str,
    holder: &'a str,
    before: Scopes,
    after: Scopes,
}

/// One line for each role of each holder; what one gave up and another got in the same tenant and role is one line
/// with both names. `several`: the lines say whose tenant it is.
pub(super) fn lines<'a>(rows: impl Iterator<Item = &'a RowChange>, several: bool) -> Vec<Difference> {
    let mut holdings = holdings(rows);
    let mut lines = Vec::new();
    while !holdings.is_empty() {
        let holding = holdings.remove(0);
        let role = name_of(catalogue().roles(), holding.role);
        let other = holdings.iter().position(|other| handed(&holding, other) || handed(other, &holding));
        let (label, old, new) = if let Some(other) = other.map(|place| holdings.remove(place)) {
            let (from, to) = if holding.after.is_empty() { (&holding, &other) } else { (&other, &holding) };
            (named(&from.before), from.holder.to_owned(), to.holder.to_owned())
        } else {
            (holding.holder.to_owned(), named(&holding.before), named(&holding.after))
        };
        let about = if several { holding.customer } else { "" };
        lines.push(Difference::new(format!("{role} · {label}"), old, new).about(about));
    }
    lines
}

/// Whether all that `from` gave up is what `to` got.
fn handed(from: &Holding<'_>, to: &Holding<'_>) -> bool {
    let place = (from.customer, from.role) == (to.customer, to.role);
    place && from.after.is_empty() && to.before.is_empty() && from.before == to.after
}

fn holdings<'a>(rows: impl Iterator<Item = &'a RowChange>) -> Vec<Holding<'a>> {
    let mut holdings: Vec<Holding<'a>> = Vec::new();
    for row in rows {
        let (customer, role, holder) = (row.customer.as_str(), row.text("role"), row.holder.as_str());
        let same = |held: &Holding<'_>| (held.customer, held.role, held.holder) == (customer, role, holder);
        let place = holdings.iter().position(same).unwrap_or_else(|| {
            holdings.push(Holding { customer, role, holder, before: Vec::new(), after: Vec::new() });
            holdings.len() - 1
        });
        if let Some(held) = holdings.get_mut(place) {
            held.before.extend(row.before.as_ref().map(scope));
            held.after.extend(row.after.as_ref().map(scope));
        }
    }
    for held in &mut holdings {
        held.before.sort();
        held.after.sort();
    }
    holdings.retain(|held| held.before != held.after);
    holdings
}

fn scope(row: &Map<String, Value>) -> (Scope, bool) {
    let code = row.get("scope").and_then(Value::as_str).unwrap_or_default();
    (Scope::stored(code), row.get("is_primary").and_then(Value::as_bool).unwrap_or(false))
}

/// "Tenant (primary), Exchange".
fn named(scopes: &Scopes) -> String {
    let all = scopes.len() == Scope::all().count();
    match scopes.first() {
        Some((_, first)) if all && scopes.iter().all(|(_, primary)| primary == first) => {
            if *first { "all 27 scopes (primary)" } else { "all 27 scopes" }.to_owned()
        }
        _ => {
            let name = |(scope, primary): &(Scope, bool)| {
                let mark = if *primary { " (primary)" } else { "" };
                format!("{}{mark}", scope.name())
            };
            scopes.iter().map(name).collect::<Vec<_>>().join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(holder: &str, before: Option<(&str, bool)>, after: Option<(&str, bool)>) -> RowChange {
        let image = |row: (&str, bool)| {
            json!({ "role": "p_fe", "scope": row.0, "is_primary": row.1 }).as_object().unwrap().clone()
        };
        RowChange {
            customer: "Contoso".into(),
            service: String::new(),
            kind: "assignment".into(),
            subject: String::new(),
            holder: holder.into(),
            before: before.map(image),
            after: after.map(image),
        }
    }

    fn said(rows: &[RowChange]) -> Vec<[String; 3]> {
        let lines = lines(rows.iter(), false);
        lines.iter().map(|d| [d.label.clone(), d.old.whole().to_owned(), d.new.whole().to_owned()]).collect()
    }

    #[test]
    fn the_scopes_of_one_holder_are_one_line() {
        let rows = [
            row("Ann", None, Some(("teams", false))),
            row("Ann", Some(("exchange", true)), Some(("exchange", false))),
            row("Bea", None, Some(("exchange", true))),
        ];
        assert_eq!(
            said(&rows),
            [
                ["P-FE · Ann", "Exchange (primary)", "Exchange, Teams"],
                ["P-FE · Bea", "", "Exchange (primary)"]
            ]
        );
        let all: Vec<_> = Scope::all().map(|scope| row("Ann", None, Some((scope.code(), false)))).collect();
        assert_eq!(said(&all), [["P-FE · Ann", "", "all 27 scopes"]]);
    }

    #[test]
    fn what_one_gives_and_another_gets_is_one_line_with_both_names() {
        let rows = [
            row("Ann", Some(("exchange", true)), None),
            row("Ann", Some(("teams", false)), None),
            row("Bea", None, Some(("teams", false))),
            row("Bea", None, Some(("exchange", true))),
        ];
        assert_eq!(said(&rows), [["P-FE · Exchange (primary), Teams", "Ann", "Bea"]]);
        let part = [row("Ann", Some(("exchange", true)), None), row("Bea", None, Some(("exchange", false)))];
        assert_eq!(said(&part).len(), 2, "not the same: two lines");
    }
}
