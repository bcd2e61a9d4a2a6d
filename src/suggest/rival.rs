//! Products of other vendors, recognised by the names that the taxonomy gives them, never learnt from notes.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::taxonomy::{L3, Taxonomy};

use super::word::{Word, fold, words};

/// The reason whose engineering reasons are such products.
pub const REASON: (&str, &str) = ("no_intent", "using_competitive_solution");
/// A name of more words describes a situation and names no product.
const LONGEST_NAME: usize = 3;
/// Parts of names that are also ordinary words: alone they name nothing.
const ORDINARY: [&str; 27] = [
    "amazon",
    "browser",
    "business",
    "client",
    "connect",
    "connections",
    "desktop",
    "drive",
    "google",
    "ibm",
    "identity management",
    "meeting",
    "micro",
    "microsoft",
    "native",
    "notes",
    "office",
    "oracle",
    "other",
    "suite",
    "tablet",
    "total protection",
    "data loss",
    "data loss prevention",
    "on android",
    "wps",
    "linux",
];

/// The names.
#[derive(Debug)]
pub struct Rivals {
    names: FxHashMap<String, Vec<Name>>,
    longest: usize,
}

#[derive(Debug)]
struct Name {
    l3: String,
    services: Vec<String>,
    /// Whole names come before parts of names.
    whole: bool,
}

/// A product that a note names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number of the word that its name begins with.
    pub word: usize,
    /// Its code, where the taxonomy lists it for the service.
    pub l3: Option<String>,
}

/// Whether an engineering reason below [`REASON`] is a product, and so is told by its name alone.
pub fn is_product(l3: &L3) -> bool {
    l3.code != "other" && product_words(&l3.name).len() <= LONGEST_NAME
}

impl Rivals {
    /// The products that a taxonomy lists.
    pub fn of(taxonomy: &Taxonomy) -> Self {
        let listed =
            taxonomy.reason(REASON.0, REASON.1).map(|reason| reason.l3.as_slice()).unwrap_or_default();
        let products: Vec<&L3> = listed.iter().filter(|l3| is_product(l3)).collect();
        let mut makers: BTreeMap<String, usize> = BTreeMap::new();
        for product in &products {
            *makers.entry(product_words(&product.name).first().cloned().unwrap_or_default()).or_default() +=
                1;
        }
        let mut rivals = Self { names: FxHashMap::default(), longest: 1 };
        for product in products {
            for name in std::iter::once(&product.name).chain(&product.aliases) {
                let parts = product_words(name);
                rivals.put(product, &parts, true);
                if let Some((first, rest)) = parts.split_first().filter(|(_, rest)| !rest.is_empty()) {
                    rivals.put(product, rest, false);
                    rivals.put(product, &[rest.concat()], false);
                    if makers.get(first) == Some(&1) {
                        rivals.put(product, std::slice::from_ref(first), false);
                    }
                }
            }
        }
        rivals
    }

    fn put(&mut self, product: &L3, parts: &[String], whole: bool) {
        let key = parts.join(" ");
        if key.len() < 3 || ORDINARY.contains(&key.as_str()) {
            return;
        }
        self.longest = self.longest.max(parts.len());
        let names = self.names.entry(key).or_default();
        if !names.iter().any(|name| name.l3 == product.code) {
            names.push(Name { l3: product.code.clone(), services: product.services.clone(), whole });
        }
    }

    /// The products that a note names, with their codes as far as they are listed for the service.
    pub fn find(&self, note: &str, words: &[Word], service: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut next = 0;
        for (at, first) in words.iter().enumerate() {
            if at < next || !note.get(first.at.clone()).is_some_and(is_name) {
                continue;
            }
            let hit = (1..=self.longest).rev().find_map(|count| {
                let parts = words.get(at..at + count)?;
                let key = parts.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
                self.names.get(&key).map(|names| (names, count))
            });
            let Some((names, count)) = hit else { continue };
            next = at + count;
            let mut listed: Vec<&Name> =
                names.iter().filter(|name| name.services.iter().any(|s| s == "*" || s == service)).collect();
            listed.sort_by_key(|name| !name.whole);
            found.push(Found { word: at, l3: listed.first().map(|name| name.l3.clone()) });
        }
        found
    }
}

/// Names begin with a capital, or are written in capitals; "a box of cables" is none.
fn is_name(written: &str) -> bool {
    written.chars().next().is_some_and(|c| c.is_uppercase() || !c.is_lowercase())
}

/// The words of a name, without what stands in brackets and without ".com".
fn product_words(name: &str) -> Vec<String> {
    let name = name.split('(').next().unwrap_or_default();
    words(&fold(name.trim().trim_end_matches(".com"))).into_iter().map(|word| word.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::taxonomy::shipped;

    fn found(note: &str, service: &str) -> Vec<Option<String>> {
        let rivals = Rivals::of(shipped());
        rivals.find(note, &words(note), service).into_iter().map(|found| found.l3).collect()
    }

    #[test]
    fn products_are_known_by_their_names_and_parts_of_them() {
        assert_eq!(found("Stays on Webex until 2022", "teams"), [Some("cisco_webex".to_owned())]);
        assert_eq!(found("All phones run in AirWatch.", "intune"), [Some("vmware_airwatch".to_owned())]);
        assert_eq!(found("Salesforce does that", "power_bi"), [Some("salesforce_com".to_owned())]);
        assert_eq!(found("G Suite and Tableau", "power_bi").len(), 2);
        assert_eq!(found("Crowdstrike everywhere", "teams"), [None], "not listed for the service");
        assert!(found("a line that drops, a box of cables, the other office", "teams").is_empty());
    }
}
