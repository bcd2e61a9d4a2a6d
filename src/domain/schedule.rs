//! When a digest is due: some days of the week, at a time of the day, by the clock of the person who ordered it (R8).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use super::when::weekday_called;

/// A late digest is not sent after this hour: nobody wants it in the evening.
const EVENING: u32 = 20;
/// In the order of the week.
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORK: Self = Self(0b001_1111);
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// From the bits, Monday first; `None`: no day at all.
    pub fn of_bits(bits: i16) -> Option<Self> {
        let bits = u8::try_from(bits).ok()? & Self::ALL.0;
        (bits != 0).then_some(Self(bits))
    }

    /// As bits, Monday first.
    pub fn bits(self) -> i16 {
        self.0.into()
    }

    fn has(self, day: Weekday) -> bool {
        self.0 & Self::bit(day) != 0
    }

    fn bit(day: Weekday) -> u8 {
        1 << day.num_days_from_monday()
    }

    /// "Monday to Friday", "every day", "Mon, Thu".
    pub fn words(self) -> String {
        match self {
            Self::WORK => "Monday to Friday".to_owned(),
            Self::ALL => "every day".to_owned(),
            some => {
                let days: Vec<_> =
                    WEEK.iter().filter(|day| some.has(**day)).map(Weekday::to_string).collect();
                days.join(", ")
            }
        }
    }
}

/// When something is due, again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// On which days.
    pub days: Weekdays,
    /// At which time of the day.
    pub time: NaiveTime,
    /// By whose clock.
    pub zone: Tz,
}

/// Words that are no schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSchedule;

impl Schedule {
    /// Reads `mon, thu at 8:30`: days, a time, or both; without days Monday to Friday, without a time eight o'clock.
    ///
    /// # Errors
    /// A word that is neither.
    pub fn read(words: &str, zone: Tz) -> Result<Self, NoSchedule> {
        let (mut bits, mut time) = (0, None);
        for word in words.to_lowercase().split([',', ' ', '\u{a0}']).filter(|word| !word.is_empty()) {
            match word {
                "at" | "on" | "every" | "and" | "um" => {}
                "weekdays" | "workdays" | "weekday" | "workday" => bits |= Weekdays::WORK.0,
                "daily" | "day" | "days" => bits |= Weekdays::ALL.0,
                word => match (weekday_called(word), clock(word)) {
                    (Some(day), _) => bits |= Weekdays::bit(day),
                    (None, Some(said)) if time.is_none() => time = Some(said),
                    _ => return Err(NoSchedule),
                },
            }
        }
        let days = if bits == 0 { Weekdays::WORK } else { Weekdays(bits) };
        Ok(Self { days, time: time.unwrap_or(clock("8").ok_or(NoSchedule)?), zone })
    }

    /// "Monday to Friday at 08:00 (Europe/Berlin)".
    pub fn words(&self) -> String {
        format!("{} at {} ({})", self.days.words(), self.time.format("%H:%M"), self.zone.name())
    }

    /// The day whose run is due at `now`, if any: the latest one that has come. One that was missed runs once, late:
    /// at the same time of a later day, neither at night nor, unless that is ordered, on a weekend.
    pub fn due(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        let here = now.with_timezone(&self.zone);
        let today = here.date_naive();
        let period = (0..7)
            .filter_map(|back| today.checked_sub_days(Days::new(back)))
            .filter(|day| self.days.has(day.weekday()))
            .find(|day| self.begins(*day).is_some_and(|at| at <= now))?;
        let day_of_work = self.days.has(today.weekday()) || Weekdays::WORK.has(today.weekday());
        let in_time = here.time() >= self.time && here.hour() < EVENING;
        (period == today || (day_of_work && in_time)).then_some(period)
    }

    /// When the day's run begins. An hour that the clocks skip ends with the skip; one that comes twice counts once,
    /// the first time.
    pub fn begins(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        (0..=6).find_map(|half_hours| {
            let local = day.and_time(self.time) + TimeDelta::minutes(30 * half_hours);
            self.zone.from_local_datetime(&local).earliest().map(|at| at.to_utc())
        })
    }
}

/// `8`, `8:30`, `08.30`, `8am`, `5pm`.
fn clock(word: &str) -> Option<NaiveTime> {
    let (word, later) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(word), _) => (word, 0),
        (_, Some(word)) => (word, 12),
        _ => (word, 0),
    };
    let (hour, minute) = word.split_once([':', '.']).unwrap_or((word, "0"));
    let figure = |digits: &str| {
        let plain = digits.len() <= 2 && digits.chars().all(|c| c.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let hour = figure(hour)?;
    let hour = if later == 12 { hour % 12 + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, figure(minute)?, 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(words: &str) -> Schedule {
        Schedule::read(words, Tz::Europe__Berlin).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_schedule_is_read_and_said() {
        for (typed, said) in [
            ("", "Monday to Friday at 08:00 (Europe/Berlin)"),
            ("at 7:30", "Monday to Friday at 07:30 (Europe/Berlin)"),
            ("thu, mon", "Mon, Thu at 08:00 (Europe/Berlin)"),
            ("daily at 5pm", "every day at 17:00 (Europe/Berlin)"),
            ("every monday 9", "Mon at 09:00 (Europe/Berlin)"),
        ] {
            assert_eq!(schedule(typed).words(), said, "{typed}");
        }
        for wrong in ["at 25", "someday", "8 9", "8:3:4", "-1", "+8"] {
            assert_eq!(Schedule::read(wrong, Tz::UTC), Err(NoSchedule), "{wrong}");
        }
    }

    #[test]
    fn sr_r8_a_run_is_due_from_its_minute_on_and_a_missed_one_once_at_a_decent_hour() {
        let monday = schedule("mon at 8");
        assert_eq!(monday.due(at("2026-11-30T06:59:59Z")).map(|day| day.to_string()).as_deref(), None);
        assert_eq!(monday.due(at("2026-11-30T07:00:00Z")), "2026-11-30".parse().ok());
        // On Tuesday at two in the morning nobody is woken; at eight it comes.
        assert_eq!(monday.due(at("2026-12-01T01:00:00Z")), None);
        assert_eq!(monday.due(at("2026-12-01T07:00:00Z")), "2026-11-30".parse().ok());
        // Nor on Saturday, nor in the evening.
        assert_eq!(monday.due(at("2026-12-05T09:00:00Z")), None);
        assert_eq!(monday.due(at("2026-12-01T19:30:00Z")), None);
    }

    #[test]
    fn sr_r8_the_clocks_change_and_each_day_still_has_one_run() {
        let night = schedule("daily at 2:30");
        // Skipped on 29 March 2026: at three. Twice on 25 October: the first time.
        assert_eq!(night.begins("2026-03-29".parse().unwrap()), Some(at("2026-03-29T01:00:00Z")));
        assert_eq!(night.begins("2026-10-25".parse().unwrap()), Some(at("2026-10-25T00:30:00Z")));
        // The same hour of the wall in winter and in summer.
        let morning = schedule("daily at 8");
        assert_eq!(morning.begins("2026-01-15".parse().unwrap()), Some(at("2026-01-15T07:00:00Z")));
        assert_eq!(morning.begins("2026-07-15".parse().unwrap()), Some(at("2026-07-15T06:00:00Z")));
    }

    proptest! {
        /// Whoever looks every few minutes finds each ordered day exactly once, in order, in any zone.
        #[test]
        fn sr_r8_no_day_is_missed_and_none_comes_twice(
            bits in 1_i16..128, hour in 0_u32..24, zone in 0_usize..chrono_tz::TZ_VARIANTS.len(), start in 0_i64..400,
        ) {
            let zone = chrono_tz::TZ_VARIANTS.get(zone).copied().unwrap_or(Tz::UTC);
            let days = Weekdays::of_bits(bits).unwrap();
            let schedule = Schedule { days, time: NaiveTime::from_hms_opt(hour, 15, 0).unwrap(), zone };
            let begin = at("2026-01-01T00:00:00Z") + TimeDelta::days(start);
            let mut last = schedule.due(begin);
            let mut found = Vec::new();
            for step in 1..(15 * 24 * 6) {
                let due = schedule.due(begin + TimeDelta::minutes(10 * step));
                if let Some(day) = due.filter(|day| last.is_none_or(|last| *day > last)) {
                    found.push(day);
                    last = due;
                }
            }
            for pair in found.windows(2) {
                let between = pair[0].iter_days().skip(1).take_while(|day| *day < pair[1]);
                prop_assert_eq!(between.filter(|day| days.has(day.weekday())).count(), 0);
            }
            prop_assert!(found.len() >= days.0.count_ones() as usize);
        }
    }
}
