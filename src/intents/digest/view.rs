//! The digest of a shared place as one of its readers sees it.

use super::super::compliance::mine;
use crate::cards::render;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// Their own tenants, and the forms that they may open. Only their client shows it; the message stays as it is.
#[derive(Debug)]
pub struct Show;

impl Intent for Show {
    const NAME: &'static str = "digest.show";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let face = mine(turn, "What is red, as far as it is yours").await?;
        let reader = turn.scope.user_ids(&[turn.actor.person]).await?;
        Ok(render(&face)?.refreshed_by(Self::NAME, &reader).into())
    }
}
