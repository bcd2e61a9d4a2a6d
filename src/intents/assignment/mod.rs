//! Who works on a tenant: shown, assigned, edited, removed, handed over (DOMAIN 3.9).
//!
//! [`sheet`] is the form, [`line`] is one line of chat; both end in the same operation on a
//! [`Team`](crate::domain::assignment::team::Team).

mod draft;
pub mod form;
pub mod handover;
pub mod line;
pub mod list;
mod people;
pub mod remove;
mod sheet;
mod staff;

use uuid::Uuid;

use crate::cards::assignment::without_primary;
use crate::cards::{Button, Card, notices, render};
use crate::domain::assignment::team::{Outcome, Team};
use crate::domain::assignment::{Coverage, Holder, Role, Scope};
use crate::domain::id::{Id, Tenant};
use crate::store::assignment::Reshuffle;
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Saying, Turn};
use staff::Staff;

/// A holder as a card carries it: a person's id, or the name of a firm or queue.
fn written(holder: &Holder) -> String {
    match holder {
        Holder::Person(id) => id.to_string(),
        Holder::Named(name) => name.clone(),
    }
}

/// The holder that a card names; `None`: none.
fn holder_of(fields: &Fields) -> Result<Option<Holder>, Malformed> {
    let who = fields.text("who")?;
    let id = (who.len() == 36).then(|| Uuid::try_parse(&who).ok()).flatten();
    Ok(match id {
        Some(id) => Some(Holder::Person(id.into())),
        None => (!who.is_empty()).then_some(Holder::Named(who)),
    })
}

/// The role that a card names.
fn role_of(fields: &Fields) -> Result<Role, Malformed> {
    Role::stored(&fields.text("role")?).ok_or(Malformed("role"))
}

/// The way to the tenant's assignments.
fn to_list(title: &str, tenant: Id<Tenant>) -> Button {
    Button::new(title, list::NAME).with("tenant", tenant.to_string()).with("page", 1)
}

/// Why a tenant's last P-RM stays, and the way to a further one (A7).
pub(super) fn last_regional_manager(desk: &Desk) -> Result<Card, Fault> {
    let another = Button::new("Assign a further P-RM", form::Add::NAME)
        .with("tenant", desk.tenant.to_string())
        .with("role", Role::RegionalManager.code());
    let notice = notices::last_regional_manager(&desk.customer_name, another);
    Ok(render(&notice.button(to_list("Assignments", desk.tenant)))?)
}

/// Writes the team of one tenant.
async fn write(turn: &mut Turn, desk: &Desk, before: Team, after: Team) -> Result<(), Fault> {
    Ok(turn.scope.reshuffle(&[Reshuffle { tenant: desk.tenant, before, after }]).await?)
}

/// What an operation came to: the team, and what has to be asked before it may be so (A4).
fn settled(outcome: Outcome, staff: &Staff) -> (Team, String) {
    match outcome {
        Outcome::Done(team) => (team, String::new()),
        Outcome::Asks(question) => {
            let taken = question.taken().iter().map(|taken| {
                let from = crate::cards::text::markdown(staff.name_of(&taken.from));
                format!("{from} is primary {} for {} now.", taken.role.name(), taken.scope.name())
            });
            let taken = taken.collect::<Vec<_>>().join(" ");
            (question.agreed(), format!("{taken} The mark would move."))
        }
    }
}

/// The words of the receipt, with what is worth knowing of the team as it is now (A8, A14).
fn saying(desk: &Desk, title: &str, wanted: &Coverage, role: Role, holder: &Holder, after: &Team) -> Saying {
    let mut saying = Saying::done(title).button(to_list("Assignments", desk.tenant));
    let is_primary = after.primary(role, &Scope::tenant()) == Some(holder);
    if role == Role::RegionalManager && is_primary && !wanted.primaries.contains(&Scope::tenant()) {
        saying = saying.hint("The only P-RM is primary for the tenant by itself.");
    }
    if wanted.scopes.len() == Scope::all().count() {
        saying = saying.hint("Assign people only to services that they really work on.");
    }
    after.without_tenant_primary().into_iter().fold(saying, |saying, role| saying.hint(without_primary(role)))
}
