//! What a note suggests for a service.

use crate::domain::grid::levels_of;
use crate::domain::service::Service;
use crate::domain::suggestion::{Band, Lack, Ranked, Suggestion};
use crate::domain::taxonomy::{Path, taxonomy};
use crate::suggest::grade::Missing;
use crate::suggest::suggestion::{self as engine, Engine};

/// The suggestion of the shipped engine for a note. Levels that the note names itself are the person's own: only what
/// stands below them is suggested, however short the note is.
pub(super) fn suggest(service: &'static Service, note: &str) -> Suggestion {
    let shipped = Engine::shipped();
    let said = shipped.suggest(&service.code, note);
    let ranked = said.ranked.into_iter().map(|one| Ranked { path: one.path, p: one.p }).collect();
    let suggestion = Suggestion {
        ranked,
        confidence: said.confidence,
        band: band(said.band),
        lacks: said.missing.map(lack),
        words: said.words,
        model: shipped.version().to_owned(),
    };
    let named = levels_of(note);
    if named.l1.is_empty() { suggestion } else { under(suggestion, &named, service) }
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

fn band(band: engine::Band) -> Band {
    match band {
        engine::Band::Red => Band::Red,
        engine::Band::Orange => Band::Orange,
        engine::Band::Green => Band::Green,
    }
}

fn lack(missing: Missing) -> Lack {
    match missing {
        Missing::Intent => Lack::Intent,
        Missing::Reason => Lack::Reason,
        Missing::Detail => Lack::Detail,
        Missing::Attempts => Lack::Attempts,
        Missing::Phase => Lack::Phase,
    }
}
