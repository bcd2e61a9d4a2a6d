//! Taking an assignment away: always asked first (A11), never the last P-RM (A7).

use std::collections::BTreeSet;

use serde_json::json;

use super::staff::Staff;
use super::{holder_of, last_regional_manager, role_of, to_list, write, written};
use crate::cards::assignment::without_primary;
use crate::cards::{notices, render};
use crate::domain::access::Act;
use crate::domain::assignment::{Holder, Role, Scope};
use crate::domain::id::{Id, Tenant};
use crate::store::desk::Desk;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn};

/// The button beside an assignment.
#[derive(Debug)]
pub struct Remove {
    tenant: Id<Tenant>,
    role: Role,
    holder: Holder,
}

impl Intent for Remove {
    const NAME: &'static str = "assignment.remove";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        let holder = holder_of(fields)?.ok_or(Malformed("who"))?;
        Ok(Self { tenant: fields.id("tenant")?, role: role_of(fields)?, holder })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let desk = turn.desk(self.tenant, Act::Assign).await?;
        let staff = Staff::of(turn, &desk).await?;
        let fields = json!({
            "tenant": self.tenant, "role": self.role.code(), "who": written(&self.holder),
        });
        let name = staff.name_of(&self.holder).to_owned();
        let taking =
            Taking { holder: &self.holder, name: &name, roles: &[self.role], scopes: BTreeSet::new() };
        take(turn, &desk, &staff, taking, Self::NAME, fields).await
    }
}

/// What is to be taken, from whom.
pub(super) struct Taking<'a> {
    pub(super) holder: &'a Holder,
    pub(super) name: &'a str,
    pub(super) roles: &'a [Role],
    /// None: all.
    pub(super) scopes: BTreeSet<Scope>,
}

/// Asks, and once asked, does it.
pub(super) async fn take(
    turn: &mut Turn,
    desk: &Desk,
    staff: &Staff,
    taking: Taking<'_>,
    act: &'static str,
    fields: serde_json::Value,
) -> Result<Reply, Fault> {
    let before = staff.team();
    let Ok(after) = before.unassign(taking.holder, taking.roles, &taking.scopes) else {
        return Err(last_regional_manager(desk)?.into());
    };
    if before == after {
        let notice = notices::holds_nothing(taking.name, &desk.customer_name);
        return Err(render(&notice.button(to_list("Assignments", desk.tenant)))?.into());
    }
    let saying = Saying::done("Assignment removed")
        .asks("Remove this assignment?", "Remove")
        .about(taking.name)
        .button(to_list("Assignments", desk.tenant));
    let missing = after.without_tenant_primary().into_iter();
    let new = missing.filter(|role| !before.without_tenant_primary().contains(role));
    let saying = new.fold(saying, |saying, role| saying.hint(without_primary(role)));
    let edit = turn.edit(desk, act).await?;
    write(turn, desk, before, after).await?;
    edit.confirmed(turn, act, fields, saying).await
}
