//! How many gaps were red on which day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use sqlx::PgPool;
use uuid::Uuid;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::compliance::Element;
use crate::domain::id::{Id, Partner, Person};

/// For how many days the figures are kept.
const KEPT: u64 = 400;
/// A day that was not counted is stood for by one of so many days before it.
const NEAR: u64 = 3;

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Whose gaps; `None`: nobody's.
    pub owner: Option<Id<Person>>,
    /// Of what.
    pub element: Element,
}

/// How many gaps were red on a day.
#[derive(Debug, Clone, Default)]
pub struct Past {
    /// In the whole firm.
    pub firm: i64,
    /// By owner.
    pub by_owner: BTreeMap<Option<Id<Person>>, i64>,
}

impl PartnerScope {
    /// Keeps the day's figures, and forgets those of long ago. False: the day has some already (R8).
    pub async fn keep_sweep(
        &mut self,
        day: NaiveDate,
        tenants: usize,
        red: &BTreeMap<Tally, i32>,
    ) -> Result<bool, StoreError> {
        let begun = sqlx::query!(
            r#"
            insert into gap_sweep (partner_id, day, tenants, swept_at)
            values ($1, $2, $3, $4)
            on conflict on constraint gap_sweep_key do nothing
            "#,
            self.partner_id(),
            day,
            i32::try_from(tenants).unwrap_or(i32::MAX),
            self.now
        )
        .execute(self.connection())
        .await?;
        if begun.rows_affected() == 0 {
            return Ok(false);
        }
        let owners: Vec<Option<Uuid>> = red.keys().map(|tally| tally.owner.map(Id::uuid)).collect();
        let elements: Vec<String> = red.keys().map(|tally| tally.element.code().to_owned()).collect();
        let counts: Vec<i32> = red.values().copied().collect();
        sqlx::query!(
            r#"
            insert into gap_day (partner_id, day, person_id, element, red)
            select $1, $2, person_id, element, red
            from unnest($3::uuid[], $4::text[], $5::integer[]) as t (person_id, element, red)
            "#,
            self.partner_id(),
            day,
            &owners as &[Option<Uuid>],
            &elements,
            &counts
        )
        .execute(self.connection())
        .await?;
        sqlx::query!(
            "delete from gap_sweep where partner_id = $1 and day < $2",
            self.partner_id(),
            day.checked_sub_days(Days::new(KEPT)).unwrap_or(day)
        )
        .execute(self.connection())
        .await?;
        Ok(true)
    }

    /// The figures of `day`, or of the last day before it that was counted; `None`: none of these days was.
    pub async fn red_on(&mut self, day: NaiveDate) -> Result<Option<Past>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select g.person_id, coalesce(sum(g.red), 0) as "red!"
            from (
                select max(day) as day from gap_sweep where partner_id = $1 and day between $2 and $3
            ) s
            left join gap_day g on g.partner_id = $1 and g.day = s.day
            where s.day is not null
            group by g.person_id
            "#,
            self.partner_id(),
            day.checked_sub_days(Days::new(NEAR)).unwrap_or(day),
            day
        )
        .fetch_all(self.connection())
        .await?;
        if rows.is_empty() {
            return Ok(None);
        }
        let by_owner: BTreeMap<_, _> =
            rows.into_iter().map(|row| (row.person_id.map(Id::from), row.red)).collect();
        Ok(Some(Past { firm: by_owner.values().sum(), by_owner }))
    }
}

/// The firms whose gaps are not counted for this day yet.
pub async fn firms_to_sweep(worker: &PgPool, day: NaiveDate) -> Result<Vec<Id<Partner>>, StoreError> {
    let firms = sqlx::query_scalar!(
        r#"
        select p.id
        from partner p
        where not exists (select from gap_sweep g where g.partner_id = p.id and g.day = $1)
        order by p.id
        "#,
        day
    )
    .fetch_all(worker)
    .await?;
    Ok(firms.into_iter().map(Id::from).collect())
}
