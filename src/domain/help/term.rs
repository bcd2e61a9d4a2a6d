//! The words of a question that say what it is about: folded, without endings, one for all that mean the same.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::domain::text::search_key;

/// What words of questions mean: `data/words/questions.txt`.
struct Vocabulary {
    /// Words that say nothing about what is asked.
    idle: HashSet<&'static str>,
    /// Several words and the one that stands for them, each with a blank on either side.
    joined: Vec<(String, String)>,
    /// The stem of a word and that of the word that stands for it.
    meant: HashMap<String, String>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::shipped);

impl Vocabulary {
    fn shipped() -> Self {
        let mut shipped = Self { idle: HashSet::new(), joined: Vec::new(), meant: HashMap::new() };
        let lines = include_str!("../../../data/words/questions.txt").lines();
        for line in lines.filter(|line| !line.starts_with('#')) {
            match line.strip_prefix('-') {
                Some(idle) => shipped.idle.extend(idle.split_whitespace()),
                None => shipped.learn(line),
            }
        }
        shipped
    }

    fn learn(&mut self, line: &'static str) {
        let leader = line.split_whitespace().next().unwrap_or_default();
        for word in line.split_whitespace() {
            if word.contains('_') {
                self.joined.push((format!(" {} ", word.replace('_', " ")), format!(" {leader} ")));
            } else {
                self.meant.insert(stem(word), stem(leader));
            }
        }
    }
}

/// The terms of a text, each once, in their order.
pub(super) fn terms(text: &str) -> Vec<String> {
    let mut folded = format!(" {} ", search_key(text));
    for (several, one) in &VOCABULARY.joined {
        folded = folded.replace(several, one);
    }
    let mut terms = Vec::new();
    for word in folded.split_whitespace().filter(|word| !VOCABULARY.idle.contains(word)) {
        let term = meant(stem(word));
        if !terms.contains(&term) {
            terms.push(term);
        }
    }
    terms
}

/// The stem that stands for all words that mean the same.
pub(super) fn meant(stem: String) -> String {
    VOCABULARY.meant.get(&stem).cloned().unwrap_or(stem)
}

/// The stems that have one that stands for them.
pub(super) fn synonyms<'a>() -> impl Iterator<Item = &'a str> {
    VOCABULARY.meant.keys().map(String::as_str)
}

/// An English word without its ending: plural, -ing, -ed, -ion, -ment. Others stay as they are.
fn stem(word: &str) -> String {
    if !word.is_ascii() {
        return word.to_owned();
    }
    let cut = |word: &str, ending: &str| {
        word.strip_suffix(ending).filter(|left| left.len() >= 3).map(str::to_owned)
    };
    let mut stem = match cut(word, "ies") {
        Some(left) => left + "y",
        None if ["ss", "us", "ws"].iter().any(|end| word.ends_with(end)) => word.to_owned(),
        None => cut(word, "s").unwrap_or_else(|| word.to_owned()),
    };
    if let Some(left) = ["ing", "ed", "ation", "ion", "ment"].iter().find_map(|ending| cut(&stem, ending)) {
        stem = undoubled(left);
    }
    stem = cut(&stem, "e").unwrap_or(stem);
    match cut(&stem, "y") {
        Some(left) => left + "i",
        None => stem,
    }
}

/// `splitt` as `split`; but `fill` and `miss` are so.
fn undoubled(mut word: String) -> String {
    let mut last = word.chars().rev();
    if let (Some(a), Some(b)) = (last.next(), last.next())
        && a == b
        && !matches!(a, 'l' | 's')
    {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_filling_words_and_words_of_one_meaning_make_no_difference() {
        assert_eq!(terms("How do I register a customer?"), ["register", "customer"]);
        assert_eq!(terms("registering clients"), ["register", "customer"]);
        assert_eq!(terms("Sign up clients, please!"), terms("registration of the customer"));
        assert_eq!(terms("splitting, split"), ["split"]);
        assert_eq!(terms("the kick-off"), terms("kickoffs"));
        assert_eq!(terms("What is it?"), [""; 0]);
        assert_eq!(terms("日本 ガラス"), ["日本", "カラス"]);
    }
}
