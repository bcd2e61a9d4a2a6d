//! The sentences in which something is told that is worth a look, but no reason to refuse an edit.

use super::text::{day, number};
use crate::domain::engagement_start;
use crate::domain::forecast::{self, Usage};

/// What is worth a look about a forecast (F5, F9).
pub fn forecast(hint: &forecast::Hint) -> String {
    use forecast::Hint;
    match hint {
        Hint::Missed(milestone, date) => format!(
            "{} was due on {}, and usage is below it. Please choose a new date, or say that it will not be reached.",
            milestone.name,
            day(*date)
        ),
        Hint::ReachedEarly(milestone, date) => {
            format!("{} is planned for {}, and usage is there already.", milestone.name, day(*date))
        }
        Hint::ReachedAfterAll(milestone) => {
            format!("{} is marked as not to be reached, and usage is there.", milestone.name)
        }
        Hint::Missing(milestone) => format!("{} has no date yet; compliance asks for it.", milestone.name),
    }
}

/// What is worth a look about an engagement start date (D3, D7).
pub fn engagement_start(hint: engagement_start::Hint) -> String {
    use engagement_start::Hint;
    match hint {
        Hint::BackFilled => {
            "The day has passed: past and running engagements are not filled in later. Save it only if the talks \
             really began then."
                .to_owned()
        }
        Hint::IsTheDayKnown { first } => {
            format!("If the day is not known yet, take the first of the expected month, {}.", day(first))
        }
    }
}

/// How much a service is used: "Active users: 183 of 305 (60% AU)."
pub fn usage(usage: Option<Usage>) -> String {
    let whole = |n: i32| number(u64::try_from(n).unwrap_or(0));
    match usage {
        Some(usage) => format!(
            "Active users: {} of {} ({}% AU).",
            whole(usage.active),
            whole(usage.entitlements),
            usage.percent()
        ),
        None => "Active users: not reported yet.".to_owned(),
    }
}
