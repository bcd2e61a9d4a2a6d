//! By what a person is found in words that others wrote: as patterns of PostgreSQL's regular expressions, because
//! the words stay in the database. Case, accents and order of names do not matter, and nothing depends on the
//! database's locale.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::domain::text::search_key;

/// What stands where a person was named.
pub const ERASED: &str = "[erased]";

/// What is known of one person. Personal.
#[derive(Clone, Default)]
pub struct Traces {
    /// E-mail addresses and user names.
    pub addresses: Vec<String>,
    /// Names.
    pub names: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// Job titles.
    pub titles: Vec<String>,
}

/// How many of each, and nothing else (G2).
impl std::fmt::Debug for Traces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { addresses, names, phones, titles } = self;
        f.debug_list().entries([addresses, names, phones, titles].map(Vec::len)).finish()
    }
}

impl Traces {
    /// What names the person wherever it stands: an address, a whole name, a telephone number.
    pub fn named(&self) -> String {
        either(self.naming())
    }

    /// What means the person in words that name them: besides that a title, or a part of the name.
    pub fn beside(&self) -> String {
        let titles = self.titles.iter().filter_map(|title| phrase(&words(title), spell));
        either(self.naming().into_iter().chain(titles).chain(self.parts()).collect())
    }

    /// What may come from the person's data in a copy that was cut or marked up: besides that the mailbox alone.
    pub fn hinted(&self) -> String {
        let mailbox = |address: &String| Some(address.split_once('@')?.0.to_owned());
        let mailboxes = self.addresses.iter().filter_map(mailbox).filter(|mailbox| mailbox.len() >= 4);
        let mailboxes =
            mailboxes.map(|mailbox| bounded(&mailbox, &mailbox.chars().map(marked_up).collect::<String>()));
        either(self.naming().into_iter().chain(self.parts()).chain(mailboxes).collect())
    }

    /// A sieve: whatever one of the others finds holds this, and a machine sees that at a glance. It takes in others
    /// as well.
    pub fn rough(&self) -> String {
        // Every form of a whole name has its last word.
        let of_name = |name: &String| parts(name).into_iter().chain(words(name).pop());
        let names = self.names.iter().flat_map(of_name).map(|word| spell(&word));
        let mailbox = |address: &String| address.chars().take_while(|c| *c != '@').map(marked_up).collect();
        let phones = self.phones.iter().filter_map(|phone| tail(phone));
        either(names.chain(self.addresses.iter().map(mailbox)).chain(phones).collect())
    }

    /// Parts of the names as names are written: "Mark", not "mark".
    fn parts(&self) -> impl Iterator<Item = String> {
        self.names.iter().flat_map(|name| parts(name)).map(|part| bounded(&part, &capitalised(&part)))
    }

    fn naming(&self) -> Vec<String> {
        let addresses = self.addresses.iter().map(|address| self::address(address));
        let names = self.names.iter().flat_map(|name| whole_names(name));
        let phones = self.phones.iter().filter_map(|phone| self::phone(phone));
        addresses.chain(names).chain(phones).collect()
    }
}

/// One of several patterns; of none a pattern that fits nothing.
fn either(mut patterns: Vec<String>) -> String {
    patterns.sort();
    patterns.dedup();
    if patterns.is_empty() { "a(?!a)a".to_owned() } else { patterns.join("|") }
}

/// White space, also the kind that does not break.
const GAP: &str = "[[:space:]\u{A0}]+";
/// What people put between the digits of a number.
const BETWEEN: &str = r"(?:[[:space:]\u00A0()./-]|\(0\))*";

/// The words of a name, without degrees, initials and what stands in brackets.
fn words(name: &str) -> Vec<String> {
    let kept = |word: &&str| !word.starts_with('(') && !word.ends_with(')') && !word.ends_with('.');
    let trim = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    name.split_whitespace().filter(kept).map(trim).filter(|word| !word.is_empty()).collect()
}

/// A whole name in each order and length that people write. One word alone is a name only where scripts do not
/// part names from each other; elsewhere it could be anybody.
fn whole_names(name: &str) -> Vec<String> {
    let words = words(name);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Vec::new() };
    if words.len() == 1 {
        return if is_parted(first.chars().next()) { Vec::new() } else { vec![spell(first)] };
    }
    let mut names = vec![phrase(&words, spell)];
    if words.len() > 2 {
        names.push(phrase(&[first.clone(), last.clone()], spell));
    }
    // With the last names first: after them a comma, or else capitals, because "will grant" is no Grant Will.
    for split in 1..words.len().min(6) {
        let (front, back) = words.split_at(split);
        let turned = |comma: &str, spelled: fn(&str) -> String| {
            Some(format!("{}{comma}{GAP}{}", phrase(back, spelled)?, phrase(front, spelled)?))
        };
        names.push(turned(",", spell));
        names.push(turned("", capitalised));
    }
    if let Some(initial) = first.chars().next().filter(|c| is_parted(Some(*c))) {
        let initial = initial.to_string();
        let edges = (edge_before(&initial), edge_after(last));
        names.push(Some(format!("{}{}\\.?{GAP}{}{}", edges.0, spell(&initial), spell(last), edges.1)));
    }
    names.into_iter().flatten().collect()
}

/// The parts of a name that may stand for the person where they are named: no particles such as "van".
fn parts(name: &str) -> Vec<String> {
    let words = words(name);
    let pieces = words.iter().flat_map(|word| word.split(['-', '\u{2010}', '\u{2011}'])).map(str::to_owned);
    let all: Vec<String> = words.iter().cloned().chain(pieces).collect();
    let tells = |word: &String| {
        let enough = if is_parted(word.chars().next()) { 3 } else { 2 };
        word.chars().count() >= enough && !word.chars().next().is_some_and(char::is_lowercase)
    };
    all.into_iter().filter(tells).collect()
}

/// Words in a row.
fn phrase(words: &[String], spelled: fn(&str) -> String) -> Option<String> {
    let (first, last) = (words.first()?, words.last()?);
    let spelled: Vec<String> = words.iter().map(|word| spelled(word)).collect();
    Some(format!("{}{}{}", edge_before(first), spelled.join(GAP), edge_after(last)))
}

/// An address, also where a card escaped its punctuation; not within a longer one.
fn address(address: &str) -> String {
    let mut pattern = "(?<![A-Za-z0-9._%+-])".to_owned();
    for c in address.chars() {
        pattern.push_str(&marked_up(c));
    }
    pattern + r"(?![A-Za-z0-9-]|\.[A-Za-z0-9])"
}

/// A character of an address in any case; a card may have put a backslash before its punctuation.
fn marked_up(c: char) -> String {
    match c {
        'a'..='z' | 'A'..='Z' => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        c if c.is_alphanumeric() => c.to_string(),
        c => format!(r"\\*\{c}"),
    }
}

/// A telephone number with or without its country code. Too short a number could be anything.
fn phone(phone: &str) -> Option<String> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let spaced = |digits: &str| digits.chars().map(String::from).collect::<Vec<_>>().join(BETWEEN);
    let mut forms = Vec::new();
    if digits.len() >= 7 {
        forms.push(format!(r"(?:\+|00)?{BETWEEN}{}", spaced(&digits)));
    }
    // Country codes have one to three digits.
    let national = (1..=3).filter_map(|code| digits.get(code..)).filter(|rest| rest.len() >= 6);
    forms.extend(national.map(|rest| format!(r"\(?0?{}", spaced(rest.trim_start_matches('0')))));
    (!forms.is_empty()).then(|| format!("(?<![0-9])(?:{})(?![0-9])", forms.join("|")))
}

/// The last digits of a number, whatever stands between them.
fn tail(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let tail = digits.get(digits.len().checked_sub(6)?..)?;
    Some(tail.iter().map(char::to_string).collect::<Vec<_>>().join(r"(?:[^0-9A-Za-z]|\(0\))*"))
}

fn bounded(word: &str, pattern: &str) -> String {
    format!("{}{pattern}{}", edge_before(word), edge_after(word))
}

/// Nothing of a word before or after: only in scripts that part their words.
fn edge_before(word: &str) -> &'static str {
    if is_parted(word.chars().next()) { "(?<![0-9A-Za-z\u{C0}-\u{24F}\u{370}-\u{52F}])" } else { "" }
}

fn edge_after(word: &str) -> &'static str {
    if is_parted(word.chars().last()) { "(?![0-9A-Za-z\u{C0}-\u{24F}\u{370}-\u{52F}])" } else { "" }
}

/// Latin, Greek and Cyrillic part words by spaces and add nothing to them.
fn is_parted(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}'))
}

/// A word in any case and with or without its accents.
fn spell(word: &str) -> String {
    let mut pattern = String::new();
    for c in word.chars() {
        match c {
            '-' | '\u{2010}' | '\u{2011}' => pattern.push_str("[-\u{2010}\u{2011}[:space:]]"),
            '\'' | '\u{2019}' | '\u{2BC}' => pattern.push_str("['\u{2019}\u{2BC}]?"),
            c if c.is_alphanumeric() => pattern.push_str(&letter(c)),
            c if c.is_ascii() => {
                let _ = write!(pattern, r"\{c}");
            }
            c => pattern.push(c),
        }
    }
    pattern
}

/// The same with a capital, where the script has them.
fn capitalised(word: &str) -> String {
    let mut rest = word.chars();
    let Some(first) = rest.next() else { return String::new() };
    let same = SAME.get(&search_key(&first.to_string()));
    let capitals: String =
        same.into_iter().flat_map(|same| same.chars()).filter(|c| c.is_uppercase()).collect();
    let first = if capitals.is_empty() { letter(first) } else { format!("[{capitals}]") };
    first + &spell(rest.as_str())
}

/// Letters that are the same but for case and accents, by what they are folded to.
static SAME: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut same: HashMap<String, String> = HashMap::new();
    let letters = ('A'..='z').chain('\u{C0}'..='\u{17F}').chain('\u{370}'..='\u{52F}');
    for c in letters.filter(|c| c.is_alphabetic()) {
        same.entry(search_key(&c.to_string())).or_default().push(c);
    }
    same
});

fn letter(c: char) -> String {
    match SAME.get(&search_key(&c.to_string())) {
        Some(same) if same.chars().count() > 1 => format!("[{same}]"),
        _ => c.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr_g2_traces_print_nothing_of_the_person() {
        let traces = Traces { names: vec!["Kim Example".into()], ..Traces::default() };
        assert_eq!(format!("{traces:?}"), "[0, 1, 0, 0]");
    }

    #[test]
    fn nobody_is_found_by_nothing() {
        assert_eq!(Traces::default().named(), "a(?!a)a");
        let short = Traces { names: vec!["Kim".into()], phones: vec!["123".into()], ..Traces::default() };
        assert_eq!(short.named(), "a(?!a)a", "one word or three digits name nobody");
        assert_ne!(short.beside(), "a(?!a)a");
    }

    #[test]
    fn particles_degrees_and_brackets_are_no_parts_of_a_name() {
        assert_eq!(
            parts("Dr. Anna van der Osei-Brandt (external)"),
            ["Anna", "Osei-Brandt", "Anna", "Osei", "Brandt"]
        );
        assert_eq!(parts("森山 涼介"), ["森山", "涼介", "森山", "涼介"]);
    }
}
