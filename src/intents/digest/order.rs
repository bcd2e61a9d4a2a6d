//! `subscribe` and `unsubscribe`.

use super::{entitled, here};
use crate::cards::{digest_notices, render};
use crate::domain::compliance::Rule;
use crate::domain::digest::Choice;
use crate::domain::id::{Id, Tenant};
use crate::domain::schedule::Timing;
use crate::domain::search::{Found, choose};
use crate::domain::service::catalogue;
use crate::domain::text::search_key;
use crate::store::subscription::Order;
use crate::turn::{Fault, Fields, Intent, Malformed, PlaceKind, Reply, Turn, Usage};

/// Most tenants that are named in one order.
const TENANTS: usize = 10;

/// `subscribe mon, thu at 8:30 overdue rule:note svc:exo for contoso, fabrikam`.
#[derive(Debug)]
pub struct Subscribe {
    /// When: the clock is that of whoever says it.
    timing: Timing,
    /// Of what, before the tenants are known.
    choice: Choice,
    /// Tenants, as they were named.
    names: Vec<String>,
}

impl Subscribe {
    /// Reads what follows `subscribe`.
    ///
    /// # Errors
    /// Words that are no schedule, and no rule or service that is known.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        let folded = format!(" {words} ").to_lowercase();
        let (words, names) = match folded.split_once(" for ") {
            Some((words, names)) => (words.to_owned(), names.to_owned()),
            None => (folded, String::new()),
        };
        let (mut choice, mut when) = (Choice::default(), Vec::new());
        for word in words.split_whitespace() {
            if !takes(&mut choice, word.trim_end_matches(','))? {
                when.push(word);
            }
        }
        let timing = Timing::read(&when.join(" ")).map_err(|_| Usage)?;
        let names = names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let names: Vec<String> = names.collect();
        if names.len() > TENANTS { Err(Usage) } else { Ok(Self { timing, choice, names }) }
    }
}

/// Whether `word` narrows the choice.
fn takes(choice: &mut Choice, word: &str) -> Result<bool, Usage> {
    match word.split_once([':', '=']) {
        None if ["overdue", "red"].contains(&word) => choice.only_overdue = true,
        None if word == "money" => choice.rules.extend(Rule::called(word)),
        Some(("rule", name)) => match Rule::called(name) {
            rules if rules.is_empty() => return Err(Usage),
            rules => choice.rules.extend(rules),
        },
        Some(("svc" | "service", name)) => {
            choice.services.push(catalogue().service(name).ok_or(Usage)?.code.clone());
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// The one tenant that is called so. Several or none: nothing is ordered, and nothing is guessed.
async fn tenant_called(turn: &mut Turn, name: &str) -> Result<Id<Tenant>, Fault> {
    let candidates = turn.scope.search_tenants(&turn.actor, &search_key(name)).await?;
    match choose(name, candidates) {
        Found::One(tenant) => Ok(tenant.id),
        Found::Several(near) | Found::Nearest(near) => {
            let names: Vec<String> = near.into_iter().map(|tenant| tenant.customer_name).collect();
            Err(render(&digest_notices::which_tenant(name, &names))?.into())
        }
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
        let schedule = self.timing.by(turn.zone);
        let mut choice = self.choice;
        for name in &self.names {
            let tenant = tenant_called(turn, name).await?;
            choice.tenants.push(tenant);
        }
        let (actor, place) = (turn.actor.clone(), turn.place.conversation.clone());
        let known = turn.scope.subscription_of(&place).await?;
        let clashing = known.and_then(|known| known.quiet).filter(|quiet| quiet.covers(schedule.time));
        if let Some(quiet) = clashing {
            return Err(render(&digest_notices::quiet_then(&schedule.words(), &quiet.words()))?.into());
        }
        let order = Order { schedule, choice };
        turn.scope.subscribe(&actor, &place, &order).await?;
        let shared = turn.place.kind == PlaceKind::Shared;
        Ok(render(&digest_notices::subscribed(&schedule.words(), shared, &order.choice))?.into())
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
        let here = here(turn).await?;
        let actor = turn.actor.clone();
        turn.scope.unsubscribe(&actor, &here).await?;
        Ok(render(&digest_notices::unsubscribed())?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_says_when_of_what_and_for_whom() {
        let order =
            Subscribe::from_words("mon, thu at 8:30 overdue, rule:note svc:exo for Contoso, Fabrikam")
                .unwrap();
        assert_eq!(order.timing, Timing::read("mon, thu at 8:30").unwrap());
        assert_eq!(order.names, ["contoso", "fabrikam"]);
        assert_eq!(order.choice.words(), "overdue only, Overall status, Exchange");
        let all = Subscribe::from_words("").unwrap();
        assert_eq!((all.choice, all.names.len()), (Choice::default(), 0));
        for wrong in ["rule:weather", "svc:lotus", "whenever", "at 8 in summer"] {
            assert!(Subscribe::from_words(wrong).is_err(), "{wrong}");
        }
    }
}
