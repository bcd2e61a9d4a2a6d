//! What is missing of the required customer data (DOMAIN section 7), what soon will be, and why: the lists and figures
//! that people ask for. Each gap has the form that mends it one press away.

mod figures;
mod filter;
mod list;
mod why;

use filter::Filter;

use crate::cards::Button;
use crate::cards::compliance::Row;
use crate::domain::access::{Act, Standing, may};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::compliance::{Fix, Gap, Snapshot};
use crate::store::compliance::Whose;
use crate::turn::{Fault, Turn};
pub use figures::{Stats, Today};
pub use list::{List, Next};
pub use why::{Show, hear as hear_why};

/// A gap, and the tenant that has it.
struct Found<'s> {
    snapshot: &'s Snapshot,
    gap: Gap,
}

/// The firm's people, if the filter names one.
async fn people(turn: &mut Turn, filter: &Filter) -> Result<Vec<Assignee>, Fault> {
    Ok(if filter.names_an_owner() { turn.scope.assignees().await? } else { Vec::new() })
}

async fn snapshots(turn: &mut Turn, whose: Whose) -> Result<Vec<Snapshot>, Fault> {
    let zone = turn.zone;
    Ok(turn.scope.snapshots(whose, zone).await?)
}

/// The button that opens the form which mends it; where this person may not, the gaps of the tenant with their rules.
fn mend(turn: &Turn, snapshot: &Snapshot, fix: &Fix) -> (&'static str, Button) {
    let act = match fix.verb {
        "note.open" => Act::WriteNote,
        "forecast.open" => Act::EditForecast,
        "contact.add" => Act::EditContacts,
        "scenario.open" => Act::SetScenario,
        _ => Act::See,
    };
    let assigned = snapshot.is_worked_on_by(turn.actor.person);
    let standing = Standing { assigned, admin: turn.actor.is_admin, ..Standing::default() };
    if !may(standing, act) {
        return ("See why", why::button(snapshot.tenant));
    }
    let button = fix
        .data
        .iter()
        .fold(Button::new("", fix.verb), |button, (key, value)| button.with(key, value.as_str()));
    (fix.title, button)
}

/// A gap as a row of a list.
fn row(turn: &Turn, number: usize, found: &Found<'_>) -> Row {
    let (does, button) = mend(turn, found.snapshot, &found.gap.fix);
    let customer = &found.snapshot.customer_name;
    Row::gap(customer, &found.gap).button(number, does, customer, button)
}

/// The way to the list of gaps.
fn to_gaps(title: &str, filter: &str) -> Button {
    Button::new(title, list::GAPS).with("filter", filter).with("page", 1)
}
