//! When a digest is due: some days of the week, at a time of the day, by the clock of the person who ordered it (R8);
//! and when a place wants to be left alone (Q4).

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use super::when::weekday_called;

/// Before this hour nothing is sent that has no hour of its own.
const MORNING: u32 = 7;
/// A late digest is not sent after this hour: nobody wants it in the evening.
const EVENING: u32 = 20;
/// Where Friday and Saturday are the weekend.
const FRIDAY_WEEKENDS: [Tz; 14] = [
    Tz::Africa__Algiers,
    Tz::Africa__Cairo,
    Tz::Africa__Khartoum,
    Tz::Africa__Tripoli,
    Tz::Asia__Aden,
    Tz::Asia__Amman,
    Tz::Asia__Baghdad,
    Tz::Asia__Bahrain,
    Tz::Asia__Damascus,
    Tz::Asia__Jerusalem,
    Tz::Asia__Kuwait,
    Tz::Asia__Muscat,
    Tz::Asia__Qatar,
    Tz::Asia__Riyadh,
];
/// In the order of the week.
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// Days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Monday to Friday.
    pub const WORK: Self = Self(0b001_1111);
    /// Sunday to Thursday.
    const FROM_SUNDAY: Self = Self(0b100_1111);
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);

    /// The days of work where people live by this clock.
    pub fn of_work(zone: Tz) -> Self {
        if FRIDAY_WEEKENDS.contains(&zone) { Self::FROM_SUNDAY } else { Self::WORK }
    }

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
            Self::FROM_SUNDAY => "Sunday to Thursday".to_owned(),
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

/// Days and a time as somebody said them, before it is known where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// Named days.
    bits: u8,
    /// The days of work as well.
    of_work: bool,
    time: NaiveTime,
}

impl Timing {
    /// Reads `mon, thu at 8:30`: days, a time, or both; without days those of work, without a time eight o'clock.
    ///
    /// # Errors
    /// A word that is neither.
    pub fn read(words: &str) -> Result<Self, NoSchedule> {
        let (mut bits, mut of_work, mut time) = (0, false, None);
        for word in words.to_lowercase().split([',', ' ', '\u{a0}']).filter(|word| !word.is_empty()) {
            match word {
                "at" | "on" | "every" | "and" | "um" => {}
                "weekdays" | "workdays" | "weekday" | "workday" => of_work = true,
                "daily" | "day" | "days" => bits |= Weekdays::ALL.0,
                other => match (weekday_called(other), clock(other)) {
                    (Some(day), _) => bits |= Weekdays::bit(day),
                    (None, Some(said)) if time.is_none() => time = Some(said),
                    _ => return Err(NoSchedule),
                },
            }
        }
        let time = time.unwrap_or(clock("8").ok_or(NoSchedule)?);
        Ok(Self { bits, of_work: of_work || bits == 0, time })
    }

    /// By the clock of this zone.
    pub fn by(self, zone: Tz) -> Schedule {
        let work = if self.of_work { Weekdays::of_work(zone).0 } else { 0 };
        Schedule { days: Weekdays(self.bits | work), time: self.time, zone }
    }
}

impl Schedule {
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
        let in_time = here.time() >= self.time && here.hour() < EVENING;
        (period == today || (self.is_day_of_work(now) && in_time)).then_some(period)
    }

    /// Whether at `now` somebody may be told something that cannot wait for the next run: by day, on a day of work.
    pub fn is_decent(&self, now: DateTime<Utc>) -> bool {
        let hour = now.with_timezone(&self.zone).hour();
        self.is_day_of_work(now) && (MORNING..EVENING).contains(&hour)
    }

    fn is_day_of_work(&self, now: DateTime<Utc>) -> bool {
        let day = now.with_timezone(&self.zone).weekday();
        self.days.has(day) || Weekdays::of_work(self.zone).has(day)
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

/// A part of each day in which nothing is posted, by the clock of its schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// From this minute on.
    pub from: NaiveTime,
    /// Until before this one; earlier than `from`: of the next day.
    pub until: NaiveTime,
}

impl Quiet {
    /// Reads `18:00-08:00` or `6pm to 8am`. `None`: it is no span.
    pub fn read(words: &str) -> Option<Self> {
        let words =
            words.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-").replace(" until ", "-");
        let (from, until) = words.trim().trim_start_matches("from ").split_once('-')?;
        let quiet = Self { from: clock(from.trim())?, until: clock(until.trim())? };
        (quiet.from != quiet.until).then_some(quiet)
    }

    /// Whether it is quiet at this time of the day.
    pub fn covers(&self, time: NaiveTime) -> bool {
        if self.from < self.until {
            (self.from..self.until).contains(&time)
        } else {
            time >= self.from || time < self.until
        }
    }

    /// "18:00 to 08:00".
    pub fn words(&self) -> String {
        format!("{} to {}", self.from.format("%H:%M"), self.until.format("%H:%M"))
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
        Timing::read(words).unwrap().by(Tz::Europe__Berlin)
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
            assert_eq!(Timing::read(wrong), Err(NoSchedule), "{wrong}");
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

    #[test]
    fn q4_days_of_work_are_those_of_the_place() {
        let riyadh = Timing::read("").unwrap().by(Tz::Asia__Riyadh);
        assert_eq!(riyadh.words(), "Sunday to Thursday at 08:00 (Asia/Riyadh)");
        assert_eq!(riyadh.due(at("2026-11-29T05:00:00Z")), "2026-11-29".parse().ok(), "a Sunday");
        assert!(!riyadh.is_decent(at("2026-11-27T09:00:00Z")), "a Friday");
        let berlin = schedule("");
        assert!(berlin.is_decent(at("2026-11-27T09:00:00Z")));
        assert!(!berlin.is_decent(at("2026-11-29T09:00:00Z")), "a Sunday");
        assert!(!berlin.is_decent(at("2026-11-27T05:59:00Z")), "before seven");
        assert!(!berlin.is_decent(at("2026-11-27T19:00:00Z")), "at eight in the evening");
    }

    #[test]
    fn q4_quiet_hours_are_read_and_may_pass_midnight() {
        let quiet = Quiet::read("18:00-08:00").unwrap();
        assert_eq!(quiet.words(), "18:00 to 08:00");
        let time = |text: &str| text.parse().unwrap();
        assert!(quiet.covers(time("18:00:00")) && quiet.covers(time("03:00:00")));
        assert!(!quiet.covers(time("08:00:00")) && !quiet.covers(time("17:59:59")));
        assert_eq!(Quiet::read("from 6pm to 8am"), Some(quiet));
        assert_eq!(Quiet::read("12 – 13").map(|quiet| quiet.words()).as_deref(), Some("12:00 to 13:00"));
        for wrong in ["", "18:00", "8-8", "25-3", "off", "-", "8-9-10"] {
            assert_eq!(Quiet::read(wrong), None, "{wrong}");
        }
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
