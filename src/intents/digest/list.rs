//! `subscriptions`.

use crate::cards::{digest_notices, render, text};
use crate::domain::access::Act;
use crate::store::digest_run::Resting;
use crate::store::subscription::Subscription;
use crate::turn::{Fault, Fields, Intent, Malformed, PlaceKind, Reply, Turn};

/// Most digests that one card lists.
const LISTED: usize = 20;

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
        let resting = turn.scope.resting(turn.today().0).await?;
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
        let lines: Vec<_> =
            known.iter().take(LISTED).map(|one| line(one, Some(one.id) == here, &resting)).collect();
        Ok(render(&digest_notices::subscriptions(&lines, here.is_some()))?.into())
    }
}

/// Where, when, of what, by whom ordered; when it is quiet, and who rests.
fn line(one: &Subscription, here: bool, resting: &[Resting]) -> String {
    let place = match (here, one.personal) {
        (true, _) => "Here",
        (false, true) => "Your own chat",
        (false, false) => "Another channel",
    };
    let mut words = format!("{place}: {}", one.schedule.words());
    let mut add = |more: &str| words.push_str(more);
    let choice = one.choice.words();
    if !choice.is_empty() {
        add(&format!(", {choice}"));
    }
    if let Some(quiet) = one.quiet {
        add(&format!("; quiet {}", quiet.words()));
    }
    for rest in resting.iter().filter(|rest| rest.is_of(one)) {
        add(&format!("; {} rests until {}", rest.customer_name, text::day(rest.until)));
    }
    add(&if one.by_default {
        "; of gaps that are yours to mend, when there is news".to_owned()
    } else {
        format!("; ordered by {}", one.person_name)
    });
    words
}
