//! What a note suggests for a service, to this firm.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use crate::domain::grid::levels_of;
use crate::domain::id::{Id, Lore, Partner};
use crate::domain::service::Service;
use crate::domain::suggestion::{Band, Ranked, Suggestion};
use crate::domain::taxonomy::{Path, taxonomy};
use crate::suggest::habit::Habits;
use crate::suggest::suggestion::Engine;
use crate::telemetry::METRICS;
use crate::turn::{Fault, Turn};

/// The shipped engine with what the firm taught it, as one turn uses it.
#[derive(Debug, Clone, Default)]
pub(super) struct Adviser(Option<Arc<Habits>>);

/// Of each firm the version that it uses.
type Taught = HashMap<Id<Partner>, (Id<Lore>, Arc<Habits>)>;

/// What the firms taught, as far as it was asked for (P10). About 150 KB each.
static TAUGHT: LazyLock<Mutex<Taught>> = LazyLock::new(Mutex::default);

impl Adviser {
    /// The adviser of the firm that the turn is in: one look at which version it uses, and the weights only when they
    /// are another's than those in memory.
    pub(super) async fn of(turn: &mut Turn) -> Result<Self, Fault> {
        let shipped = Engine::shipped();
        let firm = turn.scope.partner;
        let Some(used) = turn.scope.lore_in_use(shipped.version()).await? else { return Ok(Self(None)) };
        let known = TAUGHT.lock().unwrap_or_else(PoisonError::into_inner).get(&firm).cloned();
        if let Some((id, habits)) = known
            && id == used.id
        {
            return Ok(Self(Some(habits)));
        }
        let weights = turn.scope.lore_weights(used.id).await?;
        match Habits::read(shipped, &weights, used.version) {
            Ok(habits) => {
                let habits = Arc::new(habits);
                let mut taught = TAUGHT.lock().unwrap_or_else(PoisonError::into_inner);
                taught.insert(firm, (used.id, Arc::clone(&habits)));
                Ok(Self(Some(habits)))
            }
            Err(error) => {
                // What is shipped suggests all the same.
                tracing::warn!(%error, version = used.version, "what a firm taught cannot be read");
                Ok(Self(None))
            }
        }
    }

    /// What a note suggests. Levels that the note names itself are the person's own: only what stands below them is
    /// suggested, however short the note is.
    pub(super) fn suggest(&self, service: &'static Service, note: &str) -> Suggestion {
        let suggestion = Engine::shipped().suggest_by(self.0.as_deref(), &service.code, note);
        let suggestion = listed(suggestion, service);
        let named = levels_of(note);
        let suggestion = if named.l1.is_empty() { suggestion } else { under(suggestion, &named, service) };
        METRICS.suggested(suggestion.band.name());
        suggestion
    }
}

/// Only what the firm's own list offers. Where that takes the likeliest away, the rest is never sure.
fn listed(mut suggestion: Suggestion, service: &Service) -> Suggestion {
    let list = taxonomy();
    let first = suggestion.ranked.first().map(|ranked| ranked.path.clone());
    suggestion.ranked.retain(|ranked| list.check(&ranked.path, &service.code).is_ok());
    if suggestion.ranked.first().map(|ranked| &ranked.path) != first.as_ref() {
        suggestion.confidence = suggestion.ranked.first().map_or(0.0, |ranked| ranked.p);
        suggestion.words.clear();
        suggestion.band = match (suggestion.ranked.first(), suggestion.band) {
            (None, _) | (_, Band::Red) => Band::Red,
            (Some(_), Band::Orange | Band::Green) => Band::Orange,
        };
    }
    suggestion
}

/// What is suggested below levels that are given. Where the engine sees none, the first that the taxonomy offers.
fn under(suggestion: Suggestion, named: &Path, service: &Service) -> Suggestion {
    let mut suggestion = suggestion.below(named);
    if suggestion.ranked.is_empty() {
        let offered = taxonomy().offered(&service.code).into_iter().map(|path| Ranked { path, p: 0.0 });
        suggestion.ranked = offered.collect();
        suggestion = suggestion.below(named);
        suggestion.ranked.truncate(3);
    }
    if suggestion.band == Band::Red {
        suggestion.band = Band::Orange;
    }
    suggestion
}
