//! How the entitlements of a service are split into status rows, and what becomes of the rows when the
//! total changes (N1, N3, N6).

/// L1 of entitlements whose intent nobody knows.
pub const STATUS_UNKNOWN: &str = "status_unknown";
/// L2 of entitlements that have just arrived (N3).
pub const NEW_SUBSCRIPTION: &str = "new_subscription_or_workload";
/// Note of a row that the product itself adds (N3): every row has one.
pub const ARRIVED_NOTE: &str = "New entitlements. The customer has not been asked about them.";

/// The part of a service's entitlements that one status row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share<'a> {
    /// Consumption status, by code.
    pub l1: &'a str,
    /// Reason, by code; empty where there is none.
    pub l2: &'a str,
    /// How many, at least 1.
    pub entitlements: i32,
}

impl Share<'_> {
    fn just_arrived(&self) -> bool {
        self.l1 == STATUS_UNKNOWN && self.l2 == NEW_SUBSCRIPTION
    }
}

/// What the rows become so that they fit a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The entitlements of each row, in the order given; 0: the row goes.
    pub shares: Vec<i32>,
    /// Entitlements that need a row of their own: Status Unknown / New Subscription or Workload. 0: none.
    pub arrived: i32,
    /// N1 holds. If not, the rows say more than there is, and a person must decide (N6).
    pub adds_up: bool,
}

/// Whether the rows add up to exactly the total, override included (N1).
pub fn adds_up(total: i32, rows: &[Share<'_>]) -> bool {
    sum(rows) == i64::from(total)
}

/// Fits the rows to `total`. More entitlements than the rows have become Status Unknown / New
/// Subscription or Workload (N3). If there are fewer, the difference is taken from Status Unknown, from
/// what arrived last first; rows in which somebody wrote down an intent are never touched (N6).
pub fn settle(total: i32, rows: &[Share<'_>]) -> Settled {
    let mut shares: Vec<i32> = rows.iter().map(|row| row.entitlements).collect();
    let difference = i64::from(total) - sum(rows);
    let mut missing = i32::try_from(-difference).unwrap_or(0).max(0);
    let mut arrived = i32::try_from(difference).unwrap_or(0).max(0);

    let mut fresh = rows.iter().zip(&mut shares).filter(|(row, _)| row.just_arrived()).collect::<Vec<_>>();
    if let Some((_, share)) = fresh.first_mut() {
        **share += arrived;
        arrived = 0;
    }
    let mut unknown =
        rows.iter().zip(&mut shares).filter(|(row, _)| row.l1 == STATUS_UNKNOWN).collect::<Vec<_>>();
    unknown.sort_by_key(|(row, _)| !row.just_arrived());
    for (_, share) in unknown {
        let taken = missing.min(*share);
        *share -= taken;
        missing -= taken;
    }
    Settled { shares, arrived, adds_up: missing == 0 }
}

fn sum(rows: &[Share<'_>]) -> i64 {
    rows.iter().map(|row| i64::from(row.entitlements)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ARRIVED: Share<'_> = Share { l1: STATUS_UNKNOWN, l2: NEW_SUBSCRIPTION, entitlements: 20 };
    const SILENT: Share<'_> = Share { l1: STATUS_UNKNOWN, l2: "customer_unresponsive", entitlements: 30 };
    const WORKED_ON: Share<'_> = Share { l1: "in_progress", l2: "", entitlements: 300 };

    #[test]
    fn n3_new_entitlements_arrive_as_status_unknown() {
        assert_eq!(settle(25, &[]), Settled { shares: vec![], arrived: 25, adds_up: true });
        assert_eq!(settle(305, &[WORKED_ON]), Settled { shares: vec![300], arrived: 5, adds_up: true });
        let joined = settle(355, &[WORKED_ON, ARRIVED, SILENT]);
        assert_eq!(joined, Settled { shares: vec![300, 25, 30], arrived: 0, adds_up: true });
    }

    #[test]
    fn n6_a_lower_total_takes_from_status_unknown_first() {
        let rows = [SILENT, WORKED_ON, ARRIVED];
        assert_eq!(settle(345, &rows).shares, [30, 300, 15]);
        assert_eq!(settle(320, &rows).shares, [20, 300, 0]);
        assert_eq!(settle(299, &rows), Settled { shares: vec![0, 300, 0], arrived: 0, adds_up: false });
    }

    fn any_rows() -> impl Strategy<Value = Vec<Share<'static>>> {
        let level = prop_oneof![
            Just((STATUS_UNKNOWN, NEW_SUBSCRIPTION)),
            Just((STATUS_UNKNOWN, "customer_unresponsive")),
            Just(("in_progress", "")),
            Just(("blocked", "legal_regulatory")),
        ];
        prop::collection::vec((level, 1..1000_i32), 0..6).prop_map(|rows| {
            rows.into_iter().map(|((l1, l2), entitlements)| Share { l1, l2, entitlements }).collect()
        })
    }

    /// The rows as they are stored after settling.
    fn applied<'a>(rows: &[Share<'a>], settled: &Settled) -> Vec<Share<'a>> {
        let kept = rows.iter().zip(&settled.shares).map(|(row, n)| Share { entitlements: *n, ..*row });
        let arrived = Share { l1: STATUS_UNKNOWN, l2: NEW_SUBSCRIPTION, entitlements: settled.arrived };
        kept.chain([arrived]).filter(|row| row.entitlements > 0).collect()
    }

    proptest! {
        #[test]
        fn n1_settled_rows_add_up_or_are_flagged(rows in any_rows(), total in 0..3000_i32) {
            let settled = settle(total, &rows);
            let after = applied(&rows, &settled);
            prop_assert_eq!(settled.adds_up, adds_up(total, &after));
            if !settled.adds_up {
                prop_assert!(sum(&after) > i64::from(total));
                prop_assert!(after.iter().all(|row| row.l1 != STATUS_UNKNOWN));
            }
        }

        #[test]
        fn n6_what_people_decided_is_never_touched(rows in any_rows(), total in 0..3000_i32) {
            for (row, share) in rows.iter().zip(settle(total, &rows).shares) {
                prop_assert!(row.l1 == STATUS_UNKNOWN || share == row.entitlements);
                prop_assert!(share >= 0);
            }
        }

        #[test]
        fn settling_twice_changes_nothing(rows in any_rows(), total in 0..3000_i32) {
            let after = applied(&rows, &settle(total, &rows));
            let again = settle(total, &after);
            prop_assert_eq!(applied(&after, &again), after);
        }
    }
}
