//! Time as the rules see it: an instant that is handed in, and a person's own calendar day.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;

/// Tells the present instant. The program has one; tests bring their own.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A person's own calendar day: "today" and "in the future" are judged by it (F6, DOMAIN section 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Today(pub NaiveDate);

impl Today {
    /// The day that it is in `zone` at `now`.
    pub fn at(now: DateTime<Utc>, zone: Tz) -> Self {
        Self(zone.from_utc_datetime(&now.naive_utc()).date_naive())
    }

    /// Whole days since `day`; negative when it lies ahead.
    pub fn days_since(self, day: NaiveDate) -> i64 {
        (self.0 - day).num_days()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_day_of_the_persons_own_zone() {
        let late = Utc.with_ymd_and_hms(2026, 11, 21, 23, 30, 0).unwrap();
        assert_eq!(Today::at(late, Tz::UTC).0.to_string(), "2026-11-21");
        assert_eq!(Today::at(late, Tz::Europe__Berlin).0.to_string(), "2026-11-22");
        assert_eq!(Today::at(late, Tz::America__New_York).days_since("2026-11-01".parse().unwrap()), 20);
    }
}
