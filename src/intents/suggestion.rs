//! `suggestions`: how often people take what is suggested, what the firm has taught, and the way back (M2). For firm
//! admins and team leads.

use crate::cards::text::{count, day, number};
use crate::cards::{Button, render, suggestion_notices};
use crate::domain::access::Act;
use crate::domain::id::{Id, Lore};
use crate::store::lore::{Version, VersionState};
use crate::store::suggestion::Outcomes;
use crate::suggest::suggestion::Engine;
use crate::turn::{Fault, Fields, Intent, Malformed, Reply, Turn};

/// Days that count as lately.
const LATELY: i64 = 90;

/// `suggestions`.
#[derive(Debug)]
pub struct Show;

impl Intent for Show {
    const NAME: &'static str = "suggestion.show";

    fn from_fields(_: &Fields) -> Result<Self, Malformed> {
        Ok(Self)
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        sheet(turn, "").await
    }
}

/// Another version, or the shipped model alone, suggests from now on.
#[derive(Debug)]
pub struct Use {
    /// `None`: the shipped model alone.
    version: Option<Id<Lore>>,
    /// The version that suggested when the button was shown (C1).
    instead_of: Option<Id<Lore>>,
}

impl Intent for Use {
    const NAME: &'static str = "suggestion.use";
    const WRITES: bool = true;

    fn from_fields(fields: &Fields) -> Result<Self, Malformed> {
        Ok(Self { version: fields.optional_id("version")?, instead_of: fields.optional_id("instead_of")? })
    }

    async fn run(self, turn: &mut Turn) -> Result<Reply, Fault> {
        entitled(turn)?;
        let actor = turn.actor.clone();
        let shipped = Engine::shipped().version();
        let chosen = turn.scope.choose_lore(&actor, shipped, self.version, self.instead_of).await?;
        let said = if chosen { "✓ Done. " } else { "Nothing was done: this had changed meanwhile. " };
        sheet(turn, said).await
    }
}

/// The figures and the versions, after a word on what was just done.
async fn sheet(turn: &mut Turn, said: &str) -> Result<Reply, Fault> {
    let lately = turn.scope.suggestion_outcomes(Some(turn.now() - chrono::TimeDelta::days(LATELY))).await?;
    let ever = turn.scope.suggestion_outcomes(None).await?;
    let versions = turn.scope.lore_versions(Engine::shipped().version()).await?;
    let used = versions.iter().find(|version| version.state == VersionState::InUse).map(|version| version.id);
    let mut lines = vec![
        format!("Last {LATELY} days: {}", rate(&lately)),
        format!("Since the beginning: {}", rate(&ever)),
    ];
    lines.extend(versions.iter().take(suggestion_notices::VERSIONS).map(line));
    let button = |title: String, version: Option<Id<Lore>>| {
        let button = Button::new(title, Use::NAME).plain();
        let button = version.iter().fold(button, |button, id| button.with("version", id.to_string()));
        used.iter().fold(button, |button, id| button.with("instead_of", id.to_string()))
    };
    let older = versions.iter().find(|version| version.state == VersionState::Retired);
    let back = older.map(|version| button(format!("Use version {}", version.number), Some(version.id)));
    let shipped = used.map(|_| button("Use the shipped model alone".to_owned(), None));
    let buttons = back.into_iter().chain(shipped).collect();
    let learns_from = Turn::rules().learn_from;
    Ok(render(&suggestion_notices::sheet(said, &lines, learns_from, buttons))?.into())
}

/// "62 % accepted of 50 decisions, the rest overridden; 12 suggestions shown without one; 3 reported as not helpful".
fn rate(outcomes: &Outcomes) -> String {
    let decided = outcomes.accepted + outcomes.overridden;
    let shown = count(outcomes.shown, "suggestion", "suggestions");
    let reported = format!("{} reported as not helpful", number(outcomes.reported));
    if decided == 0 {
        return format!("nothing is decided yet; {shown} shown without a decision; {reported}");
    }
    let percent = outcomes.accepted * 100 / decided;
    let decisions = count(decided, "decision", "decisions");
    format!("{percent} % accepted of {decisions}, the rest overridden; {shown} shown without one; {reported}")
}

fn line(version: &Version) -> String {
    let state = match version.state {
        VersionState::InUse => "in use",
        VersionState::Retired => "retired",
        VersionState::Refused => "refused, it was worse",
    };
    format!(
        "Version {} of {}: {state}. Learnt from {}; of {} held out {} right, {} before it",
        version.number,
        day(version.trained.date_naive()),
        count(version.learnt, "decision", "decisions"),
        version.held_out,
        version.after,
        version.before
    )
}

/// Refuses whoever may not decide what suggests to the whole firm.
fn entitled(turn: &Turn) -> Result<(), Fault> {
    if !turn.actor.may_in_the_firm(Act::TendSuggestions) {
        return Err(render(&suggestion_notices::refused())?.into());
    }
    Ok(())
}
