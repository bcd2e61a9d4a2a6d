//! What somebody asked for, and the clock that runs since (Y2, Y4).

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::rules::Rules;

/// What a person may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// All that is known of them, in one file.
    Export,
    /// That it be gone.
    Erase,
}

impl Deed {
    /// Code, as chat, cards and the database use it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Erase => "erase",
        }
    }

    /// The deed of this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Export, Self::Erase].into_iter().find(|deed| deed.code() == code)
    }
}

/// The day by which a request must be done.
pub fn due(received: NaiveDate, rules: &Rules) -> NaiveDate {
    received.checked_add_days(Days::new(rules.privacy_days)).unwrap_or(received)
}

/// The reminder that is due: for how many days before the end. `None`: none, or it was given already, `reminded`
/// being the last. One that was missed gives way to the next.
pub fn reminder(due: NaiveDate, today: NaiveDate, reminded: Option<i32>, rules: &Rules) -> Option<i32> {
    let left = (due - today).num_days();
    let reached = rules.privacy_reminders.iter().copied().filter(|days| left <= i64::from(*days)).min()?;
    reminded.is_none_or(|before| reached < before).then_some(reached)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::rules::rules;

    fn day(date: &str) -> NaiveDate {
        date.parse().unwrap()
    }

    #[test]
    fn y2_a_request_is_due_after_thirty_days() {
        assert_eq!(due(day("2026-11-21"), rules()), day("2026-12-21"));
        assert_eq!(due(day("2028-01-30"), rules()), day("2028-02-29"));
    }

    #[test]
    fn y4_reminders_come_seven_days_and_one_day_before_the_end() {
        let remind = |today: &str, reminded| reminder(day("2026-12-21"), day(today), reminded, rules());
        assert_eq!(remind("2026-12-13", None), None);
        assert_eq!(remind("2026-12-14", None), Some(7));
        assert_eq!(remind("2026-12-19", Some(7)), None);
        assert_eq!(remind("2026-12-20", Some(7)), Some(1));
        assert_eq!(remind("2026-12-20", None), Some(1), "the missed one is not made up for");
        assert_eq!(remind("2027-01-05", Some(1)), None);
    }

    proptest! {
        #[test]
        fn y4_whenever_the_clock_is_looked_at_no_reminder_comes_twice(looks in prop::collection::vec(-10_i64..40, 0..60)) {
            let mut looks = looks;
            looks.sort_unstable();
            let (mut reminded, mut given) = (None, Vec::new());
            for look in looks {
                let today = day("2026-11-21") + chrono::TimeDelta::days(look);
                if let Some(days) = reminder(day("2026-12-21"), today, reminded, rules()) {
                    given.push(days);
                    reminded = Some(days);
                }
            }
            prop_assert!(given.iter().all(|days| [7, 1].contains(days)));
            prop_assert!(given.windows(2).all(|pair| pair[0] > pair[1]));
        }
    }
}
