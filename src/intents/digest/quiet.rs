//! `quiet 18:00-08:00`: when nothing is posted in this place.

use super::here;
use crate::cards::{digest_notices, render};
use crate::domain::schedule::Quiet;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn, Usage};

/// Sets the hours, ends them, or says what they are.
#[derive(Debug)]
pub enum Quieten {
    /// From then until then.
    During(Quiet),
    /// No such hours.
    Never,
    /// Only asks.
    Asked,
}

impl Quieten {
    /// Reads what follows `quiet`.
    ///
    /// # Errors
    /// Words that are no span of the day.
    pub fn from_words(words: &str) -> Result<Self, Usage> {
        match words.trim().to_lowercase().as_str() {
            "" => Ok(Self::Asked),
            "off" | "none" | "never" => Ok(Self::Never),
            span => Quiet::read(span).map(Self::During).ok_or(Usage),
        }
    }
}

impl Intent for Quieten {
    const NAME: &'static str = "digest.quiet";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Self::from_words(&fields.text("words")?).map_err(|_| Malformed("words"))
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        let here = here(turn).await?;
        let quiet = match self {
            Self::Asked => here.quiet,
            Self::Never => None,
            Self::During(quiet) => Some(quiet),
        };
        if let Some(quiet) = quiet.filter(|quiet| quiet.covers(here.schedule.time)) {
            return Err(render(&digest_notices::quiet_then(&here.schedule.words(), &quiet.words()))?.into());
        }
        if quiet != here.quiet {
            let actor = turn.actor.clone();
            turn.scope.keep_quiet(&actor, &here, quiet).await?;
        }
        let words = quiet.map(|quiet| quiet.words());
        Ok(render(&digest_notices::quiet(words.as_deref(), here.schedule.zone.name()))?.into())
    }
}
