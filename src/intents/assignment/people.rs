//! Who was meant by a name.

use crate::cards::form::Form;
use crate::cards::{Button, notices, render};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::line::Named;
use crate::domain::id::{Id, Tenant};
use crate::domain::search::Found;
use crate::turn::Fault;

/// Most buttons of a choice.
const OFFERED: usize = 5;

/// The one who was named. Several or none: a choice is shown instead, whose buttons say the same line again with the
/// name made exact, so that nothing that was typed is lost.
pub(super) fn the_one<'p>(
    named: Named<'p, '_>,
    verb: &'static str,
    tenant: Option<Id<Tenant>>,
    exactly: impl Fn(&str) -> String,
) -> Result<&'p Assignee, Fault> {
    let (offered, intro) = match named.found {
        Found::One(one) => return Ok(one),
        Found::Several(several) => (several, "Several people of your firm are called so."),
        Found::Nearest(near) if near.is_empty() => {
            return Err(render(&notices::nobody_called(named.name))?.into());
        }
        Found::Nearest(near) => (near, "Nobody of your firm is called so. These come nearest:"),
    };
    let button = |one: &&Assignee| {
        let title =
            if one.upn.is_empty() { one.name.clone() } else { format!("{} · {}", one.name, one.upn) };
        let button = Button::new(title, verb).with("body", exactly(one.exact())).plain();
        match tenant {
            Some(tenant) => button.with("tenant", tenant.to_string()),
            None => button,
        }
    };
    let form = Form::new("Whom do you mean?").about("", named.name).intro(intro);
    let form = if offered.len() > OFFERED { form.hint("Not among them? Type the user name.") } else { form };
    let form = offered.iter().take(OFFERED).map(button).fold(form, Form::button);
    Err(Fault::from(render(&form)?))
}
