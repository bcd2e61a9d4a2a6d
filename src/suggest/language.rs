//! Notes in other languages, word for word into English (`data/words/languages.txt`), so that what was learnt from
//! English notes and the English vectors serve them, too. No grammar: the words of the trade carry the meaning.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::word::{Word, fold, is_han, negate, words};

/// The languages of the list, in the order of its columns.
const LANGUAGES: [&str; 6] = ["de", "fr", "es", "pt", "ja", "zh"];
/// How many of them, from the first, are written in Latin letters.
const LATIN: usize = 4;
/// Letters from which on an entry stands for words that begin with it.
const SHORTEST_STEM: usize = 5;
/// Letters of a compound's tail that is worth looking up.
const SHORTEST_TAIL: usize = 5;
/// Endings that one and the same word takes.
const ENDINGS: [&str; 8] = ["a", "o", "e", "en", "er", "es", "os", "as"];
/// What a function word weighs, and what a word of the list, when the language is told.
const FUNCTION_WORD: f32 = 1.0;
const LISTED_WORD: f32 = 0.4;
/// How much more than English another language must show.
const HANDICAP: f32 = 1.2;
/// Most words of an entry.
const LONGEST: usize = 4;

/// The words of a note as English, and the English text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Code of the note's language.
    pub language: &'static str,
    /// English words; `at` is where in the note they come from.
    pub words: Vec<Word>,
    /// The same as a text, for the vectors.
    pub text: String,
}

/// The list.
#[derive(Debug)]
pub struct Languages {
    entries: Vec<Entries>,
    function_words: FxHashMap<&'static str, FxHashSet<String>>,
    longest: usize,
}

impl Languages {
    /// The list that the product ships.
    pub fn shipped() -> Self {
        Self::read(include_str!("../../data/words/languages.txt"))
    }

    /// Reads `english|de|fr|es|pt|ja|zh`, entries apart by spaces; `@de` begins a line of function words.
    pub fn read(file: &'static str) -> Self {
        let mut list = Self {
            entries: LANGUAGES.map(|_| Entries::default()).to_vec(),
            function_words: FxHashMap::default(),
            longest: 0,
        };
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((language, listed)) = line.strip_prefix('@').and_then(|line| line.split_once(' ')) {
                list.function_words.insert(language, listed.split(' ').map(fold).collect());
                continue;
            }
            let mut columns = line.split('|');
            let english = columns.next().unwrap_or_default();
            for (entries, column) in list.entries.iter_mut().zip(columns) {
                for entry in column.split_whitespace() {
                    let key = fold(entry).replace(['_', '\'', '-'], " ");
                    if key.starts_with(is_asian) {
                        list.longest = list.longest.max(key.chars().count());
                    }
                    entries.whole.entry(key.trim().to_owned()).or_insert(english);
                }
            }
        }
        list.entries.iter_mut().for_each(Entries::stem);
        list
    }

    /// Reads a note, whatever its language.
    pub fn reading(&self, note: &str) -> Reading {
        let language = self.language(note);
        let Some(entries) = LANGUAGES.iter().position(|l| *l == language).and_then(|at| self.entries.get(at))
        else {
            return Reading { language, words: words(note), text: note.to_owned() };
        };
        let mut gloss = Gloss { text: String::new(), words: Vec::new(), clause: 0 };
        if matches!(language, "ja" | "zh") {
            self.segment(entries, note, &mut gloss);
        } else {
            self.translate(language, entries, note, &mut gloss);
        }
        negate(&mut gloss.words);
        Reading { language, words: gloss.words, text: gloss.text }
    }

    /// Tells the language by its writing, its function words and the words of the list; English when in doubt.
    fn language(&self, note: &str) -> &'static str {
        if note.chars().any(|c| matches!(c, '\u{3040}'..='\u{30FF}')) {
            return "ja";
        }
        if note.chars().filter(|c| is_han(*c)).count() > 1 {
            return "zh";
        }
        let folded = fold(note);
        let is_function_word = |language: &str, word: &str| {
            self.function_words.get(language).is_some_and(|words| words.contains(word))
        };
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let (english, other): (Vec<&str>, Vec<&str>) = words.partition(|word| is_function_word("en", word));
        let mut best = ("en", HANDICAP + FUNCTION_WORD * count(english.len()));
        for (language, entries) in LANGUAGES.into_iter().zip(&self.entries).take(LATIN) {
            let shared = english.iter().filter(|word| is_function_word(language, word)).count();
            let (own, open): (Vec<&str>, Vec<&str>) =
                other.iter().partition(|word| is_function_word(language, word));
            let told = FUNCTION_WORD * count(shared + own.len());
            if told + LISTED_WORD * count(open.len()) <= best.1 {
                continue;
            }
            let known = open.iter().filter(|word| listed(entries, word).is_some()).count();
            let sum = told + LISTED_WORD * count(known);
            if sum > best.1 {
                best = (language, sum);
            }
        }
        best.0
    }

    /// Languages without spaces: the longest entry at each place.
    fn segment(&self, entries: &Entries, note: &str, gloss: &mut Gloss) {
        let mut plain = 0..0;
        let mut at = 0;
        while let Some(c) = note.get(at..).and_then(|rest| rest.chars().next()) {
            if !is_asian(c) {
                plain.end = at + c.len_utf8();
                at = plain.end;
                continue;
            }
            gloss.keep(note, plain);
            let rest = note.get(at..).unwrap_or_default();
            let ends: Vec<usize> =
                rest.char_indices().map(|(start, c)| start + c.len_utf8()).take(self.longest).collect();
            let entry =
                ends.into_iter().rev().find_map(|end| Some((entries.whole.get(rest.get(..end)?)?, end)));
            let end = at + entry.map_or(c.len_utf8(), |(_, length)| length);
            if let Some((english, _)) = entry {
                gloss.put(english, at..end);
            } else if matches!(c, '。' | '、' | '，' | '；') {
                gloss.keep(note, at..end);
            }
            plain = end..end;
            at = end;
        }
        gloss.keep(note, plain);
    }

    fn translate(&self, language: &str, entries: &Entries, note: &str, gloss: &mut Gloss) {
        let function_words = self.function_words.get(language);
        let tokens = tokens(note);
        let mut rest = tokens.as_slice();
        while let Some((token, tail)) = rest.split_first() {
            if !token.is_word {
                gloss.keep(note, token.at.clone());
                rest = tail;
                continue;
            }
            let joined = |count: usize| {
                let parts = rest.get(..count)?;
                let key = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" ");
                let end = parts.last()?.at.end;
                Some((*entries.whole.get(&key)?, token.at.start..end, count))
            };
            if let Some((english, at, count)) = (1..=LONGEST).rev().find_map(joined) {
                gloss.put(english, at);
                rest = rest.get(count..).unwrap_or_default();
                continue;
            }
            rest = tail;
            if function_words.is_some_and(|words| words.contains(&token.text)) {
                continue;
            }
            let german = language == "de";
            if let Some((english, used)) = listed(entries, &token.text) {
                gloss.put(english, token.at.clone());
                let tail = token.text.get(used..).filter(|_| german);
                if let Some(english) = tail.and_then(|tail| second_part(entries, tail)) {
                    gloss.put(english, token.at.clone());
                }
            } else if let Some((head, english)) =
                Some(&token.text).filter(|_| german).and_then(|word| compound_tail(entries, word))
            {
                gloss.put(head, token.at.clone());
                gloss.put(english, token.at.clone());
            } else {
                gloss.put(&token.text, token.at.clone());
            }
        }
    }
}

/// The words of one language with their English.
#[derive(Debug, Clone, Default)]
struct Entries {
    whole: FxHashMap<String, &'static str>,
    /// Words without their ending.
    stems: FxHashMap<String, &'static str>,
}

impl Entries {
    /// Finds the stems; of words that differ in their ending, that with the first of [`ENDINGS`].
    fn stem(&mut self) {
        for ending in ENDINGS {
            for (word, english) in &self.whole {
                if let Some(stem) = word.strip_suffix(ending) {
                    self.stems.entry(stem.to_owned()).or_insert(english);
                }
            }
        }
    }
}

/// English in the making.
struct Gloss {
    text: String,
    words: Vec<Word>,
    clause: usize,
}

impl Gloss {
    /// Adds English for a place of the note.
    fn put(&mut self, english: &str, at: Range<usize>) {
        for word in words(english) {
            self.words.push(Word { at: at.clone(), clause: self.clause, ..word });
        }
        self.text.push_str(english);
        self.text.push(' ');
    }

    /// Adds a part of the note that needs no translation: names, numbers, punctuation.
    fn keep(&mut self, note: &str, at: Range<usize>) {
        let Some(part) = note.get(at.clone()) else { return };
        let before = self.words.len();
        for word in words(part) {
            let at = at.start + word.at.start..at.start + word.at.end;
            self.words.push(Word { at, clause: self.clause + word.clause, ..word });
        }
        let ends = part.contains(['.', ';', ':', '!', '?', ',', '。', '、', '，', '；', '–', '—']);
        if let Some(last) = self.words.last() {
            let begun = ends && (self.words.len() > before || last.clause == self.clause);
            self.clause = last.clause.max(self.clause) + usize::from(begun);
        }
        self.text.push_str(part);
        self.text.push(' ');
    }
}

fn count(words: usize) -> f32 {
    f32::from(u16::try_from(words).unwrap_or(u16::MAX))
}

struct Token {
    text: String,
    at: Range<usize>,
    is_word: bool,
}

/// Words, folded, and what stands between them except space, hyphen and apostrophe.
fn tokens(note: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut open = None;
    for (at, c) in note.char_indices().chain([(note.len(), ' ')]) {
        if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) {
            open.get_or_insert(at);
            continue;
        }
        if let Some(start) = open.take() {
            let text = fold(note.get(start..at).unwrap_or_default());
            tokens.push(Token { text, at: start..at, is_word: true });
        }
        if !c.is_whitespace() && !matches!(c, '\'' | '’' | '-') {
            tokens.push(Token { text: c.to_string(), at: at..at + c.len_utf8(), is_word: false });
        }
    }
    tokens
}

/// The English for a word or for what it begins with, and how much of the word that is, in bytes.
fn listed(entries: &Entries, word: &str) -> Option<(&'static str, usize)> {
    if let Some(english) = entries.whole.get(word) {
        return Some((english, word.len()));
    }
    let ends = || word.char_indices().map(|(end, _)| end).rev();
    let begun = ends().filter(|end| *end >= SHORTEST_STEM).find_map(|end| {
        let english = entries.whole.get(word.get(..end)?)?;
        Some((*english, end))
    });
    let other_ending = || {
        let mut stems = ends().filter(|end| *end >= 4 && end + 3 >= word.len() && word.len() > 5);
        stems.find_map(|end| Some((*entries.stems.get(word.get(..end)?)?, word.len())))
    };
    begun.or_else(other_ending)
}

/// The second part of a German compound, behind its joint.
fn second_part(entries: &Entries, tail: &str) -> Option<&'static str> {
    if tail.len() < SHORTEST_TAIL {
        return None;
    }
    let joints = ["", "s", "n", "en", "e", "es"];
    joints.iter().find_map(|joint| Some(listed(entries, tail.strip_prefix(joint)?)?.0))
}

/// The last part of a German compound whose first is not in the list.
fn compound_tail<'a>(entries: &Entries, word: &'a str) -> Option<(&'a str, &'static str)> {
    let starts = word.char_indices().map(|(start, _)| start).skip(3);
    let mut starts = starts.filter(|start| word.len() - start >= SHORTEST_TAIL);
    starts.find_map(|start| {
        let (head, tail) = word.split_at_checked(start)?;
        Some((head, *entries.whole.get(tail)?))
    })
}

/// A character of a language that is written without spaces.
fn is_asian(c: char) -> bool {
    is_han(c) || matches!(c, '\u{3001}'..='\u{3005}' | '\u{3040}'..='\u{30FF}' | '，' | '；')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(note: &str) -> (&'static str, String) {
        let reading = Languages::shipped().reading(note);
        let texts: Vec<_> = reading.words.iter().map(|word| word.text.as_str()).collect();
        for word in &reading.words {
            assert!(note.get(word.at.clone()).is_some(), "{note}: {word:?}");
        }
        (reading.language, texts.join(" "))
    }

    #[test]
    fn other_languages_become_english_words() {
        assert_eq!(
            english("Die Firewall ist noch nicht ersetzt"),
            ("de", "firewall still not replaced".into())
        );
        let (language, compound) = english("Lizenzbestellung und Mitarbeiterschulungen sind noch offen");
        assert_eq!(language, "de");
        assert!(
            compound.contains("license purchased") && compound.contains("employees training"),
            "{compound}"
        );
        assert_eq!(english("ファイアウォールを待っている"), ("ja", "firewall wait".into()));
        assert_eq!(english("客户没有回复"), ("zh", "customer not answer".into()));
        assert_eq!(english("No hay respuesta del cliente desde mayo").0, "es");
        assert_eq!(english("Aucune réponse depuis la rentrée, trois relances").0, "fr");
        assert_eq!(english("O cliente não respondeu às três tentativas").0, "pt");
    }

    #[test]
    fn english_stays_as_it_is() {
        for note in ["Pilot is done, do a rollout as planned", "no answer", "", "300 of 1,200 moved"] {
            let reading = Languages::shipped().reading(note);
            assert_eq!((reading.language, reading.text.as_str()), ("en", note));
        }
    }
}
