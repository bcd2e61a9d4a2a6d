//! One press of Confirm: what was asked is done, if it still is what was shown (C4).

use super::registry;
use crate::cards::{notices, render};
use crate::domain::id::{Confirmation, Id};
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// The button of a question.
#[derive(Debug)]
pub struct Confirm {
    confirmation: Id<Confirmation>,
}

impl Intent for Confirm {
    const NAME: &'static str = "confirm";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { confirmation: fields.id("confirmation")? })
    }

    fn submission(&self) -> Option<String> {
        Some(self.confirmation.to_string())
    }

    /// Runs the intent that asked. Where the question has expired, or the data moved on, it asks anew.
    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let Some(asked) = turn.scope.take_answer(&turn.actor, self.confirmation).await? else {
            return Err(render(&notices::nothing_to_confirm())?.into());
        };
        let fields = Fields::from(asked.fields);
        let intent = registry::intent(&asked.act).and_then(|entry| (entry.read)(&fields).ok());
        let Some(intent) = intent else { return Err(render(&notices::outdated_card())?.into()) };
        turn.confirming = (turn.now() < asked.expires).then_some(asked.shown);
        intent.run(turn).await
    }
}
