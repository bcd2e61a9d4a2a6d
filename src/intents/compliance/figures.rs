//! `today` and `stats`: how many gaps there are, of what, where and whose.

use std::collections::HashMap;

use chrono::TimeDelta;

use super::{SEE_WHY, mend, page_of, red, snapshots, to_gaps, why};
use crate::cards::compliance::{Gaps, Row};
use crate::cards::text::count;
use crate::cards::{Button, Tone, render};
use crate::domain::assignment::Holder;
use crate::domain::compliance::{Gap, Severity, Snapshot, gaps};
use crate::domain::id::{Id, Person};
use crate::store::compliance::Whose;
use crate::store::gap_day::Past;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// `today`: counts per element, and the tenants that are worst off.
#[derive(Debug)]
pub struct Today;

impl Intent for Today {
    const NAME: &'static str = "gap.today";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        Ok(render(&mine(turn, "Today").await?)?.into())
    }
}

/// The figures of the person's own tenants and those that are worst off, each with the form that mends the worst.
pub async fn mine(turn: &mut Turn, title: &'static str) -> Result<Gaps, Fault> {
    let snapshots = snapshots(turn, Whose::Person(turn.actor.person)).await?;
    let day = turn.today().0;
    let mut worst: Vec<(&Snapshot, Vec<Gap>)> = snapshots
        .iter()
        .map(|snapshot| (snapshot, gaps(snapshot, day, Turn::rules())))
        .filter(|(_, gaps)| !gaps.is_empty())
        .collect();
    worst.sort_by_key(|(_, gaps)| std::cmp::Reverse((red(gaps), gaps.len())));
    let tenants = words(snapshots.len(), "active tenant", "active tenants");
    let affected = worst.iter().filter(|(_, gaps)| red(gaps) > 0).count();
    let face = Gaps::new(title).text(format!("{affected} of your {tenants} with something red."));
    let all: Vec<&Gap> = worst.iter().flat_map(|(_, gaps)| gaps).collect();
    let face = face.elements(&all);
    let rows = worst.iter().take(ROWS).enumerate().map(|(place, (snapshot, gaps))| {
        let row = tally(&snapshot.customer_name, gaps);
        let Some(first) = gaps.first() else { return row };
        let row = row.detail(format!("The worst: {}", first.rule.name()));
        let customer = &snapshot.customer_name;
        let row = mend(turn, snapshot, &first.fix)
            .into_iter()
            .fold(row, |row, (does, button)| row.button(place + 1, does, customer, button));
        row.button(place + 1, SEE_WHY, customer, why::button(snapshot.tenant))
    });
    let face = face.rows(rows.collect()).button(to_gaps("All gaps", ""));
    let coming = Button::new("What turns red next", "gap.next").with("filter", "").with("page", 1);
    let face =
        if worst.is_empty() { face.hint("Nothing is missing. See what turns red next.") } else { face };
    Ok(face.button(coming))
}

/// Most tenants of the digest, which have two buttons each.
const ROWS: usize = 5;

/// `stats`: whose gaps they are, of the whole firm, by severity.
#[derive(Debug)]
pub struct Stats {
    page: usize,
}

impl Stats {
    /// The first page.
    pub fn first() -> Self {
        Self { page: 1 }
    }
}

impl Intent for Stats {
    const NAME: &'static str = "gap.stats";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { page: page_of(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let snapshots = snapshots(turn, Whose::Firm).await?;
        let people = turn.scope.assignees().await?;
        let day = turn.today().0;
        let mut by_owner: HashMap<Option<Id<Person>>, Vec<Gap>> = HashMap::new();
        for gap in snapshots.iter().flat_map(|snapshot| gaps(snapshot, day, Turn::rules())) {
            by_owner.entry(gap.owner).or_default().push(gap);
        }
        let all: usize = by_owner.values().map(Vec::len).sum();
        let now_red: usize = by_owner.values().map(|gaps| red(gaps)).sum();
        let week = turn.scope.red_on(day - TimeDelta::days(7)).await?;
        let month = turn.scope.red_on(day - TimeDelta::days(28)).await?;
        let named = by_owner.into_iter().map(|(owner, gaps)| {
            let known =
                people.iter().find(|person| owner.is_some_and(|id| person.holder == Holder::Person(id)));
            (known, gaps)
        });
        let mut named: Vec<_> = named.collect();
        let name = |of: &(Option<&_>, Vec<Gap>)| {
            of.0.map_or(String::new(), |person: &crate::domain::assignment::assignee::Assignee| {
                person.name.clone()
            })
        };
        named.sort_by(|a, b| red(&b.1).cmp(&red(&a.1)).then_with(|| name(a).cmp(&name(b))));

        let first = (self.page - 1).saturating_mul(Gaps::PAGE);
        let here = named.iter().enumerate().skip(first).take(Gaps::PAGE);
        let rows = here.map(|(place, (person, gaps))| match person {
            None => tally("Nobody", gaps).detail("No P-FM, and no P-RM who is a person"),
            Some(person) => {
                let list = to_gaps("", &format!("owner:{}", person.exact()));
                let owner = match person.holder {
                    Holder::Person(id) => Some(id),
                    Holder::Named(_) => None,
                };
                let then = week.as_ref().map(|past| past.by_owner.get(&owner).copied().unwrap_or(0));
                let row = tally(&person.name, gaps).button(place + 1, "Show gaps", &person.name, list);
                then.into_iter().fold(row, |row, then| row.detail(change("a week ago", red(gaps), then)))
            }
        });
        let tenants = words(snapshots.len(), "active tenant", "active tenants");
        let face = Gaps::new("Gaps of the firm, by person")
            .text(trend(&format!("{} of {tenants}, {now_red} red", words(all, "gap", "gaps")), now_red, [week.as_ref(), month.as_ref()]))
            .rows(rows.collect())
            .hint("A gap is its primary P-FM's: of the service, else of the tenant; else another P-FM's, else the P-RM's.");
        let turn_to = |title: &str, page: usize| Button::new(title, Self::NAME).with("page", page);
        let face = if self.page > 1 { face.button(turn_to("Previous page", self.page - 1)) } else { face };
        let more = first + Gaps::PAGE < named.len();
        let face = if more { face.button(turn_to("Next page", self.page + 1)) } else { face };
        Ok(render(&face.button(to_gaps("All gaps of the firm", "firm")))?.into())
    }
}

/// What is so, and what was a week and four weeks ago, where that is known.
fn trend(so: &str, red: usize, past: [Option<&Past>; 2]) -> String {
    let before = ["a week ago", "four weeks ago"].into_iter().zip(past);
    let before = before.filter_map(|(when, past)| Some(change(when, red, past?.firm)));
    std::iter::once(so.to_owned()).chain(before).collect::<Vec<_>>().join("; ") + "."
}

/// How many were red then, and what became of it.
fn change(when: &str, red: usize, then: i64) -> String {
    match i64::try_from(red).unwrap_or(i64::MAX) - then {
        0 => format!("{when} as many"),
        more @ 1.. => format!("{when} {then} red (▲ {more} more)"),
        fewer => format!("{when} {then} red (▼ {} fewer)", -fewer),
    }
}

/// A row about somebody or something, with its gaps by severity.
fn tally(name: &str, gaps: &[Gap]) -> Row {
    let of = |severity| gaps.iter().filter(|gap| gap.severity == severity).count();
    let parts = Severity::ALL.into_iter().map(|severity| (of(severity), severity.name()));
    let parts = parts.filter(|(count, _)| *count > 0).map(|(count, name)| format!("{count} {name}"));
    let tone = if red(gaps) > 0 { Tone::Attention } else { Tone::Warning };
    Row::new(name, parts.collect::<Vec<_>>().join(", "), tone)
}

fn words(number: usize, one: &str, many: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), one, many)
}
