//! A migration in one line of chat: `hybrid 200, imap 100, rest none, from 1 mar to end of june`, and
//! `self-migrate, they have their own tool`.

use chrono::NaiveDate;

use super::super::search::Found;
use super::super::service::Service;
use super::super::when::Lean;
use super::lists::{NO_MIGRATION, Named, find_reason, find_type};
use super::{Draft, LineDraft, Migration};

#[cfg(test)]
mod tests;

/// What a line came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Everything that was understood.
    pub draft: Draft,
    /// What was not. Those with choices are to be asked; the others are told.
    pub odd: Vec<Odd>,
}

/// A part of a line that is not clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Odd {
    /// The words.
    pub words: String,
    /// What they can mean; empty: nothing that is known.
    pub choices: Vec<Choice>,
}

/// One of the things that unclear words can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is called.
    pub name: String,
    /// The whole line, with this in place of the unclear words.
    pub line: String,
}

/// The days that words can mean: none, one, or those that somebody must choose among. A migration may have begun not
/// long ago; its other days lie ahead.
type Days<'a> = &'a dyn Fn(&str, Lean) -> Vec<NaiveDate>;

/// Reads the lines and dates of a migration by Microsoft. Lines that are named replace those `before`, but what
/// is known of a line of the same type stays, and so do dates of which nothing is said.
pub fn hear(
    text: &str,
    service: &Service,
    in_progress: u64,
    before: Option<&Migration>,
    days: Days<'_>,
) -> Heard {
    let before = match before {
        Some(performed @ Migration::Performed { .. }) => Draft::from(performed),
        _ => Draft { by_microsoft: "true".to_owned(), ..Draft::default() },
    };
    let parts = parts(text);
    let mut heard = Heard { draft: Draft { lines: Vec::new(), ..before.clone() }, odd: Vec::new() };
    for (index, part) in parts.iter().enumerate() {
        let ear = Ear { service, days, parts: &parts, index };
        ear.hear(part, &before, &mut heard);
    }
    if heard.draft.lines.is_empty() {
        heard.draft.lines = before.lines;
    }
    settle_rest(&mut heard.draft, in_progress);
    heard
}

/// Reads why a customer declines: a reason, and after a comma the note.
pub fn hear_declined(text: &str) -> Heard {
    let (words, note) = text.split_once([',', ';', '\n']).unwrap_or((text, ""));
    let mut draft = Draft { by_microsoft: "false".to_owned(), ..Draft::default() };
    let mut odd = Vec::new();
    match find_reason(words) {
        Found::One(reason) => {
            reason.code.clone_into(&mut draft.rejection_reason);
            note.trim().clone_into(&mut draft.rejection_note);
        }
        Found::Several(several) => {
            note.trim().clone_into(&mut draft.rejection_note);
            odd.push(odd_of(words, &several, |reason| format!("{}, {}", reason.code, note.trim())));
        }
        Found::Nearest(_) => text.trim().clone_into(&mut draft.rejection_note),
    }
    Heard { draft, odd }
}

fn odd_of(words: &str, several: &[Named], line: impl Fn(&Named) -> String) -> Odd {
    let choice = |named: &Named| Choice { name: named.name.to_owned(), line: line(named) };
    Odd { words: words.trim().to_owned(), choices: several.iter().map(choice).collect() }
}

/// The parts between commas, semicolons and line ends. The comma of `1,000` separates nothing.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let Some(part) = parts.last_mut() else { break };
        let digits = rest.clone().take_while(char::is_ascii_digit).count();
        let thousands = c == ',' && digits == 3 && part.ends_with(|last: char| last.is_ascii_digit());
        match c {
            ',' | ';' | '\n' if !thousands => parts.push(String::new()),
            _ => part.push(c),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// One part of a line, among the others.
struct Ear<'a> {
    service: &'a Service,
    days: Days<'a>,
    parts: &'a [String],
    index: usize,
}

impl Ear<'_> {
    fn hear(&self, part: &str, before: &Draft, heard: &mut Heard) {
        let words: Vec<&str> = part.split_whitespace().collect();
        if let Some((starts, ends)) = span(&words, self.days) {
            self.dates(starts.as_deref(), ends.as_deref(), heard);
            return;
        }
        match Spoken::of(&words) {
            Some(spoken) => self.line(&spoken, before, heard),
            None => heard.odd.push(Odd { words: part.to_owned(), choices: Vec::new() }),
        }
    }

    /// Takes over the first and the last day, as far as they are said and clear.
    fn dates(&self, starts: Option<&str>, ends: Option<&str>, heard: &mut Heard) {
        let part = |starts: Option<&str>, ends: Option<&str>| {
            let days = [("from", starts), ("to", ends)].into_iter();
            days.filter_map(|(word, day)| Some(format!("{word} {}", day?))).collect::<Vec<_>>().join(" ")
        };
        if let Some(said) = starts {
            match self.day(said, Lean::Recent, &|day| part(Some(&day.to_string()), ends)) {
                Ok(day) => heard.draft.starts = day,
                Err(odd) => heard.odd.push(odd),
            }
        }
        if let Some(said) = ends {
            match self.day(said, Lean::Ahead, &|day| part(starts, Some(&day.to_string()))) {
                Ok(day) => heard.draft.ends = day,
                Err(odd) => heard.odd.push(odd),
            }
        }
    }

    fn line(&self, spoken: &Spoken<'_>, before: &Draft, heard: &mut Heard) {
        let kind = match find_type(self.service, &spoken.kind.join(" ")) {
            Found::One(found) => found.code,
            _ if spoken.kind.is_empty() && spoken.count == REST => NO_MIGRATION,
            Found::Several(several) => {
                let line =
                    |kind: &Named| self.line_with(&format!("{} {}", kind.code, spoken.others.join(" ")));
                heard.odd.push(odd_of(&spoken.kind.join(" "), &several, line));
                ""
            }
            Found::Nearest(_) => {
                if !spoken.kind.is_empty() {
                    heard.odd.push(Odd { words: spoken.kind.join(" "), choices: Vec::new() });
                }
                ""
            }
        };
        let stored = before.lines.iter().find(|line| line.kind == kind).cloned();
        let mut line = LineDraft { kind: kind.to_owned(), ..stored.unwrap_or_default() };
        spoken.count.clone_into(&mut line.entitlements);
        if let Some(size) = spoken.size_gb {
            size.clone_into(&mut line.size_gb);
        }
        if let Some((upto, said)) = spoken.by {
            match self.day(&said.join(" "), Lean::Ahead, &|day| format!("{} by {day}", upto.join(" "))) {
                Ok(day) => line.estimated = day,
                Err(odd) => heard.odd.push(odd),
            }
        }
        heard.draft.lines.push(line);
    }

    /// The day that `said` means; else what is unclear about it. `instead` writes the part with a clear day.
    fn day(&self, said: &str, lean: Lean, instead: &dyn Fn(NaiveDate) -> String) -> Result<String, Odd> {
        let days = (self.days)(said, lean);
        if let [day] = *days {
            return Ok(day.to_string());
        }
        let choice = |day: &NaiveDate| Choice {
            name: day.format("%-d %b %Y").to_string(),
            line: self.line_with(&instead(*day)),
        };
        Err(Odd { words: said.to_owned(), choices: days.iter().map(choice).collect() })
    }

    /// The whole line, with `part` in place of this one.
    fn line_with(&self, part: &str) -> String {
        let own = |(index, other): (usize, &String)| {
            if index == self.index { part.to_owned() } else { other.clone() }
        };
        self.parts.iter().enumerate().map(own).collect::<Vec<_>>().join(", ")
    }
}

/// Words before a first day.
const FROM: [&str; 7] = ["from", "start", "starts", "starting", "begin", "begins", "since"];
/// Words before a last day.
const TO: [&str; 8] = ["to", "until", "till", "through", "-", "–", "—", "bis"];
/// Words before a last day, where they begin a part.
const END: [&str; 4] = ["end", "ends", "ending", "finish"];
/// Words before the estimated date of a line.
const BY: [&str; 5] = ["by", "on", "due", "around", "estimated"];
/// Words for whatever the other lines leave.
const REST_WORDS: [&str; 4] = ["rest", "remaining", "remainder", "others"];
/// Words that say nothing of a line.
const FILLERS: [&str; 13] = [
    "the",
    "users",
    "user",
    "mailboxes",
    "mailbox",
    "entitlements",
    "accounts",
    "people",
    "seats",
    "licences",
    "licenses",
    "x",
    "=",
];

/// The count of a line that takes whatever the others leave, until all are known.
const REST: &str = "rest";

fn is(word: &str, words: &[&str]) -> bool {
    words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// What a part says about the first and the last day; `None`: it is about something else.
fn span(words: &[&str], days: Days<'_>) -> Option<(Option<String>, Option<String>)> {
    let (first, rest) = words.split_first()?;
    let edge = rest.first().is_some_and(|second| is(second, &["of"]));
    let joined = |words: &[&str]| (!words.is_empty()).then(|| words.join(" "));
    if is(first, &TO) || (is(first, &END) && !edge) {
        return Some((None, Some(joined(rest)?)));
    }
    let opened = is(first, &FROM) && !edge;
    let said = if opened { rest } else { words };
    let Some(border) = said.iter().position(|word| is(word, &TO)) else {
        return match (opened, is(first, &END)) {
            (true, _) => Some((Some(joined(said)?), None)),
            (false, true) => Some((None, joined(said))),
            (false, false) => None,
        };
    };
    let (left, right) = said.split_at(border);
    let (left, right) = (joined(left)?, joined(right.get(1..)?)?);
    (opened || !days(&left, Lean::Recent).is_empty()).then_some((Some(left), Some(right)))
}

/// The words of a part about a line: `hybrid 200`, `200 imap 50 gb by 1 apr`, `rest none`.
#[derive(Default)]
struct Spoken<'a> {
    /// The type.
    kind: Vec<&'a str>,
    /// Digits, or [`REST`].
    count: String,
    size_gb: Option<&'a str>,
    /// The words before, and those of the day.
    by: Option<(&'a [&'a str], &'a [&'a str])>,
    /// All words but those of the type.
    others: Vec<&'a str>,
}

impl<'a> Spoken<'a> {
    /// `None` unless exactly one number of entitlements is said.
    fn of(words: &'a [&'a str]) -> Option<Self> {
        let mut spoken = Self::default();
        let by = words.iter().skip(1).position(|word| is(word, &BY)).map(|place| place + 1);
        if let Some(by) = by {
            spoken.by = words.get(..by).zip(words.get(by + 1..));
        }
        let upto = words.get(..by.unwrap_or(words.len()))?;
        let mut following = upto.iter().skip(1).chain([&""]);
        for word in upto {
            let unit = following.next().is_some_and(|next| is(next, &["gb"]));
            spoken.word(word.trim_matches([':', '=', '(', ')']), unit)?;
        }
        spoken.others.extend(by.and_then(|by| words.get(by..)).unwrap_or_default());
        (!spoken.count.is_empty()).then_some(spoken)
    }

    /// Takes one word. `None`: a second number.
    fn word(&mut self, word: &'a str, gigabytes: bool) -> Option<()> {
        let own_unit = word.to_ascii_lowercase().ends_with("gb");
        let number = if own_unit { word.get(..word.len() - 2)? } else { word };
        let digits: String = number.chars().filter(|c| *c != ',').collect();
        let counts = digits.starts_with(|c: char| c.is_ascii_digit());
        if counts && (own_unit || gigabytes) {
            self.size_gb = Some(number);
        } else if counts || is(word, &REST_WORDS) {
            if !self.count.is_empty() {
                return None;
            }
            self.count = if counts { digits } else { REST.to_owned() };
        } else if !word.is_empty() && !is(word, &FILLERS) && !is(word, &["gb"]) {
            self.kind.push(word);
            return Some(());
        }
        self.others.push(word);
        Some(())
    }
}

/// Gives lines that take the rest their number; one for which nothing is left goes.
fn settle_rest(draft: &mut Draft, in_progress: u64) {
    let left = in_progress.saturating_sub(draft.tally(in_progress).sum);
    if left == 0 {
        draft.lines.retain(|line| line.entitlements != REST);
    } else if let Some(line) = draft.lines.iter_mut().find(|line| line.entitlements == REST) {
        line.entitlements = left.to_string();
    }
}
