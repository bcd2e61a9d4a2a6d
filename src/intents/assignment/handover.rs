//! `handover @from to @to [filter]`: everything of one person over to another, in all tenants at once.

use serde_json::json;

use super::people::the_one;
use crate::cards::text::count;
use crate::cards::{notices, render};
use crate::domain::access::{Act, Standing, may};
use crate::domain::assignment::assignee::Assignee;
use crate::domain::assignment::line::{from_and_to, who};
use crate::domain::assignment::{Holder, Role};
use crate::domain::text::search_key;
use crate::store::assignment::{Held, Reshuffle};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Saying, Turn, Usage};

/// How the line is written.
pub const USAGE: &str = "handover <person> to <person> [filter]";

/// Most tenants that are handed over at once: it is one change, and its undo must be done while Teams waits.
const MOST: usize = 250;

/// The line.
#[derive(Debug)]
pub struct Handover {
    body: String,
}

impl Handover {
    /// Reads what follows `handover`.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        from_and_to(words).ok_or(Usage)?;
        Ok(Self { body: words.to_owned() })
    }
}

impl Intent for Handover {
    const NAME: &'static str = "assignment.handover";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { body: fields.text("body")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let Some((from, to)) = from_and_to(&self.body) else {
            return Err(render(&notices::usage(USAGE, "It names two people of your firm."))?.into());
        };
        // People only: the firm's own name stays where it is (A7).
        let mut people = turn.scope.assignees().await?;
        people.retain(|one| matches!(one.holder, Holder::Person(_)));
        let named = who(from, &people);
        let stray = named.rest;
        let from = the_one(named, Self::NAME, None, |name| format!("{name} to {to}"))?;
        if !stray.is_empty() {
            return Err(render(&notices::usage(USAGE, "A filter stands at the end."))?.into());
        }
        let named = who(to, &people);
        let filter = named.rest;
        let to = the_one(named, Self::NAME, None, |name| format!("{} to {name} {filter}", from.exact()))?;
        self.hand_over(turn, from, to, filter).await
    }
}

impl Handover {
    async fn hand_over(
        &self,
        turn: &mut Turn,
        from: &Assignee,
        to: &Assignee,
        filter: &str,
    ) -> Result<Reply, Fault> {
        let Holder::Person(person) = &from.holder else { return Err(nothing(from, filter)?) };
        if to.may_hold(Role::Engineer).is_err() {
            return Err(render(&notices::nobody_called(to.exact()))?.into());
        }
        let held = turn.scope.held_by(&turn.actor, *person, &search_key(filter)).await?;
        let all = held.len();
        let actor = &turn.actor;
        let allowed = |held: &Held| {
            let standing = Standing { assigned: held.assigned, admin: actor.is_admin, ..Standing::default() };
            may(standing, Act::Assign)
        };
        let teams: Vec<Reshuffle> = held
            .into_iter()
            .filter(allowed)
            .map(|Held { tenant, team, .. }| {
                let after = team.hand_over(&from.holder, &to.holder);
                Reshuffle { tenant, before: team, after }
            })
            .collect();
        if teams.is_empty() {
            return Err(nothing(from, filter)?);
        }
        let many = tenants(teams.len());
        if teams.len() > MOST {
            let says = format!("These are {many}, and at most {MOST} are handed over at once. Add a filter.");
            return Err(render(&notices::usage(USAGE, &says))?.into());
        }
        let mut saying = Saying::done(format!("Handed over: {many}"))
            .asks(format!("Hand over {many}?"), "Hand over")
            .about(format!("{} → {}", from.name, to.name));
        let left = all - teams.len();
        if left > 0 {
            saying = saying.hint(format!("Left out: {}, which you are not assigned to.", tenants(left)));
        }
        let edit = turn.edit_several(Self::NAME).await?;
        turn.scope.reshuffle(&teams).await?;
        let fields = json!({ "body": format!("{} to {} {filter}", from.exact(), to.exact()) });
        edit.confirmed(turn, Self::NAME, fields, saying).await
    }
}

fn tenants(number: usize) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), "tenant", "tenants")
}

fn nothing(from: &Assignee, filter: &str) -> Result<Fault, Fault> {
    let place = if filter.is_empty() { "No tenant that you may edit" } else { filter };
    Ok(render(&notices::holds_nothing(&from.name, place))?.into())
}
