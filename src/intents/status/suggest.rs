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
    let suggestion = listed(suggestion, service);
    if named.l1.is_empty() { suggestion } else { under(suggestion, &named, service) }
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
