//! Making the lines add up again when the In Progress entitlements have changed (M9).

use super::super::service::Service;
use super::Line;
use super::lists::{NO_MIGRATION, types_of};

/// The lines as they would add up to `in_progress`. More than before goes on No Migration, until somebody
/// decides how it moves. Fewer are taken from No Migration first, then from the largest line, and so on; a line
/// of which nothing is left goes. Whatever else is known of a line stays. `None`: no lines can add up to it.
pub fn fit(service: &Service, lines: &[Line], in_progress: u64) -> Option<Vec<Line>> {
    let sum = lines.iter().map(|line| u64::from(line.entitlements.unsigned_abs())).sum::<u64>();
    let mut fitted = lines.to_vec();
    if sum < in_progress {
        add(service, &mut fitted, i32::try_from(in_progress - sum).ok()?)?;
    } else {
        take(&mut fitted, sum - in_progress);
    }
    (!fitted.is_empty()).then_some(fitted)
}

fn add(service: &Service, lines: &mut Vec<Line>, more: i32) -> Option<()> {
    let offered = types_of(service).any(|kind| kind.code == NO_MIGRATION);
    let grows = match lines.iter().position(|line| line.kind == NO_MIGRATION) {
        None if offered => {
            lines.push(Line::new(NO_MIGRATION, more));
            return Some(());
        }
        None => lines.iter_mut().max_by_key(|line| line.entitlements),
        Some(index) => lines.get_mut(index),
    };
    let grows = grows?;
    grows.entitlements = grows.entitlements.checked_add(more)?;
    Some(())
}

fn take(lines: &mut Vec<Line>, mut over: u64) {
    let mut givers: Vec<&mut Line> = lines.iter_mut().collect();
    givers.sort_by_key(|line| (line.kind != NO_MIGRATION, std::cmp::Reverse(line.entitlements)));
    for line in givers {
        let taken = i32::try_from(over).unwrap_or(i32::MAX).min(line.entitlements);
        line.entitlements -= taken;
        over -= u64::from(taken.unsigned_abs());
    }
    lines.retain(|line| line.entitlements > 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::service::catalogue;
    use super::*;

    fn exchange() -> &'static Service {
        catalogue().service("exchange").unwrap()
    }

    fn fitted(lines: &[(&str, i32)], in_progress: u64) -> Option<Vec<(String, i32)>> {
        let lines: Vec<_> = lines.iter().map(|(kind, n)| Line::new(*kind, *n)).collect();
        let fitted = fit(exchange(), &lines, in_progress)?;
        Some(fitted.into_iter().map(|line| (line.kind, line.entitlements)).collect())
    }

    fn lines(lines: &[(&str, i32)]) -> Vec<(String, i32)> {
        lines.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect()
    }

    #[test]
    fn m9_more_in_progress_goes_on_no_migration() {
        assert_eq!(fitted(&[("mig_imap", 300)], 305), Some(lines(&[("mig_imap", 300), (NO_MIGRATION, 5)])));
        assert_eq!(
            fitted(&[(NO_MIGRATION, 5), ("mig_imap", 300)], 310),
            Some(lines(&[(NO_MIGRATION, 10), ("mig_imap", 300)]))
        );
    }

    #[test]
    fn m9_less_in_progress_is_taken_from_no_migration_and_then_from_the_largest() {
        let stored = [("mig_groupwise", 50), (NO_MIGRATION, 20), ("mig_imap", 235)];
        assert_eq!(
            fitted(&stored, 300),
            Some(lines(&[("mig_groupwise", 50), (NO_MIGRATION, 15), ("mig_imap", 235)]))
        );
        assert_eq!(fitted(&stored, 200), Some(lines(&[("mig_groupwise", 50), ("mig_imap", 150)])));
        assert_eq!(fitted(&stored, 40), Some(lines(&[("mig_groupwise", 40)])));
        assert_eq!(fitted(&stored, 0), None, "a migration without lines is none");
    }

    proptest! {
        #[test]
        fn m9_what_is_proposed_adds_up_and_touches_as_little_as_it_can(
            counts in prop::collection::vec(1..i32::MAX, 1..5), in_progress in 0..u64::from(u32::MAX),
        ) {
            let kinds = ["mig_imap", "mig_ex_hybrid", NO_MIGRATION, "mig_groupwise"];
            let lines: Vec<_> = kinds.iter().zip(&counts).map(|(kind, n)| Line::new(*kind, *n)).collect();
            let sum: u64 = lines.iter().map(|line| u64::from(line.entitlements.unsigned_abs())).sum();
            let Some(fitted) = fit(exchange(), &lines, in_progress) else { return Ok(()) };
            let after: u64 = fitted.iter().map(|line| u64::try_from(line.entitlements).unwrap()).sum();
            prop_assert_eq!(after, in_progress);
            prop_assert!(fitted.iter().all(|line| line.entitlements > 0));
            if in_progress >= sum {
                let moved = |lines: &[Line]| lines.iter().filter(|l| l.kind != NO_MIGRATION).cloned().collect::<Vec<_>>();
                prop_assert_eq!(moved(&fitted), moved(&lines));
            }
        }
    }
}
