//! Choices for the inputs with long lists, found while somebody types (`application/search`).

use crate::domain::country::countries;
use crate::domain::pick::{Entry, PickList};
use crate::domain::zone::zones;

/// Countries, by code and name.
pub const COUNTRIES: &str = "countries";
/// Time zones, by name and place.
pub const ZONES: &str = "zones";

/// Most choices that Teams shows.
const MOST: usize = 15;

/// A list that can be searched.
struct Dataset {
    /// The name by which an input asks for it.
    name: &'static str,
    list: fn() -> &'static PickList,
}

/// All of them. None tells anything of a firm, so it does not matter who asks.
static DATASETS: &[Dataset] =
    &[Dataset { name: COUNTRIES, list: countries }, Dataset { name: ZONES, list: zones }];

/// What fits `typed` in the list of this name, best first, without the first `skip` and at most `top`; nothing
/// where there is no such list.
pub fn find(dataset: &str, typed: &str, skip: u32, top: u32) -> Vec<&'static Entry> {
    let Some(dataset) = DATASETS.iter().find(|known| known.name == dataset) else { return Vec::new() };
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let top = usize::try_from(top).unwrap_or(MOST).min(MOST);
    let found = (dataset.list)().best(typed, skip.saturating_add(top));
    found.into_iter().skip(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(dataset: &str, typed: &str, skip: u32, top: u32) -> Vec<&'static str> {
        find(dataset, typed, skip, top).into_iter().map(|entry| entry.title.as_str()).collect()
    }

    #[test]
    fn choices_are_found_whatever_the_case_and_accents_the_best_first() {
        assert_eq!(titles(COUNTRIES, "cote", 0, 15), ["Côte d'Ivoire"]);
        assert_eq!(titles(COUNTRIES, "IND", 0, 3).first(), Some(&"India"));
        assert_eq!(titles(ZONES, "madr", 0, 15), ["Europe/Madrid"]);
        assert_eq!(titles(COUNTRIES, "", 0, 99).len(), 15);
        assert_eq!(titles(COUNTRIES, "", 2, 3), titles(COUNTRIES, "", 0, 5)[2..]);
        assert!(titles("people", "a", 0, 15).is_empty());
        assert!(titles(COUNTRIES, "a", u32::MAX, u32::MAX).is_empty());
    }
}
