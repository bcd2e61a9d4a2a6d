//! What a digest tells of: which gaps its place wants, and which of them are news there (Q4).

use chrono::{DateTime, TimeDelta, Utc};

use super::compliance::{Element, Gap, Rule, Severity};
use super::id::{Id, Tenant};
use super::rules::Rules;
use super::service::catalogue;

/// Which gaps a place wants to be told of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only what is overdue already.
    pub only_overdue: bool,
    /// Only these rules; empty: all.
    pub rules: Vec<Rule>,
    /// Only these services, by code; empty: all, and what belongs to none.
    pub services: Vec<String>,
    /// Only these tenants; empty: all.
    pub tenants: Vec<Id<Tenant>>,
}

impl Choice {
    /// Whether the gap of this tenant is wanted.
    pub fn wants(&self, tenant: Id<Tenant>, gap: &Gap) -> bool {
        (!self.only_overdue || gap.is_red())
            && (self.rules.is_empty() || self.rules.contains(&gap.rule))
            && (self.services.is_empty()
                || gap.service.as_ref().is_some_and(|code| self.services.contains(code)))
            && (self.tenants.is_empty() || self.tenants.contains(&tenant))
    }

    /// What is left out, in words such as "overdue only, Status note, Exchange Online, 2 tenants"; empty: nothing is.
    pub fn words(&self) -> String {
        let overdue = self.only_overdue.then(|| "overdue only".to_owned());
        let tenants = match self.tenants.len() {
            0 => None,
            1 => Some("1 tenant".to_owned()),
            several => Some(format!("{several} tenants")),
        };
        let services = self.services.iter().map(|code| catalogue().service_name(code).to_owned());
        let words: Vec<String> =
            overdue.into_iter().chain(self.rule_words()).chain(services).chain(tenants).collect();
        words.join(", ")
    }

    /// An element whose rules are all wanted is said once.
    fn rule_words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for element in Element::ALL {
            let of: Vec<Rule> = Rule::ALL.into_iter().filter(|rule| rule.element() == element).collect();
            if of.iter().all(|rule| self.rules.contains(rule)) {
                words.push(element.name().to_owned());
            } else {
                let wanted = of.iter().filter(|rule| self.rules.contains(rule));
                words.extend(wanted.map(|rule| rule.name().to_owned()));
            }
        }
        words
    }
}

/// What a place was told of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// How bad it was then.
    pub severity: Severity,
    /// When.
    pub at: DateTime<Utc>,
}

/// By what a gap is known again, whatever the day.
pub fn mark(tenant: Id<Tenant>, gap: &Gap) -> String {
    let (rule, service, subject) = gap.key();
    format!("{tenant}/{}/{}/{subject}", rule.code(), service.unwrap_or_default())
}

/// Whether a gap is worth a message at `now`: it was not told there, has become worse, or was told long enough ago.
pub fn is_news(gap: &Gap, told: Option<&Told>, now: DateTime<Utc>, rules: &Rules) -> bool {
    // A digest that comes a few minutes early in its week still repeats what was told a week before.
    let repeated_after = TimeDelta::days(rules.gap_repeat_days) - TimeDelta::hours(1);
    told.is_none_or(|told| gap.severity > told.severity || now - told.at >= repeated_after)
}

/// Whether a gap is told at once, outside of the digest: it costs money, and was never told there.
pub fn is_alarming(gap: &Gap, told: Option<&Told>) -> bool {
    gap.is_red() && gap.rule.is_money() && told.is_none()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::super::compliance::Fix;
    use super::super::rules::rules;
    use super::*;

    fn gap(rule: Rule, severity: Severity, service: Option<&str>) -> Gap {
        let fix = Fix { line: String::new(), title: "", verb: "", data: Vec::new() };
        Gap {
            rule,
            service: service.map(str::to_owned),
            subject: String::new(),
            since: NaiveDate::default(),
            severity,
            why: String::new(),
            fix,
            owner: None,
            claimed: None,
        }
    }

    fn tenant() -> Id<Tenant> {
        uuid::Uuid::from_u128(1).into()
    }

    #[test]
    fn a_choice_leaves_out_what_it_does_not_name_and_says_so() {
        let note = gap(Rule::StatusNote, Severity::Overdue, None);
        let max = gap(Rule::MaximumMissing, Severity::Soon, Some("exchange"));
        assert!(Choice::default().wants(tenant(), &note) && Choice::default().wants(tenant(), &max));
        assert_eq!(Choice::default().words(), "");
        let some = Choice {
            only_overdue: true,
            rules: [Rule::called("note"), Rule::called("max")].concat(),
            services: vec!["exchange".to_owned()],
            tenants: vec![tenant()],
        };
        assert!(!some.wants(tenant(), &note), "it belongs to no service");
        assert!(!some.wants(tenant(), &max), "it is only soon");
        assert!(some.wants(tenant(), &Gap { severity: Severity::Overdue, ..max.clone() }));
        assert!(!some.wants(uuid::Uuid::from_u128(2).into(), &Gap { severity: Severity::Overdue, ..max }));
        assert_eq!(some.words(), "overdue only, Overall status, No date for Max AU, Exchange, 1 tenant");
    }

    #[test]
    fn q4_an_unchanged_gap_is_repeated_after_a_week_and_a_worse_one_at_once() {
        let now: DateTime<Utc> = "2026-11-23T07:00:00Z".parse().unwrap();
        let told = |days| Told { severity: Severity::Overdue, at: now - TimeDelta::days(days) };
        let gap = |severity| gap(Rule::StatusNote, severity, None);
        assert!(is_news(&gap(Severity::Soon), None, now, rules()));
        assert!(!is_news(&gap(Severity::Overdue), Some(&told(6)), now, rules()));
        assert!(is_news(&gap(Severity::Overdue), Some(&told(7)), now, rules()));
        assert!(is_news(&gap(Severity::LongOverdue), Some(&told(1)), now, rules()));
        assert!(!is_news(&gap(Severity::Soon), Some(&told(1)), now, rules()), "what became better is none");
    }

    proptest! {
        /// Told of what was news each morning, nobody hears of a gap twice within the week, unless it became worse.
        #[test]
        fn q4_no_gap_is_told_twice_in_a_week_as_it_was(levels in prop::collection::vec(0_i16..3, 1..40)) {
            let begin: DateTime<Utc> = "2026-01-05T07:00:00Z".parse().unwrap();
            let mut told: Vec<Told> = Vec::new();
            for (day, level) in (0..).zip(levels) {
                let now = begin + TimeDelta::days(day);
                let severity = Severity::of_level(level).unwrap();
                if is_news(&gap(Rule::StatusNote, severity, None), told.last(), now, rules()) {
                    told.push(Told { severity, at: now });
                }
            }
            for pair in told.windows(2) {
                let week = pair[1].at - pair[0].at >= TimeDelta::days(rules().gap_repeat_days);
                prop_assert!(week || pair[1].severity > pair[0].severity);
            }
        }

        /// Gaps that differ are told apart, and the same one is known again on another day.
        #[test]
        fn a_mark_is_of_one_gap(a in 0_usize..15, b in 0_usize..15, day in 0_i16..3) {
            let (one, other) = (Rule::ALL[a], Rule::ALL[b]);
            let marks = [one, other].map(|rule| mark(tenant(), &gap(rule, Severity::Soon, Some("teams"))));
            prop_assert_eq!(marks[0] == marks[1], a == b);
            let later = gap(one, Severity::of_level(day).unwrap(), Some("teams"));
            prop_assert_eq!(&mark(tenant(), &later), &marks[0]);
        }
    }
}
