//! What a digest and an alert say. Whoever presses a button acts for themselves; no contact is named (Q4).

use aws_lc_rs::digest::{SHA256, digest as sha};
use serde_json::Value;

use super::DigestError;
use super::round::Sore;
use crate::cards::compliance::{Gaps, Row};
use crate::cards::text::count;
use crate::cards::{Button, Tone, render};
use crate::domain::compliance::{Gap, Severity};
use crate::domain::id::{Id, Person};
use crate::store::subscription::Subscription;

/// What the clients of readers ask for a view of their own.
const VIEW: &str = "digest.show";

/// A message, and in short what it says.
pub(super) struct Face {
    /// The message.
    pub message: Value,
    /// What it says; the same words, the same bytes.
    pub said: Vec<u8>,
}

impl Face {
    /// The face, with a view of their own for these readers. Who they are is no news.
    fn of(face: &Gaps, readers: &[String]) -> Result<Self, DigestError> {
        let card = render(face)?;
        let said = sha(&SHA256, card.content.get().as_bytes()).as_ref().to_vec();
        Ok(Self { message: card.refreshed_by(VIEW, readers).message(), said })
    }
}

/// The digest: figures for each element, the worst tenants, and the way to all of it.
pub(super) fn digest(
    subscription: &Subscription,
    sore: &[Sore<'_>],
    readers: &[String],
) -> Result<Face, DigestError> {
    let whom = if subscription.personal { "your tenants" } else { "the firm's tenants" };
    let text = match sore.len() {
        0 => format!("Nothing is red in {whom} any more. Well done!"),
        1 => format!("One of {whom} wants a hand."),
        several => format!("{several} of {whom} want a hand, the worst first."),
    };
    let all: Vec<&Gap> = sore.iter().flat_map(|one| one.gaps.iter().copied()).collect();
    let face = Gaps::new("What is red").text(text).elements(&all);
    let rows = sore.iter().take(Gaps::PAGE).enumerate().map(|(index, one)| row(index + 1, one)).collect();
    let filter = if subscription.personal { "" } else { "firm" };
    let all_gaps = Button::new("All gaps", "gap.list").with("filter", filter).with("page", 1);
    Face::of(&face.rows(rows).hint(hint(subscription)).button(all_gaps), readers)
}

/// The alert of what costs money; `None`: nothing does.
pub(super) fn alert(sore: &[Sore<'_>]) -> Result<Option<Face>, DigestError> {
    if sore.is_empty() {
        return Ok(None);
    }
    let each = sore.iter().flat_map(|one| one.gaps.iter().map(move |gap| (one, *gap)));
    let rows: Vec<Row> = each
        .take(Gaps::PAGE)
        .enumerate()
        .map(|(index, (one, gap))| {
            let customer = &one.snapshot.customer_name;
            Row::gap(customer, gap).button(index + 1, "Why", customer, why(one))
        })
        .collect();
    let face = Gaps::new("⚠ This costs money")
        .text("It is told once, and then stays in the gaps until it is mended.")
        .rows(rows)
        .button(Button::new("All that costs money", "gap.list").with("filter", "firm money").with("page", 1));
    Face::of(&face, &[]).map(Some)
}

/// Whom what is shown concerns, most of all: those whose gaps they are, then those who work on the tenants.
pub(super) fn concerned(sore: &[Sore<'_>]) -> Vec<Id<Person>> {
    let shown = || sore.iter().take(Gaps::PAGE);
    let owners = shown().flat_map(|one| one.gaps.iter().filter_map(|gap| gap.owner));
    let workers = shown().flat_map(|one| one.snapshot.holdings.iter().filter_map(|held| held.person));
    let mut people = Vec::new();
    for person in owners.chain(workers) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

/// How to have less of it.
fn hint(subscription: &Subscription) -> &'static str {
    if subscription.by_default {
        "It comes when there is news of gaps that are yours to mend. “snooze” and a tenant's name leaves one out for a \
         while, “unsubscribe” stops it."
    } else {
        "“why” and a tenant's name say the rules behind it; “snooze” leaves one out for a while, “unsubscribe” stops it."
    }
}

fn row(place: usize, one: &Sore<'_>) -> Row {
    let red = one.gaps.iter().filter(|gap| gap.is_red()).count();
    let worst = one.gaps.iter().map(|gap| gap.severity).max().unwrap_or(Severity::Soon);
    let words = if red == 0 { "due soon".to_owned() } else { number(red, "gap", "gaps") };
    let mut names: Vec<&str> = one.gaps.iter().map(|gap| gap.rule.name()).collect();
    names.dedup();
    let customer = &one.snapshot.customer_name;
    let row = Row::new(customer, words, Tone::of_severity(worst)).detail(names.join(" · "));
    row.button(place, "Why", customer, why(one))
}

fn why(one: &Sore<'_>) -> Button {
    Button::new("", "gap.why").with("tenant", one.snapshot.tenant.to_string())
}

fn number(of: usize, one: &str, many: &str) -> String {
    count(u64::try_from(of).unwrap_or(u64::MAX), one, many)
}
