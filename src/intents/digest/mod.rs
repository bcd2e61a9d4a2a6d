//! Digests: ordered for a channel or for one's own chat, listed, stopped, and when they leave a place alone. What they
//! say is made by `jobs::digest`.

mod list;
mod order;
mod quiet;
mod snooze;
mod view;

use crate::cards::{digest_notices, render};
use crate::domain::access::Act;
use crate::store::subscription::Subscription;
use crate::turn::{Fault, PlaceKind, Turn};
pub use list::List;
pub use order::{Subscribe, Unsubscribe};
pub use quiet::Quieten;
pub use snooze::{Snooze, hear as hear_snooze};
pub use view::Show;

/// Refuses whoever may not decide what others are told (P8).
fn entitled(turn: &Turn) -> Result<(), Fault> {
    if turn.place.kind == PlaceKind::Shared && !turn.actor.may_in_the_firm(Act::SubscribePlace) {
        return Err(render(&digest_notices::place_refused())?.into());
    }
    Ok(())
}

/// The digest of this place, for whoever may change it.
async fn here(turn: &mut Turn) -> Result<Subscription, Fault> {
    entitled(turn)?;
    let place = turn.place.conversation.clone();
    match turn.scope.subscription_of(&place).await? {
        Some(here) => Ok(here),
        None => Err(render(&digest_notices::none_here())?.into()),
    }
}
