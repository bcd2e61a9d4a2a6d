//! Whom somebody means by a name or an address.

use std::collections::BTreeMap;

use super::Subject;
use crate::domain::text::search_key;

/// Somebody of whom something is known. Personal.
#[derive(Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub subject: Subject,
    /// All names that they have or had.
    pub names: Vec<String>,
    /// For how many tenants they are a contact.
    pub contacts: i64,
    /// Of the firm itself.
    pub colleague: bool,
}

/// Personal (G2).
impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("contacts", &self.contacts).finish_non_exhaustive()
    }
}

/// What looking for somebody came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Meant {
    /// This one.
    One(Known),
    /// One of these.
    Several(Vec<Known>),
    /// Nobody that we know.
    Nobody,
}

/// Most people to choose from.
pub const MOST: usize = 5;

/// Finds whom `typed` means: an address exactly, a name by the beginnings of its words. A whole name wins.
/// An address that nobody has is somebody all the same: there may be words that name them.
pub fn find(typed: &str, everybody: Vec<Known>) -> Meant {
    let subject = Subject::new(typed);
    let everybody = merged(everybody);
    if subject.address().is_some() {
        let unknown = || Known { subject: subject.clone(), names: Vec::new(), contacts: 0, colleague: false };
        let known = everybody.into_iter().find(|known| known.subject == subject);
        return Meant::One(known.unwrap_or_else(unknown));
    }
    let asked = search_key(typed);
    if asked.is_empty() {
        return Meant::Nobody;
    }
    let is = |known: &Known, fits: &dyn Fn(&str) -> bool| {
        known.names.iter().any(|name| fits(&search_key(name))) || fits(&search_key(known.subject.text()))
    };
    let whole: Vec<Known> =
        everybody.iter().filter(|known| is(known, &|name| name == asked)).cloned().collect();
    let begun =
        |name: &str| asked.split(' ').all(|typed| name.split(' ').any(|word| word.starts_with(typed)));
    let mut meant = if whole.is_empty() {
        everybody.into_iter().filter(|known| is(known, &begun)).collect()
    } else {
        whole
    };
    match (meant.pop(), meant.is_empty()) {
        (None, _) => Meant::Nobody,
        (Some(only), true) => Meant::One(only),
        (Some(last), false) => {
            meant.push(last);
            Meant::Several(meant)
        }
    }
}

/// One entry for each person, by the number of their contacts.
fn merged(everybody: Vec<Known>) -> Vec<Known> {
    let mut people: BTreeMap<Subject, Known> = BTreeMap::new();
    for known in everybody {
        match people.get_mut(&known.subject) {
            Some(same) => {
                same.contacts += known.contacts;
                same.colleague |= known.colleague;
                for name in known.names {
                    if !same.names.contains(&name) {
                        same.names.push(name);
                    }
                }
            }
            None => {
                people.insert(known.subject.clone(), known);
            }
        }
    }
    let mut people = joined(people.into_values().collect());
    people.sort_by_key(|known| std::cmp::Reverse(known.contacts));
    people
}

/// Who holds a role by name is the one person who has that name and an address, if there is just one.
fn joined(people: Vec<Known>) -> Vec<Known> {
    let (mut people, by_name): (Vec<Known>, Vec<Known>) =
        people.into_iter().partition(|known| known.subject.address().is_some());
    let mut alone = Vec::new();
    for known in by_name {
        let name = search_key(known.subject.text());
        let mut same = people.iter_mut().filter(|other| other.names.iter().any(|n| search_key(n) == name));
        match (same.next(), same.next()) {
            (Some(one), None) => one.names.push(known.subject.text().to_owned()),
            _ => alone.push(known),
        }
    }
    people.append(&mut alone);
    people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(subject: &str, name: &str) -> Known {
        let contacts = i64::from(subject.contains('@'));
        Known { subject: Subject::new(subject), names: vec![name.to_owned()], contacts, colleague: false }
    }

    fn meant(typed: &str) -> Vec<String> {
        let everybody = vec![
            known("p.lindgren@contoso.example", "Petra Lindgren"),
            known("P.Lindgren@Contoso.example", "Petra Lindgren-Boe"),
            known("petra@other.example", "Petra Ågren"),
            known("jiri@x.example", "Jiří Novák"),
            known("Miriam Gra", "Miriam Gra"),
            known("Jiri Novak", "Jiri Novak"),
        ];
        match find(typed, everybody) {
            Meant::One(one) => vec![one.subject.text().to_owned()],
            Meant::Several(several) => several.iter().map(|k| k.subject.text().to_owned()).collect(),
            Meant::Nobody => Vec::new(),
        }
    }

    #[test]
    fn an_address_is_one_person_in_any_case_known_or_not() {
        assert_eq!(meant(" P.LINDGREN@contoso.example "), ["p.lindgren@contoso.example"]);
        assert_eq!(meant("nobody@x.example"), ["nobody@x.example"]);
    }

    #[test]
    fn a_name_is_found_by_beginnings_without_accents_and_a_whole_name_wins() {
        assert_eq!(meant("lindgren"), ["p.lindgren@contoso.example"]);
        assert_eq!(meant("Jiri Nov"), ["jiri@x.example"], "also as the holder of a role");
        assert_eq!(meant("petra agren"), ["petra@other.example"]);
        assert_eq!(meant("petra").len(), 2, "two of that name: nothing is guessed");
        assert_eq!(meant("miriam"), ["Miriam Gra"], "somebody without an address");
        assert!(meant("pet lind zz").is_empty() && meant("").is_empty());
    }
}
