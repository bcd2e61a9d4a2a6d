//! One transaction in one firm's scope. There is no other way to a partner table (P2).

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::taxonomy::Lists;
use super::{Database, StoreError};
use crate::domain::access::Actor;
use crate::domain::id::{Id, Partner, Turn};

/// Who calls, as the channel vouches for it (P1). Nothing else in an activity identifies anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The caller's Entra directory.
    pub directory: Uuid,
    /// The caller's object id in it.
    pub object: Uuid,
}

/// One transaction, one firm, one instant. Dropped without [`PartnerScope::commit`], it leaves nothing behind.
#[derive(Debug)]
pub struct PartnerScope {
    transaction: Transaction<'static, Postgres>,
    /// The firm whose rows this transaction sees.
    pub partner: Id<Partner>,
    /// The turn's one instant.
    pub now: DateTime<Utc>,
    /// The turn that this transaction belongs to, for the audit log.
    pub turn: Id<Turn>,
    /// The version of the firm's own taxonomy; `None`: it uses the shipped one.
    pub(super) list: Option<i64>,
    pub(super) lists: Lists,
}

/// What opening a scope came to.
#[derive(Debug)]
pub enum Opened {
    /// The directory belongs to no firm of ours.
    NoFirm,
    /// The firm's scope, and who the caller is in it; `None`: not on the firm's list.
    Firm(PartnerScope, Option<Actor>),
}

impl Database {
    /// Opens the scope of the firm that owns the caller's directory, and finds the caller in it (P1, P3).
    pub async fn open_scope(
        &self,
        caller: Caller,
        now: DateTime<Utc>,
        turn: Id<Turn>,
    ) -> Result<Opened, StoreError> {
        let mut transaction = self.app().begin().await?;
        let found = sqlx::query!(
            r#"
            select
                partner_id as "partner_id?",
                person_id as "person_id?",
                name as "name?",
                is_admin as "is_admin?",
                is_manager as "is_manager?",
                taxonomy_in_use() as taxonomy
            from open_scope($1, $2)
            "#,
            caller.directory,
            caller.object
        )
        .fetch_one(&mut *transaction)
        .await?;
        let Some(partner) = found.partner_id.map(Id::from) else { return Ok(Opened::NoFirm) };
        let actor = found.person_id.map(|person| Actor {
            partner,
            person: person.into(),
            name: found.name.unwrap_or_default(),
            is_admin: found.is_admin.unwrap_or(false),
            is_manager: found.is_manager.unwrap_or(false),
        });
        let lists = self.lists().clone();
        Ok(Opened::Firm(PartnerScope { transaction, partner, now, turn, list: found.taxonomy, lists }, actor))
    }
}

impl Database {
    /// Opens a firm's scope for the operator of this installation, who has the database anyway, and for the clerk.
    /// Only commands and jobs use it; nothing that comes over the wire leads here.
    pub async fn open_scope_for_operator(
        &self,
        partner: Id<Partner>,
        now: DateTime<Utc>,
    ) -> Result<PartnerScope, StoreError> {
        let mut transaction = self.app().begin().await?;
        sqlx::query_scalar!("select set_config('app.partner_id', $1, true)", partner.to_string())
            .fetch_one(&mut *transaction)
            .await?;
        let list = sqlx::query_scalar!("select taxonomy_in_use()").fetch_one(&mut *transaction).await?;
        let lists = self.lists().clone();
        Ok(PartnerScope { transaction, partner, now, turn: Id::new(now), list, lists })
    }
}

impl PartnerScope {
    /// The connection, for the statements of the store's modules.
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The firm's id, as a statement takes it.
    pub(super) fn partner_id(&self) -> Uuid {
        self.partner.uuid()
    }

    /// Makes everything that was written true at once.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }
}
