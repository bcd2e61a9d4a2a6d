//! Where people and channels can be reached. Rewritten whenever the channel tells us a new address.

use chrono_tz::Tz;
use uuid::Uuid;

use super::StoreError;
use super::scope::PartnerScope;
use crate::domain::id::{Id, Person};

/// A place to write to, as an activity describes it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Conversation {
    /// The conversation's id in Teams.
    pub id: String,
    /// `personal`, `group_chat` or `channel`.
    pub kind: &'static str,
    /// Where its Connector is.
    pub service_url: String,
    /// The Entra directory that it belongs to.
    pub directory: Uuid,
    /// The bot's own id in it.
    pub bot_id: String,
    /// Personal chat: the person's Teams id.
    pub user_id: Option<String>,
    /// Personal chat: the person's object id.
    pub object: Option<Uuid>,
    /// Channel: the team.
    pub team_id: Option<String>,
    /// Personal chat: the person's time zone, where their client tells one that we know.
    pub zone: Option<Tz>,
}

impl PartnerScope {
    /// Stores or renews the address. Being spoken to means: reachable again (R4).
    pub async fn remember_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            insert into conversation
                (partner_id, id, kind, service_url, directory_id, bot_id, user_id, object_id, team_id, zone, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
            on conflict on constraint conversation_key do update set
                service_url = excluded.service_url,
                bot_id = excluded.bot_id,
                user_id = excluded.user_id,
                object_id = excluded.object_id,
                team_id = coalesce(excluded.team_id, conversation.team_id),
                zone = coalesce(excluded.zone, conversation.zone),
                unreachable_since = null,
                unreachable_reason = null,
                removed_at = null,
                updated_at = excluded.updated_at
            "#,
            self.partner_id(),
            conversation.id,
            conversation.kind,
            conversation.service_url,
            conversation.directory,
            conversation.bot_id,
            conversation.user_id,
            conversation.object,
            conversation.team_id,
            conversation.zone.map(Tz::name),
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }

    /// The Teams ids of these people of the firm, in their order. Whoever never wrote to the bot has none that we know.
    pub async fn user_ids(&mut self, people: &[Id<Person>]) -> Result<Vec<String>, StoreError> {
        let people: Vec<Uuid> = people.iter().map(|person| person.uuid()).collect();
        let ids = sqlx::query_scalar!(
            r#"
            select known.user_id as "user_id!"
            from unnest($2::uuid[]) with ordinality wanted (person, place)
            join person p on p.partner_id = $1 and p.id = wanted.person and p.active
            cross join lateral (
                select c.user_id
                from conversation c
                where c.partner_id = p.partner_id
                    and c.kind = 'personal'
                    and c.directory_id = p.directory_id
                    and c.object_id = p.object_id
                    and c.user_id is not null
                    and c.removed_at is null
                order by c.updated_at desc, c.id
                limit 1
            ) known
            order by wanted.place
            "#,
            self.partner_id(),
            &people
        )
        .fetch_all(self.connection())
        .await?;
        Ok(ids)
    }

    /// Marks the conversation as welcomed. False: it was before, so that nobody is welcomed twice.
    pub async fn welcome_once(&mut self, conversation: &str) -> Result<bool, StoreError> {
        let marked = sqlx::query!(
            "update conversation set welcomed_at = $3 where partner_id = $1 and id = $2 and welcomed_at is null",
            self.partner_id(),
            conversation,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(marked.rows_affected() == 1)
    }

    /// The bot was removed there: no more sends, and a new installation is welcomed anew.
    pub async fn forget_conversation(&mut self, conversation: &str) -> Result<(), StoreError> {
        sqlx::query!(
            r#"
            update conversation
            set removed_at = $3, welcomed_at = null, unreachable_since = $3, unreachable_reason = 'removed', updated_at = $3
            where partner_id = $1 and id = $2
            "#,
            self.partner_id(),
            conversation,
            self.now
        )
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
