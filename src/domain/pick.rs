//! Long value lists from which one picks by typing: found by code, by name and by the beginnings of words.

use strsim::normalized_damerau_levenshtein;

use super::text::search_key;

/// From this likeness on a typing error counts as meant.
const TYPO: f64 = 0.75;

/// An entry of a long list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub title: String,
    /// The value, folded.
    code: String,
    /// The names, folded.
    keys: Vec<String>,
}

impl Entry {
    /// An entry that is found by its value, its title and by `also`.
    pub fn new<'a>(value: &str, title: &'a str, also: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keys: Vec<String> = [title].into_iter().chain(also).map(search_key).collect();
        keys.retain(|key| !key.is_empty());
        Self { value: value.to_owned(), title: title.to_owned(), code: search_key(value), keys }
    }

    fn is(&self, key: &str) -> bool {
        self.code == key || self.keys.iter().any(|name| name == key)
    }
}

/// A list of entries, in the order in which they are offered to somebody who has typed nothing.
#[derive(Debug)]
pub struct PickList(Vec<Entry>);

/// How an entry fits what was typed, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Value,
    Name,
    Beginning,
    Words,
    Typo,
}

impl PickList {
    /// A list of these.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self(entries)
    }

    /// All entries.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The entry of exactly this value.
    pub fn entry(&self, value: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.value == value)
    }

    /// The one entry that is called so, by value or name, however it is written; `None` where there are several.
    pub fn called(&self, typed: &str) -> Option<&Entry> {
        let key = search_key(typed);
        let mut named = self.0.iter().filter(|entry| !key.is_empty() && entry.is(&key));
        let first = named.next();
        first.filter(|_| named.next().is_none())
    }

    /// At most `most` entries that fit what was typed, the best first; the first of the list if nothing was.
    pub fn best(&self, typed: &str, most: usize) -> Vec<&Entry> {
        let key = search_key(typed);
        let mut fits: Vec<(Fit, &Entry)> =
            self.0.iter().filter_map(|entry| fit(&key, entry).map(|fit| (fit, entry))).collect();
        fits.sort_by_key(|(fit, _)| *fit);
        // A typing error is only looked for where nothing fits as it stands.
        let sure = fits.first().is_some_and(|(best, _)| *best < Fit::Typo);
        let kept = fits.into_iter().filter(|(fit, _)| !sure || *fit < Fit::Typo);
        kept.take(most).map(|(_, entry)| entry).collect()
    }
}

fn fit(key: &str, entry: &Entry) -> Option<Fit> {
    if !key.is_empty() && entry.code == key {
        return Some(Fit::Value);
    }
    entry.keys.iter().filter_map(|name| fit_name(key, name)).min()
}

fn fit_name(key: &str, name: &str) -> Option<Fit> {
    let begins = |typed: &str| name.split(' ').any(|word| word.starts_with(typed));
    if name == key {
        Some(Fit::Name)
    } else if name.starts_with(key) {
        Some(Fit::Beginning)
    } else if key.split(' ').all(begins) {
        Some(Fit::Words)
    } else if key.chars().count() > 3 && normalized_damerau_levenshtein(key, name) >= TYPO {
        Some(Fit::Typo)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list() -> PickList {
        PickList::new(vec![
            Entry::new("CD", "Congo (Kinshasa)", ["DR Congo"]),
            Entry::new("CG", "Congo (Brazzaville)", []),
            Entry::new("DE", "Germany", ["Deutschland"]),
            Entry::new("GB", "United Kingdom", ["UK"]),
            Entry::new("US", "United States", ["USA"]),
        ])
    }

    fn best(typed: &str) -> Vec<String> {
        list().best(typed, 15).into_iter().map(|entry| entry.value.clone()).collect()
    }

    #[test]
    fn codes_names_beginnings_words_and_typing_errors_are_found_in_this_order() {
        assert_eq!(best("uk"), ["GB"]);
        assert_eq!(best("de"), ["DE"]);
        assert_eq!(best("united"), ["GB", "US"]);
        assert_eq!(best("states uni"), ["US"]);
        assert_eq!(best("Germnay"), ["DE"]);
        assert_eq!(best("zzz"), [""; 0]);
        assert_eq!(best(" "), ["CD", "CG", "DE", "GB", "US"]);
        assert_eq!(list().best("", 2).len(), 2);
    }

    #[test]
    fn only_a_whole_name_is_a_name_and_only_if_it_is_one_things() {
        let list = list();
        assert_eq!(list.called("deutschland").map(|entry| entry.value.as_str()), Some("DE"));
        assert!(list.called("Germ").is_none());
        assert!(list.called("").is_none());
        let twins = PickList::new(vec![Entry::new("1", "Same", []), Entry::new("2", "same", [])]);
        assert!(twins.called("same").is_none());
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd_to_be_looked_for(typed in any::<String>(), most in 0usize..20) {
            prop_assert!(list().best(&typed, most).len() <= most);
            let _ = list().called(&typed);
        }
    }
}
