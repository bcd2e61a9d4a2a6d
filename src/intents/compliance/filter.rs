//! Which gaps are asked for: words in any order, kept as they were typed so that each page of the list has them.

use chrono::TimeDelta;

use crate::domain::assignment::Holder;
use crate::domain::assignment::assignee::Assignee;
use crate::domain::compliance::{Gap, Rule, Severity, Snapshot, gaps, turns_red};
use crate::domain::service::catalogue;
use crate::domain::text::search_key;
use crate::domain::time::Today;
use crate::store::compliance::Whose;
use crate::turn::Turn;
use crate::turn::words::name_and_services;

/// Most characters that are read of a filter.
const LONGEST: usize = 200;
/// As far as one may look ahead, in days.
const FARTHEST: i64 = 366;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// All tenants of the firm, and not the person's own alone.
    pub firm: bool,
    /// Only what is a gap already.
    red: bool,
    /// Only these rules; empty: all.
    rules: Vec<Rule>,
    /// Only these services, by code; empty: all.
    services: Vec<&'static str>,
    /// Only what is whose, folded; empty: everybody's.
    owner: String,
    /// What turns red within so many days, too.
    pub days: Option<i64>,
    /// Words of the tenant's or customer's name, folded.
    name: String,
}

/// Whether the word can be nothing else than a condition of a filter: `rule:note`, `svc:exo`, `due<7d`.
pub(in crate::intents) fn is_condition(word: &str) -> bool {
    word.contains([':', '=', '<']) && Filter::default().takes(&word.to_lowercase())
}

impl Filter {
    /// Reads the words after `gaps` or `next`.
    pub fn of(words: &str) -> Self {
        let words: String = words.chars().take(LONGEST).collect();
        let words = words.replace("due <", "due<").replace("due< ", "due<");
        let mut filter = Self::default();
        let mut named: Vec<&str> = Vec::new();
        for word in words.split_whitespace() {
            if !filter.takes(&word.to_lowercase()) {
                named.push(word);
            }
        }
        filter.names(&named.join(" "));
        filter
    }

    fn takes(&mut self, word: &str) -> bool {
        match word {
            "firm" | "partner" | "all" => self.firm = true,
            "mine" | "my" => self.firm = false,
            "red" | "overdue" => self.red = true,
            "money" => self.rules = Rule::called(word),
            _ => return self.takes_pair(word) || self.takes_days(word),
        }
        true
    }

    /// `svc:exo`, `owner:patti`, `rule:note`.
    fn takes_pair(&mut self, word: &str) -> bool {
        let Some((key, value)) = word.split_once([':', '=']) else { return false };
        match key {
            "svc" | "service" => match catalogue().service(value) {
                Some(service) => self.services.push(&service.code),
                None => return false,
            },
            "owner" => {
                self.owner = search_key(value);
                self.firm = true;
            }
            "rule" => {
                self.rules = Rule::called(value);
                return !self.rules.is_empty();
            }
            "due" => return self.takes_days(value),
            _ => return false,
        }
        true
    }

    /// `due<7d`, `7d`.
    fn takes_days(&mut self, word: &str) -> bool {
        let bare = word.strip_prefix("due").unwrap_or(word).trim_start_matches(['<', '=', '+']);
        let Some(digits) = bare.strip_suffix('d').or(bare.strip_suffix("days")) else { return false };
        let days = digits.parse().ok().filter(|days| (0..=FARTHEST).contains(days));
        self.days = days.or(self.days);
        days.is_some()
    }

    /// What is left are a tenant's name and services.
    fn names(&mut self, words: &str) {
        if let Some(service) = catalogue().service(words) {
            self.services.push(&service.code);
            return;
        }
        let (name, services) = name_and_services(words);
        self.services.extend(services.iter().map(|service| service.code.as_str()));
        self.name = search_key(name);
    }

    /// Whose tenants must be read for it.
    pub fn whose(&self, turn: &Turn) -> Whose {
        if self.firm { Whose::Firm } else { Whose::Person(turn.actor.person) }
    }

    /// Whether somebody is named, so that the firm's people must be known.
    pub fn names_an_owner(&self) -> bool {
        !self.owner.is_empty()
    }

    /// Whether the tenant is asked about.
    fn fits_tenant(&self, snapshot: &Snapshot) -> bool {
        let names = format!("{} {}", search_key(&snapshot.customer_name), search_key(&snapshot.name));
        self.name.split(' ').all(|word| names.contains(word))
    }

    fn fits(&self, gap: &Gap, people: &[Assignee]) -> bool {
        let called = |person: &Assignee| {
            gap.owner.is_some_and(|owner| person.holder == Holder::Person(owner))
                && person.is_called(&self.owner)
        };
        let of_service = |code: &String| self.services.contains(&code.as_str());
        (!self.red || gap.is_red())
            && (self.rules.is_empty() || self.rules.contains(&gap.rule))
            && (self.services.is_empty() || gap.service.as_ref().is_some_and(of_service))
            && (self.owner.is_empty() || people.iter().any(called))
    }

    /// The gaps of `snapshot` that are asked for, as they are today, and those that come within `days`.
    pub fn present(&self, snapshot: &Snapshot, today: Today, people: &[Assignee]) -> Vec<Gap> {
        if !self.fits_tenant(snapshot) {
            return Vec::new();
        }
        let mut found = gaps(snapshot, today.0, Turn::rules());
        if let Some(days) = self.days {
            let until = today.0 + TimeDelta::days(days - 1);
            found.retain(|gap| gap.since <= until);
            for gap in turns_red(snapshot, today.0, until, Turn::rules()) {
                if !found.iter().any(|known| known.key() == gap.key()) {
                    found.push(Gap { severity: Severity::Soon, ..gap });
                }
            }
        }
        found.retain(|gap| self.fits(gap, people));
        found
    }

    /// The gaps of `snapshot` that are asked for and turn red in the days after today.
    pub fn coming(&self, snapshot: &Snapshot, today: Today, people: &[Assignee]) -> Vec<Gap> {
        if !self.fits_tenant(snapshot) {
            return Vec::new();
        }
        let days = self.days.unwrap_or(Turn::rules().gap_next_days);
        let coming = turns_red(snapshot, today.0, today.0 + TimeDelta::days(days), Turn::rules());
        let coming = coming.into_iter().map(|gap| Gap { severity: Severity::Soon, ..gap });
        coming.filter(|gap| self.fits(gap, people)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_understood_in_any_order() {
        let filter = Filter::of("red contoso svc:exo rule:note due < 7d firm");
        assert!(filter.red && filter.firm);
        assert_eq!((filter.name.as_str(), filter.services.as_slice()), ("contoso", ["exchange"].as_slice()));
        assert_eq!((filter.rules.as_slice(), filter.days), ([Rule::StatusNote].as_slice(), Some(7)));
        let filter = Filter::of("Contoso Pharma exo, teams owner:Patti-Fernandez rule:max");
        assert_eq!((filter.name.as_str(), filter.owner.as_str()), ("contoso pharma", "patti fernandez"));
        assert_eq!((filter.services.len(), filter.rules.as_slice()), (2, [Rule::MaximumMissing].as_slice()));
        assert_eq!(Filter::of("exo").services, ["exchange"]);
        assert_eq!(Filter::of("outlook mobile").name, "", "a service of two words");
        assert_eq!(Filter::of("svc:lotus").name, "svc lotus", "nothing is silently left out");
        assert_eq!(Filter::of("7d").days, Some(7));
        assert_eq!(Filter::of(""), Filter::default());
    }

    proptest! {
        #[test]
        fn no_words_are_too_odd(words in "\\PC{0,60}") {
            let _ = Filter::of(&words);
        }
    }
}
