//! `snooze contoso until monday`: a tenant is left out of this place's digests and alerts for a while.

use chrono::{NaiveDate, TimeDelta};

use super::super::tenant::{At, Then};
use super::here;
use crate::cards::{digest_notices, render, text};
use crate::domain::access::Act;
use crate::domain::when::{Lean, When, at_the_end, read};
use crate::turn::{Fault, Fields, Intent, Malformed, Ready, Reply, Turn, Usage};

/// Reads what follows `snooze`.
pub fn hear(words: &str) -> Result<Box<dyn Ready>, Usage> {
    let (name, until) = match words.trim().rsplit_once(' ') {
        Some((name, "off")) => (name, "off"),
        _ => match words.split_once(" until ").or_else(|| words.split_once(" for ")) {
            Some(parts) => parts,
            None => at_the_end(words),
        },
    };
    if name.trim().is_empty() || until.trim().is_empty() {
        return Err(Usage);
    }
    Ok(Box::new(Snooze { at: At::Named(name.trim().to_owned()), until: until.trim().to_owned() }))
}

/// Puts a tenant to rest, or wakes it.
#[derive(Debug)]
pub struct Snooze {
    at: At,
    /// The day, as it was typed, or `off`.
    until: String,
}

impl Intent for Snooze {
    const NAME: &'static str = "digest.snooze";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { at: At::Chosen(fields.id("tenant")?), until: fields.text("body")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let here = here(turn).await?;
        let until = if self.until == "off" { None } else { Some(day(turn, &self.until)?) };
        let tenant = self.at.tenant(turn, &Then::carrying(Self::NAME, &self.until)).await?;
        let desk = turn.desk(tenant, Act::See).await?;
        let actor = turn.actor.clone();
        turn.scope.snooze(&actor, &here, tenant, until).await?;
        let said = until.map(text::day);
        Ok(render(&digest_notices::snoozed(&desk.customer_name, tenant, said.as_deref()))?.into())
    }
}

/// The day that was typed: after today, and not too far.
fn day(turn: &Turn, typed: &str) -> Result<NaiveDate, Fault> {
    let farthest = turn.today().0 + TimeDelta::days(Turn::rules().snooze_days);
    match read(typed, turn.reading(Lean::Ahead)) {
        When::One(day) if day > turn.today().0 && day <= farthest => Ok(day),
        _ => Err(render(&digest_notices::snooze_until(typed, &text::day(farthest)))?.into()),
    }
}
