//! A split in one line of chat: `300 in progress pilots done by 1 mar, 5 blocked firewall drops traffic`.

use super::super::taxonomy::{Path, taxonomy};
use super::super::text::search_key;
use super::{MOST_PARTS, PartDraft};

/// What a line came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its parts, in its order.
    pub parts: Vec<Named>,
}

/// One part: a number, what it says, and what of that are names of levels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// How many; `None`: all, or the rest.
    pub entitlements: Option<i32>,
    /// The words after the number: they become the note.
    pub note: String,
    /// The levels that it begins with, by codes; all empty where it names none.
    pub levels: Path,
    /// Whether anything is said besides number and levels.
    pub explains: bool,
    /// The day behind a last "by" or "until", as it was typed; empty where there is none.
    pub by: String,
}

/// Why a line is none of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Odd {
    /// It does not begin with a number, "all" or "rest".
    NoNumber,
    /// More parts than a form holds.
    TooMany,
}

/// Words for what is left.
const REST: [&str; 6] = ["rest", "all", "alle", "alles", "remaining", "others"];
/// Words before a day.
const BY: [&str; 5] = ["by", "until", "till", "bis", "target"];

/// Reads a line.
///
/// # Errors
/// What is odd about the line as a whole.
pub fn hear(text: &str) -> Result<Said, Odd> {
    let parts: Vec<Named> =
        parts(text).iter().map(|part| named(part)).collect::<Option<_>>().ok_or(Odd::NoNumber)?;
    match parts.len() {
        0 => Err(Odd::NoNumber),
        count if count > MOST_PARTS => Err(Odd::TooMany),
        _ => Ok(Said { parts }),
    }
}

impl Named {
    /// The part as a form takes it. Levels are chosen only where they are whole for the service.
    pub fn draft(&self, service: &str) -> PartDraft {
        let mut draft = PartDraft {
            note: if self.explains { self.note.clone() } else { String::new() },
            entitlements: self.entitlements.map(|n| n.to_string()).unwrap_or_default(),
            ..PartDraft::default()
        };
        draft.l1.clone_from(&self.levels.l1);
        draft.l2.clone_from(&self.levels.l2);
        draft.l3.clone_from(&self.levels.l3);
        draft.prune(service);
        draft
    }
}

/// The parts: each begins with a number, or with a word for what is left, after a comma, a semicolon or the word
/// "and". Other commas belong to a note.
fn parts(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces(text) {
        match parts.last_mut() {
            Some(part) if amount(&piece).is_none() => {
                part.push_str(", ");
                part.push_str(&piece);
            }
            _ => parts.push(piece),
        }
    }
    parts
}

/// What stands between commas and semicolons. The comma of `1,000` separates nothing.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let Some(piece) = pieces.last_mut() else { break };
        let digits = rest.clone().take_while(char::is_ascii_digit).count();
        let thousands = c == ',' && digits == 3 && piece.ends_with(|last: char| last.is_ascii_digit());
        match c {
            ',' if thousands => {}
            ',' | ';' | '、' | '，' | '；' | '\n' => pieces.push(String::new()),
            _ => piece.push(c),
        }
    }
    pieces.into_iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// The number that a piece begins with, and the words after it; an inner `None` is what is left.
fn amount(piece: &str) -> Option<(Option<i32>, &str)> {
    let piece = piece.strip_prefix("and ").unwrap_or(piece);
    let (word, rest) = piece.split_once(char::is_whitespace).unwrap_or((piece, ""));
    let word = word.trim_end_matches(':');
    if REST.contains(&word.to_lowercase().as_str()) {
        return Some((None, rest.trim()));
    }
    let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let number = plain.then(|| word.parse().ok()).flatten()?;
    Some((Some(number), rest.trim()))
}

fn named(part: &str) -> Option<Named> {
    let (entitlements, note) = amount(part)?;
    let words: Vec<&str> = note.split_whitespace().collect();
    let (levels, taken) = levels(&words);
    let by = words.iter().rposition(|word| BY.contains(&word.to_lowercase().as_str()));
    let by = by.filter(|at| *at + 1 < words.len() && *at >= taken);
    let says = by.unwrap_or(words.len()) > taken;
    let by = by.map(|at| words.iter().skip(at + 1).copied().collect::<Vec<_>>().join(" "));
    Some(Named { entitlements, note: note.to_owned(), levels, explains: says, by: by.unwrap_or_default() })
}

/// The levels that a text begins to name, by codes.
pub fn levels_of(text: &str) -> Path {
    levels(&text.split_whitespace().collect::<Vec<_>>()).0
}

/// The names of levels with which the words begin, from the top down, and how many words they take.
fn levels(words: &[&str]) -> (Path, usize) {
    let tree = taxonomy();
    let mut path = Path::default();
    let statuses = tree.offered_l1().map(|l1| (l1.code.as_str(), names(&l1.name, &l1.aliases)));
    let Some((l1, mut taken)) = longest(words, statuses) else { return (path, 0) };
    l1.clone_into(&mut path.l1);
    let reasons = tree.status(l1).into_iter().flat_map(|status| &status.l2);
    let reasons = reasons.map(|l2| (l2.code.as_str(), names(&l2.name, &l2.aliases)));
    if let Some((l2, more)) = longest(words.get(taken..).unwrap_or_default(), reasons) {
        taken += more;
        let deeper = tree.reason(l1, l2).into_iter().flat_map(|reason| &reason.l3);
        let deeper = deeper.map(|l3| (l3.code.as_str(), names(&l3.name, &l3.aliases)));
        if let Some((l3, more)) = longest(words.get(taken..).unwrap_or_default(), deeper) {
            taken += more;
            l3.clone_into(&mut path.l3);
        }
        l2.clone_into(&mut path.l2);
    }
    (path, taken)
}

/// What a node is called: its name, each side of a stroke in it, and its aliases.
fn names(name: &str, aliases: &[String]) -> Vec<String> {
    let sides = name.split('/').filter(|_| name.contains('/'));
    let all = sides.chain([name]).chain(aliases.iter().map(String::as_str));
    all.map(search_key).filter(|key| !key.is_empty()).collect()
}

/// The node whose name takes the most of the first words, and how many.
fn longest<'a>(
    words: &[&str],
    nodes: impl Iterator<Item = (&'a str, Vec<String>)>,
) -> Option<(&'a str, usize)> {
    let fits = |names: &[String]| {
        (1..=words.len().min(8)).rev().find(|count| {
            let key = search_key(&words.iter().take(*count).copied().collect::<Vec<_>>().join(" "));
            names.contains(&key)
        })
    };
    nodes.filter_map(|(code, names)| Some((code, fits(&names)?))).max_by_key(|(_, count)| *count)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn heard(text: &str) -> Vec<(Option<i32>, String, String, bool)> {
        let said = hear(text).unwrap();
        said.parts.into_iter().map(|p| (p.entitlements, p.levels.code(), p.note, p.explains)).collect()
    }

    fn part(n: Option<i32>, levels: &str, note: &str) -> (Option<i32>, String, String, bool) {
        (n, levels.to_owned(), note.to_owned(), true)
    }

    #[test]
    fn numbers_part_a_line_and_the_words_are_the_notes() {
        assert_eq!(
            heard("300 in progress pilots done, 5 blocked firewall drops traffic"),
            [
                part(Some(300), "in_progress", "in progress pilots done"),
                part(Some(5), "blocked", "blocked firewall drops traffic"),
            ]
        );
        assert_eq!(
            heard("1,200 in progress mail first, then files; rest no intent they stay with Zoom, fully"),
            [
                part(Some(1200), "in_progress", "in progress mail first, then files"),
                part(None, "no_intent", "no intent they stay with Zoom, fully"),
            ]
        );
        assert_eq!(heard("5 firewall drops traffic"), [part(Some(5), "", "firewall drops traffic")]);
        assert_eq!(hear("in progress"), Err(Odd::NoNumber));
        assert_eq!(hear("1 a, 2 b, 3 c, 4 d, 5 e"), Err(Odd::TooMany));
    }

    #[test]
    fn names_of_levels_are_read_from_the_top_down() {
        let levels = |text: &str| heard(text)[0].1.clone();
        assert_eq!(levels("5 unknown nobody answers"), "status_unknown");
        assert_eq!(levels("5 duplicate bought twice"), "duplicate_invalid");
        assert_eq!(levels("5 Blocked Adoption Readiness no trainers"), "blocked/adoption_readiness");
        assert_eq!(levels("5 blocked legal the law forbids it"), "blocked/legal_regulatory");
        assert_eq!(levels("5 in progress migration of mailboxes"), "in_progress/migration");
        assert!(!hear("5 blocked legal").unwrap().parts[0].explains);
        let dated = hear("300 in progress pilots done by 1 mar 2027").unwrap().parts.remove(0);
        assert_eq!((dated.by.as_str(), dated.explains), ("1 mar 2027", true));
        assert!(!hear("300 in progress by june").unwrap().parts[0].explains);
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd_to_be_heard(text in "([0-9]{1,12} )?\\PC{0,60}(, [0-9]{1,3} blocked)?") {
            if let Ok(said) = hear(&text) {
                prop_assert!(!said.parts.is_empty() && said.parts.len() <= MOST_PARTS);
            }
        }
    }
}
