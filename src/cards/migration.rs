//! What is said about a migration that is being planned, in words.

use std::cmp::Ordering;

use super::text::{count, day, number};
use crate::domain::migration::{Hint, Tally};
use crate::domain::rules::rules;
use crate::domain::service::catalogue;

/// What the lines add up to, and by how much that is off (M3).
pub fn tally(tally: Tally) -> String {
    let Tally { sum, in_progress } = tally;
    let off = match sum.cmp(&in_progress) {
        Ordering::Less => format!("; {} missing.", number(in_progress - sum)),
        Ordering::Greater => format!("; {} too many.", number(sum - in_progress)),
        Ordering::Equal => ": it adds up.".to_owned(),
    };
    format!("{} of {} In Progress{off}", number(sum), number(in_progress))
}

/// What is worth a look (M5, M10).
pub fn hint(hint: &Hint) -> String {
    let idle = |days: i64| count(u64::try_from(days).unwrap_or(0), "day", "days");
    match hint {
        Hint::EndPassed { ends } => {
            format!("The last day, {}, has passed although data is still to be moved.", day(*ends))
        }
        Hint::EstimatePassed { kind, estimated } => {
            let name = catalogue().migration_type_name(kind);
            format!("The estimated date of {name}, {}, has passed.", day(*estimated))
        }
        Hint::Paused { days } => format!(
            "No progress for {}: from {} days on the migration team shuts its environment down and pauses.",
            idle(*days),
            rules().migration_idle_days
        ),
        Hint::Disengaged { days } => format!(
            "No progress for {}: from {} days on, without a plan, the migration team disengages.",
            idle(*days),
            rules().migration_disengaged_days
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m3_the_sum_is_told_with_its_direction() {
        let said = |sum| tally(Tally { sum, in_progress: 1_305 });
        assert_eq!(said(1_300), "1,300 of 1,305 In Progress; 5 missing.");
        assert_eq!(said(1_310), "1,310 of 1,305 In Progress; 5 too many.");
        assert_eq!(said(1_305), "1,305 of 1,305 In Progress: it adds up.");
    }
}
