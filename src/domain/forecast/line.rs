//! Forecast dates in one line: `15% 1 mar, 40% never, max end of june`.

use chrono::NaiveDate;

use super::super::finding::{Findings, Rule};
use super::super::rules::Milestone;
use super::super::text::search_key;
use super::super::when::{self, Lean, Reading, When};
use super::{Draft, SUBMITTED, Target};

/// What a line speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The submitted date.
    Submitted,
    /// A milestone.
    Milestone(Milestone),
    /// A share of usage that is no milestone, as it was typed.
    Unknown(String),
}

/// What a line says of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A day, or that a milestone will not be reached.
    Is(Target),
    /// Nothing any more.
    Nothing,
    /// Any of these days.
    Either(Vec<NaiveDate>),
    /// No day.
    Odd,
}

/// One part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it speaks of.
    pub subject: Subject,
    /// What it says.
    pub word: Word,
    /// What it says, as it was typed.
    pub typed: String,
}

/// Words for a milestone that will not be reached (F5).
const NEVER: [&str; 10] = [
    "never",
    "will not be reached",
    "won t be reached",
    "will not reach",
    "won t reach",
    "wont reach",
    "not reached",
    "nie",
    "jamais",
    "nunca",
];
/// Words that take away what was said.
const NOTHING: [&str; 4] = ["clear", "remove", "delete", "empty"];
/// Words between two parts.
const JOINTS: [&str; 4] = ["and", "und", "et", "y"];

/// Splits `contoso teams 15% 1 mar` into the name and the dates. The first word always belongs to the name, and so
/// does `max` where no date follows.
pub fn split<'a>(words: &'a str, milestones: &[Milestone]) -> (&'a str, &'a str) {
    let keys = keys(words, milestones);
    let first = keys.iter().enumerate().find(|(index, key)| {
        let end = keys.get(index + 1).map_or(words.len(), |next| next.start);
        let is_share = words.get(key.start..key.end).is_some_and(|key| key.contains(['%', '％']));
        key.start > 0 && (is_share || !value(words, key.end, end).is_empty())
    });
    let (name, dates) = words.split_at(first.map_or(words.len(), |(_, key)| key.start));
    (name.trim_matches(is_gap), dates)
}

/// Reads the dates of a line.
pub fn read(dates: &str, milestones: &[Milestone], reading: Reading) -> Vec<Part> {
    let keys = keys(dates, milestones);
    let ends = keys.iter().skip(1).map(|key| key.start).chain([dates.len()]);
    keys.iter()
        .zip(ends)
        .map(|(key, end)| {
            let typed = value(dates, key.end, end);
            let word = word(typed, &key.subject, reading);
            Part { subject: key.subject.clone(), word, typed: typed.to_owned() }
        })
        .collect()
}

/// The line that says the same as these parts whenever and wherever it is read: days are written out.
pub fn written(parts: &[Part]) -> String {
    let part = |part: &Part| {
        let word = match &part.word {
            Word::Is(Target::On(day)) => day.to_string(),
            Word::Is(Target::WillNotReach) | Word::Nothing | Word::Either(_) | Word::Odd => {
                part.typed.clone()
            }
        };
        format!("{} {word}", part.subject.key())
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// What is wrong with the parts themselves, whatever is stored.
pub fn findings(parts: &[Part], milestones: &[Milestone]) -> Findings {
    let mut findings = Findings::default();
    for (index, part) in parts.iter().enumerate() {
        if let Subject::Unknown(typed) = &part.subject {
            let known =
                milestones.iter().map(|milestone| milestone.name.as_str()).collect::<Vec<_>>().join(", ");
            findings.add(typed.clone(), Rule::NoSuchMilestone { known });
        } else if parts.iter().take(index).any(|earlier| earlier.subject == part.subject) {
            findings.add(part.subject.field(), Rule::SaidTwice);
        } else if part.typed.is_empty() {
            findings.add(part.subject.field(), Rule::Required);
        }
    }
    findings
}

impl Subject {
    /// The id of its field in a form.
    pub fn field(&self) -> String {
        match self {
            Self::Submitted => "submitted".to_owned(),
            Self::Milestone(milestone) => milestone.field(),
            Self::Unknown(typed) => typed.clone(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Submitted => SUBMITTED,
            Self::Milestone(milestone) => &milestone.name,
            Self::Unknown(typed) => typed,
        }
    }

    /// The word that it is said with.
    fn key(&self) -> String {
        match self {
            Self::Submitted => "rfa".to_owned(),
            Self::Milestone(milestone) => match milestone.percent {
                Some(percent) => format!("{percent}%"),
                None => milestone.code.clone(),
            },
            Self::Unknown(typed) => typed.clone(),
        }
    }
}

impl Part {
    /// Puts what the part says into a draft; what is no day stays as it was typed.
    pub fn put(&self, draft: &mut Draft) {
        let (date, never) = match &self.word {
            Word::Is(Target::On(day)) => (day.to_string(), false),
            Word::Is(Target::WillNotReach) => (String::new(), true),
            Word::Nothing => (String::new(), false),
            Word::Either(_) | Word::Odd => (self.typed.clone(), false),
        };
        match &self.subject {
            Subject::Submitted => draft.submitted = date,
            Subject::Milestone(milestone) => draft.put(milestone, &date, never),
            Subject::Unknown(_) => {}
        }
    }
}

fn word(typed: &str, subject: &Subject, reading: Reading) -> Word {
    let folded = search_key(typed);
    match subject {
        Subject::Milestone(_) if NEVER.contains(&folded.as_str()) => return Word::Is(Target::WillNotReach),
        Subject::Milestone(_) if NOTHING.contains(&folded.as_str()) => return Word::Nothing,
        _ => {}
    }
    // F1: a request has been submitted already; F2 to F4: milestones lie ahead.
    let lean = if *subject == Subject::Submitted { Lean::Back } else { Lean::Ahead };
    match when::read(typed, Reading { lean, ..reading }) {
        When::One(day) => Word::Is(Target::On(day)),
        When::Ambiguous(days) => Word::Either(days),
        When::NotADate => Word::Odd,
    }
}

/// A word that says what a date is of, and where it stands.
struct Key {
    subject: Subject,
    start: usize,
    end: usize,
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | ':' | '=' | '，' | '、' | '：')
}

/// The words of a line with where they begin.
fn tokens(line: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c| !is_gap(c)) {
        let from = rest.get(start..).unwrap_or_default();
        let end = from.find(is_gap).unwrap_or(from.len());
        let (token, after) = from.split_at(end);
        found.push((line.len() - from.len(), token));
        rest = after;
    }
    found
}

fn keys(line: &str, milestones: &[Milestone]) -> Vec<Key> {
    let tokens = tokens(line);
    let mut keys = Vec::new();
    for (index, &(start, token)) in tokens.iter().enumerate() {
        let mut following = tokens.iter().skip(index + 1).peekable();
        let percent = token
            .strip_suffix(['%', '％'])
            .or_else(|| following.next_if(|(_, next)| matches!(*next, "%" | "％")).map(|_| token));
        let subject =
            match percent.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty()) {
                Some(digits) => Some(of_percent(digits, milestones)),
                None => of_word(&search_key(token), milestones),
            };
        let Some(subject) = subject else { continue };
        // "15% AU" says no more than "15%".
        let _ = following.next_if(|(_, next)| next.eq_ignore_ascii_case("au"));
        let last = following.peek().map_or(line.len(), |(next, _)| *next);
        keys.push(Key { subject, start, end: last });
    }
    keys
}

fn of_percent(digits: &str, milestones: &[Milestone]) -> Subject {
    let percent = digits.parse::<u8>().ok();
    match milestones.iter().find(|milestone| percent.is_some() && milestone.percent == percent) {
        Some(milestone) => Subject::Milestone(milestone.clone()),
        None => Subject::Unknown(format!("{digits}%")),
    }
}

fn of_word(word: &str, milestones: &[Milestone]) -> Option<Subject> {
    if matches!(word, "rfa" | "submitted") {
        return Some(Subject::Submitted);
    }
    let unlimited = milestones.iter().find(|milestone| milestone.percent.is_none() && milestone.code == word);
    unlimited.map(|milestone| Subject::Milestone(milestone.clone()))
}

/// What stands between two places, without gaps and joints.
fn value(line: &str, start: usize, end: usize) -> &str {
    let mut kept = line.get(start..end).unwrap_or_default().trim_matches(is_gap);
    for joint in JOINTS {
        let without = kept.strip_suffix(joint).filter(|rest| rest.is_empty() || rest.ends_with(is_gap));
        kept = without.unwrap_or(kept).trim_end_matches(is_gap);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::rules::rules;
    use super::super::super::time::Today;
    use super::super::super::when::DayOrder;
    use super::*;

    fn set() -> &'static [Milestone] {
        &rules().milestones
    }

    fn reading() -> Reading {
        let today = Today("2026-11-21".parse().unwrap());
        Reading { today, order: None, lean: Lean::Ahead, month_is_its_first_day: false }
    }

    fn said(dates: &str) -> Vec<String> {
        let tell = |part: &Part| {
            let subject = match &part.subject {
                Subject::Submitted => "rfa".to_owned(),
                Subject::Milestone(milestone) => milestone.code.clone(),
                Subject::Unknown(typed) => format!("?{typed}"),
            };
            let word = match &part.word {
                Word::Is(Target::On(day)) => day.to_string(),
                Word::Is(Target::WillNotReach) => "never".to_owned(),
                Word::Nothing => "nothing".to_owned(),
                Word::Either(days) => days.iter().map(NaiveDate::to_string).collect::<Vec<_>>().join(" or "),
                Word::Odd => format!("?{}", part.typed),
            };
            format!("{subject} {word}")
        };
        read(dates, set(), reading()).iter().map(tell).collect()
    }

    #[test]
    fn three_dates_are_read_from_one_line() {
        let whole = ["15 2027-03-01", "40 2027-04-01", "max 2027-06-30"];
        assert_eq!(said("15% 1 mar, 40% 1 apr, max end of june"), whole);
        assert_eq!(said("15% AU: 1 Mar and 40 % = April 1, 2027; Max AU end of june"), whole);
        assert_eq!(said("rfa 3 march 15% 1 mar 40% never"), ["rfa 2026-03-03", "15 2027-03-01", "40 never"]);
        assert_eq!(said("max clear, 15% won't reach"), ["max nothing", "15 never"]);
    }

    #[test]
    fn what_is_odd_or_ambiguous_is_kept_for_the_answer() {
        assert_eq!(said("20% 1 mar, max soon"), ["?20% 2027-03-01", "max ?soon"]);
        assert_eq!(said("15%"), ["15 ?"]);
        let parts = read("15% 3/4, 20% 1 mar, max, max end of june", set(), reading());
        assert!(matches!(&parts[0].word, Word::Either(days) if days.len() == 2), "{parts:?}");
        assert_eq!(written(&parts), "15% 3/4, 20% 2027-03-01, max , max 2027-06-30");
        let known = "15% AU, 40% AU, Max AU".to_owned();
        assert_eq!(
            findings(&parts, set()).pairs(),
            [
                ("20%", Rule::NoSuchMilestone { known }),
                ("target_max", Rule::Required),
                ("target_max", Rule::SaidTwice)
            ]
        );
    }

    #[test]
    fn the_name_ends_where_the_dates_begin() {
        for (words, name, dates) in [
            ("contoso teams 15% 1 mar", "contoso teams", "15% 1 mar"),
            ("contoso exo, teams: max 1 mar", "contoso exo, teams", "max 1 mar"),
            ("max mustermann teams max 1 mar", "max mustermann teams", "max 1 mar"),
            ("contoso max 15% 1 mar", "contoso max", "15% 1 mar"),
            ("100% digital teams rfa today", "100% digital teams", "rfa today"),
            ("contoso teams", "contoso teams", ""),
            ("contoso teams 15%", "contoso teams", "15%"),
        ] {
            assert_eq!(split(words, set()), (name, dates), "{words}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd_to_be_read(
            odd in any::<String>(),
            near in prop::collection::vec(prop::sample::select(vec![
                "15%", "40 %", "％", "%", "max", "rfa", "1 mar", "3/4", ",", "：", "and", "never", "é", "au", "contoso",
            ]), 0..8),
        ) {
            for line in [odd, near.join(" "), near.concat()] {
                let (name, dates) = split(&line, set());
                prop_assert!(line.starts_with(name) || name.is_empty() || line.trim_start_matches(is_gap).starts_with(name));
                let parts = read(dates, set(), reading());
                // What is stored with a question says the same when it is answered, wherever that is.
                let american = Reading { order: Some(DayOrder::MonthFirst), ..reading() };
                let told = |parts: Vec<Part>| {
                    parts.into_iter().map(|part| (part.subject, part.word)).collect::<Vec<_>>()
                };
                prop_assume!(parts.iter().all(|part| matches!(part.word, Word::Is(_))));
                prop_assert_eq!(told(read(&written(&parts), set(), american)), told(parts));
            }
        }
    }
}
