//! What people asked for, from the day that they asked until it is done (Y2, Y4).

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use uuid::Uuid;

use super::act_of;
use crate::domain::access::Actor;
use crate::domain::id::{Id, Partner, Person, Request};
use crate::domain::personal::request::reminder;
use crate::domain::personal::{Deed, Subject};
use crate::domain::rules::Rules;
use crate::store::StoreError;
use crate::store::scope::PartnerScope;

/// A request that is not done.
#[derive(Debug, Clone)]
pub struct Open {
    /// Its id.
    pub id: Id<Request>,
    /// What was asked for.
    pub deed: Deed,
    /// Of whom.
    pub subject: Subject,
    /// When the person asked.
    pub received: NaiveDate,
    /// By when it must be done.
    pub due: NaiveDate,
    /// Confirmed: it is being done.
    pub confirmed: bool,
    /// Who took it down.
    pub taker: String,
}

/// A request that somebody confirmed, held by this transaction until it is done.
#[derive(Debug)]
pub struct Order {
    /// Its id.
    pub id: Id<Request>,
    /// What is to be done.
    pub deed: Deed,
    /// About whom.
    pub subject: Subject,
    /// Who confirmed it.
    pub by: Id<Person>,
    /// Where they did: the outcome goes there.
    pub conversation: String,
}

/// A reminder that was not given yet.
#[derive(Debug)]
pub struct Reminder {
    /// The request.
    pub request: Open,
    /// Where it goes.
    pub conversation: String,
    /// For how many days before the end it is.
    pub days: i32,
}

/// A row of the statements below.
struct Row {
    id: Uuid,
    kind: String,
    subject: String,
    received: NaiveDate,
    due: NaiveDate,
    confirmed_at: Option<DateTime<Utc>>,
    taker: String,
}

impl From<Row> for Open {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.into(),
            deed: Deed::of(&row.kind).unwrap_or(Deed::Export),
            subject: Subject::new(&row.subject),
            received: row.received,
            due: row.due,
            confirmed: row.confirmed_at.is_some(),
            taker: row.taker,
        }
    }
}

impl PartnerScope {
    /// The open requests, the most urgent first.
    pub async fn open_requests(&mut self) -> Result<Vec<Open>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            r#"
            select q.id, q.kind, q.subject, q.received, q.due, q.confirmed_at, p.name as taker
            from privacy_request q
            join person p on p.partner_id = q.partner_id and p.id = q.taker_id
            where q.partner_id = $1 and q.done_at is null
            order by q.due, q.created_at, q.id
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        Ok(rows.into_iter().map(Open::from).collect())
    }

    /// The open request of this id.
    pub async fn open_request(&mut self, id: Id<Request>) -> Result<Option<Open>, StoreError> {
        Ok(self.open_requests().await?.into_iter().find(|open| open.id == id))
    }

    /// Takes down what a person asked for, and says under which id. What is open already is not taken down twice; the
    /// clock runs from the first time that the person asked.
    pub async fn take_down(
        &mut self,
        actor: &Actor,
        conversation: &str,
        deed: Deed,
        subject: &Subject,
        (received, due): (NaiveDate, NaiveDate),
    ) -> Result<Id<Request>, StoreError> {
        let open = self.open_requests().await?;
        if let Some(same) = open.into_iter().find(|open| open.deed == deed && open.subject == *subject) {
            self.received_already(same.id, received, due).await?;
            return Ok(same.id);
        }
        let id = Id::new(self.now);
        sqlx::query!(
            r#"
            insert into privacy_request
                (partner_id, id, kind, subject, digest, taker_id, conversation_id, received, due, created_at)
            values ($1, $2, $3, $4, person_digest($5), $6, $7, $8, $9, $10)
            "#,
            self.partner_id(),
            id.uuid(),
            deed.code(),
            subject.text(),
            subject.key(),
            actor.person.uuid(),
            conversation,
            received,
            due,
            self.now
        )
        .execute(self.connection())
        .await?;
        self.audit_person(actor.person, "privacy.request", subject, &[deed.code()]).await?;
        Ok(id)
    }

    async fn received_already(
        &mut self,
        id: Id<Request>,
        received: NaiveDate,
        due: NaiveDate,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update privacy_request set received = $3, due = $4 where partner_id = $1 and id = $2 and received > $3",
            self.partner_id(),
            id.uuid(),
            received,
            due
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Orders the request to be done, on behalf of `actor`; the outcome goes to `conversation`. False: it is done,
    /// or was ordered before.
    pub async fn order(
        &mut self,
        actor: &Actor,
        conversation: &str,
        id: Id<Request>,
    ) -> Result<bool, StoreError> {
        let ordered = sqlx::query!(
            r#"
            update privacy_request
            set confirmed_at = $3, confirmed_by = $4, conversation_id = $5
            where partner_id = $1 and id = $2 and done_at is null and confirmed_at is null
            "#,
            self.partner_id(),
            id.uuid(),
            self.now,
            actor.person.uuid(),
            conversation
        )
        .execute(self.connection())
        .await?;
        Ok(ordered.rows_affected() == 1)
    }

    /// Closes a request that was taken down by mistake. Says whether there was one.
    pub async fn withdraw(&mut self, actor: &Actor, id: Id<Request>) -> Result<bool, StoreError> {
        let Some(open) = self.open_request(id).await?.filter(|open| !open.confirmed) else {
            return Ok(false);
        };
        self.close(id).await?;
        self.audit_person(actor.person, "privacy.withdraw", &open.subject, &[open.deed.code()]).await?;
        Ok(true)
    }

    /// The next request that is ordered and that nobody works on. It stays ours until the transaction ends.
    pub async fn next_order(&mut self) -> Result<Option<Order>, StoreError> {
        let row = sqlx::query!(
            r#"
            select id, kind, subject, conversation_id, confirmed_by as "confirmed_by!"
            from privacy_request
            where partner_id = $1 and done_at is null and confirmed_at is not null
            order by confirmed_at, id
            limit 1
            for update skip locked
            "#,
            self.partner_id()
        )
        .fetch_optional(self.connection())
        .await?;
        Ok(row.map(|row| Order {
            id: row.id.into(),
            deed: Deed::of(&row.kind).unwrap_or(Deed::Export),
            subject: Subject::new(&row.subject),
            by: row.confirmed_by.into(),
            conversation: row.conversation_id,
        }))
    }

    /// Marks the order as done: from now on it names nobody. The log keeps the act (T1).
    pub async fn finish_order(&mut self, order: &Order) -> Result<(), StoreError> {
        self.close(order.id).await?;
        self.audit_person(order.by, act_of(order.deed), &order.subject, &["done"]).await
    }

    async fn close(&mut self, id: Id<Request>) -> Result<(), StoreError> {
        sqlx::query!(
            "update privacy_request set subject = '', done_at = $3 where partner_id = $1 and id = $2 and done_at is null",
            self.partner_id(),
            id.uuid(),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// Takes the reminders that are due today: each is given once, whoever else looks (Y4, R8).
    pub async fn take_reminders(
        &mut self,
        today: NaiveDate,
        rules: &Rules,
    ) -> Result<Vec<Reminder>, StoreError> {
        let rows = sqlx::query!(
            r#"
            select q.id, q.reminded, q.conversation_id
            from privacy_request q
            where q.partner_id = $1 and q.done_at is null and q.confirmed_at is null
            for update skip locked
            "#,
            self.partner_id()
        )
        .fetch_all(self.connection())
        .await?;
        let open = self.open_requests().await?;
        let mut reminders = Vec::new();
        for row in rows {
            let Some(request) = open.iter().find(|open| open.id == row.id.into()) else { continue };
            let Some(days) = reminder(request.due, today, row.reminded, rules) else { continue };
            sqlx::query!(
                "update privacy_request set reminded = $3 where partner_id = $1 and id = $2",
                self.partner_id(),
                row.id,
                days
            )
            .execute(self.connection())
            .await?;
            reminders.push(Reminder { request: request.clone(), conversation: row.conversation_id, days });
        }
        Ok(reminders)
    }
}

/// The firms for which there is something to do: an order, or a request whose end is near.
pub async fn firms_with_requests(worker: &PgPool, until: NaiveDate) -> Result<Vec<Id<Partner>>, StoreError> {
    let firms = sqlx::query_scalar!(
        "select distinct partner_id from privacy_request where done_at is null and (confirmed_at is not null or due <= $1)",
        until
    )
    .fetch_all(worker)
    .await?;
    Ok(firms.into_iter().map(Id::from).collect())
}
