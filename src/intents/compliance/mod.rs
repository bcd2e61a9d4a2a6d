//! What is missing of the required customer data (DOMAIN section 7), what soon will be, and why: the lists and figures
//! that people ask for. Each gap has the form that mends it one press away.

mod figures;
mod filter;
mod list;
mod why;

use filter::Filter;
pub(super) use filter::is_condition;

use crate::cards::Button;
use crate::cards::compliance::Row;
use crate::domain::access::{Act, Standing, may};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::compliance::{Fix, Gap, Snapshot};
use crate::store::compliance::Whose;
use crate::turn::{Fault, Fields, Malformed, Turn};
pub use figures::{Stats, Today, mine};
pub use list::{List, Next, Single, singles};
pub use why::{Show, button as to_why, hear as hear_why};

/// A gap, and the tenant that has it.
struct Found<'s> {
    snapshot: &'s Snapshot,
    gap: Gap,
}

/// The tenants that the filter asks for, with the firm's people if it names one.
async fn asked(turn: &mut Turn, filter: &Filter) -> Result<(Vec<Snapshot>, Vec<Assignee>), Fault> {
    let people = if filter.names_an_owner() { turn.scope.assignees().await? } else { Vec::new() };
    let whose = filter.whose(turn);
    Ok((snapshots(turn, whose).await?, people))
}

async fn snapshots(turn: &mut Turn, whose: Whose) -> Result<Vec<Snapshot>, Fault> {
    let zone = turn.zone;
    Ok(turn.scope.snapshots(whose, zone).await?)
}

/// What the button to the gaps of a tenant does.
pub(super) const SEE_WHY: &str = "See why";

/// The button that opens the form which mends it; `None`: this person may not.
fn mend(turn: &Turn, snapshot: &Snapshot, fix: &Fix) -> Option<(&'static str, Button)> {
    let act = match fix.verb {
        "note.open" => Act::WriteNote,
        "forecast.open" => Act::EditForecast,
        "contact.add" => Act::EditContacts,
        "scenario.open" => Act::SetScenario,
        _ => Act::See,
    };
    let assigned = snapshot.is_worked_on_by(turn.actor.person);
    let standing = Standing { assigned, admin: turn.actor.is_admin, ..Standing::default() };
    may(standing, act).then(|| {
        let button = Button::new("", fix.verb);
        (fix.title, fix.data.iter().fold(button, |button, (key, value)| button.with(key, value.as_str())))
    })
}

/// Gaps of several tenants, each with its own.
fn found<'s>(snapshots: &'s [Snapshot], gaps: impl Fn(&Snapshot) -> Vec<Gap>) -> Vec<Found<'s>> {
    let of = |snapshot: &'s Snapshot| gaps(snapshot).into_iter().map(move |gap| Found { snapshot, gap });
    snapshots.iter().flat_map(of).collect()
}

/// A gap as a row of a list.
fn row(turn: &Turn, number: usize, found: &Found<'_>) -> Row {
    let mend = mend(turn, found.snapshot, &found.gap.fix);
    let (does, button) = mend.unwrap_or_else(|| (SEE_WHY, why::button(found.snapshot.tenant)));
    let customer = &found.snapshot.customer_name;
    Row::gap(customer, &found.gap).button(number, does, customer, button)
}

/// How many of the gaps are so bad that they are red already.
fn red(gaps: &[Gap]) -> usize {
    gaps.iter().filter(|gap| gap.is_red()).count()
}

/// Which page is asked for, from 1.
fn page_of(fields: &Fields) -> Result<usize, Malformed> {
    usize::try_from(fields.page("page")?).map_err(|_| Malformed("page"))
}

/// The way to the list of gaps.
fn to_gaps(title: &str, filter: &str) -> Button {
    Button::new(title, list::GAPS).with("filter", filter).with("page", 1)
}
