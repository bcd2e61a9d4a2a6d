//! The windows through which a note history is read (DOMAIN 2.4).

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::time::Today;

/// How old the notes are that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Range {
    /// The last 30 days; shown first.
    #[default]
    Last30,
    /// 30 to 60 days.
    To60,
    /// 60 to 90 days.
    To90,
    /// All.
    All,
}

impl Range {
    /// The range of this code.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "" | "30" => Some(Self::Last30),
            "60" => Some(Self::To60),
            "90" => Some(Self::To90),
            "all" => Some(Self::All),
            _ => None,
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Last30 => "30",
            Self::To60 => "60",
            Self::To90 => "90",
            Self::All => "all",
        }
    }

    /// From which instant (inclusive) until which (exclusive), by whole days of the reader's own calendar; `None` is
    /// unbounded.
    pub fn bounds(self, today: Today, zone: Tz) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let ago = |days| {
            let day = today.0.checked_sub_days(Days::new(days))?;
            let midnight = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest()?;
            Some(midnight.with_timezone(&Utc))
        };
        match self {
            Self::Last30 => (ago(30), None),
            Self::To60 => (ago(60), ago(30)),
            Self::To90 => (ago(90), ago(60)),
            Self::All => (None, None),
        }
    }
}

/// When the next action of a note is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWithin {
    /// This week, Monday to Sunday.
    Week,
    /// This month.
    Month,
    /// This quarter of the year.
    Quarter,
}

impl DueWithin {
    /// The window of this code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Week, Self::Month, Self::Quarter].into_iter().find(|within| within.code() == code)
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }

    /// First and last day of the window that today lies in.
    pub fn days(self, today: Today) -> Option<(NaiveDate, NaiveDate)> {
        let day = today.0;
        let (first, next) = match self {
            Self::Week => {
                let monday =
                    day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday())))?;
                (monday, monday.checked_add_days(Days::new(7))?)
            }
            Self::Month => {
                let first = day.with_day(1)?;
                (first, first.checked_add_months(Months::new(1))?)
            }
            Self::Quarter => {
                let first = day.with_day(1)?.with_month((day.month0() / 3) * 3 + 1)?;
                (first, first.checked_add_months(Months::new(3))?)
            }
        };
        Some((first, next.pred_opt()?))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(within: DueWithin, day: &str) -> (String, String) {
        let (first, last) = within.days(Today(day.parse().unwrap())).unwrap();
        (first.to_string(), last.to_string())
    }

    #[test]
    fn weeks_begin_on_monday_and_quarters_in_january() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(window(DueWithin::Week, "2026-11-21"), pair("2026-11-16", "2026-11-22"));
        assert_eq!(window(DueWithin::Month, "2028-02-10"), pair("2028-02-01", "2028-02-29"));
        assert_eq!(window(DueWithin::Quarter, "2026-11-30"), pair("2026-10-01", "2026-12-31"));
    }

    proptest! {
        #[test]
        fn today_lies_in_every_window(days in 0u64..36_000) {
            let day = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap() + Days::new(days);
            for within in [DueWithin::Week, DueWithin::Month, DueWithin::Quarter] {
                let (first, last) = within.days(Today(day)).unwrap();
                prop_assert!(first <= day && day <= last);
            }
        }
    }
}
