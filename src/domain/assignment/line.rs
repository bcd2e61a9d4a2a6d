//! The one-line grammar: `jiri p-fe contoso teams, exo primary`.

use super::super::search::{Found, choose};
use super::super::text::search_key;
use super::assignee::Assignee;
use super::{Coverage, Role, Scope};

/// Most words of a name.
const LONGEST_NAME: usize = 5;
/// Words that lead from one part to the next and say nothing.
const JOINTS: [&str; 11] = ["to", "at", "from", "for", "in", "on", "as", "is", "and", "with", "&"];

/// What marks a primary besides the word.
const MARKS: [&str; 2] = ["★", "*"];

/// A line parted at its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// What stands before the role; everything where there is none.
    pub before: &'a str,
    /// The role.
    pub role: Option<Role>,
    /// What stands behind it.
    pub after: &'a str,
}

/// Who was named, and the words behind the name.
#[derive(Debug, PartialEq, Eq)]
pub struct Named<'p, 'a> {
    /// Who it may be.
    pub found: Found<&'p Assignee>,
    /// The name as it was typed.
    pub name: &'a str,
    /// What follows it.
    pub rest: &'a str,
}

/// A tenant's name and the scopes behind it.
#[derive(Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The tenant as it was named; may be empty.
    pub tenant: &'a str,
    /// The scopes.
    pub coverage: Coverage,
    /// Words behind a colon that name no scope; empty where all do.
    pub unknown: &'a str,
}

/// A word of a line: where it stands, and whether a comma or its like separates it from the word before.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    parted: bool,
}

impl<'a> Line<'a> {
    /// Parts `words` at the first word that is a role.
    pub fn read(words: &'a str) -> Self {
        let words = words.trim();
        let role = words_of(words).into_iter().find_map(|word| Some((word, Role::of(word.text)?)));
        let Some((word, role)) = role else { return Self { before: words, role: None, after: "" } };
        let before = words.get(..word.start).unwrap_or_default();
        let after = words.get(word.end..).unwrap_or_default();
        Self { before: trimmed(before), role: Some(role), after: trimmed(after) }
    }

    /// Who is named at the beginning. A mention says itself where it ends; a typed name is the longest that is
    /// somebody's.
    pub fn who<'p>(&self, people: &'p [Assignee]) -> Named<'p, 'a> {
        who(self.before, people)
    }

    /// The same line with `who` as its name, and `rest` of what stood before the role.
    pub fn naming(&self, who: &str, rest: &str) -> String {
        let role = self.role.map(Role::name).unwrap_or_default();
        [who, rest, role, self.after]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Parts `ann to jiri contoso` at its `to`; `None`: there is none, or nothing before or behind it.
pub fn from_and_to(words: &str) -> Option<(&str, &str)> {
    let to = words_of(words).into_iter().find(|word| ["to", "->", "→"].contains(&word.text))?;
    let (from, to) = (trimmed(words.get(..to.start)?), trimmed(words.get(to.end..)?));
    (!from.is_empty() && !to.is_empty()).then_some((from, to))
}

/// Who is named at the beginning of `words`.
pub fn who<'p, 'a>(words: &'a str, people: &'p [Assignee]) -> Named<'p, 'a> {
    let all = words_of(words);
    let named = |count: usize| {
        let end = all.get(count.wrapping_sub(1)).map_or(0, |word| word.end);
        let (name, rest) = words.split_at_checked(end).unwrap_or((words, ""));
        let name = name.trim_start_matches('@').trim();
        Named { found: choose(name, people.iter().collect()), name, rest: trimmed(rest) }
    };
    if all.first().is_some_and(|word| word.text.starts_with('@') && word.text.contains('\u{a0}')) {
        return named(1);
    }
    let most = all.len().min(LONGEST_NAME);
    let is_called = |count: &usize| {
        let key = search_key(named_part(words, &all, *count));
        people.iter().any(|person| person.is_called(&key))
    };
    let called = (1..=most).rev().find(is_called);
    let surely = called.map(named);
    if let Some(Named { found: Found::One(one), name, rest }) = surely {
        return Named { found: Found::One(one), name, rest };
    }
    // Longer, with a typing error, and then it is surely one: `jiri novk` among several called Jiří.
    let typo = (called.unwrap_or(0) + 1..=most).rev().map(named).find(|named| match named.found {
        Found::One(_) => true,
        Found::Several(_) => called.is_none(),
        Found::Nearest(_) => false,
    });
    typo.or(surely).unwrap_or_else(|| named(most.min(1)))
}

fn named_part<'a>(words: &'a str, all: &[Word<'_>], count: usize) -> &'a str {
    all.get(count.wrapping_sub(1)).and_then(|word| words.get(..word.end)).unwrap_or_default()
}

impl<'a> Place<'a> {
    /// Reads `contoso teams, exo primary`, `contoso: all`. Without a colon the scopes are as many words at the end
    /// as name scopes, so a tenant whose name ends in a service's is written with one.
    pub fn read(said: &'a str) -> Self {
        let said = said.trim();
        if let Some((tenant, list)) = said.split_once([':', '：']) {
            let list = list.trim();
            let coverage = coverage(&words_of(list), list);
            let unknown = if coverage.is_none() { list } else { "" };
            return Self { tenant: without_joints(tenant), coverage: coverage.unwrap_or_default(), unknown };
        }
        let words = words_of(said);
        let first = words.iter().position(|word| !is_joint(word)).unwrap_or(0);
        let parted = (first + 1..=words.len()).find_map(|count| {
            let tail = words.get(count..)?;
            Some((words.get(count - 1)?.end, coverage(tail, said)?))
        });
        let (end, coverage) = parted.unwrap_or((said.len(), Coverage::default()));
        Self { tenant: without_joints(said.get(..end).unwrap_or_default()), coverage, unknown: "" }
    }
}

/// The scopes that `words` name; `None`: they name something else as well. `primary` belongs to the scope that it
/// follows, and on its own to all of them.
fn coverage(mut words: &[Word<'_>], line: &str) -> Option<Coverage> {
    let mut coverage = Coverage::default();
    let mut latest: Vec<Scope> = Vec::new();
    while let Some((word, rest)) = words.split_first() {
        if search_key(word.text) == "primary" || MARKS.contains(&word.text) {
            let marked = if word.parted { coverage.scopes.iter().cloned().collect() } else { latest };
            coverage.primaries.extend(marked);
            (latest, words) = (Vec::new(), rest);
        } else if is_joint(word) {
            words = rest;
        } else {
            let (scopes, count) = scopes(words, line)?;
            coverage.scopes.extend(scopes.iter().cloned());
            if words.get(count - 1).is_some_and(|word| MARKS.iter().any(|mark| word.text.ends_with(mark))) {
                coverage.primaries.extend(scopes.iter().cloned());
            }
            (latest, words) = (scopes, words.get(count..)?);
        }
    }
    Some(coverage)
}

/// The scope that `words` begin with, or all of them, and how many words that takes.
fn scopes(words: &[Word<'_>], line: &str) -> Option<(Vec<Scope>, usize)> {
    let first = words.first()?;
    if ["all", "everything"].contains(&search_key(first.text).as_str()) {
        return Some((Scope::all().collect(), 1));
    }
    let together = words.iter().skip(1).take_while(|word| !word.parted).count() + 1;
    (1..=together.min(LONGEST_NAME)).rev().find_map(|count| {
        let name = line.get(first.start..words.get(count - 1)?.end)?;
        Some((vec![Scope::of(name)?], count))
    })
}

/// The words of a line; a non-breaking space holds a word together.
fn words_of(line: &str) -> Vec<Word<'_>> {
    let parts = |c: char| (c.is_whitespace() && c != '\u{a0}') || matches!(c, ',' | ';' | '+');
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut at = 0;
    for text in line.split(parts) {
        let (start, end) = (at, at + text.len());
        at = end + line.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if !text.is_empty() {
            let gap = line.get(words.last().map_or(0, |word| word.end)..start).unwrap_or_default();
            words.push(Word { text, start, end, parted: words.is_empty() || gap.contains([',', ';', '+']) });
        }
    }
    words
}

fn is_joint(word: &Word<'_>) -> bool {
    JOINTS.contains(&word.text.to_lowercase().as_str())
}

fn without_joints(tenant: &str) -> &str {
    let first = words_of(tenant).into_iter().find(|word| !is_joint(word));
    trimmed(first.and_then(|word| tenant.get(word.start..)).unwrap_or(tenant))
}

/// Without spaces, commas and joints at its ends.
fn trimmed(part: &str) -> &str {
    let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
    match words_of(part).last() {
        Some(word) if is_joint(word) && word.start > 0 => trimmed(part.get(..word.start).unwrap_or_default()),
        _ => part,
    }
}
