//! Digests: ordered for a channel or for one's own chat, listed, stopped. What they say is made by `jobs::digest`.

use chrono_tz::Tz;

use crate::cards::{digest_notices, render};
use crate::domain::access::Act;
use crate::domain::schedule::Schedule;
use crate::store::subscription::{Order, Subscription};
use crate::turn::{Fault, Fields, Intent, Malformed, PlaceKind, Reply, Turn, Usage};

/// Most digests that one card lists.
const LISTED: usize = 20;

/// `subscribe mon, thu at 8:30 overdue`.
#[derive(Debug)]
pub struct Subscribe {
    /// The clock is that of whoever says it.
    schedule: Schedule,
    only_overdue: bool,
}

impl Subscribe {
    /// Reads what follows `subscribe`.
    ///
    /// # Errors
    /// Words that are no schedule.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        let (overdue, when): (Vec<&str>, Vec<&str>) = words
            .split_whitespace()
            .partition(|word| ["overdue", "red"].contains(&word.to_lowercase().trim_end_matches(',')));
        let schedule = Schedule::read(&when.join(" "), Tz::UTC).map_err(|_| Usage)?;
        Ok(Self { schedule, only_overdue: !overdue.is_empty() })
    }
}

impl Intent for Subscribe {
    const NAME: &'static str = "digest.subscribe";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Self::from_words(&fields.text("words")?).map_err(|_| Malformed("words"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let schedule = Schedule { zone: turn.zone, ..self.schedule };
        let (actor, place) = (turn.actor.clone(), turn.place.conversation.clone());
        let order = Order { schedule, only_overdue: self.only_overdue };
        turn.scope.subscribe(&actor, &place, order).await?;
        let shared = turn.place.kind == PlaceKind::Shared;
        Ok(render(&digest_notices::subscribed(&schedule.words(), shared, self.only_overdue))?.into())
    }
}

/// `unsubscribe`: no more digests here.
#[derive(Debug)]
pub struct Unsubscribe;

impl Intent for Unsubscribe {
    const NAME: &'static str = "digest.unsubscribe";
    const WRITES: bool = true;

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let (actor, place) = (turn.actor.clone(), turn.place.conversation.clone());
        let Some(here) = turn.scope.subscription_of(&place).await? else {
            return Ok(render(&digest_notices::none_here())?.into());
        };
        turn.scope.unsubscribe(&actor, &here).await?;
        Ok(render(&digest_notices::unsubscribed())?.into())
    }
}

/// `subscriptions`: one's own digest and that of this place; for team leads and admins those of all channels.
#[derive(Debug)]
pub struct List;

impl Intent for List {
    const NAME: &'static str = "digest.list";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let all = turn.scope.subscriptions().await?;
        let here = all.iter().find(|one| one.is_of(&turn.place.conversation)).map(|here| here.id);
        let leads = turn.actor.may_in_the_firm(Act::SubscribePlace);
        let personal = turn.place.kind == PlaceKind::Personal;
        // Somebody's own chat is nobody else's business; in shared places only what is shared is told.
        let may_know = |one: &Subscription| {
            Some(one.id) == here
                || if one.personal { personal && one.person == turn.actor.person } else { leads }
        };
        let known: Vec<_> = all.into_iter().filter(may_know).collect();
        if known.is_empty() {
            return Ok(render(&digest_notices::none_here())?.into());
        }
        let lines: Vec<_> = known.iter().take(LISTED).map(|one| line(one, Some(one.id) == here)).collect();
        Ok(render(&digest_notices::subscriptions(&lines, here.is_some()))?.into())
    }
}

fn line(one: &Subscription, here: bool) -> String {
    let place = match (here, one.personal) {
        (true, _) => "Here",
        (false, true) => "Your own chat",
        (false, false) => "Another channel",
    };
    let what = if one.only_overdue { ", overdue only" } else { "" };
    format!("{place}: {}{what}; ordered by {}", one.schedule.words(), one.person_name)
}

/// Refuses whoever may not decide what others are told (P8).
fn entitled(turn: &Turn) -> Result<(), Fault> {
    if turn.place.kind == PlaceKind::Shared && !turn.actor.may_in_the_firm(Act::SubscribePlace) {
        return Err(render(&digest_notices::place_refused())?.into());
    }
    Ok(())
}
