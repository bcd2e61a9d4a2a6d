//! Words of the trade, gathered under what they speak of (`data/words/concepts.txt`): a proxy, a firewall and a thin
//! line are all the network. So a note may use a word that no training note has.

use rustc_hash::{FxHashMap, FxHashSet};

use super::word::{Word, words};

/// Most words of an entry.
const LONGEST: usize = 4;
/// Least letters of a beginning that stands for all its endings.
const SHORTEST_STEM: usize = 3;

/// What the words of the trade speak of.
#[derive(Debug)]
pub struct Concepts {
    names: Vec<&'static str>,
    whole: FxHashMap<String, Vec<u8>>,
    beginnings: FxHashMap<String, Vec<u8>>,
    /// The first words of entries of several words.
    openings: FxHashSet<String>,
}

/// A concept in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub concept: u8,
    /// The number of the word that it begins with.
    pub word: usize,
}

impl Concepts {
    /// Those that the product ships.
    pub fn shipped() -> Self {
        Self::read(include_str!("../../data/words/concepts.txt"))
    }

    /// Reads `name: word word_word begin*`, a concept a line. At most 255.
    pub fn read(file: &'static str) -> Self {
        let mut concepts = Self {
            names: Vec::new(),
            whole: FxHashMap::default(),
            beginnings: FxHashMap::default(),
            openings: FxHashSet::default(),
        };
        let lines =
            file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(':'));
        for (number, (name, entries)) in (0u8..=u8::MAX).zip(lines) {
            concepts.names.push(name);
            for entry in entries.split_whitespace() {
                let (map, entry) = match entry.strip_suffix('*') {
                    Some(beginning) => (&mut concepts.beginnings, beginning),
                    None => (&mut concepts.whole, entry),
                };
                let read: Vec<String> = words(&entry.replace('_', " ")).into_iter().map(|w| w.text).collect();
                if let [first, _, ..] = &read[..] {
                    concepts.openings.insert(first.clone());
                }
                let numbers = map.entry(read.join(" ")).or_default();
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        concepts
    }

    /// The number of a concept.
    pub fn number(&self, name: &str) -> Option<u8> {
        self.names.iter().position(|own| *own == name).and_then(|at| u8::try_from(at).ok())
    }

    /// The concepts of a note, in the order of its words.
    pub fn find(&self, words: &[Word]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut key = String::new();
        for (at, first) in words.iter().enumerate() {
            let most = if self.openings.contains(&first.text) { LONGEST } else { 1 };
            key.clear();
            for word in words.iter().skip(at).take(most) {
                if !key.is_empty() {
                    key.push(' ');
                }
                let start = key.len();
                key.push_str(&word.text);
                let whole = self.whole.get(&key);
                let ends = key.char_indices().map(|(end, _)| end).chain([key.len()]);
                let begun = ends
                    .filter(|end| *end >= start + SHORTEST_STEM)
                    .filter_map(|end| self.beginnings.get(key.get(..end)?))
                    .flatten();
                found.extend(
                    whole.into_iter().flatten().chain(begun).map(|c| Found { concept: *c, word: at }),
                );
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_words_several_words_or_beginnings() {
        let concepts = Concepts::read("# no line\nlaw: act statut* code_of\nthing: act");
        let found: Vec<_> =
            concepts.find(&words("the statutory Code of acting, act")).iter().map(|f| f.concept).collect();
        assert_eq!(found, [0, 0, 0, 1]);
        assert_eq!(concepts.number("thing"), Some(1));
    }

    #[test]
    fn the_shipped_list_is_read() {
        assert!(Concepts::shipped().number("ambiguous").is_some());
    }
}
