//! `gaps` and `next`: what is missing, and what turns red in the days to come.

use super::filter::Filter;
use super::{Found, asked, found, page_of, row, to_gaps};
use crate::cards::compliance::Gaps;
use crate::cards::text::{count, number};
use crate::cards::{Button, render};
use crate::domain::compliance::Gap;
use crate::domain::id::{Id, Tenant};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// The verb of `gaps`.
pub(super) const GAPS: &str = "gap.list";

/// `gaps [filter]`.
#[derive(Debug)]
pub struct List {
    filter: String,
    page: usize,
}

/// `next [7d] [filter]`.
#[derive(Debug)]
pub struct Next {
    filter: String,
    page: usize,
}

impl List {
    /// Reads what follows `gaps`.
    pub fn from_words(words: &str) -> Self {
        Self { filter: words.to_owned(), page: 1 }
    }
}

impl Next {
    /// Reads what follows `next`.
    pub fn from_words(words: &str) -> Self {
        Self { filter: words.to_owned(), page: 1 }
    }
}

impl Intent for List {
    const NAME: &'static str = GAPS;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { filter: fields.text("filter")?, page: page_of(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let filter = Filter::of(&self.filter);
        let (snapshots, people) = asked(turn, &filter).await?;
        let today = turn.today();
        let mut found = found(&snapshots, |snapshot| filter.present(snapshot, today, &people));
        worst_first(&mut found);
        let red = found.iter().filter(|found| found.gap.is_red()).count();
        let title = if filter.firm { "Gaps of the firm" } else { "My gaps" };
        let face = Gaps::new(title).about(&self.filter);
        if found.is_empty() {
            return empty(face, &filter, &self.filter, "Nothing is missing here, and nothing soon will be.");
        }
        let face = face.hint("Write why and a tenant's name for the rules behind its gaps.");
        let told = format!("{}, {red} of them red; the worst first.", shown(&found));
        let face = paged(turn, face.text(told), &found, (Self::NAME, &self.filter, self.page));
        let face = if filter.firm { face } else { face.button(whole_firm(&self.filter)) };
        Ok(render(&face)?.into())
    }
}

impl Intent for Next {
    const NAME: &'static str = "gap.next";

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { filter: fields.text("filter")?, page: page_of(fields)? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let filter = Filter::of(&self.filter);
        let (snapshots, people) = asked(turn, &filter).await?;
        let today = turn.today();
        let mut found = found(&snapshots, |snapshot| filter.coming(snapshot, today, &people));
        found.sort_by_key(|found| found.gap.since);
        let days = filter.days.unwrap_or(Turn::rules().gap_next_days);
        let span = count(u64::try_from(days).unwrap_or(0), "day", "days");
        let face = Gaps::new(format!("What turns red in the next {span}")).about(&self.filter);
        if found.is_empty() {
            return empty(face, &filter, &self.filter, "Nothing turns red in these days.");
        }
        let told = format!("{}, the earliest first.", shown(&found));
        let face = paged(turn, face.text(told), &found, (Self::NAME, &self.filter, self.page));
        Ok(render(&face.button(to_gaps("All gaps", "")))?.into())
    }
}

/// A gap by itself.
#[derive(Debug)]
pub struct Single {
    /// The tenant that has it.
    pub tenant: Id<Tenant>,
    /// The customer's name.
    pub customer: String,
    /// The gap.
    pub gap: Gap,
}

/// The gaps that the words after `gaps` ask for, the worst first.
pub async fn singles(turn: &mut Turn, words: &str) -> Result<Vec<Single>, Fault> {
    let filter = Filter::of(words);
    let (snapshots, people) = asked(turn, &filter).await?;
    let today = turn.today();
    let mut found = found(&snapshots, |snapshot| filter.present(snapshot, today, &people));
    worst_first(&mut found);
    let single = |Found { snapshot, gap }: Found<'_>| Single {
        tenant: snapshot.tenant,
        customer: snapshot.customer_name.clone(),
        gap,
    };
    Ok(found.into_iter().map(single).collect())
}

fn worst_first(found: &mut [Found<'_>]) {
    found.sort_by(|a, b| b.gap.severity.cmp(&a.gap.severity).then(a.gap.since.cmp(&b.gap.since)));
}

fn shown(found: &[Found<'_>]) -> String {
    count(u64::try_from(found.len()).unwrap_or(u64::MAX), "gap", "gaps")
}

/// The page, with the ways to the one before and the one after. `back` is the verb, its filter and the page.
fn paged(turn: &Turn, face: Gaps, found: &[Found<'_>], back: (&'static str, &str, usize)) -> Gaps {
    let (verb, filter, page) = back;
    let first = (page - 1).saturating_mul(Gaps::PAGE);
    let here = found.iter().enumerate().skip(first).take(Gaps::PAGE);
    let rows = here.map(|(place, found)| row(turn, place + 1, found)).collect();
    let pages = found.len().div_ceil(Gaps::PAGE);
    let turn_to =
        |title: String, page: usize| Button::new(title, verb).with("filter", filter).with("page", page);
    let mut face = face.rows(rows);
    if page > 1 {
        face = face.button(turn_to("Previous page".to_owned(), (page - 1).min(pages)));
    }
    if page < pages {
        let of = number(u64::try_from(pages).unwrap_or(u64::MAX));
        face = face.button(turn_to(format!("Next page, {} of {of}", page + 1), page + 1));
    }
    face
}

/// The answer where there is nothing, with a next step.
fn empty(face: Gaps, filter: &Filter, words: &str, text: &str) -> Result<Reply, Fault> {
    let face = if filter.firm {
        face.text(text)
    } else {
        let face = face.text(format!("{text} These are the tenants that you are assigned to."));
        face.button(whole_firm(words))
    };
    let face = if words.trim().is_empty() { face } else { face.button(to_gaps("Without a filter", "")) };
    let face = face.button(Button::new("My tenants", "tenant.list").with("list", "active").with("page", 1));
    Ok(render(&face)?.into())
}

fn whole_firm(words: &str) -> Button {
    to_gaps("Of the whole firm", format!("firm {words}").trim())
}
